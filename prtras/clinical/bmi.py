"""Body mass index and Chinese adult category.

Source: WS/T 428-2013 (project codelist BMICAT); ranges from the project forms.
"""

from dataclasses import dataclass
from decimal import Decimal

from prtras.clinical.decimals import exact, rounded
from prtras.clinical.inputs import BadInput, MissingInput, Number, code, number

METRES = {"cm": Decimal("0.01"), "m": Decimal(1)}
KILOGRAMS = {"kg": Decimal(1), "jin": Decimal("0.5")}
HEIGHT_M = (Decimal("1.20"), Decimal("2.20"))
WEIGHT_KG = (Decimal(25), Decimal(250))
CATEGORIES = (("UNDER", Decimal("18.5")), ("NORMAL", Decimal(24)), ("OVER", Decimal(28)))  # below the cut


@dataclass(frozen=True)
class BodyMassIndex:
    """kg/m2 shown to 1 decimal, and the category of the unrounded value."""

    bmi: Decimal
    cat: str


@exact
def index(
    *, height: Number | None, height_unit: str | None, weight: Number | None, weight_unit: str | None
) -> BodyMassIndex:
    """kg / m2; height in cm or m (1.20 to 2.20 m), weight in kg or jin (25 to 250 kg; 1 jin = 0.5 kg).

    Below 18.5 UNDER, below 24 NORMAL, below 28 OVER, else OBESE. Raises BadInput and MissingInput.
    Source: WS/T 428-2013.
    """
    metres = _converted("height", height, height_unit, METRES, HEIGHT_M)
    kilograms = _converted("weight", weight, weight_unit, KILOGRAMS, WEIGHT_KG)
    if metres is None or kilograms is None:
        raise MissingInput.among(height=height, height_unit=height_unit, weight=weight, weight_unit=weight_unit)
    square = metres * metres
    cat = next((name for name, cut in CATEGORIES if kilograms < cut * square), "OBESE")
    return BodyMassIndex(rounded(kilograms / square, 1), cat)


def _converted(
    field: str,
    value: Number | None,
    unit: str | None,
    factors: dict[str, Decimal],
    limits: tuple[Decimal, Decimal],
) -> Decimal | None:
    """The value in metres or kilograms, None without value or unit; BadInput outside the limits."""
    written = number(field, value, above=0)
    code(f"{field}_unit", unit, factors)
    if written is None or unit is None:
        return None
    converted = written * factors[unit]
    low, high = limits
    if not low <= converted <= high:
        raise BadInput(field)
    return converted
