"""What a form page shows: every item with its value, what the checks and people say of it. Writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from prtras.codelists import MISS_REASON
from prtras.crf.checks import Finding
from prtras.crf.conditions import Context
from prtras.crf.content import PageContent
from prtras.crf.context import PageContext
from prtras.crf.items import Item
from prtras.crf.places import Place
from prtras.crf.registry import Form, Rows, Section, form_of
from prtras.crf.visibility import settle
from prtras.entry.browser_conditions import BrowserConditions
from prtras.entry.in_words import in_words
from prtras.entry.parsing import Typed, as_typed, control_of, read, row_numbers
from prtras.labels import T
from prtras.review.models import Query

WIDTHS = {
    "date": "width-date",
    "partial": "width-date",
    "time": "width-count",
    "integer": "width-count",
    "decimal": "width-number",
    "text": "width-medium",
}
HIDDEN = T("对您的角色隐藏", "hidden for your role")


@dataclass(frozen=True)
class EarlierValue:
    """The last known value of a control, as it would be typed, and the visit at which it was recorded."""

    visit: str
    texts: tuple[str, ...]


@dataclass
class FieldView:
    """One item as the page shows it.

    `title`: its name with that of its row. `applies`: its condition holds. `show`: the condition for the browser,
    empty when nothing typed here changes it.
    """

    item: Item
    place: Place
    name: str
    label: T
    title: T
    texts: list[str]
    options: list[tuple[str, T]]
    show: str = ""
    applies: bool = True
    problem: T | None = None
    questions: list[Finding] = field(default_factory=list)
    overridable: list[Finding] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)
    missing: str = ""
    reported: str = ""
    change: tuple[str, str] | None = None
    masked: bool = False
    before: EarlierValue | None = None

    @property
    def id(self) -> str:
        return self.place.anchor

    @property
    def text(self) -> str:
        return self.texts[0] if self.texts else ""

    @property
    def shown_text(self) -> str:
        """The value as people read it: codes by their texts."""
        if self.masked:
            return str(HIDDEN)
        if self.item.links and self.text in (chosen := dict(self.options)):
            return str(chosen[self.text])
        return in_words(self.item, self.texts) if self.texts else ""

    @property
    def control(self) -> str:
        """Which control it gets: none, radio, select, checks, long or line."""
        if self.item.derived or self.masked:
            return "none"
        if self.item.kind == "codes":
            return "checks"
        if self.item.kind == "long":
            return "long"
        if self.item.links:
            return "select"
        if not self.options:
            return "line"
        return "radio" if len(self.options) <= 5 and sum(len(t.en) for _, t in self.options) < 60 else "select"

    @property
    def noted(self) -> bool:
        """Something is said about it: it is shown, whether it applies or not."""
        return bool(self.problem or self.questions or self.change or any(q.state == "open" for q in self.queries))

    @property
    def stands(self) -> bool:
        """It holds something: a value, or why there is none."""
        return bool(self.text or self.missing)

    @property
    def hidden(self) -> bool:
        """While someone types: it does not apply, and nothing is said about it."""
        return not self.applies and not self.noted

    @property
    def absent(self) -> bool:
        """On a page that only shows what is stored: it does not apply, and nothing is stored there."""
        return self.hidden and not self.stands

    @property
    def width(self) -> str:
        return WIDTHS.get(self.item.kind, "width-medium")

    @property
    def inputmode(self) -> str:
        if self.item.other_units or self.item.qualifier:
            return "text"
        return {"integer": "numeric", "decimal": "decimal", "date": "numeric", "partial": "numeric",
                "time": "numeric"}.get(self.item.kind, "text")  # fmt: skip

    @property
    def before_text(self) -> str:
        """The last known value of an earlier visit, as people read it."""
        return in_words(self.item, self.before.texts) if self.before and not self.masked else ""

    @property
    def copied(self) -> str:
        """What may be taken over from an earlier visit; not a code that left its list."""
        if not (self.item.carry and self.before):
            return ""
        text = self.before.texts[0]
        return text if self.item.codes is None or text in self.item.codes else ""

    @property
    def missing_text(self) -> T | None:
        return MISS_REASON.text(self.missing) if self.missing else None

    @property
    def missing_options(self) -> list[tuple[str, T]]:
        """Why it may be missing; what is stored too, if that reason left the list."""
        return MISS_REASON.choices(self.missing)

    @property
    def described_by(self) -> str:
        parts = [f"u-{self.id}"] if self.item.unit else []
        parts += [f"e-{self.id}"] if self.problem else []
        parts += [f"s-{self.id}"] if self.questions else []
        return " ".join(parts)

    @property
    def classes(self) -> str:
        names = ["dependent"] if self.item.show is not None else []
        names += ["has-error"] if self.problem else []
        names += ["is-changed"] if self.change else []
        names += ["has-query"] if any(q.state == "open" for q in self.queries) else []
        return " ".join(names)


@dataclass
class RowView:
    """One repeating row: its key, its title and its fields by item."""

    key: str
    title: T
    fields: dict[str, FieldView]
    void_reason: str = ""
    fresh: bool = False
    units: tuple[str, ...] = ()
    explained: tuple[T, ...] = ()


@dataclass
class SectionView:
    """A titled run of items."""

    section: Section
    fields: list[FieldView]

    @property
    def hidden(self) -> bool:
        return all(f.hidden for f in self.fields)

    @property
    def absent(self) -> bool:
        """On a page that only shows: nothing of it applies, or nothing stands in a run that is folded."""
        return all(f.absent or (self.section.folded and not f.stands) for f in self.fields)

    @property
    def folded(self) -> bool:
        """It is shown closed: it may be, and nothing stands in it or is said about it."""
        return self.section.folded and not any(f.stands or f.noted for f in self.fields)


@dataclass
class PageView:
    """A whole form page."""

    sections: list[SectionView]
    rows: list[RowView]
    fields: dict[Place, FieldView]

    @property
    def problems(self) -> list[FieldView]:
        return [f for f in self.fields.values() if f.problem]

    @property
    def asking(self) -> list[FieldView]:
        return [f for f in self.fields.values() if f.questions]

    @property
    def queried(self) -> list[FieldView]:
        return [f for f in self.fields.values() if any(q.state == "open" for q in f.queries)]

    @property
    def emptied(self) -> list[FieldView]:
        """What stands where nothing applies: it goes when the page is submitted."""
        return [f for f in self.fields.values() if not f.applies and f.text and not f.item.derived]

    @property
    def emptied_places(self) -> str:
        """The places of what goes, as the page sends them back: the person has been told of these."""
        return "|".join(f.place for f in self.emptied)

    @property
    def changed(self) -> list[FieldView]:
        return [f for f in self.fields.values() if f.change]


@dataclass
class PageNotes:
    """What is shown beside the values: problems (also those that may be overridden), questions of checks, changes, ...

    `identifiers`: the reader may see what identifies a participant. `given`: what was typed beside the values.
    `emptying`: answers would go of which the person had not been told. `stored`: what is stored, voided rows too.
    `unsaved`: the values were typed and are not stored: what nobody types is computed from them.
    """

    problems: Mapping[Place, T] = field(default_factory=dict)
    overridable: Iterable[Finding] = ()
    questions: Iterable[Finding] = ()
    changes: Mapping[Place, tuple[Any, Any]] = field(default_factory=dict)
    queries: Iterable[Query] = ()
    identifiers: bool = True
    emptying: bool = False
    unsaved: bool = False
    before: Mapping[Place, EarlierValue] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    stored: PageContent = field(default_factory=PageContent)


def page_view(form: Form, typed: Typed, notes: PageNotes, context: PageContext) -> PageView:
    """The page with what was typed (or is stored), problems at their fields, and the queries on it.

    The context is the page's own; it is left looking at what was typed.
    """
    listed, fresh = _listed(form.rows, typed, notes) if form.rows else ([], [])
    maker = _FieldMaker(form, typed, notes, context, [*listed, *fresh])
    fields = {Place(name): maker.field(item, Place(name)) for name, item in form.items.items()}
    sections = [SectionView(s, [fields[Place(name)] for name in s.items if name in fields]) for s in form.sections]
    rows = [maker.row(form.rows, key, fresh=key in fresh) for key in [*listed, *fresh]] if form.rows else []
    for row in rows:
        fields |= {view.place: view for view in row.fields.values()}
    _attach(fields, notes)
    return PageView(sections, rows, fields)


class _FieldMaker:
    """Makes the fields of one page: what applies is judged once for all of them."""

    def __init__(self, form: Form, typed: Typed, notes: PageNotes, context: PageContext, rows: Iterable[str]) -> None:
        self.form, self.typed, self.notes = form, typed, notes
        self.settled = settle(form, _content(form, typed, rows, notes.stored), context)
        self.conditions = BrowserConditions(form, context)
        self.context = context
        self.logs: dict[str, list[tuple[str, T]]] = {}

    def field(self, item: Item, place: Place) -> FieldView:
        typed, notes = self.typed, self.notes
        if item.derived and notes.unsaved:
            texts = as_typed(self.settled.content.value_at(place))
        else:
            texts = [text for text in typed.get(control_of(place), []) if text]
        return FieldView(
            item=item,
            place=place,
            name=control_of(place),
            label=item.label,
            title=self.form.label_of(place),
            texts=texts,
            options=self.options(item, place, texts),
            show=self.conditions.written(item.show, place.row) if item.show is not None else "",
            applies=item.derived or place in self.settled.shown,
            problem=notes.problems.get(place),
            missing=(typed.get(f"missing.{place}") or [""])[0],
            reported=(typed.get(f"reported.{place}") or [""])[0],
            masked=item.identifies and not notes.identifiers,
            before=notes.before.get(place),
        )

    def options(self, item: Item, place: Place, texts: Iterable[str]) -> list[tuple[str, T]]:
        """What may be chosen; a code that left the list too, where it is stored or waits in a draft."""
        if item.links:
            return self._records(item.links, texts)
        if not item.codes:
            return []
        return item.codes.choices(
            *as_typed(self.notes.stored.value_at(place)), *(text for text in texts if text in item.codes.retired)
        )

    def _records(self, code: str, texts: Iterable[str]) -> list[tuple[str, T]]:
        """The participant's records of a log by number, in words that tell them apart; what was typed too."""
        if code not in self.logs:
            form = form_of(code)
            listed = {str(record.value(code, "row")): _in_a_line(form, record) for record in self.context.records(code)}
            self.logs[code] = sorted(listed.items(), key=lambda each: int(each[0]))
        known = dict(self.logs[code])
        return [*self.logs[code], *((text, T(text, text)) for text in texts if text not in known)]

    def row(self, rows: Rows, key: str, *, fresh: bool) -> RowView:
        fields = {name: self.field(item, Place.at(name, key)) for name, item in rows.items.items()}
        void = (self.typed.get(f"void.{key}") or [""])[0]
        units = rows.units.get(key, ())
        if rows.unit and (stored := fields[rows.unit].text) and stored not in units:
            units = (*units, stored)
        explained = rows.explain(self.notes.stored.rows.get(key, {})) if rows.explain else ()
        return RowView(key, rows.title_of(key), fields, void, fresh, units, explained)


def _in_a_line(form: Form, record: Context) -> T:
    """`2 · Pneumonia · 2026-10-22`: a record of a log by its number and what tells it apart."""
    values = {name: record.value(form.code, name) for name in form.known_by}
    parts = [_readable_in_both(form.items[name], value) for name, value in values.items() if value is not None]
    return sum((T(" · ", " · ") + part for part in parts), T(*[str(record.value(form.code, "row"))] * 2))


def _readable_in_both(item: Item, value: Any) -> T:
    text = str(value)
    return item.codes.text(text) if item.codes and text in item.codes else T(text, text)


def _content(form: Form, typed: Typed, rows: Iterable[str], stored: PageContent) -> PageContent:
    """What was typed, also in rows that are blank or entered in error: the page shows them too."""
    content = read(form, {name: texts for name, texts in typed.items() if not name.startswith("void.")}, stored).content
    content.rows = {key: content.rows.get(key, {}) for key in rows}
    return content


def _listed(rows: Rows, typed: Typed, notes: PageNotes) -> tuple[list[str], list[str]]:
    """The rows that a page shows, and the empty ones that wait behind them."""
    if rows.keys:
        return list(rows.keys), []
    keys = row_numbers(rows, typed)
    last = max(map(int, keys), default=0)
    earlier = max((int(place.row) for place in notes.before if place.row), default=0)
    return keys, [str(number) for number in range(last + 1, max(last + 1, earlier) + 1)]


def _attach(fields: Mapping[Place, FieldView], notes: PageNotes) -> None:
    for beside in ("questions", "overridable"):
        for finding in getattr(notes, beside):
            if finding.place in fields:
                getattr(fields[finding.place], beside).append(finding)
    for query in notes.queries:
        if query.place in fields:
            fields[Place(query.place)].queries.append(query)
    for place, (old, new) in notes.changes.items():
        if place in fields:
            view = fields[place]
            view.change = (_readable(view.item, old), _readable(view.item, new))


def _readable(item: Item, value: Any) -> str:
    return in_words(item, as_typed(value))
