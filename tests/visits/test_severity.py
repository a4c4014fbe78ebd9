"""A death ranks above everything: in colour, in order, in words."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override

from prtras.crf.registry import form_of
from prtras.entry.parsing import read
from prtras.entry.saving import save_page
from tests import casebook
from visits import planning, timeline
from visits.casebook import story
from visits.deriving.safety import severity
from visits.worklist import unreported_saes

FATAL = {"ae_grade": "5", "ae_out": "FATAL", "ae_ongoing": "N", "ae_end": "2025-06-20", "ae_sdth": "Y", "ae_slife": "N",
         "ae_aware": "2025-06-12", "ae_narr": "x", "ae_susar": "N"}  # fmt: skip
GRAVE = {"ae_grade": "3", "ae_sdth": "N", "ae_slife": "Y"}
SERIOUS = {"ae_ser": "Y", "ae_shosp": "N", "ae_sdisab": "N", "ae_scong": "N", "ae_smie": "N", "ae_aware": "2025-06-10",
           "ae_report": "", "missing__ae_report": "OTHER", "ae_narr": "x", "ae_susar": "N"}  # fmt: skip


@pytest.mark.parametrize(("grade", "outcome", "dead", "expected"), [
    ("5", "FATAL", "Y", 5), ("3", "FATAL", "N", 5), (None, None, "Y", 5), ("2", "UNKNOWN", "Y", 5),
    ("4", "UNKNOWN", "N", 4), ("1", None, None, 1), (None, "UNKNOWN", "N", None), (None, None, None, None),
])  # fmt: skip
def test_a_death_is_grade_5_and_what_is_not_known_is_none(grade, outcome, dead, expected):
    assert severity(grade, outcome, dead) == expected


def test_every_grade_from_3_up_has_a_colour_of_its_own():
    style = Path("static/css/tables.css").read_text()
    looks = re.findall(r"^\.grade-(\d) \{\n(.*?)\}", style, re.MULTILINE | re.DOTALL)
    assert [grade for grade, _ in looks] == ["3", "4", "5"]
    assert len({look for _, look in looks}) == 3


@pytest.fixture
def events(enrolled, lin):
    """Three grave events, known for longer, then a death."""
    for number, answers in enumerate([GRAVE, GRAVE, GRAVE, FATAL]):
        page = planning.add_log_page(enrolled, "ae", user=lin)
        typed = casebook.typed("ae", **SERIOUS | answers, ae_term=f"Event {number}")
        save_page(page.id, read(form_of("ae"), typed).content, user=lin, seen_version=0)
    return enrolled


def test_a_death_is_the_first_that_waits_for_its_report(events, zhao):
    listed = unreported_saes(zhao)
    assert len(listed) == 3
    assert (listed[0].severity, listed[0].ae_term) == (5, "Event 3")


def test_a_death_says_so_wherever_events_are_listed(events, lin, zhao, wang, client_of):
    for reader, address in (
        (lin, reverse("visits:participant", args=[events.number])),
        (lin, reverse("visits:worklist")),
        (zhao, reverse("visits:worklist")),
        (wang, reverse("visits:review_worklist")),
    ):
        page = client_of(reader).get(address).content.decode()
        assert re.search(r'class="grade grade-5">\s*Death\s*·\s*G5', page), address
        assert "grade-3" in page


def test_the_day_of_a_death_is_flagged_on_the_timeline(enrolled, lin, fill):
    planning.add_log_page(enrolled, "death", user=lin)
    fill(enrolled, "death", dth_date="2025-06-20")
    with override("en"):
        drawn = timeline.draw(enrolled, list(enrolled.visits.all()), story(enrolled), date(2025, 7, 1))
    assert ">Death<" in drawn


def test_the_timeline_draws_the_gravest_events(events):
    drawn = timeline.draw(events, list(events.visits.all()), story(events), date(2025, 7, 1))
    assert "timeline-grade-5" in drawn
