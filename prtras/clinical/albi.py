"""ALBI (albumin-bilirubin) score and grade.

Source: Johnson 2015 JCO doi:10.1200/JCO.2014.57.9151; restated at https://aihaoyisheng.com/en/tools/albi
and https://cal57.calculator.city/albi-calculator.html.
"""

from dataclasses import dataclass
from decimal import Decimal

from prtras.clinical.decimals import exact, rounded
from prtras.clinical.inputs import MissingInput, Number, code, number

BILIRUBIN_TO_UMOL_L = {"umol/L": Decimal(1), "mg/dL": Decimal("17.1")}
ALBUMIN_TO_G_L = {"g/L": Decimal(1), "g/dL": Decimal(10)}


@dataclass(frozen=True)
class Albi:
    """The score shown to 2 decimals, and the grade (1 to 3) of the unrounded score."""

    score: Decimal
    grade: int


@exact
def score(*, bil: Number | None, bil_unit: str | None, alb: Number | None, alb_unit: str | None) -> Albi:
    """0.66 x log10(bilirubin umol/L) - 0.085 x (albumin g/L); mg/dL x 17.1, g/dL x 10.

    Grade 1 <= -2.60, grade 2 <= -1.39, else 3. Raises BadInput and MissingInput.
    Source: Johnson 2015 JCO doi:10.1200/JCO.2014.57.9151.
    """
    bil = number("bil", bil, above=0, at_most=2000)
    code("bil_unit", bil_unit, BILIRUBIN_TO_UMOL_L)
    alb = number("alb", alb, above=0, at_most=100)
    code("alb_unit", alb_unit, ALBUMIN_TO_G_L)
    if bil is None or bil_unit is None or alb is None or alb_unit is None:
        raise MissingInput.among(bil=bil, bil_unit=bil_unit, alb=alb, alb_unit=alb_unit)
    bilirubin = bil * BILIRUBIN_TO_UMOL_L[bil_unit]
    albumin = alb * ALBUMIN_TO_G_L[alb_unit]
    unrounded = Decimal("0.66") * bilirubin.log10() - Decimal("0.085") * albumin
    grade = 1 if unrounded <= Decimal("-2.60") else 2 if unrounded <= Decimal("-1.39") else 3
    return Albi(rounded(unrounded, 2), grade)
