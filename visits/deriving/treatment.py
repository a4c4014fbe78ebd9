"""What the forms on adherence and peginterferon injections compute. Pure: values in, values out."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from enrollment.deriving.doses import GIVEN, doses_given
from prtras.clinical import peg_ifn
from prtras.clinical.constants import (
    PG_ALT_REDUCE_XULN,
    PG_ANC_REDUCE,
    PG_LABS_MAX_DAYS,
    PG_PLT_REDUCE,
    PG_TBIL_HOLD_XULN,
)
from prtras.clinical.inputs import BadInput
from prtras.crf.conditions import Context
from prtras.crf.limits import Limit
from prtras.crf.numbers import plain

Values = Mapping[str, Any]


def adherence(values: Values, context: Context) -> dict[str, Any]:
    """100 x (days - missed) / days, one decimal."""
    days, missed = values.get("adh_na_days"), values.get("adh_na_missed")
    if not days or missed is None or not 0 <= missed <= days:
        return {"adh_na_pct": None}
    return {"adh_na_pct": (Decimal(100 * (days - missed)) / days).quantize(Decimal("0.1"), ROUND_HALF_UP)}


def injection(values: Values, context: Context) -> dict[str, Any]:
    """The injection's number, days since the dose before, cumulative dose, and what the latest results advise, with
    these results and their days.
    """
    row, on = context.value("pegifn", "row"), values.get("pg_date")
    derived: dict[str, Any] = dict.fromkeys(("pg_interval", "pg_cum", "pg_advice", "pg_count", "pg_basis"))
    derived["pg_no"] = row
    if on is None:
        return derived
    earlier = [dose for dose in doses_given(context, but=row) if _before(dose, on)]
    if values.get("pg_status") in GIVEN:
        last = max((dose.value("pegifn", "pg_date") for dose in earlier), default=None)
        derived["pg_interval"] = None if last is None else (on - last).days
        doses = [values.get("pg_dose"), *(dose.value("pegifn", "pg_dose") for dose in earlier)]
        derived["pg_cum"] = None if None in doses else sum(doses)
    return derived | _advised(on, context)


def _before(dose: Context, on: date) -> bool:
    day = dose.value("pegifn", "pg_date")
    return day is not None and day < on


def _advised(on: date, context: Context) -> dict[str, Any]:
    """What the newest results up to a day advise. Source: crf-spec D11.

    Results older than `pg_labs_max_days` advise nothing; without a current blood count nobody is told that the dose may
    stay as it is. A result that is only a limit advises what all that it may be advises at least: `<0.5` is below 0.5,
    and `<1.0` is no count.
    """
    blood = _current(_latest(context, "lbhem", "hem_date", on), "lbhem", "hem_date", on)
    chemistry = _current(_latest(context, "lbchem", "chem_date", on), "lbchem", "chem_date", on)
    seen = _latest(context, "pe", "pe_date", on)
    tested = _latest(context, "pregtest", "pt_date", on)
    neutrophils = _known(_of(blood, "lbhem", "neut_stresn"), PG_ANC_REDUCE.value)
    platelets = _known(_of(blood, "lbhem", "plt_stresn"), PG_PLT_REDUCE.value)
    counted = neutrophils is not None and platelets is not None
    known = peg_ifn.Findings(
        anc=neutrophils,
        plt=platelets,
        depress=_of(seen, "pe", "depress"),
        suicidal=_of(seen, "pe", "suicidal"),
        retina_new=_yes(_of(seen, "pe", "fundus"), ("ABN_CS",)),
        decomp=_yes(_of(seen, "pe", "ascites"), ("MODSEV",)),
        pregnant=_yes(_of(tested, "pregtest", "pt_result"), ("POS",)),
        alt_x_uln=_known(_times_uln(chemistry, "alt"), PG_ALT_REDUCE_XULN.value),
        tbil_x_uln=_known(_times_uln(chemistry, "tbil"), PG_TBIL_HOLD_XULN.value),
    )
    try:
        advice, rules = peg_ifn.advice(known).advice, peg_ifn.rules(known)
    except BadInput:
        advice, rules = None, {}
    return {
        "pg_count": "Y" if counted else "N",
        "pg_basis": _basis(blood, chemistry, seen, tested, rules),
        "pg_advice": None if advice == "NONE" and not counted else advice,
    }


def _current(record: Context | None, form: str, day: str, on: date) -> Context | None:
    """The record, unless it is too old to advise anything."""
    limit = timedelta(days=PG_LABS_MAX_DAYS.value)
    return record if record is not None and on - record.value(form, day) <= limit else None


def _basis(
    blood: Context | None,
    chemistry: Context | None,
    seen: Context | None,
    tested: Context | None,
    rules: Mapping[str, str],
) -> str | None:
    """The values behind an advice with their days, and behind each value the rule that it meets.

    `NEUT 0.42 <0.5: HOLD, PLAT 88 (2025-08-20); ALT 1.2 x ULN (2025-08-20); PE 2025-08-20`: SDTM test codes and the
    codes of the forms, in no language.
    """
    counts = {"anc": ("NEUT", _of(blood, "lbhem", "neut_stresn")), "plt": ("PLAT", _of(blood, "lbhem", "plt_stresn"))}
    multiples = {"alt_x_uln": ("ALT", _times_uln(chemistry, "alt")), "": ("BILI", _times_uln(chemistry, "tbil"))}
    marks = {"depress": ("DEPRESS", "depress"), "suicidal": ("SUICIDAL", "suicidal"),
             "retina_new": ("FUNDUS", "fundus"), "decomp": ("ASCITES", "ascites")}  # fmt: skip
    parts = []
    if shown := [f"{code} {_shown(v)}{rules.get(rule, '')}" for rule, (code, v) in counts.items() if v is not None]:
        parts.append(f"{', '.join(shown)} ({_of(blood, 'lbhem', 'hem_date')})")
    if shown := [
        f"{code} {_shown(v, 1)} x ULN{rules.get(rule, '')}" for rule, (code, v) in multiples.items() if v is not None
    ]:
        parts.append(f"{', '.join(shown)} ({_of(chemistry, 'lbchem', 'chem_date')})")
    if seen is not None:
        met = [f"{code} {_of(seen, 'pe', item)}{rules[rule]}" for rule, (code, item) in marks.items() if rule in rules]
        parts.append(" ".join(filter(None, ("PE", f"{_of(seen, 'pe', 'pe_date')}", ", ".join(met)))))
    if "pregnant" in rules:
        parts.append(f"PREG POS{rules['pregnant']} ({_of(tested, 'pregtest', 'pt_date')})")
    return "; ".join(parts) or None


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


def _times_uln(record: Context | None, analyte: str) -> Decimal | Limit | None:
    value, limit = _of(record, "lbchem", f"{analyte}_stresn"), _of(record, "lbchem", f"{analyte}_stnrhi")
    return None if value is None or not limit else value / limit


def _known(value: Decimal | Limit | None, first_step: Decimal) -> Decimal | None:
    """The number that the rules look at: of a limit the one next to it, None where only part of what it may be has
    passed the first step.
    """
    if not isinstance(value, Limit):
        return value
    settled = value.number <= first_step if value.sign == "<" else value.number >= first_step
    return value.nearest if settled else None


def _shown(value: Decimal | Limit, places: int | None = None) -> str:
    sign, number = (value.sign, value.number) if isinstance(value, Limit) else ("", value)
    return sign + (plain(number) if places is None else f"{number:.{places}f}")
