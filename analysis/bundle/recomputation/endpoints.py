"""Derives the endpoints again from the raw forms.

Rules: CRF specification, section E (E1 baseline, E2 recurrence, E3 censoring, E6 parameters, E9 sets). AVAL is the days
from Day 0 with Day 0 as day 1 (TTRRAD: from radical treatment, at risk after ENTRY days); the nominal week is that of
the planned visit whose scan was on the day, else of the nearest visit every 12 weeks (a tie goes to the earlier).
"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from .blind import Case, cases
from .tables import Bundle, Row

ADJUDICATIONS = ("CONFIRMED", "NOTREC", "PENDING")
ANTI_TUMOUR = ("RERESECT", "ABLATION", "TACE", "HAIC", "RT", "TARE", "LT", "TKI", "ICI", "CHEMO", "OTHER")
SUPPORTIVE = ("TCM", "BSC")
CENSORED = {"LASTIMG": 1, "DEATH": 2, "NEWTX": 3, "NOIMG": 4, "CUTOFF": 5, "MISSED2": 6, "ALIVE": 7}
GAP = 182
CONFIRMED_AFTER = 77
FORMS = ("mri", "recur", "death", "subtx", "dm", "hcc", "radtx", "lbviro", "visits", "eos")
Value = float | str | None


class NotDerivable(ValueError):
    """A date is none, or the dates contradict each other: the participant has no row."""


@dataclass(frozen=True)
class Course:
    """What happened to a participant up to the cut-off."""

    start: date
    cutoff: date
    evaluable: list[date]
    weeks: dict[date, int]
    confirmed: list[date]
    death: date | None
    therapy: date | None
    alive: date


def derived(bundle: Bundle) -> dict[str, Value]:
    """Every value of adtte.csv by participant, parameter and column."""
    forms: dict[str, dict[str, list[Row]]] = {name: _by_participant(bundle.form(name)) for name in FORMS}
    cutoff = _day(bundle.cutoff)
    blind = cases(bundle)
    values: dict[str, Value] = {}
    for person in bundle.form("participants"):
        if not person["DAY0"] or not person["ARMCD"]:
            continue
        records = {name: forms[name].get(person["SUBJID"], []) for name in FORMS}
        try:
            values |= _rows(person, records, cutoff, blind.get(person["SUBJID"]))
        except NotDerivable:
            continue
    return {"rows": sum(place.endswith(" CNSR") for place in values)} | values


def _by_participant(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["SUBJID"]].append(row)
    return grouped


def _rows(person: Row, records: dict[str, list[Row]], cutoff: date, blind: Case | None) -> dict[str, Value]:
    start = _day(person["DAY0"])
    if start > cutoff:
        return {}
    by_site = _course(start, cutoff, records)
    by_review = _as_reviewed(by_site, blind)
    scanned = [day for day in by_site.evaluable if day > start]
    common: dict[str, Value] = {
        "ARMCD": person["ARMCD"],
        "FASFL": "Y" if scanned else "N",
        "AGE": _number(records["dm"][0]["age_consent"]) if records["dm"] else None,
        "SEX": (records["dm"][0]["sex"] or None) if records["dm"] else None,
        "BCLC": (records["hcc"][0]["bclc_ent"] or None) if records["hcc"] else None,
        "HBSAGLOG": _hbsag(records["lbviro"]),
    }
    values: dict[str, Value] = {}
    treated = _treated(records["radtx"], start)
    for parameter in ("TTR", "RFS", "OS", "TTRGAP", *(["TTRRAD"] if treated else []), "TTRBICR"):
        course = by_review if parameter == "TTRBICR" else by_site
        if course is None:
            continue
        origin = treated if parameter == "TTRRAD" and treated else start
        event, day, reason = _overall(course) if parameter == "OS" else _recurrence(parameter, course)
        before = [scan for scan in course.evaluable if start < scan < day]
        own: dict[str, Value] = {
            "ADT": day.isoformat(),
            "STARTDT": origin.isoformat(),
            "ENTRY": (start - origin).days,
            "AVAL": (day - origin).days + 1,
            "CNSR": 0 if event else CENSORED[reason],
            "EVNTDESC": reason,
            "NOMWEEK": _nominal_week(day, course.start, course.weeks),
            "LASTNEG": max(before).isoformat() if event and before else None,
        }
        values |= {f"{person['SUBJID']} {parameter} {column}": value for column, value in (common | own).items()}
    loss = _hbsag_loss(start, records["lbviro"], cutoff)
    return values | {f"{person['SUBJID']} TTHBSL {column}": value for column, value in (loss and common | loss).items()}


def _hbsag_loss(start: date, rows: list[Row], cutoff: date) -> dict[str, Value]:
    """Confirmed HBsAg loss, or the last sample; empty for who was negative up to Day 0 (E5, E6)."""
    days, weeks = {}, {}
    for row, day in _dated(rows, "viro_date", cutoff):
        unclear = row["hbsag_q"] in ("", "INVALID")
        days[day] = "LT_LLOQ" if unclear and row["hbsag_res"] == "NEG" else "" if unclear else row["hbsag_q"]
        if re.fullmatch(r"W\d+", row["VISIT"]):
            weeks[day] = int(row["VISIT"][1:])
    samples = [(day, days[day] == "LT_LLOQ") for day in sorted(days) if days[day]]
    before = [negative for day, negative in samples if day <= start]
    if before and before[-1]:
        return {}
    day, lost, first = start, False, None
    for sample, negative in samples:
        if sample <= start:
            continue
        first = (first or sample) if negative else None
        day = sample
        if first and (sample - first).days >= CONFIRMED_AFTER:
            day, lost = first, True
            break
    return {
        "STARTDT": start.isoformat(), "ENTRY": 0, "ADT": day.isoformat(), "AVAL": (day - start).days + 1,
        "CNSR": 0 if lost else 8,
        "EVNTDESC": "HBSAGLOSS" if lost else "LASTHBS", "NOMWEEK": _nominal_week(day, start, weeks), "LASTNEG": None,
    }  # fmt: skip


def _course(start: date, cutoff: date, records: dict[str, list[Row]]) -> Course:
    scans = [(day, row) for row, day in _dated(records["mri"], "mri_date", cutoff) if row["mri_quality"]]
    recurrences = [(day, row["rec_adj"]) for row, day in _dated(records["recur"], "rec_date", cutoff) if row["rec_adj"]]
    confirmed_after = sorted(day for day, judged in recurrences if judged == "CONFIRMED" and day > start)
    therapies = [
        (_begun(row["st_start"], start, confirmed_after), row["st_type"])
        for row in records["subtx"]
        if row["st_start"] and row["st_type"]
    ]
    seen = [start]
    for form, column in (("visits", "SVSTDTC"), ("mri", "mri_date"), ("recur", "rec_date"), ("eos", "last_alive")):
        seen += [day for _, day in _dated(records[form], column, cutoff)]
    death = _death(records["death"], max(seen), cutoff)
    confirmed = [day for day, judged in recurrences if judged == "CONFIRMED"]
    if any(judged not in ADJUDICATIONS for _, judged in recurrences):
        raise NotDerivable("rec_adj")
    if any(kind not in (*ANTI_TUMOUR, *SUPPORTIVE) for _, kind in therapies):
        raise NotDerivable("st_type")
    if death and (death < start or any(day > death for day in confirmed)):
        raise NotDerivable("dth_date")
    return Course(
        start=start,
        cutoff=cutoff,
        evaluable=[day for day, row in scans if row["mri_quality"] != "NONDIAG"],
        weeks={day: int(row["VISIT"][1:]) for day, row in scans if re.fullmatch(r"W\d+", row["VISIT"])},
        confirmed=confirmed,
        death=death,
        therapy=min((day for day, kind in therapies if kind in ANTI_TUMOUR and day >= start), default=None),
        alive=max(seen),
    )


def _recurrence(parameter: str, course: Course) -> tuple[bool, date, str]:
    """Event or not, the day and the reason: E2, E3 and, for TTRGAP, the rule of two missed scans."""
    events = [(day, "RECURRENCE") for day in course.confirmed if day > course.start]
    if course.death and parameter == "RFS":
        events.append((course.death, "DEATH"))
    first = min(events, key=lambda each: each[0], default=None)
    limits = [(course.therapy, "NEWTX"), (course.death, "DEATH"), (course.cutoff, "CUTOFF")]
    if first and not any(day < first[0] for day in (course.therapy, course.cutoff) if day):
        scan = max((day for day in course.evaluable if course.start <= day < first[0]), default=course.start)
        if parameter == "TTRGAP" and (first[0] - scan).days > GAP:
            return False, scan, "MISSED2"
        return True, *first
    limit, reason = min(((day, why) for day, why in limits if day), key=lambda each: each[0])
    until = [day for day in course.evaluable if course.start <= day <= limit]
    return (False, max(until), reason) if until else (False, course.start, "NOIMG")


def _as_reviewed(course: Course, blind: Case | None) -> Course | None:
    """The course with the recurrence and the scans of the blind review; None without a verdict that the scans bear."""
    final = blind.final if blind else None
    if blind is None or final is None or final["VERDICT"] == "NE":
        return None
    evidence, through = (_day(text) if text else None for text in (final["EVIDENCE"], blind.through))
    after = [day for day in course.evaluable if day > course.start]
    if any(day is not None and day not in after for day in (evidence, through)):
        return None
    if course.death and evidence and evidence > course.death:
        raise NotDerivable("dth_date")
    seen = [day for day in course.evaluable if through is None or day <= through]
    return replace(course, confirmed=[evidence] if evidence else [], evaluable=seen)


def _overall(course: Course) -> tuple[bool, date, str]:
    return (True, course.death, "DEATH") if course.death else (False, course.alive, "ALIVE")


def _begun(text: str, start: date, confirmed: list[date]) -> date:
    """Known to month or year only: as early as it may be, not before Day 0 or a recurrence in that time."""
    earliest, latest = _span(text)
    if earliest == latest:
        return earliest
    recurrence = confirmed[0] if confirmed and confirmed[0] <= latest else start
    return min(latest, max(earliest, start, recurrence))


def _death(rows: list[Row], alive: date, cutoff: date) -> date | None:
    """Known to month or year only, it is the earliest day that it may be, not before the last day alive."""
    for row in rows:
        if row["dth_date"]:
            earliest, latest = _span(row["dth_date"])
            day = max(earliest, min(alive, latest))
            return day if day <= cutoff else None
    return None


def _treated(rows: list[Row], start: date) -> date | None:
    """The day of radical treatment; None without a whole date up to Day 0."""
    for row in rows:
        if row["tx_date"]:
            try:
                day = _day(row["tx_date"])
            except NotDerivable:
                return None
            return day if day <= start else None
    return None


def _nominal_week(day: date, start: date, weeks: dict[date, int]) -> int:
    known = weeks.get(day)
    days = max((day - start).days, 0)
    return known if known is not None else 12 * max(0, -(-(days - 42) // 84))


def _hbsag(rows: list[Row]) -> float | None:
    by_visit = {row["VISIT"]: float(row["hbsag_log"]) for row in rows if row["hbsag_log"]}
    return by_visit.get("W0", by_visit.get("SCR"))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _dated(rows: Iterable[Row], column: str, cutoff: date) -> list[tuple[Row, date]]:
    days = [(row, _day(row[column])) for row in rows if row[column]]
    return [(row, day) for row, day in days if day <= cutoff]


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise NotDerivable(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotDerivable(text) from None


def _span(text: str) -> tuple[date, date]:
    """The first and the last day that a date known to the day, month or year may be."""
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text):
        raise NotDerivable(text)
    if len(text) == 10:
        return _day(text), _day(text)
    first = _day(f"{text}-01" if len(text) == 7 else f"{text}-01-01")
    month = first.month if len(text) == 7 else 12
    return first, date(first.year, month, calendar.monthrange(first.year, month)[1])
