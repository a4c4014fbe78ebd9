"""One laboratory test with its units and limits."""

from dataclasses import dataclass
from decimal import Decimal

from prtras.crf.items import Need, Range
from prtras.labels import T


@dataclass(frozen=True)
class Analyte:
    """One laboratory test: its standard unit, other units with their factor to it, limits in the standard unit.

    `hard` refuses, `soft` asks; `reference` ranges by sex or for `all`; `ctcae` names the CTCAE v5.0 grading rule,
    `ctcae_high` that of the other direction where there are two.
    """

    code: str
    title: T
    unit: str
    other_units: dict[str, Decimal]
    need: Need
    hard: Range
    soft: Range
    reference: dict[str, Range]
    lbtestcd: str
    loinc: str
    ctcae: str
    ctcae_high: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """The CTCAE terms by which a result is graded."""
        return tuple(term for term in (self.ctcae, self.ctcae_high) if term)

    @property
    def units(self) -> tuple[str, ...]:
        return (self.unit, *self.other_units)

    def factor(self, unit: str) -> Decimal:
        """What a value in `unit` is multiplied by to be in the standard unit. Raises KeyError for a foreign unit."""
        return Decimal(1) if unit == self.unit else self.other_units[unit]

    def range_for(self, sex: str | None) -> Range | None:
        """The fallback reference range."""
        return self.reference.get("all") or self.reference.get(sex or "")
