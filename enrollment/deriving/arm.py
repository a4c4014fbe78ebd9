"""What the choice of arm computes. Pure: values in, values out."""

from datetime import date
from typing import Any

from enrollment import protocol
from enrollment.deriving.doses import doses_given
from prtras.crf.conditions import Context
from prtras.crf.registry import Values


def arm_choice(values: Values, context: Context) -> dict[str, Any]:
    """Day 0 by the anchor rule of the protocol; the arm in fact. Source: schedule.yaml, anchor_rule."""
    first = min((dose.value("pegifn", "pg_date") for dose in doses_given(context)), default=None)
    actual = ("A2" if first else "A1") if values.get("arm") else None
    return {"anchor_date": _anchor(values, first, context), "a2_first_dose": first, "arm_actual": actual}


def _anchor(values: Values, first_dose: date | None, context: Context) -> date | None:
    """ALLOC: the day of the choice. FIRST_DOSE: the first injection in A2. RADICAL_TX: the day of the treatment."""
    rule, chosen = protocol.ANCHOR_RULE.value, values.get("alloc_date")
    if rule == "RADICAL_TX":
        return context.value("radtx", "tx_date") if chosen else None
    return first_dose if rule == "FIRST_DOSE" and values.get("arm") == "A2" and first_dose else chosen
