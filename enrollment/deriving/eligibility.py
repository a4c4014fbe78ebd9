"""What the eligibility form computes. Pure: values in, values out."""

from typing import Any

from enrollment.models.eligibility import EXCLUSION, INCLUSION
from prtras.crf.conditions import Context
from prtras.crf.registry import Values


def eligibility(values: Values, context: Context) -> dict[str, Any]:
    """Eligible if and only if every inclusion is Y and every exclusion N or NA. Source: crf-spec ie."""
    answers = [values.get(name) for name in (*INCLUSION, *EXCLUSION)]
    if None in answers:
        return {"ie_calc": None}
    met = all(values[name] == "Y" for name in INCLUSION)
    free = all(values[name] in ("N", "NA") for name in EXCLUSION)
    return {"ie_calc": "Y" if met and free else "N"}
