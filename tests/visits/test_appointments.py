"""The visit calendar on paper, and the schedule as a page."""

from datetime import date

import pytest
from django.utils import timezone

from prtras.crf.schedule import SCHEDULE
from prtras.labels import T
from visits.schedule import VERSION_1


@pytest.fixture
def early(enrolled, monkeypatch):
    """Someone shortly after Day 0."""
    monkeypatch.setattr(timezone, "localdate", lambda: date(2025, 6, 20))
    return enrolled


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("2025-08-25 周一", "腹部MRI", "空腹抽血", "2025-08-18 – 2025-09-01")),
     ("en", ("2025-08-25 Mon", "MRI of the abdomen", "blood sample, fasting"))],
)  # fmt: skip
def test_the_calendar_says_when_and_what_in_the_language_of_its_address(early, lin, client_of, language, words):
    html = client_of(lin).get(f"/participants/{early.number}/calendar-{language}/").content.decode()
    line = html.split("W12 ")[1].split("</tr>")[0]
    assert all(word in line for word in words)
    assert f'<html lang="{"en" if language == "en" else "zh-CN"}">' in html


def test_a_safety_visit_has_no_mri(early, lin, client_of):
    html = client_of(lin).get(f"/participants/{early.number}/calendar-en/").content.decode()
    assert "MRI" not in html.split("S16 ")[1].split("</tr>")[0]


def test_a_visit_that_took_place_or_whose_window_has_closed_is_not_on_it(enrolled, lin, client_of, fill, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2025, 9, 10))
    fill(enrolled, "visit", "S16", visit_date="2025-09-09")
    html = client_of(lin).get(f"/participants/{enrolled.number}/calendar-en/").content.decode()
    assert [code for code in ("W12", "S16", "S20", "W24") if f"{code} " in html] == ["S20", "W24"]


def test_who_left_has_no_visits_to_come(early, lin, client_of, fill, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2025, 10, 1))
    fill(early, "eos")
    for address in ("calendar-en/", "visits-en.ics"):
        assert "W24" not in client_of(lin).get(f"/participants/{early.number}/{address}").content.decode()


def test_another_language_does_not_exist(enrolled, lin, client_of):
    assert client_of(lin).get(f"/participants/{enrolled.number}/calendar-de/").status_code == 404


def test_the_schedule_lists_every_version_with_its_visits(enrolled, wang, client_of):
    SCHEDULE.add(VERSION_1.amended("2", T("修订一", "Amendment 1"), without=("W156",)))
    try:
        html = client_of(wang).get("/schedule/").content.decode()
    finally:
        SCHEDULE.drop("2")
    second, first = html.split('id="h-2"')[1].split('id="h-1"')
    assert "Amendment 1" in second
    assert ("W156" in first, "W156" in second) == (True, False)
    line = first.split(">W12 ")[1].split("</tr>")[0]
    assert ("77 – 91" in line, "Abdominal MRI" in line, "1 / 0" in line) == (True, True, True)
