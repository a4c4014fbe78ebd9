"""Estimated glomerular filtration rate, CKD-EPI 2021 creatinine equation (no race term).

Source: https://kidney.org/ckd-epi-creatinine-equation-2021 (Inker 2021 NEJM 385:1737).
"""

from decimal import Decimal

from prtras.clinical.decimals import exact, rounded
from prtras.clinical.inputs import MissingInput, Number, code, number, whole

UMOL_L_PER_UNIT = {"umol/L": Decimal(1), "mg/dL": Decimal("88.4")}
# sex: kappa (mg/dL), alpha, factor
SEX_TERMS = {
    "F": (Decimal("0.7"), Decimal("-0.241"), Decimal("1.012")),
    "M": (Decimal("0.9"), Decimal("-0.302"), Decimal(1)),
}


@exact
def estimate(*, creat: Number | None, unit: str | None, age: Number | None, sex: str | None) -> Decimal:
    """eGFR in mL/min/1.73 m2, 1 decimal; creatinine in umol/L or mg/dL, age in whole years (18 to 120).

    142 x min(Scr/k, 1)^a x max(Scr/k, 1)^-1.200 x 0.9938^age x 1.012 if female. Raises BadInput and
    MissingInput. Source: CKD-EPI 2021, Inker 2021 NEJM 385:1737.
    """
    creat = number("creat", creat, above=0, at_most=3000)
    code("unit", unit, UMOL_L_PER_UNIT)
    age = whole("age", age, at_least=18, at_most=120)
    code("sex", sex, SEX_TERMS)
    if creat is None or unit is None or age is None or sex is None:
        raise MissingInput.among(creat=creat, unit=unit, age=age, sex=sex)
    kappa, alpha, factor = SEX_TERMS[sex]
    ratio = creat * UMOL_L_PER_UNIT[unit] / (UMOL_L_PER_UNIT["mg/dL"] * kappa)
    exponent = alpha if ratio < 1 else Decimal("-1.200")
    return rounded(142 * ratio**exponent * Decimal("0.9938") ** age * factor, 1)
