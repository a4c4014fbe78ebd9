"""What the virology form computes. Pure: values in, values out."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from enrollment.deriving.doses import doses_given
from prtras.clinical import hbsag, hbsag_status, hbv_dna
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.crf.conditions import Context
from prtras.crf.registry import Values


def virology(values: Values, context: Context) -> dict[str, Any]:
    """HBV DNA and HBsAg from their reported texts. Source: crf-spec D6, D7."""
    derived = _hbv_dna(values) | _hbsag(values)
    sample = (values.get("viro_date"), _reaction(derived["hbsag_q"], values.get("hbsag_res")), derived["hbvdna_q"])
    return derived | {"hbsag_status": _hbsag_status(sample, context)}


def _hbsag_status(sample: tuple[Any, Any, Any], context: Context) -> str | None:
    """Loss, confirmed loss, functional cure or reversion at this sample, from all samples. Source: crf-spec E5."""
    others = [
        (
            record.value("lbviro", "viro_date"),
            _reaction(record.value("lbviro", "hbsag_q"), record.value("lbviro", "hbsag_res")),
            record.value("lbviro", "hbvdna_q"),
        )
        for record in context.records("lbviro")
    ]
    samples = {other[0]: other for other in others if other[0] is not None} | {sample[0]: sample}
    if sample[0] is None:
        return None
    ordered = [samples[day] for day in sorted(samples)]
    ongoing, stopped = _antivirals(context)
    doses = [dose.value("pegifn", "pg_date") for dose in doses_given(context)]
    try:
        statuses = hbsag_status.statuses(
            records=[{"date": on, "hbsag_q": q, "hbvdna_q": dna} for on, q, dna in ordered],
            last_pg_date=max(doses, default=None), na_end_date=stopped, na_ongoing=ongoing,
        )  # fmt: skip
    except (BadInput, MissingInput):
        return None
    return statuses[ordered.index(sample)]


def _reaction(quantified: str | None, reported: str | None) -> str | None:
    """Without a valid quantity (such as <0.05 on a diluted sample) the laboratory's own negative counts as negative."""
    return "LT_LLOQ" if quantified in (None, "INVALID") and reported == "NEG" else quantified


def _antivirals(context: Context) -> tuple[str, date | None]:
    """Is a nucleos(t)ide analogue ongoing, and if not, the last day on which one may have been taken."""
    regimens = context.records("na")
    ends = [regimen.value("na", "na_end") for regimen in regimens if regimen.value("na", "na_ongoing") == "N"]
    if len(ends) < len(regimens) or not regimens:
        return "Y", None
    return "N", max((end.latest for end in ends if end is not None), default=None)


def _hbv_dna(values: Values) -> dict[str, Any]:
    try:
        result = hbv_dna.parse(values.get("hbvdna_raw"), values.get("hbvdna_u"))
    except (BadInput, MissingInput):
        q = "INVALID" if values.get("hbvdna_raw") else None
        return {"hbvdna_q": q, "hbvdna_val": None, "hbvdna_log": None}
    return {"hbvdna_q": result.q, "hbvdna_val": _rounded(result.value, 4), "hbvdna_log": _rounded(result.log10, 2)}


def _hbsag(values: Values) -> dict[str, Any]:
    try:
        result = hbsag.parse(values.get("hbsag_raw"), values.get("hbsag_dil"))
    except (BadInput, MissingInput):
        q = "INVALID" if values.get("hbsag_raw") else None
        return {"hbsag_q": q, "hbsag_val": None, "hbsag_log": None}
    return {"hbsag_q": result.q, "hbsag_val": _rounded(result.value, 4), "hbsag_log": _rounded(result.log10, 2)}


def _rounded(value: Any, places: int) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
