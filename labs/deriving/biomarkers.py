"""What the immune profile and tissue forms compute. Source: crf-spec lbpbmc, tissue. Pure: values in, values out."""

from decimal import Decimal
from typing import Any

from labs.deriving.liver import _shown
from prtras.crf.conditions import Context
from prtras.crf.registry import Values

HIGH = ("cd3_ct_hi", "cd3_im_hi", "cd8_ct_hi", "cd8_im_hi")


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
