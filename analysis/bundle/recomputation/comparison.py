"""Compares values place by place, and counts what it compared.

Counts (whole numbers in expected.json) and texts must be equal. Every other number must agree to 1e-8 of its size, and
one smaller than 0.01 to 1e-10. Nothing (NA) agrees with nothing only: it differs from every number, and a place that
only one side has is a difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TypeVar

Value = float | str | None
Values = dict[str, Value]
T = TypeVar("T")
RELATIVE = 1e-8
SMALL = 0.01


class Comparison:
    """What was compared so far, and how much of it differs."""

    def __init__(self) -> None:
        self.compared = 0
        self.different = 0

    def attempt(self, table: str, compute: Callable[[], T]) -> T | None:
        """What a computation gives; a failing one is a difference."""
        try:
            return compute()
        except Exception as failed:
            self.different += 1
            print(f"DIFFERS  {table}: could not be computed ({type(failed).__name__}: {failed})")
            return None

    def compare(self, table: str, theirs: Mapping[str, Value], ours: Mapping[str, Value]) -> None:
        """All places of a table, with a line for each that differs and one for the table."""
        places = sorted(set(theirs) | set(ours))
        differing = [place for place in places if not _agree_at(place, theirs, ours)]
        for place in differing:
            there, computed = (_printed(side, place) for side in (theirs, ours))
            print(f"DIFFERS  {table}: {place}: expected {there}, computed {computed}")
        self.compared += len(places)
        self.different += len(differing)
        print(f"{table:<22}{len(places):>7} compared, {len(differing)} differ")

    def end(self) -> int:
        """The last line and the exit status."""
        if not self.compared:
            print("NOTHING WAS COMPARED.")
        elif self.different:
            print(f"NOT ALL NUMBERS AGREE: {self.different} differences, {self.compared} numbers compared.")
        else:
            print(f"All {self.compared} numbers agree.")
        return 0 if self.compared and not self.different else 1


def _agree_at(place: str, theirs: Mapping[str, Value], ours: Mapping[str, Value]) -> bool:
    return place in theirs and place in ours and agree(theirs[place], ours[place])


def agree(there: Value, computed: Value) -> bool:
    """Do an expected and a computed value agree?"""
    if there is None or computed is None or isinstance(there, str) or isinstance(computed, str):
        return (there is None and computed is None) or (isinstance(there, str) and there == computed)
    if not math.isfinite(there) or not math.isfinite(computed):
        return False
    if isinstance(there, int):
        return there == computed
    return abs(there - computed) <= RELATIVE * max(abs(there), SMALL)


def _printed(side: Mapping[str, Value], place: str) -> str:
    if place not in side:
        return "nothing at this place"
    value = side[place]
    return "NA" if value is None else value if isinstance(value, str) else f"{value:.12g}"
