"""What a form page shows: every item with its value, what the checks and people say of it. Writes nothing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from prtras.codelists import MISS_REASON
from prtras.crf import expressions
from prtras.crf.checks import Finding
from prtras.crf.dates import PartialDate
from prtras.crf.items import Item
from prtras.crf.places import Place
from prtras.crf.registry import Form, Rows, Section
from prtras.entry.parsing import Typed, as_typed, control_of, row_numbers
from prtras.labels import T
from prtras.review.models import Query

WIDTHS = {
    "date": "width-date",
    "partial": "width-date",
    "integer": "width-count",
    "decimal": "width-number",
    "text": "width-medium",
}
REASONS = (
    ("ENTRY", T("录入错误", "Data entry error")),
    ("SOURCE", T("源数据更正", "Source data corrected")),
    ("NEW", T("新信息", "New information")),
    ("QUERY", T("答复质疑", "Response to query")),
)
HIDDEN = T("对您的角色隐藏", "hidden for your role")


@dataclass(frozen=True)
class EarlierValue:
    """The last known value of a control, as it would be typed, and the visit at which it was recorded."""

    visit: str
    texts: tuple[str, ...]


@dataclass
class FieldView:
    """One item as the page shows it."""

    item: Item
    place: Place
    name: str
    label: T
    texts: list[str]
    options: list[tuple[str, T]]
    show: str = ""
    problem: T | None = None
    questions: list[Finding] = field(default_factory=list)
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
        if not self.options:
            return "line"
        return "radio" if len(self.options) <= 5 and sum(len(t.en) for _, t in self.options) < 60 else "select"

    @property
    def width(self) -> str:
        return WIDTHS.get(self.item.kind, "width-medium")

    @property
    def inputmode(self) -> str:
        if self.item.other_units:
            return "text"
        return {"integer": "numeric", "decimal": "decimal", "date": "numeric", "partial": "numeric"}.get(
            self.item.kind, "text"
        )

    @property
    def before_text(self) -> str:
        """The last known value of an earlier visit, as people read it."""
        return in_words(self.item, self.before.texts) if self.before and not self.masked else ""

    @property
    def copied(self) -> str:
        """What may be taken over from an earlier visit."""
        return self.before.texts[0] if self.item.carry and self.before else ""

    @property
    def missing_text(self) -> T | None:
        return MISS_REASON.codes.get(self.missing)

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


@dataclass
class PageView:
    """A whole form page."""

    sections: list[tuple[Section, list[FieldView]]]
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
    def changed(self) -> list[FieldView]:
        return [f for f in self.fields.values() if f.change]


@dataclass
class PageNotes:
    """What is shown beside the values: problems, questions of checks, changes, queries, earlier values.

    `identifiers`: the reader may see what identifies a participant. `given`: what was typed beside the values.
    """

    problems: Mapping[Place, T] = field(default_factory=dict)
    questions: Iterable[Finding] = ()
    changes: Mapping[Place, tuple[Any, Any]] = field(default_factory=dict)
    queries: Iterable[Query] = ()
    identifiers: bool = True
    visit: str = ""
    before: Mapping[Place, EarlierValue] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)


def page_view(form: Form, typed: Typed, notes: PageNotes) -> PageView:
    """The page with what was typed (or is stored), problems at their fields, and the queries on it."""
    fields = {Place(name): _field(item, Place(name), typed, notes, form.code) for name, item in form.items.items()}
    sections = [(s, [fields[Place(name)] for name in s.items if name in fields]) for s in form.sections]
    rows = _rows(form.rows, typed, notes) if form.rows else []
    for row in rows:
        fields |= {view.place: view for view in row.fields.values()}
    _attach(fields, notes)
    return PageView(sections, rows, fields)


def _field(item: Item, place: Place, typed: Typed, notes: PageNotes, form: str) -> FieldView:
    return FieldView(
        item=item,
        place=place,
        name=control_of(place),
        label=item.label,
        texts=[text for text in typed.get(control_of(place), []) if text],
        options=item.codes.choices() if item.codes else [],
        show=_show_json(item, form, notes.visit),
        problem=notes.problems.get(place),
        missing=(typed.get(f"missing.{place}") or [""])[0],
        reported=(typed.get(f"reported.{place}") or [""])[0],
        masked=item.identifies and not notes.identifiers,
        before=notes.before.get(place),
    )


def _rows(rows: Rows, typed: Typed, notes: PageNotes) -> list[RowView]:
    keys, fresh = list(rows.keys), []
    if not keys:
        keys = row_numbers(rows, typed)
        last = max(map(int, keys), default=0)
        earlier = max((int(place.row) for place in notes.before if place.row), default=0)
        fresh = [str(number) for number in range(last + 1, max(last + 1, earlier) + 1)]
    views = []
    for key in keys + fresh:
        fields = {name: _field(item, Place.at(name, key), typed, notes, rows.code) for name, item in rows.items.items()}
        void = (typed.get(f"void.{key}") or [""])[0]
        views.append(RowView(key, rows.title_of(key), fields, void, key in fresh, rows.units.get(key, ())))
    return views


def _attach(fields: Mapping[Place, FieldView], notes: PageNotes) -> None:
    for finding in notes.questions:
        if finding.place in fields:
            fields[finding.place].questions.append(finding)
    for query in notes.queries:
        if query.place in fields:
            fields[Place(query.place)].queries.append(query)
    for place, (old, new) in notes.changes.items():
        if place in fields:
            view = fields[place]
            view.change = (_readable(view.item, old), _readable(view.item, new))


def _readable(item: Item, value: Any) -> str:
    return in_words(item, as_typed(value))


def in_words(item: Item, texts: Iterable[str]) -> str:
    """A typed value as people read it: codes (also of a missing reason) by their texts, a dash for nothing."""
    if item.codes:
        texts = [str(item.codes.codes.get(text, MISS_REASON.codes.get(text, text))) for text in texts]
    return "、".join(texts) or "–"


def reason_in_words(reason: str) -> str:
    """A reason in words: its code's text, and the note."""
    code, colon, note = reason.partition(": ")
    return f"{dict(REASONS).get(code, code)}{colon}{note}"


def _show_json(item: Item, form: str, visit: str) -> str:
    """The condition for the browser, when it looks at this form and visit only; else empty: always shown there."""
    if item.show is None:
        return ""
    try:
        return json.dumps(_as_json(item.show, form, visit), ensure_ascii=False)
    except _ServerOnly:
        return ""


class _ServerOnly(Exception):
    """The condition needs what the browser does not have."""


def _as_json(expression: expressions.Expression, form: str, visit: str) -> Any:
    match expression:
        case expressions.Reference(item="visit", at=None):
            return visit
        case expressions.Reference(form=f, item=name, at=None) if f == form:
            return {"item": name}
        case expressions.Constant(constant=value):
            return str(value) if isinstance(value, Decimal | PartialDate) else value
        case expressions.Compared(sign=sign, left=left, right=right) if sign in ("==", "!="):
            return [sign, _as_json(left, form, visit), _as_json(right, form, visit)]
        case expressions.All(conditions=parts):
            return ["and", *[_as_json(part, form, visit) for part in parts]]
        case expressions.Either(conditions=parts):
            return ["or", *[_as_json(part, form, visit) for part in parts]]
        case expressions.Not(condition=part):
            return ["not", _as_json(part, form, visit)]
        case expressions.Empty(operand=part):
            return ["empty", _as_json(part, form, visit)]
        case expressions.Contains(operand=listed, code=code):
            return ["contains", _as_json(listed, form, visit), code]
    raise _ServerOnly
