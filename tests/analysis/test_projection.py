"""When the planned number and the events needed are reached, projected from the data so far."""

import math
from datetime import date, timedelta

import numpy as np
import pytest

from analysis.survival.projection import Course, Projection, forecast, project

pytestmark = pytest.mark.filterwarnings("error")
TODAY = date(2026, 11, 23)


def cohort(enrolled: int, every: float = 2.0, recurs: int = 4) -> list[Course]:
    """Enrolled one after the other up to today; one in `recurs` had a recurrence at the third scan."""
    people = []
    for n in range(enrolled):
        age = round((enrolled - n) * every)
        event = 252 if n % recurs == 0 and age > 259 else None
        seen = 168 if event else min(age // 84 * 84, 1092)
        people.append(Course(TODAY.toordinal() - age, seen, event, age > 1092))
    return people


def projected(people: list[Course], planned: int = 332, needed: int = 121) -> Projection:
    return project(people, TODAY, planned, needed)


def test_the_same_data_give_the_same_projection_in_any_order() -> None:
    people = cohort(300)
    assert projected(people) == projected(people[::-1])
    assert projected(people) != projected(people[1:])


def test_a_projection_lies_where_the_rates_say() -> None:
    """Accrual one in 2 days: 32 more take 64 days. Constant hazard: events from years at risk by hand."""
    result = projected(cohort(300))
    assert result.refused == ()
    assert result.full
    assert result.full.median
    assert abs(result.full.median - TODAY.toordinal() - 64) <= 4
    assert result.full.lower
    assert result.full.upper
    assert result.full.lower < result.full.median < result.full.upper
    assert result.last_visit
    assert result.last_visit.median == result.full.median + 1092
    assert result.events
    assert result.events.median
    assert result.events.median > sum(course.event is not None for course in cohort(300))


def test_the_hazard_is_constant_where_events_are_few_and_in_stretches_where_they_are_many() -> None:
    assert [stretch.from_day for stretch in projected(cohort(300)).stretches] == [0]
    late = [Course(TODAY.toordinal() - 900, 504, 588, True)] * 12
    stretches = projected(cohort(300) + late).stretches
    assert [(stretch.from_day, stretch.events) for stretch in stretches] == [(0, 43), (336, 12)]
    assert sum(stretch.years for stretch in stretches) == pytest.approx(
        sum((c.seen + (c.event or c.seen)) / 2 for c in cohort(300) + late) / 365.25
    )


def test_when_all_are_enrolled_and_followed_everything_is_known() -> None:
    people = [Course(TODAY.toordinal() - 1200 + n // 2, 168, 252, True) for n in range(130)]
    people += [Course(TODAY.toordinal() - 1200, 1092, None, True)] * 202
    result = projected(people)
    assert result.full
    assert result.full.lower == result.full.upper == TODAY.toordinal() - 1200 + 64
    assert result.reached
    assert result.reached.median == sorted(c.start + 252 for c in people if c.event)[120]
    assert result.events
    assert (result.events.lower, result.events.median, result.events.upper) == (130, 130, 130)


def test_events_that_nobody_can_have_any_more_are_never_reached() -> None:
    people = [Course(TODAY.toordinal() - 1200, 168, 252 if n < 60 else None, True) for n in range(332)]
    result = projected(people)
    assert result.reached
    assert (result.reached.median, result.reached.share) == (None, 0.0)
    assert result.lost == 272


def test_nobody_has_a_recurrence_after_the_last_planned_scan() -> None:
    """At week 144 one scan is left: every event to come is seen there, and few there are."""
    day_0 = TODAY.toordinal() - 1050
    people = [Course(day_0, 1008, None, False)] * 320 + [Course(day_0, 168, 252, True)] * 12
    result = projected(people, needed=13)
    assert result.events
    assert 12 <= (result.events.lower or 0) <= (result.events.upper or 999) < 30
    assert result.reached
    assert (result.reached.median, result.reached.upper) == (day_0 + 1092, day_0 + 1092) or result.reached.share < 0.975


@pytest.mark.parametrize(
    ("people", "codes"),
    [
        ([], ["slow_accrual", "few_to_project"]),
        (cohort(4), ["slow_accrual", "few_to_project"]),
        (cohort(100, every=1.0), ["few_to_project"]),
        ([Course(TODAY.toordinal() - 900, 168, 252, True)] * 20, ["slow_accrual"]),
        ([Course(TODAY.toordinal(), 0, 0, True)] * 20, ["few_to_project"]),
    ],
    ids=["nobody", "four", "no events yet", "accrual has stopped", "events on Day 0"],
)
def test_too_few_data_are_a_named_reason(people: list[Course], codes: list[str]) -> None:
    result = projected(people)
    assert [each.code for each in result.refused] == codes
    assert result.reached is None
    assert result.events is None
    assert (result.last_visit is None) == ("slow_accrual" in codes)


def test_a_day_beyond_twenty_years_is_none() -> None:
    today = TODAY.toordinal()
    far = forecast(np.array([today + 1.0, today + 2.0, 1e9]), today)
    assert (far.median, far.upper, far.share) == (today + 2, None, pytest.approx(2 / 3))


def test_the_interval_covers_the_day_of_the_event_in_most_studies() -> None:
    """Forty studies cut after 700 days: the day of event 121 lies in its 95 % interval."""
    covered = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        opened = TODAY - timedelta(days=700)
        starts = opened.toordinal() + np.cumsum(rng.exponential(2.5, 332)).round()
        scans = np.ceil(rng.exponential(1100, 332) / 84) * 84
        seen = np.where(scans <= 1092, starts + scans, np.inf)
        people = []
        for start, scan in zip(starts.tolist(), scans.tolist(), strict=True):
            age = TODAY.toordinal() - int(start)
            if age >= 0:
                event = int(scan) if scan <= min(age, 1092) else None
                people.append(Course(int(start), int(scan) - 84 if event else age // 84 * 84, event, event is not None))
        reached = projected(people).reached
        assert reached
        day = np.sort(seen)[120]
        covered += (reached.lower or 0) <= day <= (reached.upper or math.inf)
    assert covered >= 36
