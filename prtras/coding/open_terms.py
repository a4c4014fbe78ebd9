"""Which terms of the casebook are to be coded, by text. Reads; writes nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower, Trim

from prtras.accounts.models import User
from prtras.coding.models import Coding, Dictionary
from prtras.coding.releases import synonyms_of, terms_of
from prtras.coding.terms import MOST_SUGGESTED, Near
from prtras.crf.access import pages_visible_to
from prtras.crf.models import CrfPage
from prtras.crf.registry import Form, all_forms


class Record(NamedTuple):
    """A page with the text that is to be coded, as it stands there."""

    page: CrfPage
    verbatim: str


@dataclass
class OpenTerm:
    """One text of one form that is to be coded: the pages on which it stands, and what the dictionary suggests."""

    form: Form
    text: str
    records: list[Record] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)

    @property
    def best(self) -> Near | None:
        """What is suggested first."""
        return self.near[0] if self.near else None


def coded_forms() -> list[Form]:
    """The forms that have a term to be coded."""
    return [form for form in all_forms() if form.coded]


def to_code(pages: QuerySet[CrfPage], dictionary: Dictionary) -> QuerySet[CrfPage]:
    """Those of these pages whose term is not coded by a release as it stands there now; what is locked stays."""
    open_pages = Q(pk=None)
    for form in coded_forms():
        stored = form.model._default_manager.filter(page=OuterRef("pk")).exclude(**{form.coded: None})
        stored = stored.exclude(**{form.coded: ""})
        codings = Coding.objects.filter(page=OuterRef("page"), llt__isnull=False, dictionary=dictionary)
        done = codings.filter(verbatim=OuterRef(form.coded))
        open_pages |= Q(Exists(stored.filter(~Exists(done))), form=form.code, state="submitted")
    return pages.filter(open_pages).exclude(hold="locked")


def open_terms(user: User, dictionary: Dictionary, form: str = "", text: str = "") -> list[OpenTerm]:
    """What is to be coded by a release on the pages that a person may see, the most frequent text first."""
    open_pages = to_code(pages_visible_to(user), dictionary)
    terms: dict[tuple[str, str], OpenTerm] = {}
    for each in coded_forms():
        if form not in ("", each.code):
            continue
        for record in _records(open_pages, each):
            spelled = record.verbatim.strip()
            if text.strip().lower() in ("", spelled.lower()):
                terms.setdefault((each.code, spelled.lower()), OpenTerm(each, spelled)).records.append(record)
    return sorted(terms.values(), key=lambda term: (-len(term.records), term.text))


def _records(pages: QuerySet[CrfPage], form: Form) -> list[Record]:
    """The pages of a form with their texts."""
    own = pages.filter(form=form.code).select_related("participant").order_by("participant__number", "repeat")
    texts = dict(form.model._default_manager.filter(page__in=own.order_by()).values_list("page_id", form.coded))
    return [Record(page, texts[page.pk]) for page in own]


def suggest(terms: Collection[OpenTerm], dictionary: Dictionary, most: int = MOST_SUGGESTED) -> None:
    """Look up each text: the same name first, then what was accepted before, synonyms, and what is alike."""
    release, before = terms_of(dictionary), _accepted_before({term.text for term in terms})
    for term in terms:
        term.near = release.near(term.text, synonyms_of(term.text), before.get(term.text.lower(), ()), most)


def _accepted_before(texts: Iterable[str]) -> dict[str, list[int]]:
    """The terms that a person accepted for these texts before, the newest first."""
    accepted = Coding.objects.annotate(spelled=Lower(Trim("verbatim"))).order_by("-coded_at")
    accepted = accepted.filter(spelled__in=[text.lower() for text in texts], llt__isnull=False)
    codes: dict[str, dict[int, None]] = {}
    for verbatim, code in accepted.values_list("verbatim", "llt"):
        if code is not None:
            codes.setdefault(verbatim.strip().lower(), {})[code] = None
    return {text: list(each) for text, each in codes.items()}


def codings_in_force() -> QuerySet[Coding]:
    """What is coded where the page still says what was coded: by the release in force; on locked pages by theirs."""
    same = Q(pk=None)
    for form in coded_forms():
        stored = form.model._default_manager.filter(**{"page": OuterRef("page"), form.coded: OuterRef("verbatim")})
        same |= Q(Exists(stored), page__form=form.code, page__state="submitted")
    held = Q(dictionary__in_force=True) | Q(page__hold="locked")
    return Coding.objects.filter(same, held, llt__isnull=False)


def codings_of(pages: Iterable[Any]) -> dict[UUID, Coding]:
    """How pages are coded, by page; those that are to be coded are left out."""
    codings = codings_in_force().filter(page__in=pages).select_related("dictionary")
    return {coding.page_id: coding for coding in codings}


def preferred_terms(pages: Iterable[Any]) -> dict[UUID, str]:
    """The preferred terms of pages that are coded, by page, in the active language."""
    return {page: str(coding.path.pt.title) for page, coding in codings_of(pages).items() if coding.path}


def coding_of(page: CrfPage) -> Coding | None:
    """How the term of a page is coded; None while it is to be coded."""
    return codings_in_force().filter(page=page).select_related("dictionary").first()


def codings_visible_to(user: User) -> QuerySet[Coding]:
    """What is coded on the pages that a person may see, newest first."""
    codings = codings_in_force().filter(page__in=pages_visible_to(user))
    return codings.select_related("page__participant__site", "coded_by", "dictionary").order_by("-coded_at", "-pk")
