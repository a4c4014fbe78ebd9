"""The casebook on paper: blank, annotated with names and code lists, or filled with one participant's data.

From the same definitions as the screen. Reads; writes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import override

from prtras.audit.sealing import head_seal
from prtras.codelists import MISS_REASON
from prtras.crf.items import Item
from prtras.crf.models import Participant
from prtras.crf.records import Stored, Values, numbered_rows, source_of
from prtras.crf.registry import Form, Rows, Section, all_forms, form_of
from prtras.crf.schedule import SCHEDULE
from prtras.crf.study import protocol
from prtras.crf.typed_values import from_columns
from prtras.entry.in_words import in_words
from prtras.entry.page_view import HIDDEN
from prtras.entry.parsing import as_typed
from prtras.files import pdf
from prtras.labels import T
from prtras.review.models import Query
from prtras.review.page_trust import Signed, signatures_of

#: A log or repeating rows with more columns than this are printed row by row: they would not fit the paper.
WIDEST = 10


@dataclass(frozen=True)
class BlankForm:
    """A form with the visits at which it is due."""

    form: Form
    visits: str
    sections: list[tuple[T, list[tuple[str, Item]]]]
    rows: list[tuple[str, Item]]


def crf(language: str, *, annotated: bool) -> bytes:
    """The blank or the annotated CRF as PDF in `zh-hans` or `en`."""
    forms = [_blank(form) for form in all_forms()]
    return pdf.render("paper/crf.html", {"forms": forms, "annotated": annotated, "study": protocol()}, language)


def _blank(form: Form) -> BlankForm:
    visits = [visit for visit in SCHEDULE.visits.values() if form.code in (*visit.required, *visit.optional)]
    visits += [visit for visit in SCHEDULE.visits.values() if form.code in {code for code, _ in visit.conditional}]
    ordered = sorted({visit.code: visit for visit in visits}.values(), key=lambda visit: visit.position)
    return BlankForm(
        form, ", ".join(visit.code for visit in ordered), [_section(section, form) for section in form.sections],
        _row_items(form.rows) if form.rows else [],
    )  # fmt: skip


def _section(section: Section, form: Form) -> tuple[T, list[tuple[str, Item]]]:
    return section.title, [(name, form.items[name]) for name in section.items if name in form.items]


def _row_items(rows: Rows) -> list[tuple[str, Item]]:
    return [(name, item) for name, item in rows.items.items() if not item.derived and name != "missing"]


@dataclass
class FilledForm:
    """One form at one visit: a table of items and values for each page, and a table of rows.

    `short`: the values of the rows are short, as those of a laboratory panel.
    """

    title: T
    short: bool = False
    pages: list[list[tuple[T, str]]] = field(default_factory=list)
    head: list[T] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def casebook(participant: Participant, language: str, *, identifiers: bool) -> bytes:
    """Everything that is submitted of a participant, by visit, as PDF with bookmarks."""
    with override(language):
        parts = _parts(participant, identifiers=identifiers)
        reviews = _reviews(participant)
    context = {"participant": participant, "parts": parts, "printed": timezone.localtime(), "reviews": reviews}
    context |= {"head_seal": head_seal(), "study": protocol()}
    return pdf.render("paper/casebook.html", context, language)


def _parts(participant: Participant, *, identifiers: bool) -> list[tuple[str, list[FilledForm]]]:
    """Forms by visit, in the order of the schedule; logs and single pages without a visit at the end."""
    by_visit: dict[tuple[int, str], list[FilledForm]] = {}
    for form in all_forms():
        rows = numbered_rows(form, [participant.pk])
        listed: dict[tuple[int, str], list[Stored]] = {}
        for record in source_of(participant.pk)(form.code):
            place = (record.position, f"{record.visit}{record.sequence or ''}") if record.visit else (9999, "")
            listed.setdefault(place, []).append(record)
        for place, records in listed.items():
            by_visit.setdefault(place, []).append(_filled(form, records, rows, identifiers=identifiers))
    return [(_visit_title(code), forms) for (_, code), forms in sorted(by_visit.items(), key=lambda pair: pair[0])]


@dataclass(frozen=True)
class PageReview:
    """What people wrote about one page: its queries with their threads, and the signatures ever given on it."""

    title: str
    queries: list[tuple[T, Query]]
    signatures: list[Signed]


def _reviews(participant: Participant) -> list[PageReview]:
    """Pages with queries or signatures, in the order of the casebook."""
    pages = participant.pages.filter(Q(queries__isnull=False) | Q(signatures__isnull=False)).distinct()
    threads = Prefetch("queries", Query.objects.select_related("opened_by").prefetch_related("messages__author"))
    ordered = pages.select_related("visit", "participant").prefetch_related(threads)
    reviews = []
    for page in ordered.order_by("visit__position", "form", "repeat"):
        form = form_of(page.form)
        title = " ".join(filter(None, (str(page.visit or ""), str(form.title), str(page.repeat or ""))))
        queries = [(form.label_of(query.place), query) for query in page.queries.all()]
        reviews.append(PageReview(title, queries, signatures_of(page)))
    return reviews


def _visit_title(code: str) -> str:
    return f"{code} {SCHEDULE.title(code)}" if code else str(T("记录表", "Logs"))


def _filled(
    form: Form, records: list[Stored], numbered: Mapping[UUID, Mapping[str, Values]], *, identifiers: bool
) -> FilledForm:
    filled = FilledForm(form.title)
    used = [name for name in form.items if any(_stands(name, record.values) for record in records)]
    if form.kind == "log" and len(used) <= WIDEST:
        filled.head = [form.items[name].label for name in used]
        for record in records:
            filled.rows.append([_words(form.items[n], n, record.values, identifiers=identifiers) for n in used])
        return filled
    for record in records:
        shown = [
            (item.label, _words(item, name, record.values, identifiers=identifiers))
            for name, item in form.items.items()
            if _stands(name, record.values)
        ]
        filled.pages.append(shown)
        if form.rows:
            rows = record.rows or numbered.get(record.page, {})
            _add_rows(filled, form.rows, list(rows.values()), identifiers=identifiers)
    return filled


def _add_rows(filled: FilledForm, rows: Rows, listed: list[Values], *, identifiers: bool) -> None:
    items = {name: item for name, item in rows.items.items() if name != rows.key}
    used = [name for name in items if any(_stands(name, row) for row in listed)]
    filled.short = bool(rows.keys)
    side_by_side = len(used) <= WIDEST or filled.short
    filled.head = [rows.title, *(items[name].label for name in used)] if listed and side_by_side else []
    for row in listed:
        title = str(rows.title_of(str(row[rows.key_column])))
        words = {name: _words(items[name], name, row, identifiers=identifiers) for name in used}
        if side_by_side:
            filled.rows.append([title, *words.values()])
        else:
            shown = [(items[name].label, words[name]) for name in used if _stands(name, row)]
            filled.pages.append([(rows.title, title), *shown])


def _stands(name: str, values: Values) -> bool:
    """A record holds a value of an item, or why there is none."""
    return values.get(name) is not None or name in values["missing"]


def _words(item: Item, name: str, values: Values, *, identifiers: bool) -> str:
    if item.identifies and not identifiers:
        return str(HIDDEN)
    value = from_columns(item, name, values)
    if value is None:
        missing = values["missing"].get(name)
        return str(MISS_REASON.text(missing)) if missing else "–"
    words = in_words(item, as_typed(value))
    return f"{words} {item.unit_shown}" if item.unit else words
