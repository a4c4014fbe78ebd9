"""What the MRI form and its observations compute. Pure: values in, values out."""

from datetime import date
from typing import Any

from prtras.clinical import lirads, threshold_growth, treatment_response, visit_window
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.crf.conditions import Context
from prtras.crf.registry import Values


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
    seen: dict[str, Any] = {name: values.get(name) or [] for name in ("lrm", "afmal", "afhcc", "afben")}
    single = ("path_proven", "nc", "tiv", "benign", "size_mm", "aphe", "washout", "capsule", "tg")
    seen |= {name: values.get(name) for name in single}
    try:
        category = lirads.category(lirads.Observation(**seen))
    except (BadInput, MissingInput):
        return None, None
    return _categorised(category.base), _categorised(category.adjusted)


def _categorised(category: str) -> str | None:
    """A pathology-proven observation has no LI-RADS category."""
    return category if category.startswith("LR-") else None


def _response(values: Values) -> str | None:
    names = ("tr_eval", "tr_pattern", "tr_morph", "tr_aphe", "tr_wo", "tr_sim")
    try:
        return treatment_response.category(**{name: values.get(name) for name in names})
    except (BadInput, MissingInput):
        return None
