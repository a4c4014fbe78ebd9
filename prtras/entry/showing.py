"""What a form page shows: every item with its value, what the checks and people say of it. Writes nothing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from prtras.codelists import MISS_REASON
from prtras.crf import expressions
from prtras.crf.checks import Finding
from prtras.crf.dates import PartialDate
from prtras.crf.items import Item
from prtras.crf.models import CrfPage, FormPage, FormRow
from prtras.crf.numbers import plain
from prtras.crf.registry import Form, Section
from prtras.entry.reading import Typed, row_numbers
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
    ("ENTRY", T("录入错误", "Entry error")),
    ("SOURCE", T("源数据更正", "Source corrected")),
    ("NEW", T("新信息", "New information")),
    ("QUERY", T("答复质疑", "Query reply")),
)
HIDDEN = T("对您的角色隐藏", "hidden for your role")


@dataclass(frozen=True)
class Before:
    """The last known value of a control, as it would be typed, and the visit at which it was recorded."""

    visit: str
    texts: tuple[str, ...]


@dataclass
class FieldView:
    """One item as the page shows it."""

    item: Item
    place: str
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
    before: Before | None = None

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")

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
    fields: dict[str, FieldView]

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
class Said:
    """What is to be shown beside the values."""

    problems: Mapping[str, T] = field(default_factory=dict)
    questions: Iterable[Finding] = ()
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    queries: Iterable[Query] = ()
    identifiers: bool = True
    visit: str = ""
    before: Mapping[str, Before] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)


def typed_from(stored: FormPage | None, rows: Mapping[str, FormRow], form: Form) -> dict[str, list[str]]:
    """Stored values in the shape of what a browser sends."""
    typed: dict[str, list[str]] = {}
    if stored is not None:
        for name in form.items:
            typed[name] = as_typed(getattr(stored, name))
        typed |= {f"missing.{place}": [code] for place, code in stored.missing.items()}
        typed |= {f"reported.{place}": [text] for place, text in (stored.reported or {}).items()}
    for key, row in rows.items():
        assert form.rows
        for name in form.rows.items:
            typed[f"row.{key}.{name}"] = as_typed(getattr(row, name))
        typed |= {f"missing.{key}:{name}": [code] for name, code in row.missing.items()}
        typed |= {f"reported.{key}:{name}": [text] for name, text in (row.reported or {}).items()}
        if row.void_reason:
            typed[f"void.{key}"] = [row.void_reason]
    return typed


def as_typed(value: Any) -> list[str]:
    """A value as it would be typed; a float is a decimal that went through the trail's JSON."""
    if value is None:
        return []
    if isinstance(value, list):
        return [str(code) for code in value]
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return [plain(value)]
    return [value.isoformat() if isinstance(value, date) else str(value)]


def page_view(form: Form, page: CrfPage, typed: Typed, said: Said) -> PageView:
    """The page with what was typed (or is stored), problems at their fields, and the queries on it."""
    fields: dict[str, FieldView] = {}
    for name, item in form.items.items():
        fields[name] = _field(item, name, name, item.label, typed, said, form.code)
    sections = [(s, [fields[name] for name in s.items if name in fields]) for s in form.sections]
    rows = _rows(form, typed, said) if form.rows else []
    for row in rows:
        fields |= {view.place: view for view in row.fields.values()}
    _attach(fields, said)
    return PageView(sections, rows, fields)


def _field(item: Item, place: str, name: str, label: T, typed: Typed, said: Said, form: str) -> FieldView:
    return FieldView(
        item=item,
        place=place,
        name=name,
        label=label,
        texts=[text for text in typed.get(name, []) if text],
        options=item.codes.choices() if item.codes else [],
        show=_show_json(item, form, said.visit),
        problem=said.problems.get(place),
        missing=(typed.get(f"missing.{place}") or [""])[0],
        reported=(typed.get(f"reported.{place}") or [""])[0],
        masked=item.identifies and not said.identifiers,
        before=said.before.get(name),
    )


def _rows(form: Form, typed: Typed, said: Said) -> list[RowView]:
    assert form.rows
    rows = form.rows
    keys, fresh = list(rows.keys), []
    if not keys:
        keys = row_numbers(rows, typed)
        last = max(map(int, keys), default=0)
        known = max(map(int, row_numbers(rows, said.before)), default=0)
        fresh = [str(number) for number in range(last + 1, max(last + 1, known) + 1)]
    views = []
    for key in keys + fresh:
        title = rows.texts.get(key) or T(f"第 {key} 个", f"No. {key}")
        fields = {
            name: _field(item, f"{key}:{name}", f"row.{key}.{name}", item.label, typed, said, rows.code)
            for name, item in rows.items.items()
        }
        void = (typed.get(f"void.{key}") or [""])[0]
        views.append(RowView(key, title, fields, void, key in fresh, rows.units.get(key, ())))
    return views


def _attach(fields: Mapping[str, FieldView], said: Said) -> None:
    for finding in said.questions:
        if finding.place in fields:
            fields[finding.place].questions.append(finding)
    for query in said.queries:
        if query.place in fields:
            fields[query.place].queries.append(query)
    for place, (old, new) in said.changes.items():
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
