"""What the form on liver scores computes. Source: crf-spec liverfn. Pure: values in, values out."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any

from enrollment.deriving.consent import completed_years
from prtras.clinical import albi, child_pugh, egfr
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.crf.conditions import Context
from prtras.crf.limits import Limit
from prtras.crf.registry import Values

#: Between these the calculators take a result: what `<3.4` or `>30` may be at most, in the standard unit.
POSSIBLE = {
    "bilirubin": (Decimal("0.1"), Decimal(2000)),
    "albumin": (Decimal("0.1"), Decimal(100)),
    "inr": (Decimal("0.5"), Decimal(20)),
}


def liver_function(values: Values, context: Context) -> dict[str, Any]:
    """Child-Pugh (D2), ALBI (D4) and eGFR (D9) from the results of the same visit.

    A result that is only a limit (`<3.4`) gives Child-Pugh points where all that it may be give the same, and no index.
    """
    bilirubin, albumin = context.value("lbchem", "tbil_stresn"), context.value("lbchem", "alb_stresn")
    ratio = context.value("lbcoag", "inr_stresn")
    used = {"cp_bil": _shown(bilirubin, 1), "cp_alb": _shown(albumin, 1), "cp_inr": _shown(ratio, 2)}
    return used | _child_pugh(bilirubin, albumin, ratio, context) | _albi(bilirubin, albumin) | _egfr(context)


def _child_pugh(bilirubin: Any, albumin: Any, ratio: Any, context: Context) -> dict[str, Any]:
    ascites, encephalopathy = context.value("pe", "ascites"), context.value("pe", "he_grade")
    results = _may_be("bilirubin", bilirubin), _may_be("albumin", albumin), _may_be("inr", ratio)
    try:
        scores = {
            child_pugh.score(
                bil=bil, bil_unit="umol/L", alb=alb, alb_unit="g/L", inr=inr, ascites=ascites, he=encephalopathy
            )
            for bil, alb, inr in product(*results)
        }
    except (BadInput, MissingInput):
        return {"cp_score": None, "cp_class": None}
    score = scores.pop()
    return {"cp_score": score.score, "cp_class": score.class_} if not scores else {"cp_score": None, "cp_class": None}


def _may_be(result: str, value: Any) -> tuple[Any, ...]:
    """The ends of what a result may be: the number itself, or from next to its limit to the last that is possible."""
    if not isinstance(value, Limit):
        return (value,)
    lowest, highest = POSSIBLE[result]
    return value.nearest, lowest if value.sign == "<" else highest


def _number(value: Any) -> Any:
    """The number, None where only a limit is known."""
    return None if isinstance(value, Limit) else value


def _albi(bilirubin: Any, albumin: Any) -> dict[str, Any]:
    try:
        score = albi.score(bil=_number(bilirubin), bil_unit="umol/L", alb=_number(albumin), alb_unit="g/L")
    except (BadInput, MissingInput):
        return {"albi": None, "albi_grade": None}
    return {"albi": score.score, "albi_grade": str(score.grade)}


def _egfr(context: Context) -> dict[str, Any]:
    creatinine = _number(context.value("lbchem", "creat_stresn"))
    born, on = context.value("dm", "brthdat"), context.value("lbchem", "chem_date")
    age = None if born is None or on is None else completed_years(born, on)
    try:
        return {"egfr": egfr.estimate(creat=creatinine, unit="umol/L", age=age, sex=context.value("dm", "sex"))}
    except (BadInput, MissingInput):
        return {"egfr": None}


def _shown(value: Any, places: int) -> Decimal | None:
    number: Decimal | None = _number(value)
    return None if number is None else number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
