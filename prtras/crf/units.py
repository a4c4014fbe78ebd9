"""Units beside a field: how they are written, and values that the source gives in another one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from prtras.labels import T

#: How a unit of the specification is written for people.
SHOWN = {
    "degC": T("°C", "°C"), "degF": T("°F", "°F"), "jin": T("斤", "jin"), "10^9/L": T("10⁹/L", "10⁹/L"),
    "10^12/L": T("10¹²/L", "10¹²/L"), "kg/m2": T("kg/m²", "kg/m²"), "SFC/10^6 PBMC": T("SFC/10⁶ PBMC", "SFC/10⁶ PBMC"),
    "mL/min/1.73m2": T("mL/min/1.73 m²", "mL/min/1.73 m²"), "cells/mm2": T("个/mm²", "cells/mm²"),
    "beats/min": T("次/分", "beats/min"), "breaths/min": T("次/分", "breaths/min"),
    "pack-years": T("包年", "pack-years"), "g/day": T("g/天", "g/day"), "days": T("天", "days"),
    "weeks": T("周", "weeks"), "months": T("个月", "months"), "years": T("岁", "years"),
    "participants": T("例", "participants"), "fold": T("倍", "fold"), "x ULN": T("× ULN", "× ULN"),
    "x LLOQ": T("× LLOQ", "× LLOQ"), "ug": T("μg", "μg"), "umol/L": T("μmol/L", "μmol/L"),
    "copies/mL": T("拷贝/mL", "copies/mL"), "copies/IU": T("拷贝/IU", "copies/IU"),
}  # fmt: skip
#: Other ways to type a unit, in small letters.
ALSO = {
    "kg": ("公斤", "千克"), "jin": ("斤", "市斤"), "m": ("米",), "cm": ("厘米",), "mm": ("毫米",),
    "degC": ("c", "°c", "℃", "摄氏度"), "degF": ("f", "°f", "℉", "华氏度"),
    "mmHg": ("毫米汞柱",), "kPa": ("千帕",), "ug/L": ("μg/l", "µg/l"),
}  # fmt: skip


@dataclass(frozen=True)
class Conversion:
    """standard value = (value + shift) x factor."""

    factor: Decimal
    shift: Decimal = Decimal(0)

    def __call__(self, value: Decimal) -> Decimal:
        return (value + self.shift) * self.factor


FAHRENHEIT = Conversion(Decimal(5) / Decimal(9), Decimal(-32))


class ForeignUnit(ValueError):
    """The unit that was typed is neither the item's nor one that it can be converted from."""


def shown(unit: str) -> T:
    """A unit as people write it."""
    return SHOWN.get(unit) or T(unit, unit)


def split(text: str, units: tuple[str, ...]) -> tuple[str, str]:
    """The number's text and the unit behind it, `136 斤` -> (`136`, `jin`); no unit: (text, ``). Raises ForeignUnit."""
    end = 1 + max((i for i, letter in enumerate(text) if letter.isdigit()), default=-1)
    typed = text[end:].strip()
    if not end or not (typed[:1].isalpha() or typed[:1] == "°"):
        return text, ""
    for unit in units:
        if typed.lower() in (unit.lower(), shown(unit).zh.lower(), *ALSO.get(unit, ())):
            return text[:end].strip(), unit
    raise ForeignUnit(typed)


def converted(value: Decimal, conversion: Conversion, places: int) -> Decimal:
    """In the standard unit, to so many decimals, halves up."""
    return conversion(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def conversions(factors: Mapping[str, str | Conversion]) -> dict[str, Conversion]:
    """From `{"cm": "10"}` to conversions by unit."""
    return {unit: by if isinstance(by, Conversion) else Conversion(Decimal(by)) for unit, by in factors.items()}
