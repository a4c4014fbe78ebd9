"""What the form on liver scores computes. Source: crf-spec liverfn. Pure: values in, values out."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from enrollment.deriving.consent import completed_years
from prtras.clinical import albi, child_pugh, egfr
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.crf.conditions import Context
from prtras.crf.registry import Values


def liver_function(values: Values, context: Context) -> dict[str, Any]:
    """Child-Pugh (D2), ALBI (D4) and eGFR (D9) from the results of the same visit."""
    bilirubin, albumin = context.value("lbchem", "tbil_stresn"), context.value("lbchem", "alb_stresn")
    ratio = context.value("lbcoag", "inr_stresn")
    used = {"cp_bil": _shown(bilirubin, 1), "cp_alb": _shown(albumin, 1), "cp_inr": _shown(ratio, 2)}
    return used | _child_pugh(bilirubin, albumin, ratio, context) | _albi(bilirubin, albumin) | _egfr(context)


def _child_pugh(bilirubin: Any, albumin: Any, ratio: Any, context: Context) -> dict[str, Any]:
    try:
        score = child_pugh.score(
            bil=bilirubin, bil_unit="umol/L", alb=albumin, alb_unit="g/L", inr=ratio,
            ascites=context.value("pe", "ascites"), he=context.value("pe", "he_grade"),
        )  # fmt: skip
    except (BadInput, MissingInput):
        return {"cp_score": None, "cp_class": None}
    return {"cp_score": score.score, "cp_class": score.class_}


def _albi(bilirubin: Any, albumin: Any) -> dict[str, Any]:
    try:
        score = albi.score(bil=bilirubin, bil_unit="umol/L", alb=albumin, alb_unit="g/L")
    except (BadInput, MissingInput):
        return {"albi": None, "albi_grade": None}
    return {"albi": score.score, "albi_grade": str(score.grade)}


def _egfr(context: Context) -> dict[str, Any]:
    creatinine = context.value("lbchem", "creat_stresn")
    born, on = context.value("dm", "brthdat"), context.value("lbchem", "chem_date")
    age = None if born is None or on is None else completed_years(born, on)
    try:
        return {"egfr": egfr.estimate(creat=creatinine, unit="umol/L", age=age, sex=context.value("dm", "sex"))}
    except (BadInput, MissingInput):
        return {"egfr": None}


def _shown(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
