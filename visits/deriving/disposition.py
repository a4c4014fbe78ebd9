"""What the end-of-study form computes. Pure: values in, values out."""

from typing import Any

from enrollment.deriving.doses import doses_given
from prtras.crf.conditions import Context
from prtras.crf.registry import Values


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
