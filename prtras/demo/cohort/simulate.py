"""The whole cohort: who is screened when, and what stands on whose pages today. Pure; the same for the same seed."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from prtras.demo.cohort import (
    attendance,
    examination,
    history,
    imaging,
    laboratory,
    recurrence,
    safety,
    screening_and_baseline,
    special_tests,
    treatment,
)
from prtras.demo.cohort.course import ACCRUAL_DAYS, STUDY_OPENED_BEFORE, Course, enrolled, screened, stream, working_day
from prtras.demo.cohort.typed_pages import Cohort, Sheet, Story

#: How far the study is: days since it opened. While it recruits; just full; near its read-out, when a third of the
#: participants are beyond week 156.
STAGES = {"accrual": 330, "followup": STUDY_OPENED_BEFORE, "readout": 1326}
TODAY, PARTICIPANTS, SEED = date(2026, 11, 23), 332, 20261123
#: Screening failures and people still in screening, per person with an arm.
FAILURES, IN_SCREENING = 25 / 332, 5 / 332
#: Somebody is in screening as long as this after the last Day 0.
STILL_SCREENING = timedelta(days=30)


def simulate(
    participants: int = PARTICIPANTS, seed: int = SEED, today: date = TODAY, stage: str = "followup"
) -> Cohort:
    """`participants` planned; those with an arm so far, and in addition who failed screening or is still in it."""
    opened = today - timedelta(days=STAGES[stage])
    everyone = courses(participants, seed, today, opened)
    everyone += _failures(participants, seed, today, opened)
    if opened + timedelta(days=ACCRUAL_DAYS) > today - STILL_SCREENING:
        everyone += _in_screening(participants, seed, today)
    everyone.sort(key=lambda course: (course.consented, course.key))
    serious = _serious_since_yesterday(everyone, today)
    stories = []
    for place, course in enumerate(everyone, start=1):
        number, screening_number = f"01-{place:03d}", f"S{place:03d}"
        sheets = _sheets(course, today, known_since_yesterday=course is serious)
        stories.append(Story(number, screening_number, course, _typed_before(today, sheets)))
    return Cohort(seed, today, tuple(stories))


def courses(
    participants: int = PARTICIPANTS, seed: int = SEED, today: date = TODAY, opened: date | None = None
) -> list[Course]:
    """The courses of those with an arm by today, without their pages; the study `opened` 600 days ago unless stated."""
    rng = stream(f"{seed}:accrual")
    opened = opened or today - timedelta(days=STUDY_OPENED_BEFORE)
    days = sorted(int(ACCRUAL_DAYS * rng.random() ** 0.85) for _ in range(participants))
    return [
        enrolled(f"{seed}:enrolled {number}", working_day(opened + timedelta(days=day)), today)
        for number, day in enumerate(days)
        if opened + timedelta(days=day) < today
    ]


def _failures(participants: int, seed: int, today: date, opened: date) -> list[Course]:
    last = min(today, opened + timedelta(days=STUDY_OPENED_BEFORE))
    rng = stream(f"{seed}:failures")
    names, weights = list(screening_and_baseline.FAILURES), list(screening_and_baseline.FAILURES.values())
    return [
        screened(
            f"{seed}:failed {number}",
            working_day(last - timedelta(days=rng.randint(12, min(ACCRUAL_DAYS, (last - opened).days)))),
            failure=rng.choices(names, weights)[0],
        )
        for number in range(max(2, round(FAILURES * participants)))
    ]


def _in_screening(participants: int, seed: int, today: date) -> list[Course]:
    rng = stream(f"{seed}:screening")
    return [
        screened(f"{seed}:screened {number}", working_day(today - timedelta(days=rng.randint(2, 9))))
        for number in range(max(2, round(IN_SCREENING * participants)))
    ]


def _serious_since_yesterday(everyone: list[Course], today: date) -> Course | None:
    """Who has the serious event of yesterday: someone on peginterferon for about half a year."""
    treated = [c for c in everyone if c.arm == "A2" and not c.end and not c.detected]
    return min(treated, key=lambda course: (abs(course.days(today) - 150), course.key), default=None)


def _sheets(course: Course, today: date, *, known_since_yesterday: bool) -> Iterator[Sheet]:
    visits: list[tuple[str, date]] = []
    sheets = list(_recorded(course, today, visits, known_since_yesterday=known_since_yesterday))
    yield from sheets
    yield from attendance.log_reviews(course, visits, sheets)


def _recorded(
    course: Course, today: date, visits: list[tuple[str, date]], *, known_since_yesterday: bool
) -> Iterator[Sheet]:
    """Everything but the log reviews; the visits that took place are added to `visits`."""
    entry = screening_and_baseline.screening(course)
    yield from entry
    index, radical = (next(s.values for s in entry if s.form == form) for form in ("hcc", "radtx"))
    screening_day = course.consented + timedelta(days=course.rng("screening day").choice((0, 1)))
    visits.append(("SCR", screening_day))
    events: list[Sheet] = []
    if course.arm:
        first = screening_and_baseline.day_zero(course)
        yield from first
        visits.append(("W0", screening_and_baseline.baseline_day(first)))
        visits += [(visit.code, visit.on) for visit in course.attended if visit.on]
        yield from attendance.visit_records(course)
        yield from recurrence.pages(course, today)
        events = safety.pages(course, today, known_since_yesterday=known_since_yesterday)
        yield from events
        fatal = next((sheet.repeat for sheet in events if sheet.values["ae_out"] == safety.FATAL), None)
        endings = list(attendance.endings(course, fatal))
        yield from endings
        visits += [("EOS", s.on) for s in endings if s.form == "visit" and s.values["visit_status"] == "DONE"]
        yield from treatment.medication(course, events)
        yield from treatment.deviations(course, today)
        yield from treatment.adherence(course, visits)
        yield history.tissue(course, radical, screening_and_baseline.baseline_day(first))
    yield from history.pages(course, index, radical, screening_day)
    yield from treatment.regimens(course)
    yield from examination.pages(course, visits)
    results = list(laboratory.pages(course, visits))
    yield from results
    yield from special_tests.pages(course, [sheet for sheet in results if sheet.form == "lbchem"])
    yield from treatment.injections(course, [sheet for sheet in results if sheet.form == "lbhem"], events, today)
    yield from imaging.pages(course, screening_day)


def _typed_before(today: date, sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in sheets if sheet.entered < today)
