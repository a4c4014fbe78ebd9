"""What invented people take: nucleos(t)ide analogues, peginterferon week by week, other medication. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from prtras.demo.cohort.course import Course
from prtras.demo.cohort.history import drug
from prtras.demo.cohort.laboratory import stops_after
from prtras.demo.cohort.typed_pages import Sheet, Values, typed

DOSE_MG = {"ETV": 0.5, "TDF": 300, "TAF": 25, "TMF": 25}
WEEKS = 48
#: What an action on an adverse event makes of the next injection, and the dose to which it is reduced.
ACTIONS, REDUCED_TO = {"DOSE REDUCED": "REDUCED", "DRUG INTERRUPTED": "HELD"}, 135
REASONS = {"NEUT": "NEUT", "PLT": "PLT", "ALT": "ALTFLARE"}
FRESH = 14  # days for which a blood count guides the dose
REMEDIES = (
    ("对乙酰氨基酚", "ANALGESIC", 500, "mg", "PRN"), ("多烯磷脂酰胆碱", "LIVERPROT", 456, "mg", "TID"),
    ("双环醇片", "LIVERPROT", 25, "mg", "TID"), ("利可君片", "GCSF", 20, "mg", "TID"),
)  # fmt: skip


def regimens(course: Course) -> Iterator[Sheet]:
    """The analogue that was taken before and goes on; on record before an arm is chosen (check ALC-006)."""
    rng, name = course.rng("regimen"), drug(course)
    since = course.treated - timedelta(days=rng.randint(60, 2200))
    values: Values = {
        "na_drug": name, "na_dose": DOSE_MG[name], "na_freq": "QD", "na_start": f"{since:%Y-%m}",
        "na_start_reason": "CONT", "na_ongoing": "Y",
    }  # fmt: skip
    entered = min(typed(rng, course.consented, 3), course.day0)
    yield Sheet("na", "", course.consented, entered, values, repeat=1)


def adherence(course: Course, visits: list[tuple[str, date]]) -> Iterator[Sheet]:
    """Doses missed since the visit before."""
    rng, before = course.rng("adherence"), course.day0
    for code, day in visits:
        if code == "EOS" or (code.startswith("W") and code != "W0"):
            days = min(200, max(1, (day - before).days))
            missed = min(days, rng.choices((0, 1, 2, 5, 9), (62, 20, 11, 5, 2))[0])
            values: Values = {"adh_na_taking": "Y", "adh_na_missed": missed, "adh_na_days": days}
            yield Sheet("adh", code, day, typed(rng, day, 3), values)
            before = day


def injections(course: Course, counts: Iterable[Sheet], events: Iterable[Sheet], today: date) -> Iterator[Sheet]:
    """Peginterferon once a week for 48 weeks, less when blood counts fall or after an event, until it is stopped."""
    if course.arm != "A2":
        return
    rng = course.rng("injections")
    until = min(today, course.end.on) if course.end else today
    detected = course.detected.on if course.detected and course.detected.on else None
    last = min(day for day in (until, detected) if day)
    stop = course.day0 + timedelta(days=stops_after(course))
    acted = sorted((s for s in events if s.values["ae_acn_pg"] in ACTIONS), key=lambda sheet: sheet.on, reverse=True)
    blood = sorted((s.on, float(s.rows["neut"]["orres"]), float(s.rows["plt"]["orres"])) for s in counts)
    for week in range(1, WEEKS + 1):
        day = course.day0 + timedelta(days=7 * (week - 1) + (rng.choice((-1, 0, 0, 0, 1)) if week > 1 else 0))
        if day >= last:
            return
        entered = typed(rng, day, 6)
        if day >= stop:
            reason: Values = {"pg_week": week, "pg_status": "STOPPED", "pg_date": day, "pg_reason": "PTREQ"}
            yield Sheet("pegifn", "", day, entered, reason, repeat=week)
            return
        values = _injection(rng, week, day, blood)
        if acted and acted[-1].on <= day:
            values = _after_event(values, acted.pop())
        yield Sheet("pegifn", "", day, entered, values, repeat=week)


def _after_event(values: Values, event: Sheet) -> Values:
    """What was done with an injection because of an adverse event."""
    because: Values = {"pg_reason": REASONS.get(event.values.get("ae_lab", ""), "OTHERAE"), "pg_ae_no": event.repeat}
    status = ACTIONS[event.values["ae_acn_pg"]]
    if status == "HELD" or "pg_dose" not in values:
        return {"pg_week": values["pg_week"], "pg_date": values["pg_date"], "pg_status": "HELD", **because}
    values.pop("pg_reason_oth", None)
    return values | because | {"pg_status": status, "pg_dose": min(REDUCED_TO, values["pg_dose"])}


def _injection(rng: Random, week: int, day: date, blood: list[tuple[date, float, float]]) -> Values:
    known = [result for result in blood if result[0] <= day]
    neutrophils, platelets = known[-1][1:] if known and (day - known[-1][0]).days <= FRESH else (9.9, 999.0)
    values: Values = {"pg_week": week, "pg_date": day}
    if neutrophils < 0.5 or platelets < 25:
        return values | {"pg_status": "HELD", "pg_reason": "OTHER", "pg_reason_oth": "血细胞低于暂停标准"}
    if rng.random() < 0.004:
        return values | {"pg_status": "MISSED", "pg_reason": "FORGOT"}
    dose = 90 if platelets < 50 else 135 if neutrophils < 0.75 else 180
    values |= {
        "pg_status": "GIVEN" if dose == 180 else "REDUCED", "pg_dose": dose, "pg_route": "SUBCUTANEOUS",
        "pg_site": rng.choice(("ABDOMEN", "ABDOMEN", "THIGH", "UPPERARM")), "pg_by": "STAFF" if week < 5 else "SELF",
        "pg_lot": f"L{day:%y}{1 + day.month // 4:02d}", "pg_expiry": date(day.year + 2, day.month, 1),
    }  # fmt: skip
    if dose < 180:
        values |= {"pg_reason": "OTHER", "pg_reason_oth": "血细胞低于减量标准"}
    return values


def medication(course: Course, events: list[Sheet]) -> Iterator[Sheet]:
    """What was given for adverse events, one row each."""
    rng = course.rng("medication")
    treated = [event for event in events if event.values["ae_tx_given"] == "Y"]
    for number, event in enumerate(treated, start=1):
        name, category, dose, unit, often = rng.choice(REMEDIES)
        start = event.values["ae_start"]
        values: Values = {
            "cm_name": name, "cm_cat": category, "cm_ind": event.values["ae_term"], "cm_dose": dose, "cm_doseu": unit,
            "cm_freq": often, "cm_route": "ORAL", "cm_start": start,
            "cm_ongoing": event.values["ae_ongoing"], "cm_ae_no": event.repeat,
        }  # fmt: skip
        if values["cm_ongoing"] == "N":
            values["cm_end"] = event.values["ae_end"]
        yield Sheet("cm", "", event.on, max(event.entered, typed(rng, event.on, 12)), values, repeat=number)


def deviations(course: Course, today: date) -> Iterator[Sheet]:
    """Most visits outside their window are on the log of deviations; some still wait for it."""
    rng, number = course.rng("deviations"), 0
    for visit in course.attended:
        if visit.on and abs((visit.on - visit.target).days) > (visit.closes - visit.target).days and rng.random() < 0.7:
            noticed = visit.on + timedelta(days=rng.randint(0, 4))
            number += 1
            values: Values = {
                "dv_cat": "VISITWIN", "dv_sev": "MINOR", "dv_desc": f"{visit.code}访视在时间窗外完成。",
                "dv_start": visit.on, "dv_found": noticed, "dv_visit": visit.code,
                "dv_action": "已提醒受试者按期随访。",
                "dv_ec": "N",
            }  # fmt: skip
            if noticed < today:
                yield Sheet("dv", "", visit.on, noticed, values, repeat=number)
