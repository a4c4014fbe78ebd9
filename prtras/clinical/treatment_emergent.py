"""When an adverse event is treatment-emergent. Source: crf-spec E4. Pure; days are ISO texts, partial ones too.

Combination: from the first peginterferon dose given to so many days after the last one. NA alone, and a combination of
which no dose is known: from Day 0 on.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Window:
    """The first and the last day; no last day while there is no end."""

    first: str
    last: str | None


def window(day_0: str, doses: Collection[str], *, combination: bool, days_after: int) -> Window:
    """The window of a participant; `doses` are the days of the peginterferon doses that were given."""
    if not combination or not doses:
        return Window(day_0, None)
    last = date.fromisoformat(max(doses)) + timedelta(days=days_after)
    return Window(min(doses), last.isoformat())


def is_emergent(start: str | None, within: Window) -> bool:
    """It began in the window, or may have: where only month or year is known, and where nothing is."""
    if not start:
        return True
    return start >= within.first[: len(start)] and (within.last is None or start <= within.last)
