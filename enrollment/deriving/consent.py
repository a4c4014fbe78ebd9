"""What the demographics form computes. Pure: values in, values out."""

from datetime import date
from typing import Any

from prtras.crf.conditions import Context
from prtras.crf.registry import Values


def completed_years(born: date, on: date) -> int:
    """Completed years of age on a day; someone born on 29 February has the birthday on 1 March in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def demographics(values: Values, context: Context) -> dict[str, Any]:
    """The numbers given at registration, and age at consent in completed years. Source: crf-spec dm."""
    born, consented = values.get("brthdat"), context.value("consent", "icf_date")
    return {
        "subjid": context.value("participant", "number"),
        "scrno": context.value("participant", "screening_number"),
        "age_consent": completed_years(born, consented) if born and consented else None,
    }
