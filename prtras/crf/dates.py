"""Dates as people know them: whole, or only the month, or only the year. Nothing is imputed."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from prtras.clinical.printed_number import half_width

_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_PARTIAL = re.compile(r"(\d{4})(?:[-/.年](?:(\d{1,2})月?)?)?(?:-?(?:UK|UN|UNK))*", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})[:时点](\d{2})分?|(\d{2})(\d{2})", re.ASCII)
#: Years in which something in a study can have happened; beyond them a date is a slip, and arithmetic overflows.
YEARS = range(1900, 2200)


def normal(text: str) -> str:
    """What was typed, with full-width letters and digits and Chinese full stops made plain; superscripts stay."""
    return half_width(text).replace("。", ".").strip()


def parse_date(text: str) -> date:
    """A whole date from `20261119`, `2026-11-19`, `2026/3/5` or `2026年11月19日`. Raises ValueError."""
    match = _FULL.fullmatch(normal(text).replace(" ", ""))
    if not match:
        raise ValueError(text)
    year, month, day = (int(part) for part in match.groups() if part)
    if year not in YEARS:
        raise ValueError(text)
    return date(year, month, day)


def parse_time(text: str) -> str:
    """A time of day as `08:30`, from `8:30`, `0830`, `8：30` or `8时30分`. Raises ValueError."""
    match = _CLOCK.fullmatch(normal(text).replace(" ", ""))
    if not match:
        raise ValueError(text)
    hour, minute = (int(part) for part in match.groups() if part)
    if hour > 23 or minute > 59:
        raise ValueError(text)
    return f"{hour:02d}:{minute:02d}"


@dataclass(frozen=True, order=False)
class PartialDate:
    """A date known to the day, the month or the year: `2025-11-03`, `2025-11` or `2025`.

    Compared as the interval of days it may be: a comparison is true only if it is true for every possible day.
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """From any way to write a whole date, or `2025-11`, `2025年11月`, `2025-11-UK`, `2025`. Raises ValueError."""
        try:
            return cls(parse_date(text).isoformat())
        except ValueError:
            match = _PARTIAL.fullmatch(normal(text).replace(" ", ""))
            if not match or not 1 <= int(match[2] or 1) <= 12 or int(match[1]) not in YEARS:
                raise ValueError(text) from None
            return cls(match[1] if match[2] is None else f"{match[1]}-{int(match[2]):02d}")

    @property
    def earliest(self) -> date:
        year, month, day = self._parts()
        return date(year, month or 1, day or 1)

    @property
    def latest(self) -> date:
        year, month, day = self._parts()
        month = month or 12
        return date(year, month, day or calendar.monthrange(year, month)[1])

    def _parts(self) -> tuple[int, int, int]:
        numbers = [int(part) for part in self.text.split("-")] + [0, 0]
        return numbers[0], numbers[1], numbers[2]

    def __str__(self) -> str:
        return self.text


def days_of(value: object) -> tuple[date | None, date | None]:
    """The earliest and the latest day that a value may mean; None for what is no date."""
    if isinstance(value, PartialDate):
        return value.earliest, value.latest
    return (value, value) if isinstance(value, date) else (None, None)
