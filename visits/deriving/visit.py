"""What the visit record computes. Pure: values in, values out."""

from typing import Any

from prtras.crf.conditions import Context
from prtras.crf.registry import Values
from visits.deriving.imaging import _window


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
