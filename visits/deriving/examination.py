"""What the vital signs compute. Pure: values in, values out."""

from typing import Any

from prtras.clinical import bmi
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.crf.conditions import Context
from prtras.crf.registry import Values


def vital_signs(values: Values, context: Context) -> dict[str, Any]:
    """Body-mass index with the height of this visit, else the last one measured. Source: crf-spec D10."""
    height = values.get("height")
    if height is None:
        measured = [record.value("vs", "height") for record in context.records("vs")]
        height = next((result for result in reversed(measured) if result is not None), None)
    try:
        result = bmi.index(height=height, height_unit="cm", weight=values.get("weight"), weight_unit="kg")
    except (BadInput, MissingInput):
        return {"bmi": None, "bmi_cat": None}
    return {"bmi": result.bmi, "bmi_cat": result.cat}
