"""What the virology form computes. Pure: values in, values out."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from enrollment.deriving.doses import doses_given
from prtras.clinical import hbsag, hbsag_status, hbv_dna
from prtras.clinical.constants import HBVDNA_IMPUTE_LLOQ, HBVDNA_LLOQ, HBVDNA_OTHER_LLOQ, HBVDNA_OTHER_ULOQ, HBVDNA_ULOQ
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.clinical.printed_number import folded, is_ambiguous, with_decimal_point
from prtras.crf.conditions import Context
from prtras.crf.registry import Values

#: mIU/mL of anti-HBs from which there is seroconversion (EASL 2017, doi:10.1016/j.jhep.2017.03.021).
PROTECTED = Decimal(10)


def virology(values: Values, context: Context) -> dict[str, Any]:
    """HBV DNA and HBsAg from their reported texts. Source: crf-spec D6, D7."""
    derived = _hbv_dna(values) | _hbsag(values)
    load = proven_load(derived["hbvdna_q"], derived["hbvdna_log"])
    sample = (values.get("viro_date"), _reaction(derived["hbsag_q"], values.get("hbsag_res")), load)
    return derived | {"hbsag_status": _hbsag_status(sample, context)}


def _hbsag_status(sample: tuple[Any, Any, Any], context: Context) -> str | None:
    """Loss, confirmed loss, functional cure or reversion at this sample, from all samples. Source: crf-spec E5."""
    others = [
        (
            record.value("lbviro", "viro_date"),
            _reaction(record.value("lbviro", "hbsag_q"), record.value("lbviro", "hbsag_res")),
            proven_load(record.value("lbviro", "hbvdna_q"), record.value("lbviro", "hbvdna_log")),
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
    """Is a nucleos(t)ide analogue ongoing, and if not, the last day on which one may have been taken, if known."""
    regimens = context.records("na")
    ends = [regimen.value("na", "na_end") for regimen in regimens if regimen.value("na", "na_ongoing") == "N"]
    if len(ends) < len(regimens) or not regimens:
        return "Y", None
    return "N", None if None in ends else max(end.latest for end in ends)


def proven_load(quantified: str | None, log: Decimal | None) -> str | None:
    """Below the limit of a less sensitive assay (`<20`) proves no undetectable virus: as if not measured."""
    study_limit = (HBVDNA_LLOQ.value * HBVDNA_IMPUTE_LLOQ.value).log10()
    above = quantified == "LLOQ_DET" and log is not None and log > study_limit + Decimal("0.005")
    return None if above else quantified


def is_protected(titre: Decimal | None, sign: str | None) -> bool:
    """Anti-HBs of 10 mIU/mL or more; what is only below a limit is not known to be."""
    return titre is not None and sign != "<" and titre >= PROTECTED


def other_limits(raw: str | None, unit: str | None) -> dict[str, Decimal]:
    """The limit, IU/mL, of an assay that measures less far than the study's: `lloq` from a result such as `<20`, `uloq`
    from one such as `>1.7E8`; nothing from any other.
    """
    sign, limit = hbv_dna.printed_limit(_core(raw) or "", unit) or ("", Decimal(0))
    if sign == "<" and HBVDNA_LLOQ.value < limit <= HBVDNA_OTHER_LLOQ.value:
        return {"lloq": limit}
    if sign == ">" and HBVDNA_OTHER_ULOQ.value <= limit < HBVDNA_ULOQ.value:
        return {"uloq": limit}
    return {}


def same_load(one: tuple[str, str | None], other: tuple[str, str | None]) -> bool:
    """Whether two printed viral loads (text, unit) are the same: in letters, or as they are read."""
    if one == other:
        return True
    first, second = (_hbv_dna({"hbvdna_raw": raw, "hbvdna_u": unit}) for raw, unit in (one, other))
    return first == second and first["hbvdna_q"] != "INVALID"


def same_quantity(one: str, other: str) -> bool:
    """Whether two printed quantities of HBsAg are the same: in letters, or as they are read."""
    if one == other:
        return True
    first, second = _hbsag({"hbsag_raw": one}), _hbsag({"hbsag_raw": other})
    return first == second and first["hbsag_q"] != "INVALID"


def quantity_of(raw: str) -> Decimal | None:
    """The quantity of HBsAg, IU/mL, that a text is; None for a limit and for what is no result."""
    quantity: Decimal | None = _hbsag({"hbsag_raw": raw})["hbsag_val"]
    return quantity


def _core(raw: str | None) -> str | None:
    """What the calculators read: a decimal comma as a point; nothing where the comma is ambiguous."""
    text = folded(raw or "")
    return None if is_ambiguous(text) else with_decimal_point(text)


def _hbv_dna(values: Values) -> dict[str, Any]:
    raw, unit = values.get("hbvdna_raw"), values.get("hbvdna_u")
    try:
        result = hbv_dna.parse(_core(raw), unit, **other_limits(raw, unit))
    except (BadInput, MissingInput):
        return {"hbvdna_q": "INVALID" if raw else None, "hbvdna_val": None, "hbvdna_log": None}
    return {"hbvdna_q": result.q, "hbvdna_val": _rounded(result.value, 4), "hbvdna_log": _rounded(result.log10, 2)}


def _hbsag(values: Values) -> dict[str, Any]:
    raw = values.get("hbsag_raw")
    try:
        result = hbsag.parse(_core(raw), values.get("hbsag_dil"))
    except (BadInput, MissingInput):
        return {"hbsag_q": "INVALID" if raw else None, "hbsag_val": None, "hbsag_log": None}
    return {"hbsag_q": result.q, "hbsag_val": _rounded(result.value, 4), "hbsag_log": _rounded(result.log10, 2)}


def _rounded(value: Any, places: int) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
