"""The data elements of a case: their values by number, what the standard asks of each, where it stands in the message.

Source: ICH E2B(R3) Implementation Guide (data elements, code lists, appendix I); the lengths, codes, null flavours and
paths of `elements.csv` are those of its table of data elements. Only the elements that this product writes are there.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from prtras.labels import T

TABLE = Path(__file__).parent / "elements.csv"
#: CCYYMMDDhhmmss+ZZzz, cut from the right.
_MOMENT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})?(?P<day>\d{2})?(?P<time>\d{4}(?P<second>\d{2})?[+-]\d{4})?")
REQUIRED = T("缺少必填要素 {number}。", "Required element {number} is missing.")
TOO_LONG = T("{number} 超过 {n} 个字符。", "{number} is longer than {n} characters.")
NOT_LISTED = T("{number} 的值“{value}”不在编码表中。", "{number}: “{value}” is not one of its codes.")
NO_NULL = T("{number} 不允许空值标记 {flavour}。", "{number} does not allow the null flavour {flavour}.")
NOT_A_MOMENT = T(
    "{number} 的日期“{value}”格式不符或不够精确。", "{number}: “{value}” is no date of the needed precision."
)
NOT_A_NUMBER = T("{number} 的值“{value}”不是数字。", "{number}: “{value}” is no number.")
UNKNOWN = T("未知要素 {number}。", "{number} is no known element.")


@dataclass(frozen=True)
class Null:
    """Why a value is not there, by a null flavour of HL7: NI, MSK, UNK, NA, ASKU, NASK."""

    flavour: str


#: By number: a text, `Null`, or (under the number of a repeating block) the list of its blocks, themselves elements.
Elements = Mapping[str, Any]
#: A number, and which of each repeating block around it, from 1: (`G.k.4.r.1a`, (2, 1)).
Address = tuple[str, tuple[int, ...]]


@dataclass(frozen=True)
class Definition:
    """What the standard asks of an element: type A, N, AN, Date/Time or Boolean; how precise a date is at least."""

    number: str
    kind: str
    longest: int | None
    codes: frozenset[str]
    nulls: frozenset[str]
    required: bool
    precision: str
    path: str


@cache
def definitions() -> dict[str, Definition]:
    """Every element that is written, by its number."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["number"]: Definition(
                row["number"], row["type"], int(row["max_length"]) if row["max_length"] else None,
                frozenset(row["codes"].split()), frozenset(row["nulls"].split()), row["required"] == "Y",
                row["precision"], row["path"],
            )
            for row in csv.DictReader(file)
        }  # fmt: skip


def flat(elements: Elements, at: tuple[int, ...] = ()) -> Iterator[tuple[Address, "str | Null"]]:
    """Every value with its address."""
    for number, value in elements.items():
        if isinstance(value, list):
            for place, block in enumerate(value, start=1):
                yield from flat(block, (*at, place))
        else:
            yield (number, at), value


def faults(elements: Elements) -> list[T]:
    """What the standard does not allow of these elements, and what it requires and is not there."""
    present = list(flat(elements))
    wrong = [fault for (number, _), value in present if (fault := _fault(number, value)) is not None]
    numbers = {number for (number, _), _ in present}
    missing = [each for each, definition in definitions().items() if definition.required and each not in numbers]
    return [*(REQUIRED.format(number=number) for number in missing), *wrong]


def _fault(number: str, value: "str | Null") -> T | None:
    definition = definitions().get(number)
    if definition is None:
        return UNKNOWN.format(number=number)
    if isinstance(value, Null):
        allowed = value.flavour in definition.nulls
        return None if allowed else NO_NULL.format(number=number, flavour=value.flavour)
    if definition.longest is not None and len(value) > definition.longest:
        return TOO_LONG.format(number=number, n=definition.longest)
    if definition.codes and value not in definition.codes:
        return NOT_LISTED.format(number=number, value=value)
    if definition.kind == "Date/Time" and not _precise(value, definition.precision):
        return NOT_A_MOMENT.format(number=number, value=value)
    if definition.kind == "N" and not re.fullmatch(r"\d+(\.\d+)?", value):
        return NOT_A_NUMBER.format(number=number, value=value)
    return None if value else REQUIRED.format(number=number)


def _precise(value: str, precision: str) -> bool:
    match = _MOMENT.fullmatch(value)
    return match is not None and match[precision] is not None


def plain(elements: Elements) -> dict[str, object]:
    """The elements as JSON holds them; a null flavour as `{"nullFlavor": "UNK"}`."""
    return {
        number: [plain(block) for block in value] if isinstance(value, list)
        else {"nullFlavor": value.flavour} if isinstance(value, Null) else value
        for number, value in elements.items()
    }  # fmt: skip
