"""Whether a reaction is expected: listed in the reference document of a suspected drug. Reads; writes nothing.

A person decides; what the list says is put beside the event. Source: ICH E2A, II.B and III.A.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from prtras.clinical.printed_number import folded
from prtras.codelists import CodeList
from prtras.coding.open_terms import coding_of
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


@dataclass(frozen=True)
class Expectedness:
    """What the list of one suspected drug says; `expected` is None where there is no list."""

    drug: str
    expected: bool | None
    text: T


def listed_on(site: int, drug: str, on: date | None) -> list[ExpectedReaction]:
    """The terms of a drug that a site's list holds on a day; the newest where the day is not known."""
    listed = ExpectedReaction.objects.filter(site=site, drug=drug)
    if on is None:
        return list(listed.filter(ended__isnull=True))
    return list(listed.filter(Q(ended__isnull=True) | Q(ended__gt=on), valid_from__lte=on))


def expectedness_of(event: AdverseEvent) -> Iterator[Expectedness]:
    """For each drug that is suspected, what its list said on the day the event began."""
    began, _ = days_of(event.ae_start)
    names = {folded(name) for name in _names(event) if name}
    for drug, relation in (("PG", event.ae_rel_pg), ("NA", event.ae_rel_na)):
        if relation not in SUSPECTED:
            continue
        title = DRUGS.text(drug)
        listed = listed_on(event.page.participant.site_id, drug, began)
        if not listed:
            yield Expectedness(drug, None, NO_LIST.format(drug=title))
        elif match := next((each for each in listed if folded(each.term) in names), None):
            text = LISTED.format(drug=title, source=match.source, day=match.valid_from)
            yield Expectedness(drug, True, text)
        else:
            yield Expectedness(drug, False, UNLISTED.format(drug=title))


def _names(event: AdverseEvent) -> Iterator[str | None]:
    """What the event is called: as reported, as typed for the dictionary, and as it is coded, in both languages."""
    yield from (event.ae_term, event.ae_llt, event.ae_pt)
    coding = coding_of(event.page)
    if coding and coding.path:
        for term in (coding.path.llt, coding.path.pt):
            yield from (term.zh, term.en)
