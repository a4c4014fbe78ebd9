"""Normal ranges as they hold for a person on a day. The table is read once and looked into many times."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from labs.models.ranges import NormalRange
from prtras.clinical.printed_number import folded

#: The name under which forms find the table.
TABLE = "normal ranges"


@dataclass(frozen=True)
class Limits:
    """A laboratory's limits of one analyte in its own unit: from a day on, for people of an age; and the lower limit of
    quantitation of its assay.
    """

    laboratory: str
    valid_from: date
    unit: str
    low: Decimal | None
    high: Decimal | None
    age_from: int | None = None
    age_to: int | None = None
    lloq: Decimal | None = None

    def holds(self, age: int | None, on: date) -> bool:
        """Whether it holds on a day for this age; nothing that asks for an age holds where none is known."""
        if self.valid_from > on or (age is None and (self.age_from, self.age_to) != (None, None)):
            return False
        return age is None or ((self.age_from or 0) <= age and (self.age_to is None or age <= self.age_to))


class RangeTable:
    """The tables of a site's laboratories."""

    def __init__(self, lines: Iterable[NormalRange] = ()) -> None:
        self._limits: dict[tuple[str, str, str], list[Limits]] = defaultdict(list)
        self._names: dict[str, str] = {}
        for line in sorted(lines, key=lambda line: line.valid_from):
            self._names[same_laboratory(line.laboratory)] = line.laboratory
            self._limits[same_laboratory(line.laboratory), line.analyte, line.sex].append(
                Limits(
                    line.laboratory,
                    line.valid_from,
                    line.unit,
                    line.low,
                    line.high,
                    line.age_from,
                    line.age_to,
                    line.lloq,
                )
            )

    def __bool__(self) -> bool:
        return bool(self._names)

    @property
    def laboratories(self) -> list[str]:
        """The laboratories that have a table under their own name."""
        return sorted(name for name in self._names.values() if name)

    def limits(
        self, analyte: str, sex: str | None, on: date | None, *, age: int | None = None, laboratory: str = ""
    ) -> Limits | None:
        """The newest limits for this sex or both, age and laboratory that hold on a day; None where nobody gave any.

        Where the page names no laboratory, that of the only table is meant. What a laboratory does not have under its
        own name stands in the table that names none; another laboratory's limits never apply.
        """
        if on is None:
            return None
        own = same_laboratory(laboratory) or (next(iter(self._names)) if len(self._names) == 1 else "")
        for table in dict.fromkeys((own, "")):
            keys = ((table, analyte, sex or "-"), (table, analyte, ""))
            holding = [limits for key in keys for limits in self._limits.get(key, ()) if limits.holds(age, on)]
            if holding:
                return max(holding, key=lambda limits: limits.valid_from)  # of one day that of the sex
        return None


def ranges_of(site: int) -> RangeTable:
    """The tables of a site's laboratories. One query."""
    return RangeTable(NormalRange.objects.filter(site=site))


def same_laboratory(name: str) -> str:
    """One spelling of a laboratory's name: letters of one width and case, no spaces."""
    return folded(name).replace(" ", "")
