"""An adverse event has one row for each change of its grade; the maximum stands on its page."""

from datetime import date

import pytest

from prtras.entry.saving import ChecksFailed
from tests.conftest import page_of
from visits.casebook import story
from visits.models import AdverseEventGrade
from visits.planning import add_log_page
from visits.sae.facts import parts_of
from visits.timeline import adverse_events

#: From 2025-06-10 to 2025-06-20, at worst grade 3.
EVENT = {"ae_start": "2025-06-10", "ae_end": "2025-06-20", "ae_grade": "3"}


def rows(*grades):
    """Rows as they are typed: day and grade."""
    return {
        f"row__{at}__{item}": value
        for at, (day, grade) in enumerate(grades, start=1)
        for item, value in (("aeg_date", day), ("aeg_grade", grade))
    }


@pytest.fixture
def submit(enrolled, fill, lin):
    def event(*grades, **typed):
        add_log_page(enrolled, "ae", user=lin)
        return fill(enrolled, "ae", **EVENT | rows(*grades) | typed).page

    return event


def test_each_change_of_grade_is_a_row(submit):
    page = submit(("2025-06-10", "1"), ("2025-06-12", "3"), ("2025-06-16", "2"))
    stored = AdverseEventGrade.objects.filter(page=page).order_by("row").values_list("aeg_date", "aeg_grade")
    assert [(str(day), grade) for day, grade in stored] == [
        ("2025-06-10", "1"), ("2025-06-12", "3"), ("2025-06-16", "2")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("grades", "check"),
    [
        ([("2025-06-09", "1")], "GRADE-DAY"),
        ([("2025-06-21", "1")], "GRADE-DAY"),
        ([("2025-06-10", "1"), ("2025-06-10", "3")], "GRADE-TWICE"),
        ([("2025-06-10", "4")], "GRADE-MAX"),
    ],
)
def test_a_grade_outside_the_event_twice_a_day_or_above_the_maximum_is_refused(submit, grades, check):
    with pytest.raises(ChecksFailed) as refused:
        submit(*grades)
    assert check in {finding.check for finding in refused.value.findings}


def test_an_event_that_goes_on_and_began_in_a_month_takes_every_later_day(submit):
    submit(("2025-06-30", "3"), ae_start="2025-06", ae_ongoing="Y", ae_end="", ae_out="NOT RECOVERED/NOT RESOLVED")


def test_a_row_entered_in_error_does_not_count(submit, enrolled, fill):
    submit(("2025-06-10", "1"), ("2025-06-12", "2"))
    again = rows(("2025-06-10", "1"), ("2025-06-12", "2"))
    fill(enrolled, "ae", **EVENT | again | {"ae_end": "2025-06-11"}, void__2="Wrong participant.", reason__all="ENTRY")
    assert AdverseEventGrade.objects.filter(void_reason="").count() == 1


def test_a_report_of_the_event_shows_how_its_grade_changed(submit, enrolled):
    submit(("2025-06-12", "3"), ("2025-06-10", "1"))
    part = next(part for part in parts_of(page_of(enrolled, "ae")) if part.title.en == "Grade over time")
    assert [row[0] for row in part.rows] == ["2025-06-10", "2025-06-12"]


def test_the_timeline_draws_the_event_grade_by_grade(submit, enrolled):
    submit(("2025-06-10", "1"), ("2025-06-12", "3"))
    drawn = adverse_events(story(enrolled), date(2025, 1, 1), date(2026, 1, 1))
    assert [event.stretches for event in drawn] == [[(date(2025, 6, 10), 1), (date(2025, 6, 12), 3)]]
