"""Every calculator by its name, answering one JSON object with another.

The answer is exactly one of {"result": {...}}, {"result": null, "missing": [fields]} and
{"error": {"field": name}}. Source: shared conventions of the calculator vectors (crf/vectors/*.json).
"""

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from prtras.clinical import (
    albi,
    bclc,
    bmi,
    child_pugh,
    ctcae,
    egfr,
    hbsag,
    hbsag_status,
    hbv_dna,
    lirads,
    peg_ifn,
    threshold_growth,
    time_to_recurrence,
    treatment_response,
    visit_window,
)
from prtras.clinical.inputs import BadInput, MissingInput


def as_json(value: Any) -> Any:
    """A calculator's value in JSON terms: records as objects, dates as ISO text, decimals as numbers."""
    if dataclasses.is_dataclass(value):
        # a field named after a Python word ends in an underscore
        return {field.name.rstrip("_"): as_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    return [as_json(item) for item in value] if isinstance(value, tuple) else value


@dataclass(frozen=True)
class Calculator:
    """A typed function (or the record it takes), and how its value is shown as a JSON object."""

    takes: Callable[..., Any]
    shown: Callable[[Any], dict[str, Any]] = as_json

    def result(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The result; unknown inputs are ignored. Raises BadInput and MissingInput."""
        fields = inspect.signature(self.takes).parameters
        return self.shown(self.takes(**{field: inputs.get(field) for field in fields}))


def _bclc(stage: bclc.BclcStage) -> dict[str, Any]:
    return {"stage": stage.stage, "bclc_0_or_A": "Y" if stage.is_0_or_a else "N"}


def _ctcae_grade(grade: ctcae.Grade) -> dict[str, Any]:
    return {"grade": grade.grade} | ({} if grade.note is None else {"note": grade.note})


CALCULATORS = {
    "albi": Calculator(albi.score),
    "bclc": Calculator(bclc.stage, _bclc),
    "bmi": Calculator(bmi.index),
    "child_pugh": Calculator(child_pugh.score),
    "ctcae_grade": Calculator(ctcae.grade, _ctcae_grade),
    "egfr": Calculator(egfr.estimate, lambda result: {"egfr": as_json(result)}),
    "hbsag": Calculator(hbsag.parse),
    "hbsag_status": Calculator(hbsag_status.statuses, lambda result: {"statuses": as_json(result)}),
    "hbv_dna": Calculator(hbv_dna.parse),
    "lirads_category": Calculator(lirads.Observation, lambda seen: as_json(lirads.category(seen))),
    "lirads_treatment_response": Calculator(treatment_response.category, lambda result: {"category": result}),
    "peg_ifn_advice": Calculator(peg_ifn.Findings, lambda known: as_json(peg_ifn.advice(known))),
    "threshold_growth": Calculator(threshold_growth.growth),
    "time_to_recurrence": Calculator(time_to_recurrence.derive),
    "visit_assign": Calculator(visit_window.assign),
    "visit_window": Calculator(visit_window.window),
}


def calculate(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one JSON object of inputs with the calculator's JSON object.

    Anything but an object is {"error": {"field": "inputs"}}. Raises KeyError for an unknown calculator.
    """
    calculator = CALCULATORS[name]
    if not isinstance(inputs, Mapping):
        return {"error": {"field": "inputs"}}
    try:
        return {"result": calculator.result(inputs)}
    except MissingInput as missing:
        return {"result": None, "missing": list(missing.fields)}
    except BadInput as bad:
        return {"error": {"field": bad.field}}
