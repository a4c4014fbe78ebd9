"""When the planned number is enrolled and the events needed are reached, simulated from the data so far. Pure.

Pooled by construction: nothing here knows an arm. The hazard of recurrence is constant (exponential), or constant
within 0-48, 48-96 and 96-156 weeks where each stretch has events enough; rates of recurrence, of loss and of accrual
are drawn from their Gamma posteriors (Jeffreys prior: shape = count + 1/2, exposure as rate; Gelman et al., Bayesian
Data Analysis, 3rd ed. 2013, section 2.6), then every course is followed to the next planned scan. Bagiella & Heitjan,
Statistics in Medicine 2001;20:2055, predict the day of an analysis in this way. The seed is a digest of the data: the
same cut gives the same numbers.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from analysis.survival.results import Refusal, Result
from analysis.survival.survival_data import Flags, Floats
from prtras.clinical.constants import TOTAL_WEEKS, VISIT_INTERVAL_WEEKS, VISIT_WIN_DAYS

DRAWS = 2000
CUTS = (0, 336, 672)
END, SCAN_EVERY, WINDOW = 7 * TOTAL_WEEKS.value, 7 * VISIT_INTERVAL_WEEKS.value, VISIT_WIN_DAYS.value
#: Days without a scan after which two planned ones were missed: no recurrence is projected.
TWO_MISSED = 2 * SCAN_EVERY + 2 * WINDOW
#: Fewer events in a stretch of follow-up have no rate of their own.
PIECE_EVENTS = 10
FEWEST_EVENTS, FEWEST_ENROLLED = 5, 5
#: The days over which the rate of accrual is counted.
RECENT = 182
#: A day further away is none.
HORIZON = 20 * 365
YEAR = 365.25


@dataclass(frozen=True)
class Course:
    """One participant up to the cut-off, in days.

    `start` is Day 0 as an ordinal; `seen` the age at the last scan without recurrence; `event` the age at recurrence.
    `ended` when no recurrence can be seen any more: lost, withdrawn, dead or follow-up complete.
    """

    start: int
    seen: int
    event: int | None
    ended: bool


@dataclass(frozen=True)
class Forecast(Result):
    """Median and 95 % interval of a number or an ordinal day; None where it lies beyond what is simulated."""

    median: int | None
    lower: int | None
    upper: int | None
    share: float


@dataclass(frozen=True)
class Stretch(Result):
    """The pooled rate of recurrence from this day of follow-up on: events and participant-years."""

    from_day: int
    events: int
    years: float


@dataclass(frozen=True)
class Projection(Result):
    """What the simulation says. `recent` were enrolled in the last `days`; `full` is the day of the last planned Day 0.

    `reached` is the day of the event that the design needs, `events` the number when the last planned participant has
    had the last visit on day `last_visit`. None with its reason in `refused`.
    """

    recent: int
    days: int
    full: Forecast | None
    stretches: tuple[Stretch, ...]
    lost: int
    reached: Forecast | None
    last_visit: Forecast | None
    events: Forecast | None
    refused: tuple[Refusal, ...]


def project(courses: Sequence[Course], cutoff: date, planned: int, needed: int) -> Projection:
    """Simulate from the courses of all participants with an arm."""
    today = cutoff.toordinal()
    courses = sorted(courses, key=lambda course: (course.start, course.seen, course.event or 0, course.ended))
    rng = np.random.default_rng(_seed(courses, today, planned, needed))
    missing = max(planned - len(courses), 0)
    days = min(max(today - courses[0].start + 1, 1), RECENT) if courses else 0
    recent = sum(course.start > today - days for course in courses)
    stretches, lost, refused = _stretches(courses), sum(map(_is_lost, courses)), list[Refusal]()
    starts = None
    if missing and recent < FEWEST_ENROLLED:
        refused.append(_refusal("slow_accrual", "too few participants were enrolled lately", n=recent, days=days))
    else:
        starts = _new_starts(rng, missing, recent, days, today)
    if sum(stretch.events for stretch in stretches) < FEWEST_EVENTS or not stretches[0].years:
        refused.append(_refusal("few_to_project", "too few events", n=FEWEST_EVENTS))
    full = last = None
    if starts is not None:
        full = _day_0(courses, starts, planned, today)
        last = _later(_day_0(courses, starts, max(planned, len(courses)), today), END)
    if refused or starts is None:
        return Projection(recent, days, full, stretches, lost, None, last, None, tuple(refused))
    seen = _seen(rng, courses, starts, stretches, lost, today)
    known = sorted(course.start + course.event for course in courses if course.event is not None)
    return Projection(
        recent, days, full, stretches, lost,
        reached=_reached(known, seen, needed, today),
        last_visit=last,
        events=forecast(len(known) + np.isfinite(seen).sum(axis=1), None),
        refused=(),
    )  # fmt: skip


def _seed(courses: Sequence[Course], *numbers: int) -> int:
    """A number that the data determine."""
    facts = repr((numbers, [(course.start, course.seen, course.event, course.ended) for course in courses]))
    return int.from_bytes(hashlib.sha256(facts.encode()).digest()[:8], "big")


def _refusal(code: str, message: str, **facts: int) -> Refusal:
    return Refusal("projection", code, message, {name: str(value) for name, value in facts.items()})


def _is_lost(course: Course) -> bool:
    return course.ended and course.event is None and course.seen < END - WINDOW


def _stretches(courses: Sequence[Course]) -> tuple[Stretch, ...]:
    """Events and years within the stretches; one with few events is joined to its neighbour.

    A recurrence lies between two scans: it counts half-way from the last one without it, or from Day 0.
    """
    ages = [(course.seen, False) if course.event is None else ((course.seen + course.event) / 2, True)
            for course in courses]  # fmt: skip
    until = [*CUTS[1:], math.inf]
    parts = [
        Stretch(
            cut,
            sum(event and cut <= age < end for age, event in ages),
            sum(max(min(age, end) - cut, 0.0) for age, _ in ages) / YEAR,
        )
        for cut, end in zip(CUTS, until, strict=True)
    ]
    while len(parts) > 1 and min(part.events for part in parts) < PIECE_EVENTS:
        few = next(i for i, part in reversed(list(enumerate(parts))) if part.events < PIECE_EVENTS)
        left, right = (few - 1, few) if few else (0, 1)
        joined = Stretch(
            parts[left].from_day, parts[left].events + parts[right].events, parts[left].years + parts[right].years
        )
        parts[left : right + 1] = [joined]
    return tuple(parts)


def _new_starts(rng: np.random.Generator, missing: int, recent: int, days: int, today: int) -> Floats:
    """Day 0 of everybody still to be enrolled, (draws, missing): a Poisson process with an uncertain rate."""
    rate = rng.standard_gamma(recent + 0.5, DRAWS) / max(days, 1)
    starts: Floats = today + np.cumsum(rng.standard_exponential((DRAWS, missing)), axis=1) / rate[:, None]
    return starts


def _day_0(courses: Sequence[Course], starts: Floats, number: int, today: int) -> Forecast:
    """Day 0 of the participant with this number: simulated, or known."""
    if number > len(courses):
        return forecast(starts[:, number - len(courses) - 1], today)
    day = courses[number - 1].start
    return Forecast(day, day, day, 1.0)


def _later(day: Forecast, days: int) -> Forecast:
    """The same so many days later."""
    median, lower, upper = (None if each is None else each + days for each in (day.median, day.lower, day.upper))
    return Forecast(median, lower, upper, day.share)


def _seen(
    rng: np.random.Generator, courses: Sequence[Course], starts: Floats, stretches: Sequence[Stretch], lost: int,
    today: int,
) -> Floats:  # fmt: skip
    """The ordinal days on which recurrences will be seen, (draws, participants); infinite for none.

    Who is followed goes on from the last scan; a recurrence is seen at the first planned scan after it and after the
    cut-off, unless loss or the last visit comes before.
    """
    at_risk = [course for course in courses if course.event is None and not course.ended]
    begun = np.tile(np.array([course.start for course in at_risk], dtype=float), (DRAWS, 1))
    start = np.concatenate([begun, starts], axis=1)
    age = np.zeros(start.shape[1])
    age[: len(at_risk)] = [course.seen for course in at_risk]
    now = today - start
    years = sum(stretch.years for stretch in stretches)
    gone = rng.standard_gamma(lost + 0.5, (DRAWS, 1)) / (years * YEAR)
    left = np.maximum(now, age) + rng.standard_exponential(start.shape) / gone
    due = np.maximum(np.floor((now - WINDOW) / SCAN_EVERY), np.floor((age + SCAN_EVERY / 2) / SCAN_EVERY)) + 1
    visit = np.maximum(np.ceil(_onset(rng, age, stretches) / SCAN_EVERY), np.maximum(due, 1)) * SCAN_EVERY
    possible: Flags = (visit <= END) & (visit <= left)
    return np.where(possible, np.maximum(start + visit, today + 1), math.inf)


def _onset(rng: np.random.Generator, age: Floats, stretches: Sequence[Stretch]) -> Floats:
    """The age at recurrence of those without it at `age`: the cumulative hazard grows by a standard exponential."""
    left = rng.standard_exponential((DRAWS, len(age)))
    onset = np.tile(age, (DRAWS, 1))
    until = [*(stretch.from_day for stretch in stretches[1:]), math.inf]
    for stretch, end in zip(stretches, until, strict=True):
        rate = rng.standard_gamma(stretch.events + 0.5, (DRAWS, 1)) / (stretch.years * YEAR)
        room = np.maximum(end - np.maximum(age, stretch.from_day), 0.0)
        spent = np.minimum(left, rate * room)
        onset += spent / rate
        left -= spent
    return onset


def _reached(known: list[int], seen: Floats, needed: int, today: int) -> Forecast:
    """The day of the event that the design needs."""
    more = needed - len(known)
    if more <= 0:
        return Forecast(known[needed - 1], known[needed - 1], known[needed - 1], 1.0)
    if more > seen.shape[1]:
        return Forecast(None, None, None, 0.0)
    return forecast(np.partition(seen, more - 1, axis=1)[:, more - 1], today)


def forecast(draws: Floats, today: int | None) -> Forecast:
    """Median and 95 % interval as whole numbers; from `today` on, a day beyond the horizon is none."""
    ordered = np.sort(draws)
    end = math.inf if today is None else today + HORIZON
    low, middle, high = (float(ordered[round(q * (len(ordered) - 1))]) for q in (0.025, 0.5, 0.975))
    lower, median, upper = (round(each) if each < end else None for each in (low, middle, high))
    return Forecast(median, lower, upper, float((ordered < end).mean()))
