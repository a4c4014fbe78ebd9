"""Whether a reaction is expected: listed in the reference document of a suspected drug. Reads; writes nothing.

A person decides; what the list says is put beside the event. Source: ICH E2A, II.B and III.A.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from prtras.clinical.printed_number import folded
from prtras.codelists import CodeList
from prtras.coding.models import Coding
from prtras.coding.open_terms import codings_of
from prtras.crf.dates import days_of
from prtras.labels import T
from visits.models import AdverseEvent, ExpectedReaction

DRUGS = CodeList(
    "DRUG",
    T("药物", "Drug"),
    {"PG": T("聚乙二醇干扰素α-2b", "Peginterferon alfa-2b"), "NA": T("核苷(酸)类似物", "Nucleos(t)ide analogue")},
)
SUSPECTED = ("DEFINITE", "PROBABLE", "POSSIBLE")
LISTED = T("{drug}：预期（{source}，{day} 起）", "{drug}: expected ({source}, from {day})")
UNLISTED = T("{drug}：非预期（未列入参考文件）", "{drug}: unexpected (not in the reference document)")
NO_LIST = T("{drug}：尚无参考文件，无法判断", "{drug}: no reference document entered; cannot be told")


#: The drug and what its list says, in the words of a narrow column.
BRIEF = {"PG": T("干扰素", "Peg-IFN"), "NA": T("NA", "NA")}
ANSWERS = {True: T("预期", "expected"), False: T("非预期", "unexpected"), None: T("无参考文件", "no document")}


@dataclass(frozen=True)
class Expectedness:
    """What the list of one suspected drug says; `expected` is None where there is no list."""

    drug: str
    expected: bool | None
    text: T

    @property
    def brief(self) -> T:
        """The same for a column: `Peg-IFN: unexpected`."""
        return T("{d}：{a}", "{d}: {a}").format(d=BRIEF[self.drug], a=ANSWERS[self.expected])


@dataclass(frozen=True)
class References:
    """What some events are compared with: the terms of their sites' lists by drug, and how the events are coded."""

    listed: Mapping[tuple[int, str], list[ExpectedReaction]]
    codings: Mapping[UUID, Coding]

    def preferred_term(self, event: AdverseEvent) -> str:
        """As it is coded, in the active language, else as it was typed."""
        coding = self.codings.get(event.page_id)
        return str(coding.path.pt.title) if coding and coding.path else event.ae_pt or ""

    def on(self, site: int, drug: str, day: date | None) -> list[ExpectedReaction]:
        """The terms that a list holds on a day; the newest where the day is not known."""
        terms = self.listed.get((site, drug), [])
        if day is None:
            return [term for term in terms if term.ended is None]
        return [term for term in terms if term.valid_from <= day and (term.ended is None or day < term.ended)]


def references_for(events: Collection[AdverseEvent]) -> References:
    """Two statements, whatever the number of events."""
    listed: dict[tuple[int, str], list[ExpectedReaction]] = defaultdict(list)
    for term in ExpectedReaction.objects.filter(site__in={event.page.participant.site_id for event in events}):
        listed[term.site_id, term.drug].append(term)
    return References(listed, codings_of([event.page_id for event in events]))


def expectedness_of(event: AdverseEvent, references: References | None = None) -> Iterator[Expectedness]:
    """For each drug that is suspected, what its list said on the day the event began."""
    references = references or references_for([event])
    began, _ = days_of(event.ae_start)
    names = {folded(name) for name in _names(event, references.codings.get(event.page_id)) if name}
    for drug, relation in (("PG", event.ae_rel_pg), ("NA", event.ae_rel_na)):
        if relation not in SUSPECTED:
            continue
        title = DRUGS.text(drug)
        listed = references.on(event.page.participant.site_id, drug, began)
        if not listed:
            yield Expectedness(drug, None, NO_LIST.format(drug=title))
        elif match := next((each for each in listed if folded(each.term) in names), None):
            text = LISTED.format(drug=title, source=match.source, day=match.valid_from)
            yield Expectedness(drug, True, text)
        else:
            yield Expectedness(drug, False, UNLISTED.format(drug=title))


def _names(event: AdverseEvent, coding: Coding | None) -> Iterator[str | None]:
    """What the event is called: as reported, as typed for the dictionary, and as it is coded, in both languages."""
    yield from (event.ae_term, event.ae_llt, event.ae_pt)
    if coding and coding.path:
        for term in (coding.path.llt, coding.path.pt):
            yield from (term.zh, term.en)
