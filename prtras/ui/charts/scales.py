"""From data to position: linear scales, round axis steps, and thinning of ticks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise


@dataclass(frozen=True)
class Scale:
    """A straight mapping of ``low..high`` onto ``start..end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the position of a value."""
        if self.high == self.low:
            return self.start
        return self.start + (value - self.low) * (self.end - self.start) / (self.high - self.low)


@dataclass(frozen=True)
class DateScale:
    """A straight mapping of days onto ``start..end``."""

    first: date
    last: date
    start: float
    end: float

    def __call__(self, day: date) -> float:
        """Return the position of a day."""
        span = max((self.last - self.first).days, 1)
        return self.start + (day - self.first).days * (self.end - self.start) / span

    def holds(self, day: date) -> bool:
        """Say whether the day lies on the axis."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class DateTick:
    """A labelled day on a time axis; a major one (a new year) is drawn stronger."""

    day: date
    label: str
    major: bool = False


def month_starts(first: date, last: date, every: int = 3) -> list[date]:
    """Return the first days of the months from ``first`` to ``last``, every so many months of the year."""
    if every < 1 or 12 % every:
        raise ValueError("every must divide the twelve months of a year")
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    days = [date(m // 12, m % 12 + 1, 1) for m in months if m % every == 0]
    return [day for day in days if first <= day <= last]


def month_ticks(first: date, last: date) -> list[DateTick]:
    """The ticks of a time axis: every third month, every sixth where it spans more than three and a half years."""
    every = 3 if (last - first).days < 1300 else 6
    return [DateTick(day, f"{day:%Y-%m}", day.month == 1) for day in month_starts(first, last, every)]


def percent_steps(maximum: float, most: int) -> list[float]:
    """Return round proportions from 0 to at least ``maximum`` (never beyond 1), at most ``most`` steps."""
    for step in (2, 5, 10, 20, 25, 50):
        count = max(1, math.ceil(round(maximum * 100 / step, 6)))
        if count <= most:
            return [i * step / 100 for i in range(count + 1)]
    return [0.0, 0.5, 1.0]


def round_steps(low: float, high: float, most: int) -> list[float]:
    """Return round values in equal steps from ``low`` or below to ``high`` or above, at most ``most`` steps.

    Equal ends get a step on each side. Raises ValueError for ends that are not finite or run backwards.
    """
    require_ascending([low, high], "the ends of an axis")
    low, high = (low - 1, high + 1) if low == high else (low, high)
    magnitude = math.floor(math.log10((high - low) / most))
    for digits in (magnitude, magnitude + 1):
        for unit in (1, 2, 5):
            step = unit * 10.0**digits
            first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
            if last - first <= most:
                return [round(i * step, max(0, -digits)) for i in range(first, last + 1)]
    return [low, high]


def count_steps(maximum: float, most: int) -> list[int]:
    """Return round counts from 0 up to ``maximum``, at most ``most`` steps."""
    magnitude = 1
    while True:
        for step in (magnitude, 2 * magnitude, 5 * magnitude):
            if maximum / step <= most:
                return list(range(0, math.floor(maximum) + 1, step))
        magnitude *= 10


def thinned(count: int, most: int) -> list[int]:
    """Choose at most ``most`` of ``count`` positions, evenly, with the first and the last among them."""
    if count <= max(most, 2):
        return list(range(count))
    for stride in range(2, count):
        chosen = list(range(0, count, stride))
        chosen[-1] = count - 1
        if len(chosen) <= max(most, 2):
            return chosen
    return [0, count - 1]


def require_ascending(values: Sequence[float], what: str) -> None:
    """Refuse values that are not finite or run backwards."""
    if not all(math.isfinite(v) for v in values):
        raise ValueError(f"{what} must be finite numbers")
    if any(b < a for a, b in pairwise(values)):
        raise ValueError(f"{what} must not run backwards")
