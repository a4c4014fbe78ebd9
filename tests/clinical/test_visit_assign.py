"""Assigning a date to the nearest scheduled visit."""

from datetime import date, timedelta

import pytest

from prtras.clinical.visit_window import VisitAssignment, assign

ANCHOR = date(2026, 1, 5)


def assigned(days):
    return assign(ANCHOR, ANCHOR + timedelta(days))


@pytest.mark.parametrize("week", range(12, 157, 12))
def test_half_way_belongs_to_the_earlier_visit_and_the_day_after_to_the_later(week):
    half_way = 7 * week - 42
    assert assigned(half_way) == VisitAssignment(f"W{week - 12}", 42, "LATE")
    assert assigned(half_way + 1) == VisitAssignment(f"W{week}", -41, "EARLY")


@pytest.mark.parametrize("week", range(12, 157, 12))
def test_the_window_is_seven_days_either_way(week):
    statuses = [assigned(7 * week + dev).status for dev in (-8, -7, 0, 7, 8)]
    assert statuses == ["EARLY", "IN", "IN", "IN", "LATE"]


def test_screening_lies_between_day_minus_28_and_minus_8():
    assert [assigned(days).visit for days in (-29, -28, -8, -7)] == ["UNS", "SCR", "SCR", "W0"]


def test_the_ends_of_the_calendar_are_unscheduled():
    assert assign("0001-01-01", "9999-12-31").visit == assign("9999-12-31", "0001-01-01").visit == "UNS"
