"""What the forms on adherence and peginterferon injections compute. Pure: values in, values out."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from enrollment.deriving.doses import GIVEN, doses_given
from prtras.clinical import peg_ifn
from prtras.clinical.inputs import BadInput
from prtras.crf.conditions import Context

Values = Mapping[str, Any]


def adherence(values: Values, context: Context) -> dict[str, Any]:
    """100 x (days - missed) / days, one decimal."""
    days, missed = values.get("adh_na_days"), values.get("adh_na_missed")
    if not days or missed is None or not 0 <= missed <= days:
        return {"adh_na_pct": None}
    return {"adh_na_pct": (Decimal(100 * (days - missed)) / days).quantize(Decimal("0.1"), ROUND_HALF_UP)}


def injection(values: Values, context: Context) -> dict[str, Any]:
    """The injection's number, days since the dose before, and what the latest results advise."""
    row, on = context.value("pegifn", "row"), values.get("pg_date")
    derived = {"pg_no": row, "pg_interval": None, "pg_advice": None}
    if on is None:
        return derived
    earlier = [dose.value("pegifn", "pg_date") for dose in doses_given(context, but=row)]
    before = max((day for day in earlier if day < on), default=None)
    if before is not None and values.get("pg_status") in GIVEN:
        derived["pg_interval"] = (on - before).days
    return derived | {"pg_advice": _advice(on, context)}


def _advice(on: date, context: Context) -> str | None:
    blood = _latest(context, "lbhem", "hem_date", on)
    chemistry = _latest(context, "lbchem", "chem_date", on)
    seen = _latest(context, "pe", "pe_date", on)
    tested = _latest(context, "pregtest", "pt_date", on)
    try:
        advice = peg_ifn.advice(
            anc=_of(blood, "lbhem", "neut_stresn"),
            plt=_of(blood, "lbhem", "plt_stresn"),
            depress=_of(seen, "pe", "depress"),
            suicidal=_of(seen, "pe", "suicidal"),
            retina_new=_yes(_of(seen, "pe", "fundus"), ("ABN_CS",)),
            decomp=_yes(_of(seen, "pe", "ascites"), ("MODSEV",)),
            pregnant=_yes(_of(tested, "pregtest", "pt_result"), ("POS",)),
            alt_x_uln=_times_uln(chemistry, "alt"),
            tbil_x_uln=_times_uln(chemistry, "tbil"),
        )
    except BadInput:
        return None
    nothing_known = blood is None and chemistry is None and seen is None
    return None if nothing_known else advice.advice


def _latest(context: Context, form: str, day: str, on: date) -> Context | None:
    """The newest record up to a day."""
    dated = [(record.value(form, day), record) for record in context.records(form)]
    known = [
        (day_of_record, record) for day_of_record, record in dated if day_of_record is not None and day_of_record <= on
    ]
    return max(known, key=lambda pair: pair[0])[1] if known else None


def _of(record: Context | None, form: str, item: str) -> Any:
    return None if record is None else record.value(form, item)


def _yes(value: Any, codes: Iterable[str]) -> str | None:
    return None if value is None else "Y" if value in codes else "N"


def _times_uln(record: Context | None, analyte: str) -> Decimal | None:
    value, limit = _of(record, "lbchem", f"{analyte}_stresn"), _of(record, "lbchem", f"{analyte}_stnrhi")
    return None if value is None or not limit else Decimal(value) / Decimal(limit)
