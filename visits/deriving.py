"""What the visit forms compute. Pure: values in, values out; the clinic's rules live in prtras.clinical."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from enrollment.deriving import doses_given
from prtras.clinical import bmi, lirads, threshold_growth, treatment_response, visit_window
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.crf.conditions import Context

Values = Mapping[str, Any]


def visit_record(values: Values, context: Context) -> dict[str, Any]:
    """Target, window, deviation from the target and window status. Source: crf-spec section A."""
    window = _window(context, "visit", values.get("visit_date"))
    if window is None:
        return dict.fromkeys(("target_date", "window_lo", "window_hi", "window_dev", "window_status"))
    return {
        "target_date": window.target,
        "window_lo": window.lo,
        "window_hi": window.hi,
        "window_dev": window.dev,
        "window_status": window.status,
    }


def mri(values: Values, context: Context) -> dict[str, Any]:
    """Days from the visit's target and window status of the examination date."""
    window = _window(context, "mri", values.get("mri_date"))
    if window is None:
        return {"mri_dev": None, "mri_win": None}
    return {"mri_dev": window.dev, "mri_win": window.status if values.get("mri_date") else None}


def _window(context: Context, form: str, on: date | None) -> visit_window.VisitWindow | None:
    """The window by which this visit was planned (its version of the schedule), else the protocol's first one."""
    planned = getattr(context, "visit", None)
    if planned is not None and planned.opens and planned.closes:
        return visit_window.within(planned.target, planned.opens, planned.closes, on)
    try:
        return visit_window.window(context.value("alloc", "anchor_date"), context.value(form, "visit"), on)
    except (BadInput, MissingInput):
        return None


def observation(values: Values, context: Context) -> dict[str, Any]:
    """LI-RADS v2018 category of an untreated observation, LR-TR of a treated one, threshold growth."""
    result: dict[str, Any] = dict.fromkeys(("tg_calc", "lr_base", "lr_adj", "lrtr_calc"))
    if values.get("obs_type") == "UNTREATED":
        result["tg_calc"] = _growth(values, context)
        result["lr_base"], result["lr_adj"] = _category(values)
    elif values.get("obs_type") == "TREATED":
        result["lrtr_calc"] = _response(values)
    return result


def _growth(values: Values, context: Context) -> str | None:
    if values.get("obs_new") == "Y":
        return "NA"
    try:
        return threshold_growth.growth(
            size_mm=values.get("size_mm"),
            prior_mm=values.get("prior_mm"),
            exam_date=context.value("mri", "mri_date"),
            prior_date=values.get("prior_date"),
        ).tg
    except (BadInput, MissingInput):
        return None


def _category(values: Values) -> tuple[str | None, str | None]:
    lists = {name: values.get(name) or [] for name in ("lrm", "afmal", "afhcc", "afben")}
    single = ("path_proven", "nc", "tiv", "benign", "size_mm", "aphe", "washout", "capsule", "tg")
    try:
        found = lirads.category(lirads.Observation(**{name: values.get(name) for name in single}, **lists))
    except (BadInput, MissingInput):
        return None, None
    return _categorised(found.base), _categorised(found.adjusted)


def _categorised(category: str) -> str | None:
    """A pathology-proven observation has no LI-RADS category."""
    return category if category.startswith("LR-") else None


def _response(values: Values) -> str | None:
    names = ("tr_eval", "tr_pattern", "tr_morph", "tr_aphe", "tr_wo", "tr_sim")
    try:
        return treatment_response.category(**{name: values.get(name) for name in names})
    except (BadInput, MissingInput):
        return None


def recurrence(values: Values, context: Context) -> dict[str, Any]:
    """First confirmed recurrence after Day 0, and its day (anchor = day 1). Source: crf-spec E2."""
    anchor, found = context.value("alloc", "anchor_date"), values.get("rec_date")
    event = {"rec_no": context.value("recur", "row")}
    if not (anchor and found):
        return event | {"rec_first": None, "rec_ttr": None}
    return event | {"rec_first": _is_first(values, context), "rec_ttr": (found - anchor).days + 1}


def _is_first(values: Values, context: Context) -> str:
    if values.get("rec_adj") != "CONFIRMED":
        return "N"
    others = [
        record.value("recur", "rec_date")
        for record in context.records("recur")
        if record.value("recur", "rec_adj") == "CONFIRMED"
        and record.value("recur", "row") != context.value("recur", "row")
    ]
    return "Y" if all(date is None or values["rec_date"] <= date for date in others) else "N"


def end_of_study(values: Values, context: Context) -> dict[str, Any]:
    """The last evaluable tumour imaging. Source: crf-spec eos."""
    dates = [
        record.value("mri", "mri_date")
        for record in context.records("mri")
        if record.value("mri", "mri_quality") not in (None, "NONDIAG")
    ]
    doses = [dose.value("pegifn", "pg_dose") for dose in doses_given(context)]
    return {
        "last_img": max((d for d in dates if d), default=None),
        "pg_total": sum(dose for dose in doses if dose is not None) if doses else None,
        "pg_ndose": len(doses) if context.value("alloc", "arm") == "A2" else None,
    }


def vital_signs(values: Values, context: Context) -> dict[str, Any]:
    """Body-mass index with the height of this visit, else the last one measured. Source: crf-spec D10."""
    height = values.get("height")
    if height is None:
        measured = [record.value("vs", "height") for record in context.records("vs")]
        height = next((found for found in reversed(measured) if found is not None), None)
    try:
        found = bmi.index(height=height, height_unit="cm", weight=values.get("weight"), weight_unit="kg")
    except (BadInput, MissingInput):
        return {"bmi": None, "bmi_cat": None}
    return {"bmi": found.bmi, "bmi_cat": found.cat}
