"""What the forms on the index tumour and its radical treatment compute. Pure: values in, values out."""

from typing import Any

from prtras.clinical import bclc
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.crf.conditions import Context
from prtras.crf.registry import Values


def index_tumour(values: Values, context: Context) -> dict[str, Any]:
    """BCLC stage (BCLC 2022) and Milan criteria (single <= 50 mm, or 2-3 all <= 30 mm, no invasion or spread)."""
    return {"bclc_calc": _bclc(values), "milan": _milan(values)}


def _bclc(values: Values) -> str | None:
    ecog = values.get("ecog_pre")
    try:
        return bclc.stage(
            n_tumours=values.get("n_tumours"),
            largest_mm=values.get("largest_mm"),
            vasc_inv=values.get("vasc_inv"),
            extrahep=values.get("extrahep"),
            ecog=None if ecog is None else int(ecog),
            child_pugh_class=values.get("cp_pre"),
        ).stage
    except (BadInput, MissingInput):
        return None


def _milan(values: Values) -> str | None:
    number, largest = values.get("n_tumours"), values.get("largest_mm")
    invasion, spread = values.get("vasc_inv"), values.get("extrahep")
    if number is None or largest is None or None in (invasion, spread):
        return None
    small = largest <= 50 if number == 1 else number <= 3 and largest <= 30
    return "Y" if small and invasion == "NONE" and spread == "N" else "N"


def radical_treatment(values: Values, context: Context) -> dict[str, Any]:
    """The treatment date is the later of resection and ablation; the gap runs to the anchor of the schedule."""
    dates = [d for d in (values.get("res_date"), values.get("abl_date")) if d]
    treated, anchor = max(dates, default=None), context.value("alloc", "anchor_date")
    return {"tx_date": treated, "days_to_w0": (anchor - treated).days if treated and anchor else None}
