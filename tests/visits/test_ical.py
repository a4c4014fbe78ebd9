"""The calendar file of a participant's visits."""

import re

import pytest


@pytest.fixture
def calendar(enrolled, lin, client_of):
    def get(language: str) -> str:
        answer = client_of(lin).get(f"/participants/{enrolled.number}/visits-{language}.ics")
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        return answer.content.decode()

    return get


@pytest.mark.parametrize(("language", "title"), [("zh", "第12周"), ("en", "Week 12")])
def test_every_planned_visit_is_an_all_day_entry_over_its_window(calendar, enrolled, language, title):
    text = calendar(language)
    planned = enrolled.visits.filter(state="planned", opens__isnull=False, target__isnull=False)
    assert text.count("BEGIN:VEVENT") == planned.count() > 20
    event = re.search(rf"BEGIN:VEVENT\r\nUID:{enrolled.number}-W12@.*?END:VEVENT", text, re.DOTALL)[0]
    assert "DTSTART;VALUE=DATE:20250818" in event
    assert "DTEND;VALUE=DATE:20250902" in event
    assert f"SUMMARY:{enrolled.number} W12 {title}" in event


def test_no_line_is_longer_than_75_bytes_and_every_line_ends_as_it_must(calendar):
    for language in ("zh", "en"):
        lines = calendar(language).split("\r\n")
        assert lines[-1] == ""
        assert max(len(line.encode()) for line in lines) <= 75
        assert not any("\n" in line for line in lines)


def test_a_visit_that_took_place_is_no_longer_on_it(calendar, enrolled, fill):
    fill(enrolled, "visit", "W12")
    assert "-W12@" not in calendar("en")
