"""What the forms on adherence and peginterferon injections compute. Pure: values in, values out."""

from collections.abc import Iterable, Iterator, Mapping
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

    Of each finding the newest record that has it counts: a sheet with potassium alone does not hide the ALT of last
    week, nor an examination without the fundus what was seen there before. Laboratory results older than
    `pg_labs_max_days` advise nothing; without a current blood count nobody is told that the dose may stay as it is. A
    result that is only a limit advises what all that it may be advises at least: `<0.5` is below 0.5, and `<1.0` is no
    count.
    """
    newest = {name: _newest(context, *where, on) for name, where in _FINDINGS.items()}
    values = {name: value for name, (value, _) in newest.items()}
    neutrophils = _known(values["anc"], PG_ANC_REDUCE.value)
    platelets = _known(values["plt"], PG_PLT_REDUCE.value)
    counted = neutrophils is not None and platelets is not None
    known = peg_ifn.Findings(
        anc=neutrophils,
        plt=platelets,
        depress=values["depress"],
        suicidal=values["suicidal"],
        retina_new=_yes(values["retina_new"], ("ABN_CS",)),
        decomp=_yes(values["decomp"], ("MODSEV",)),
        pregnant=_yes(values["pregnant"], ("POS",)),
        alt_x_uln=_known(values["alt_x_uln"], PG_ALT_REDUCE_XULN.value),
        tbil_x_uln=_known(values["tbil_x_uln"], PG_TBIL_HOLD_XULN.value),
    )
    try:
        advice, rules = peg_ifn.advice(known).advice, peg_ifn.rules(known)
    except BadInput:
        advice, rules = None, {}
    examined = max((day for name, (_, day) in newest.items() if _FINDINGS[name][0] == "pe" and day), default=None)
    return {
        "pg_count": "Y" if counted else "N",
        "pg_basis": _basis(newest, examined, rules),
        "pg_advice": None if advice == "NONE" and not counted else advice,
    }


#: Of every finding the form, the day and the item where it is recorded.
_FINDINGS = {
    "anc": ("lbhem", "hem_date", "neut_stresn"),
    "plt": ("lbhem", "hem_date", "plt_stresn"),
    "alt_x_uln": ("lbchem", "chem_date", "alt_stresn"),
    "tbil_x_uln": ("lbchem", "chem_date", "tbil_stresn"),
    "depress": ("pe", "pe_date", "depress"),
    "suicidal": ("pe", "pe_date", "suicidal"),
    "retina_new": ("pe", "pe_date", "fundus"),
    "decomp": ("pe", "pe_date", "ascites"),
    "pregnant": ("pregtest", "pt_date", "pt_result"),
}
#: What the findings are called beside an advice.
_COUNTS = {"anc": "NEUT", "plt": "PLAT"}
_MULTIPLES = {"alt_x_uln": "ALT", "tbil_x_uln": "BILI"}
_MARKS = {"depress": "DEPRESS", "suicidal": "SUICIDAL", "retina_new": "FUNDUS", "decomp": "ASCITES"}
Newest = tuple[Any, date | None]


def _newest(context: Context, form: str, day: str, item: str, on: date) -> Newest:
    """The newest value up to a day, and its day; neither where there is none, or where a result is too old."""
    dated = [(record.value(form, day), record) for record in context.records(form)]
    known = [(at, record) for at, record in dated if at and at <= on and record.value(form, item) is not None]
    if not known:
        return None, None
    at, record = max(known, key=lambda pair: pair[0])
    if form in ("lbhem", "lbchem") and on - at > timedelta(days=PG_LABS_MAX_DAYS.value):
        return None, None
    value = _times_uln(record, item.removesuffix("_stresn")) if form == "lbchem" else record.value(form, item)
    return value, at if value is not None else None


def _basis(newest: Mapping[str, Newest], examined: date | None, rules: Mapping[str, str]) -> str | None:
    """The values behind an advice with their days, and behind each value the rule that it meets.

    `NEUT 0.42 <0.5: HOLD, PLAT 88 (2025-08-20); ALT 1.2 x ULN (2025-08-20); PE 2025-08-20`: SDTM test codes and the
    codes of the forms, in no language. What was found on another day than what stands before it has its own day.
    """
    counts = {name: f"{code} {_shown(newest[name][0])}" for name, code in _COUNTS.items() if newest[name][1]}
    multiples = {
        name: f"{code} {_shown(newest[name][0], 1)} x ULN" for name, code in _MULTIPLES.items() if newest[name][1]
    }
    parts = [*_by_day(counts, newest, rules), *_by_day(multiples, newest, rules)]
    if examined is not None:
        marks = {name: f"{code} {newest[name][0]}" for name, code in _MARKS.items() if name in rules}
        of_day = [text + rules[name] for name, text in marks.items() if newest[name][1] == examined]
        before = {name: text for name, text in marks.items() if newest[name][1] != examined}
        parts.append(" ".join(filter(None, (f"PE {examined}", ", ".join(of_day)))))
        parts += _by_day(before, newest, rules)
    if "pregnant" in rules:
        parts.append(f"PREG POS{rules['pregnant']} ({newest['pregnant'][1]})")
    return "; ".join(parts) or None


def _by_day(texts: Mapping[str, str], newest: Mapping[str, Newest], rules: Mapping[str, str]) -> Iterator[str]:
    """What was found on one day stands before that day."""
    for day in dict.fromkeys(newest[name][1] for name in texts):
        of_day = (text + rules.get(name, "") for name, text in texts.items() if newest[name][1] == day)
        yield f"{', '.join(of_day)} ({day})"


def _yes(value: Any, codes: Iterable[str]) -> str | None:
    return None if value is None else "Y" if value in codes else "N"


def _times_uln(record: Context, analyte: str) -> Decimal | Limit | None:
    value, limit = record.value("lbchem", f"{analyte}_stresn"), record.value("lbchem", f"{analyte}_stnrhi")
    return None if not limit else value / limit


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
