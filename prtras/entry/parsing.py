"""From what a browser sent to the content of a page, and back. Pure: no database, no request.

The names of the browser's controls are made and read here only: `item` and `row.KEY.item` for values;
`missing.PLACE`, `reason.PLACE`, `note.PLACE`, `void.KEY`, `keep.CHECK@PLACE` and `answer.QUERY` for what is said with
them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from prtras.codelists import MISS_REASON
from prtras.crf.content import PageContent, StoredPage
from prtras.crf.items import Item
from prtras.crf.limits import Limit
from prtras.crf.numbers import plain
from prtras.crf.places import Place
from prtras.crf.registry import Form, Rows
from prtras.crf.typed_values import NOT_IN_LIST, Unreadable, in_columns, in_other_unit, storable, value_of
from prtras.entry.remarks import VOID_LIMIT, Remarks
from prtras.labels import T

Typed = Mapping[str, list[str]]


@dataclass
class Submission:
    """A page as a browser sent it: its content, what was said with it, and by place what could not be read.

    `stored`: what is stored; a code that left its list may stay there.
    """

    stored: PageContent = field(default_factory=PageContent)
    content: PageContent = field(default_factory=PageContent)
    remarks: Remarks = field(default_factory=Remarks)
    problems: dict[Place, T] = field(default_factory=dict)


# -- Names of controls ---------------------------------------------------------------------------


def control_of(place: Place) -> str:
    """The name of the control in which the value at a place is typed."""
    return f"row.{place.row}.{place.item}" if place.row else str(place)


def place_of(control: str) -> Place:
    """The place whose value a control holds."""
    kind, _, rest = control.partition(".")
    row, _, item = rest.partition(".")
    return Place.at(item, row) if kind == "row" else Place(control)


def row_numbers(rows: Rows, controls: Iterable[str]) -> list[str]:
    """The numbered rows among the names of controls, in order; keys that no browser sends are left out."""
    keys = {place_of(name).row for name in controls if name.startswith("row.")}
    return sorted(filter(rows.may_have, keys), key=int)


# -- What a browser sent -------------------------------------------------------------------------


def read(form: Form, typed: Typed, stored: PageContent | None = None) -> Submission:
    """Every item of a form from what was typed; never raises for bad input, but collects it in `problems`.

    A code that left its list is bad input, except where it is `stored`.
    """
    submission = Submission(stored or PageContent())
    content = submission.content
    for name, item in form.items.items():
        if not item.derived:
            content.values |= in_columns(item, name, _read_item(submission, Place(name), item, typed))
    for key in _row_keys(form, typed):
        assert form.rows
        content.rows[key] = {
            name: _read_item(submission, Place.at(name, key), item, typed)
            for name, item in form.rows.items.items()
            if not item.derived
        }
        if form.rows.keys:
            content.rows[key][form.rows.key] = key
        if form.rows.unit and not any(typed.get(control_of(Place.at(form.rows.entry, key)), [])):
            content.rows[key][form.rows.unit] = None  # a browser always sends the unit that stands there
    _drop_blank_rows(form, submission)
    _read_remarks(submission.remarks, typed)
    _read_missing(form, submission, typed)
    for key in submission.remarks.voided:
        content.rows.pop(key, None)
    return submission


def _row_keys(form: Form, typed: Typed) -> list[str]:
    if form.rows is None:
        return []
    return list(form.rows.keys) or row_numbers(form.rows, typed)


def _read_item(submission: Submission, place: Place, item: Item, typed: Typed) -> Any:
    texts = typed.get(control_of(place), [])
    try:
        if item.other_units and texts and (converted := in_other_unit(item, texts[0].strip())):
            value, reported = converted
            if reported:
                submission.content.reported[place] = reported
            return value
        return value_of(item, texts, submission.stored.value_at(place))
    except Unreadable as unreadable:
        submission.problems[place] = unreadable.text
        return None


def _drop_blank_rows(form: Form, submission: Submission) -> None:
    """A row in which nothing was typed was never there."""
    rows = submission.content.rows
    fixed = {form.rows.key} if form.rows and form.rows.keys else set()
    unread = {place.row for place in submission.problems}
    for key in [key for key in rows if key not in unread]:
        if all(value in (None, []) for name, value in rows[key].items() if name not in fixed):
            del rows[key]


def _read_remarks(remarks: Remarks, typed: Typed) -> None:
    for name, texts in typed.items():
        kind, _, about = name.partition(".")
        text = _text(texts)
        if not text or not about:
            continue
        if kind == "reason":
            note = _text(typed.get(f"note.{about}", []))
            remarks.reasons[about] = f"{text}: {note}" if note else text
        elif kind == "void":
            remarks.voided[about] = text[:VOID_LIMIT]
        elif kind == "keep":
            remarks.confirmed[about] = text
        elif kind == "answer" and about.isdecimal() and len(about) < 10:
            remarks.answers[int(about)] = text


def _text(texts: list[str]) -> str:
    return storable(texts[0].strip()) if texts else ""


def _read_missing(form: Form, submission: Submission, typed: Typed) -> None:
    """Why a value is missing, by code; a code that is not in the list is refused, except where it is stored."""
    for name, texts in typed.items():
        kind, _, about = name.partition(".")
        place = Place(about)
        known = form.item_at(place) is not None and (not place.row or place.row in submission.content.rows)
        if kind != "missing" or not known or not texts or not texts[0]:
            continue
        if texts[0] in MISS_REASON or texts[0] == submission.stored.missing.get(place):
            submission.content.missing[place] = texts[0]
        else:
            submission.problems.setdefault(place, NOT_IN_LIST.format(typed=texts[0]))


# -- What a browser would send -------------------------------------------------------------------


def typed_from(stored: StoredPage) -> dict[str, list[str]]:
    """A stored page as a browser would send it, rows that were entered in error too."""
    content = stored.content(with_voided=True)
    typed = {control_of(Place(name)): as_typed(value) for name, value in content.values.items()}
    for key, row in content.rows.items():
        typed |= {control_of(Place.at(name, key)): as_typed(value) for name, value in row.items()}
    put_signs(stored.form.items, typed)
    typed |= {f"missing.{place}": [code] for place, code in content.missing.items()}
    typed |= {f"reported.{place}": [text] for place, text in content.reported.items()}
    return typed | {f"void.{key}": [reason] for key, reason in stored.voided.items()}


def put_signs(items: Mapping[str, Item], typed: dict[str, list[str]]) -> None:
    """Write `<` or `>` in front of a number where the source gives only a limit; in place."""
    for name, item in items.items():
        if item.qualifier and typed.get(name):
            sign = "".join(typed.get(item.qualifier, []))
            typed[name] = [sign + typed[name][0].lstrip("<>")]


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
    if isinstance(value, Limit):
        return [str(value)]
    return [value.isoformat() if isinstance(value, date) else str(value)]
