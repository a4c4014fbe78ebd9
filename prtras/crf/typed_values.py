"""From the text of one value to the value: dates, numbers, codes, texts, other units. Pure.

Screen, laboratory import, API and ODM import read values here. Texts stay as the source has them; dates, numbers, codes
and texts of a fixed pattern are read whatever their width. Nothing is read before its length is known.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from prtras.clinical.printed_number import LONGEST_NUMBER, Ambiguous, NotANumber, TooLong, read_number
from prtras.clinical.printed_result import without_marks
from prtras.crf.dates import PartialDate, normal, parse_date, parse_time
from prtras.crf.items import Item
from prtras.crf.limits import Limit, number_or_limit
from prtras.crf.units import ForeignUnit, converted, shown, split
from prtras.labels import T

NOT_A_DATE = T(
    "“{typed}”不是有效日期，请按 2026-11-19 或 20261119 填写。", "“{typed}” is not a date; type 2026-11-19 or 20261119."
)
NOT_A_PARTIAL = T(
    "“{typed}”不是有效日期，可填 2026-11-19、2026-11 或 2026。",
    "“{typed}” is not a date; type 2026-11-19, 2026-11 or 2026.",
)
NOT_A_TIME = T("“{typed}”不是有效时间，请按 08:30 或 0830 填写。", "“{typed}” is not a time; type 08:30 or 0830.")
NOT_A_NUMBER = T("“{typed}”不是数字。", "“{typed}” is not a number.")
AMBIGUOUS = T(
    "“{typed}”中的逗号可作两种理解，请去掉逗号或改用小数点。",
    "The comma in “{typed}” is ambiguous; omit it or use a decimal point.",
)
FOREIGN_UNIT = T("单位“{typed}”无法识别，可用：{units}。", "Unknown unit “{typed}”; use {units}.")
NOT_WHOLE = T("请填写整数，“{typed}”不是整数。", "Enter a whole number; “{typed}” is not one.")
TOO_MANY_PLACES = T("最多 {places} 位小数，“{typed}”超出。", "At most {places} decimal places; “{typed}” has more.")
TOO_LONG = T("最多 {limit} 个字符，已输入 {length} 个。", "At most {limit} characters; {length} were typed.")
NOT_IN_LIST = T("“{typed}”不在选项中。", "“{typed}” is not one of the choices.")
NOT_ALLOWED = T("含有无法保存的控制字符。", "The text contains a control character that cannot be stored.")

TOO_LARGE = 10**12


class Unreadable(ValueError):
    """What was typed has no value; the text says what was expected and what came."""

    def __init__(self, text: T) -> None:
        super().__init__(text.en)
        self.text = text


def in_columns(item: Item, name: str, value: Any) -> dict[str, Any]:
    """The columns in which a value is stored: its own, and that of the sign where the item may have a limit."""
    if not item.qualifier:
        return {name: value}
    if isinstance(value, Limit):
        return {name: value.number, item.qualifier: value.sign}
    return {name: value, item.qualifier: None}


def from_columns(item: Item, name: str, columns: Mapping[str, Any]) -> Any:
    """The value that columns hold: a `Limit` where there is a sign beside the number."""
    return number_or_limit(columns.get(item.qualifier) if item.qualifier else None, columns.get(name))


def storable(text: str) -> str:
    """The text without control characters, which cannot be stored."""
    return "".join(letter for letter in text if _storable(letter))


def _storable(letter: str) -> bool:
    return ord(letter) >= 32 or letter in "\r\n\t"


def value_of(item: Item, texts: list[str], stored: Any = None) -> Any:
    """The value of one item; None (or []) when nothing was typed; a `Limit` where the item may have one. Raises
    Unreadable.

    A code that is `stored` there already may stay, also when it left its list.
    """
    if item.kind == "codes":
        codes = list(dict.fromkeys(t for t in texts if t))
        for code in codes:
            if code not in (stored or ()):
                _in_list(item, code)
        return codes or None
    text = texts[0].strip() if texts else ""
    if not text:
        return None
    if item.codes is not None and text == stored:
        return text
    check_length(item, text)
    if not all(_storable(letter) for letter in text):
        raise Unreadable(NOT_ALLOWED)
    if item.qualifier:
        sign, bare = _signed(text)
        return Limit(sign, _decimal(item, bare)) if sign else _decimal(item, bare)
    as_typed = item.kind in NUMBERS or (item.kind in TEXTS and not item.pattern)
    return _READERS[item.kind](item, text if as_typed else normal(text))


def check_length(item: Item, text: str) -> None:
    """Before anything else is done with it. Raises Unreadable."""
    limit = item.max_length if item.kind in (*TEXTS, "code") else LONGEST_NUMBER
    if limit and len(text) > limit:
        raise Unreadable(TOO_LONG.format(limit=limit, length=len(text)))


def _known(item: Item) -> T:
    first, *others = (shown(unit) for unit in (item.unit, *item.other_units))
    return sum((T(" / ", " / ") + other for other in others), first)


def in_other_unit(item: Item, text: str) -> tuple[Any, str] | None:
    """The value in the item's unit and what was typed; None for a number without unit. Raises Unreadable."""
    check_length(item, text)
    try:
        number, unit = split(normal(text), (item.unit, *item.other_units))
    except ForeignUnit as foreign:
        raise Unreadable(FOREIGN_UNIT.format(typed=foreign, units=_known(item))) from None
    if not unit:
        return None
    if unit == item.unit:
        return value_of(item, [number]), ""
    places = getattr(item, "decimal_places", None) or 0
    sign, bare = _signed(number) if item.qualifier else ("", number)
    typed = number_of(bare)
    if abs(typed) >= TOO_LARGE:
        raise Unreadable(NOT_A_NUMBER.format(typed=text))
    value = converted(typed, item.other_units[unit], places)
    if sign:
        return Limit(sign, value), f"{number} {unit}"
    return (int(value) if item.kind == "integer" else value), f"{number} {unit}"


def _signed(text: str) -> tuple[str, str]:
    """The sign in front of a limit, if there is one, and the number; marks of the printout are left out."""
    bare = without_marks(text)
    sign = bare[:1] if bare[:1] in ("<", ">") and bare[1:2] not in ("+", "-") else ""
    return sign, bare.removeprefix(sign)


def _in_list(item: Item, code: str) -> str:
    if item.codes is not None and code not in item.codes:
        raise Unreadable(NOT_IN_LIST.format(typed=code))
    return code


def _text(item: Item, text: str) -> str:
    return text


def _integer(item: Item, text: str) -> int:
    number = number_of(text)
    if number != number.to_integral_value() or abs(number) > 2_000_000_000:
        raise Unreadable(NOT_WHOLE.format(typed=text))
    return int(number)


def _decimal(item: Item, text: str) -> Decimal:
    number = number_of(text)
    places = getattr(item, "decimal_places", None)
    exponent = number.as_tuple().exponent
    if places is not None and isinstance(exponent, int) and -exponent > places:
        if number != round(number, places):
            raise Unreadable(TOO_MANY_PLACES.format(places=places, typed=text))
        number = round(number, places)
    if abs(number) >= TOO_LARGE:
        raise Unreadable(NOT_A_NUMBER.format(typed=text))
    return number


def number_of(text: str) -> Decimal:
    """The number that a text is; what is wrong with any other, in the words of every place that reads one."""
    try:
        return read_number(text)
    except Ambiguous:
        raise Unreadable(AMBIGUOUS.format(typed=normal(text))) from None
    except TooLong:
        raise Unreadable(TOO_LONG.format(limit=LONGEST_NUMBER, length=len(text))) from None
    except NotANumber:
        raise Unreadable(NOT_A_NUMBER.format(typed=normal(text))) from None


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


def _time(item: Item, text: str) -> str:
    try:
        return parse_time(text)
    except ValueError:
        raise Unreadable(NOT_A_TIME.format(typed=text)) from None


TEXTS, NUMBERS = ("text", "long"), ("integer", "decimal")
_READERS = {
    "text": _text,
    "long": _text,
    "code": _in_list,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "partial": _partial,
    "time": _time,
}
