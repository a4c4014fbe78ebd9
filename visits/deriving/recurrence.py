"""What the recurrence form computes. Pure: values in, values out."""

from typing import Any

from prtras.crf.conditions import Context
from prtras.crf.registry import Values


def recurrence(values: Values, context: Context) -> dict[str, Any]:
    """First confirmed recurrence after Day 0, and its day (anchor = day 1). Source: crf-spec E2."""
    anchor, detected = context.value("alloc", "anchor_date"), values.get("rec_date")
    event = {"rec_no": context.value("recur", "row")}
    if not (anchor and detected):
        return event | {"rec_first": None, "rec_ttr": None}
    return event | {"rec_first": _is_first(values, context), "rec_ttr": (detected - anchor).days + 1}


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
