"""Visit records: done, partly done, missed, and the last contact at the end of the study. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from prtras.crf.dates import PartialDate
from prtras.demo.cohort.course import Course, End, planned_in
from prtras.demo.cohort.typed_pages import Sheet, Values, typed

MISS_REASONS = ("REFUSED", "FORGOT", "FORGOT", "OTHER_HOSP", "HOSPITALISED", "SITE")
#: The logs that are gone through at a visit, and the item that says when a row began.
LOGS = {"ae": "ae_start", "cm": "cm_start", "na": "na_start"}
#: Someone is lost when nobody has reached them for this long.
GIVEN_UP_AFTER = 100
NEVER_CAME: dict[str, Values] = {
    "DEATH": {"miss_reason": "OTHER", "miss_other": "受试者已死亡"},
    "LOST TO FOLLOW-UP": {"miss_reason": "FORGOT"},
}


def visit_records(course: Course) -> Iterator[Sheet]:
    """One record per planned visit after Day 0; a missed one is recorded some days after its window closed."""
    rng = course.rng("attendance")
    for visit in course.attended:
        if visit.on is None:
            recorded = visit.closes + timedelta(days=rng.randint(3, 16))
            reason = rng.choice(MISS_REASONS)
            yield Sheet("visit", visit.code, visit.closes, recorded, {"visit_status": "MISSED", "miss_reason": reason})
            if visit.mri:
                yield Sheet("mri", visit.code, visit.closes, recorded, _not_imaged(reason))
        else:
            mode = "INPATIENT" if rng.random() < 0.03 else "CLINIC"
            values = {"visit_status": "DONE", "visit_date": visit.on, "visit_mode": mode}
            yield Sheet("visit", visit.code, visit.on, typed(rng, visit.on, 2), values)


def log_reviews(course: Course, visits: list[tuple[str, date]], sheets: list[Sheet]) -> Iterator[Sheet]:
    """At every visit: what began since the one before, as the logs have it."""
    rng, since = course.rng("log reviews"), date.min
    for code, day in sorted(visits, key=lambda visit: visit[1]):
        answers = {f"{log}_yn": _began(sheets, log, start, since, day) for log, start in LOGS.items()}
        if code == "SCR":
            answers["mh_yn"] = "Y" if any(sheet.form == "mh" for sheet in sheets) else "N"
        if code.startswith("S") and code != "SCR":
            del answers["na_yn"]
        yield Sheet("logs", code, day, typed(rng, day, 2), answers)
        since = day


def _began(sheets: list[Sheet], log: str, start: str, since: date, until: date) -> str:
    days = [PartialDate(str(sheet.values[start])) for sheet in sheets if sheet.form == log]
    return "Y" if any(since < day.latest and day.earliest <= until for day in days) else "N"


def endings(course: Course, fatal_event: int | None) -> Iterator[Sheet]:
    """The end-of-study visit and form, and the death form, of someone who left; `fatal_event` numbers the AE."""
    if course.end is None:
        return
    rng, end = course.rng("ending"), course.end
    died = end.status == "DEATH"
    lost = end.status == "LOST TO FOLLOW-UP"
    closed = end.on + timedelta(days=GIVEN_UP_AFTER if lost else rng.randint(3, 9) if died else 0)
    if died:
        yield Sheet("death", "", end.on, closed, _death(course, fatal_event), by="investigator")
    yield from _visits_that_never_were(course, end, closed, until=end.on if died else closed)
    contact: Values = {"visit_status": "DONE", "visit_date": closed, "visit_mode": "CLINIC"}
    if end.status in NEVER_CAME:
        contact = {"visit_status": "MISSED", **NEVER_CAME[end.status]}
    yield Sheet("visit", "EOS", closed, closed, contact)
    yield Sheet("mri", "EOS", closed, closed, _not_imaged("REFUSED"))  # counts where imaging is expected at the end
    values: Values = {
        "eos_date": closed, "eos_status": end.status, "last_alive": end.on, "eos_sign_date": closed,
        "last_status": "DEAD" if died else "U" if lost else "ALIVE",
    }  # fmt: skip
    yield Sheet("eos", "EOS", closed, closed, values, by="investigator")


def _visits_that_never_were(course: Course, end: End, closed: date, *, until: date) -> Iterator[Sheet]:
    """The windows that had opened `until` the end, in which nobody came; recorded when the casebook was closed."""
    attended = {visit.code for visit in course.attended}
    for planned in planned_in(course.arm):
        opens = planned.dates(course.day0)[1]
        if planned.code not in attended and opens and opens <= until:
            why = NEVER_CAME.get(end.status, {"miss_reason": "REFUSED"})
            yield Sheet("visit", planned.code, closed, closed, {"visit_status": "MISSED", **why})
            if "mri" in planned.required:
                yield Sheet("mri", planned.code, closed, closed, _not_imaged(why["miss_reason"]))


def _not_imaged(reason: str) -> Values:
    return {"mri_done": "N", "mri_nd_reason": reason}


def _death(course: Course, fatal_event: int | None) -> Values:
    assert course.end
    tumour = course.end.cause == "HCC"
    return {
        "dth_date": course.end.on, "dth_cause": course.end.cause, "dth_hcc": "Y" if tumour or course.detected else "N",
        "dth_src": course.rng("death").choice(("HOSP", "HOSP", "FAMILY", "CERT")),
        "dth_rel": "UNRELATED", "dth_autopsy": "N", "dth_ae_no": fatal_event,
    }  # fmt: skip
