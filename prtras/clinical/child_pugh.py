"""Child-Pugh score and class.

Source: CCJM table (https://www.ccjm.org/highwire/markup/12320/expansion); MSD Manual
(https://www.msdmanuals.com/uk/professional/multimedia/table/child-turcotte-pugh-scoring-system).
Some texts (Harrison, PMC3017746) use albumin 30-35; the project uses 28-35. Cuts: constants CP_*.
"""

from dataclasses import dataclass
from decimal import Decimal

from prtras.clinical.constants import (
    CP_ALB_CUT,
    CP_BIL_CUT_MG,
    CP_BIL_CUT_UMOL,
    CP_INR_CUT,
    CP_PT_CUT,
)
from prtras.clinical.decimals import exact
from prtras.clinical.inputs import MissingInput, Number, code, number

BILIRUBIN_CUTS = {"umol/L": CP_BIL_CUT_UMOL.value, "mg/dL": CP_BIL_CUT_MG.value}  # never converted
ALBUMIN_TO_G_L = {"g/L": 1, "g/dL": 10}
ASCITES = {"NONE": 1, "MILD": 2, "MODSEV": 3}
ENCEPHALOPATHY = {"NONE": 1, "G1_2": 2, "G3_4": 3}


@dataclass(frozen=True)
class ChildPugh:
    """Points (1 to 3) of each item, the score (5 to 15) and the class A, B or C."""

    bil: int
    alb: int
    coag: int
    coag_source: str
    ascites: int
    he: int
    score: int
    class_: str


@exact
def score(
    *,
    bil: Number | None,
    bil_unit: str | None,
    alb: Number | None,
    alb_unit: str | None,
    inr: Number | None = None,
    pt: Number | None = None,
    pt_ctrl: Number | None = None,
    ascites: str | None,
    he: str | None,
) -> ChildPugh:
    """The complete score; there is no partial one.

    Bilirubin in umol/L or mg/dL, albumin in g/L or g/dL, prothrombin time and its control in seconds
    (used only without an INR). Raises BadInput and MissingInput ("inr" when neither is available).
    Source: Child-Turcotte-Pugh table, CCJM and MSD Manual; class A 5-6, B 7-9, C 10-15.
    """
    bilirubin = _bilirubin(bil, bil_unit)
    albumin = _albumin(alb, alb_unit)
    coagulation = _coagulation(inr, pt, pt_ctrl)
    code("ascites", ascites, ASCITES)
    code("he", he, ENCEPHALOPATHY)
    if bilirubin is None or albumin is None or coagulation is None or ascites is None or he is None:
        raise MissingInput.among(
            bil=bil, bil_unit=bil_unit, alb=alb, alb_unit=alb_unit, inr=coagulation, ascites=ascites, he=he
        )
    coag, coag_source = coagulation
    total = bilirubin + albumin + coag + ASCITES[ascites] + ENCEPHALOPATHY[he]
    class_ = "A" if total <= 6 else "B" if total <= 9 else "C"
    return ChildPugh(bilirubin, albumin, coag, coag_source, ASCITES[ascites], ENCEPHALOPATHY[he], total, class_)


def _points(value: Decimal, cuts: tuple[Decimal, Decimal]) -> int:
    """1 below both cuts, 3 above both, 2 from one cut to the other inclusive."""
    low, high = cuts
    return 1 if value < low else 2 if value <= high else 3


def _bilirubin(bil: Number | None, unit: str | None) -> int | None:
    value = number("bil", bil, above=0, at_most=2000)
    code("bil_unit", unit, BILIRUBIN_CUTS)
    return None if value is None or unit is None else _points(value, BILIRUBIN_CUTS[unit])


def _albumin(alb: Number | None, unit: str | None) -> int | None:
    """Points the other way round: the more albumin, the fewer."""
    value = number("alb", alb, above=0, at_most=100)
    code("alb_unit", unit, ALBUMIN_TO_G_L)
    if value is None or unit is None:
        return None
    return 4 - _points(value * ALBUMIN_TO_G_L[unit], CP_ALB_CUT.value)


def _coagulation(inr: Number | None, pt: Number | None, pt_ctrl: Number | None) -> tuple[int, str] | None:
    """Points and their source; the INR wins over the prolongation of the prothrombin time."""
    ratio = number("inr", inr, at_least=Decimal("0.5"), at_most=20)
    seconds = number("pt", pt, above=0, at_most=200)
    control = number("pt_ctrl", pt_ctrl, above=0, at_most=200)
    if ratio is not None:
        return _points(ratio, CP_INR_CUT.value), "INR"
    if seconds is not None and control is not None:
        return _points(seconds - control, CP_PT_CUT.value), "PT"
    return None
