"""Normal ranges as they hold on a day. The table is read once and looked into many times."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from labs.models.ranges import NormalRange

#: The name under which forms find the table.
TABLE = "normal ranges"


@dataclass(frozen=True)
class Limits:
    """A laboratory's limits of one analyte, in its own unit, from a day on."""

    valid_from: date
    unit: str
    low: Decimal | None
    high: Decimal | None


class RangeTable:
    """One laboratory's table."""

    def __init__(self, lines: dict[tuple[str, str], list[Limits]]) -> None:
        self._lines = lines

    def __bool__(self) -> bool:
        return bool(self._lines)

    def limits(self, analyte: str, sex: str | None, on: date | None) -> Limits | None:
        """The limits for this sex (else for both) that hold on a day; None where the laboratory gave none."""
        if on is None:
            return None
        for key in ((analyte, sex or "-"), (analyte, "")):
            holding = [line for line in self._lines.get(key, ()) if line.valid_from <= on]
            if holding:
                return holding[-1]
        return None


def ranges_of(site: int) -> RangeTable:
    """The table of a site's laboratory. One query."""
    lines: dict[tuple[str, str], list[Limits]] = defaultdict(list)
    for row in NormalRange.objects.filter(site=site).order_by("valid_from"):
        lines[row.analyte, row.sex].append(Limits(row.valid_from, row.unit, row.low, row.high))
    return RangeTable(lines)
