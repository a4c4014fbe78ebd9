"""From what was typed to typed values. Pure: no database, no request.

Names in a form: `item`, `row.KEY.item`, `missing.PLACE`, `reason.PLACE`, `note.PLACE`, `void.KEY`,
`keep.CHECK@PLACE`; a place is `item` or `KEY:item`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from prtras.codelists import MISS_REASON
from prtras.crf.dates import PartialDate, normal, parse_date
from prtras.crf.items import Item
from prtras.crf.registry import Form, Rows
from prtras.crf.units import ForeignUnit, converted, shown, split
from prtras.labels import T

Typed = Mapping[str, list[str]]
Values = dict[str, Any]


@dataclass
class Entered:
    """A page as it was typed: values, rows by key, coded reasons for missing ones, and what could not be read.

    `reported` has, by place, what was typed in another unit than the item's; `answers` has, by query, what is said to
    it together with the change.
    """

    values: Values = field(default_factory=dict)
    rows: dict[str, Values] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    reported: dict[str, str] = field(default_factory=dict)
    voids: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)
    problems: dict[str, T] = field(default_factory=dict)


NOT_A_DATE = T(
    "“{typed}”不是有效日期,请按 2026-11-19 或 20261119 填写。", "“{typed}” is not a date; type 2026-11-19 or 20261119."
)
NOT_A_PARTIAL = T(
    "“{typed}”不是有效日期,可填 2026-11-19、2026-11 或 2026。",
    "“{typed}” is not a date; type 2026-11-19, 2026-11 or 2026.",
)
NOT_A_NUMBER = T("“{typed}”不是数字。", "“{typed}” is not a number.")
AMBIGUOUS = T(
    "“{typed}”中的逗号可作两种理解,请去掉逗号或改用小数点。",
    "The comma in “{typed}” can be read in two ways; leave it out or use a point.",
)
FOREIGN_UNIT = T("不认识单位“{typed}”,可用:{units}。", "The unit “{typed}” is not known here; use {units}.")
NOT_WHOLE = T("请填整数,而不是“{typed}”。", "A whole number is expected, not “{typed}”.")
TOO_MANY_PLACES = T("最多 {places} 位小数,“{typed}”超出。", "At most {places} decimals; “{typed}” has more.")
TOO_LONG = T("最多 {limit} 个字符,已输入 {length} 个。", "At most {limit} characters; {length} were typed.")
NOT_IN_LIST = T("“{typed}”不在选项中。", "“{typed}” is not one of the choices.")
NOT_ALLOWED = T("含有无法保存的控制字符。", "It contains a control character that cannot be stored.")

_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
VOID_LIMIT = 200
TOO_LARGE = 10**12


class Unreadable(ValueError):
    """What was typed has no value; the text says what was expected and what came."""

    def __init__(self, text: T) -> None:
        super().__init__(text.en)
        self.text = text


def read(form: Form, typed: Typed) -> Entered:
    """Every item of a form from what was typed; never raises for bad input, but collects it in `problems`."""
    entered = Entered()
    for name, item in form.items.items():
        if not item.derived:
            entered.values[name] = _read_into(entered, name, item, typed.get(name, []))
    if form.rows:
        for key in _row_keys(form, typed):
            entered.rows[key] = {
                name: _read_into(entered, f"{key}:{name}", item, typed.get(f"row.{key}.{name}", []))
                for name, item in form.rows.items.items()
                if not item.derived
            }
            if form.rows.keys:
                entered.rows[key][form.rows.key] = key
        _drop_blank_rows(form, entered)
    _read_sayings(entered, typed)
    _read_missing(form, entered, typed)
    return entered


def _row_keys(form: Form, typed: Typed) -> list[str]:
    assert form.rows
    if form.rows.keys:
        return list(form.rows.keys)
    return row_numbers(form.rows, typed)


def row_numbers(rows: Rows, names: Iterable[str]) -> list[str]:
    """The numbered rows that were sent, in order; keys that no browser sends are left out."""
    keys = {name.split(".")[1] for name in names if name.startswith("row.")}
    return sorted(filter(rows.may_have, keys), key=int)


def _drop_blank_rows(form: Form, entered: Entered) -> None:
    """A row in which nothing was typed was never there."""
    assert form.rows
    fixed = {form.rows.key} if form.rows.keys else set()
    for key in list(entered.rows):
        given = [v for name, v in entered.rows[key].items() if name not in fixed and v not in (None, [])]
        unread = any(place.startswith(f"{key}:") for place in entered.problems)
        if not given and not unread:
            del entered.rows[key]


def _read_sayings(entered: Entered, typed: Typed) -> None:
    for name, texts in typed.items():
        kind, _, place = name.partition(".")
        text = _said(texts)
        if not text or not place:
            continue
        if kind == "reason":
            note = _said(typed.get(f"note.{place}", []))
            entered.reasons[place] = f"{text}: {note}" if note else text
        elif kind == "void":
            entered.voids[place] = text[:VOID_LIMIT]
        elif kind == "keep":
            entered.kept[place] = text
        elif kind == "answer" and place.isdecimal() and len(place) < 10:
            entered.answers[int(place)] = text


def _said(texts: list[str]) -> str:
    """What a person said, without characters that cannot be stored."""
    return "".join(letter for letter in normal(texts[0]) if _storable(letter)) if texts else ""


def _storable(letter: str) -> bool:
    return ord(letter) >= 32 or letter in "\r\n\t"


def _read_missing(form: Form, entered: Entered, typed: Typed) -> None:
    """Why a value is missing, by code; a code that is not in the list is refused at its item."""
    for name, texts in typed.items():
        kind, _, place = name.partition(".")
        row, _, item = place.rpartition(":")
        known = item in form.rows.items and row in entered.rows if row and form.rows else place in form.items
        if kind != "missing" or not known or not texts or not texts[0]:
            continue
        if texts[0] in MISS_REASON:
            entered.missing[place] = texts[0]
        else:
            entered.problems.setdefault(place, NOT_IN_LIST.format(typed=texts[0]))


def _read_into(entered: Entered, place: str, item: Item, texts: list[str]) -> Any:
    try:
        if item.other_units and texts and (found := in_other_unit(item, normal(texts[0]))):
            value, reported = found
            if reported:
                entered.reported[place] = reported
            return value
        return value_of(item, texts)
    except Unreadable as unreadable:
        entered.problems[place] = unreadable.text
        return None


def value_of(item: Item, texts: list[str]) -> Any:
    """The value of one item; None (or []) when nothing was typed. Raises Unreadable."""
    if item.kind == "codes":
        codes = list(dict.fromkeys(t for t in texts if t))
        for code in codes:
            _in_list(item, code)
        return codes or None
    text = normal(texts[0]) if texts and item.kind != "long" else (texts[0].strip() if texts else "")
    if not text:
        return None
    if not all(_storable(letter) for letter in text):
        raise Unreadable(NOT_ALLOWED)
    return _READERS[item.kind](item, text)


def _known(item: Item) -> T:
    first, *others = (shown(unit) for unit in (item.unit, *item.other_units))
    return sum((T(" / ", " / ") + other for other in others), first)


def in_other_unit(item: Item, text: str) -> tuple[Any, str] | None:
    """The value in the item's unit and what was typed; None for a number without unit. Raises Unreadable."""
    try:
        number, unit = split(text, (item.unit, *item.other_units))
    except ForeignUnit as foreign:
        raise Unreadable(FOREIGN_UNIT.format(typed=foreign, units=_known(item))) from None
    if not unit:
        return None
    if unit == item.unit:
        return value_of(item, [number]), ""
    places = getattr(item, "decimal_places", None) or 0
    typed = _number(number)
    if abs(typed) >= TOO_LARGE:
        raise Unreadable(NOT_A_NUMBER.format(typed=text))
    value = converted(typed, item.other_units[unit], places)
    return (int(value) if item.kind == "integer" else value), f"{number} {unit}"


def _in_list(item: Item, code: str) -> str:
    if item.codes is not None and code not in item.codes:
        raise Unreadable(NOT_IN_LIST.format(typed=code))
    return code


def _text(item: Item, text: str) -> str:
    if item.max_length and len(text) > item.max_length:
        raise Unreadable(TOO_LONG.format(limit=item.max_length, length=len(text)))
    return text


def _integer(item: Item, text: str) -> int:
    number = _number(text)
    if number != number.to_integral_value() or abs(number) > 2_000_000_000:
        raise Unreadable(NOT_WHOLE.format(typed=text))
    return int(number)


def _decimal(item: Item, text: str) -> Decimal:
    number = _number(text)
    places = getattr(item, "decimal_places", None)
    exponent = number.as_tuple().exponent
    if places is not None and isinstance(exponent, int) and -exponent > places:
        if number != round(number, places):
            raise Unreadable(TOO_MANY_PLACES.format(places=places, typed=text))
        number = round(number, places)
    if abs(number) >= TOO_LARGE:
        raise Unreadable(NOT_A_NUMBER.format(typed=text))
    return number


def _number(text: str) -> Decimal:
    if _THOUSANDS.fullmatch(text):
        raise Unreadable(AMBIGUOUS.format(typed=text))
    if "_" in text:
        raise Unreadable(NOT_A_NUMBER.format(typed=text))
    try:
        number = Decimal(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except InvalidOperation:
        raise Unreadable(NOT_A_NUMBER.format(typed=text)) from None
    if not number.is_finite():
        raise Unreadable(NOT_A_NUMBER.format(typed=text))
    return number


def _date(item: Item, text: str) -> date:
    try:
        return parse_date(text)
    except ValueError:
        raise Unreadable(NOT_A_DATE.format(typed=text)) from None


def _partial(item: Item, text: str) -> PartialDate:
    try:
        return PartialDate.parse(text)
    except ValueError:
        raise Unreadable(NOT_A_PARTIAL.format(typed=text)) from None


_READERS = {
    "text": _text,
    "long": _text,
    "code": _in_list,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "partial": _partial,
}
