"""What the forms on liver scores, the immune profile and tissue compute. Source: crf-spec liverfn, lbpbmc, tissue."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from enrollment.deriving import completed_years
from prtras.clinical import albi, child_pugh, egfr
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.crf.conditions import Context

Values = Mapping[str, Any]
HIGH = ("cd3_ct_hi", "cd3_im_hi", "cd8_ct_hi", "cd8_im_hi")


def liver_function(values: Values, context: Context) -> dict[str, Any]:
    """Child-Pugh (D2), ALBI (D4) and eGFR (D9) from the results of the same visit."""
    bilirubin, albumin = context.value("lbchem", "tbil_stresn"), context.value("lbchem", "alb_stresn")
    ratio = context.value("lbcoag", "inr_stresn")
    used = {"cp_bil": _shown(bilirubin, 1), "cp_alb": _shown(albumin, 1), "cp_inr": _shown(ratio, 2)}
    return used | _child_pugh(bilirubin, albumin, ratio, context) | _albi(bilirubin, albumin) | _egfr(context)


def _child_pugh(bilirubin: Any, albumin: Any, ratio: Any, context: Context) -> dict[str, Any]:
    try:
        found = child_pugh.score(
            bil=bilirubin, bil_unit="umol/L", alb=albumin, alb_unit="g/L", inr=ratio,
            ascites=context.value("pe", "ascites"), he=context.value("pe", "he_grade"),
        )  # fmt: skip
    except (BadInput, MissingInput):
        return {"cp_score": None, "cp_class": None}
    return {"cp_score": found.score, "cp_class": found.class_}


def _albi(bilirubin: Any, albumin: Any) -> dict[str, Any]:
    try:
        found = albi.score(bil=bilirubin, bil_unit="umol/L", alb=albumin, alb_unit="g/L")
    except (BadInput, MissingInput):
        return {"albi": None, "albi_grade": None}
    return {"albi": found.score, "albi_grade": str(found.grade)}


def _egfr(context: Context) -> dict[str, Any]:
    creatinine = context.value("lbchem", "creat_stresn")
    born, on = context.value("dm", "brthdat"), context.value("lbchem", "chem_date")
    age = None if born is None or on is None else completed_years(born, on)
    try:
        return {"egfr": egfr.estimate(creat=creatinine, unit="umol/L", age=age, sex=context.value("dm", "sex"))}
    except (BadInput, MissingInput):
        return {"egfr": None}


def immune_profile(values: Values, context: Context) -> dict[str, Any]:
    """CD4/CD8, and PD-1+ CD8+ cells as a share of CD3+ cells."""
    helper, killer, exhausted = values.get("cd4p"), values.get("cd8p"), values.get("pd1cd8")
    ratio = None if helper is None or not killer else helper / killer
    share = None if killer is None or exhausted is None else killer * exhausted / 100
    return {"cd4cd8": _shown(ratio, 2), "pd1cd8_ofcd3": _shown(share, 2)}


def tissue(values: Values, context: Context) -> dict[str, Any]:
    """Categories of TPS and CPS, and the number of high densities of T cells."""
    flags = [values.get(name) for name in HIGH]
    return {
        "tps_cat": _banded(values.get("tps"), ((1, "LT1"), (50, "1_49")), "GE50"),
        "cps_cat": _banded(values.get("cps"), ((1, "LT1"), (10, "1_9")), "GE10"),
        "tc_score_i": None if None in flags else sum(flag == "Y" for flag in flags),
    }


def _banded(value: Decimal | None, bands: tuple[tuple[int, str], ...], above: str) -> str | None:
    if value is None:
        return None
    return next((name for limit, name in bands if value < limit), above)


def _shown(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
