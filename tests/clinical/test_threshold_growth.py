"""LI-RADS v2018 threshold growth: >= 50 % in <= 6 calendar months."""

from datetime import date
from decimal import Decimal

import pytest

from prtras.clinical.inputs import MissingInput
from prtras.clinical.threshold_growth import Growth, growth


def grown(size_mm, prior_mm, exam_date, prior_date):
    return growth(size_mm=size_mm, prior_mm=prior_mm, exam_date=exam_date, prior_date=prior_date)


def test_just_short_of_50_percent_is_not_growth_even_when_it_is_shown_as_50():
    actual = grown(Decimal("149.96"), 100, "2026-03-01", "2026-01-01")
    assert actual == Growth("N", Decimal("50.0"))


def test_a_third_is_compared_without_rounding():
    assert grown(Decimal("16.5"), 11, "2026-03-01", "2026-01-01").tg == "Y"
    assert grown(Decimal("16.4999999999"), 11, "2026-03-01", "2026-01-01").tg == "N"


@pytest.mark.parametrize(
    ("prior_date", "last"),
    [
        (date(2023, 8, 31), date(2024, 2, 29)),
        (date(2026, 8, 29), date(2027, 2, 28)),
        (date(2026, 3, 31), date(2026, 9, 30)),
        (date(2025, 12, 1), date(2026, 6, 1)),
    ],
)
def test_six_calendar_months_end_on_the_same_day_or_the_end_of_the_month(prior_date, last):
    assert grown(30, 10, last, prior_date).tg == "Y"
    assert grown(30, 10, date.fromordinal(last.toordinal() + 1), prior_date).tg == "N"


def test_the_end_of_the_calendar_is_no_obstacle():
    assert grown(30, 10, "9999-12-31", "9999-08-31").tg == "Y"


def test_without_a_comparison_nothing_else_is_needed():
    assert grown(None, None, None, None) == Growth("NA", None)


def test_it_names_what_is_missing_in_order():
    with pytest.raises(MissingInput) as missing:
        grown(None, None, None, "2026-01-01")
    assert missing.value.fields == ("size_mm", "prior_mm", "exam_date")
