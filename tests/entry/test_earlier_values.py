"""What stands beside a field: the value of the visit before."""

import pytest

from prtras.audit.acting import acting
from prtras.crf.places import Place
from prtras.crf.planning import add_page
from prtras.crf.registry import form_of
from prtras.entry.earlier_values import EarlierValue, earlier_values
from tests import casebook
from tests.conftest import page_of
from visits.planning import add_unscheduled

WEIGHT = "weight"


@pytest.fixture
def weighed(enrolled, fill):
    """Weighed at week 0 (2025-06-02) and week 12 (2025-08-25)."""
    fill(enrolled, "visit", "W0", visit_date="2025-06-02")
    fill(enrolled, "vs", "W0", vs_date="2025-06-02", weight="70", height="172")
    fill(enrolled, "visit", "W12", visit_date="2025-08-25")
    fill(enrolled, "vs", "W12", vs_date="2025-08-25", weight="68")
    return enrolled


def beside(page):
    return earlier_values(page, form_of(page.form)).get(WEIGHT)


def test_a_planned_visit_shows_the_newest_value_of_those_before_it(weighed):
    assert beside(page_of(weighed, "vs", "W0")) is None
    assert beside(page_of(weighed, "vs", "W12")) == EarlierValue("W0", ("70",))
    assert beside(page_of(weighed, "vs", "W24")) == EarlierValue("W12", ("68",))


@pytest.mark.parametrize(("on", "earlier"), [("2025-08-20", "W0"), ("2025-09-01", "W12")])
def test_an_unscheduled_visit_shows_those_of_the_planned_visit_that_took_place_before_it(
    weighed, fill, lin, on, earlier
):
    visit = add_unscheduled(weighed, user=lin)
    fill(weighed, "visit", "UNS", uns_reason="Fever", visit_date=on)
    with acting(lin):
        page = add_page(weighed, "vs", visit)
    page.visit.refresh_from_db()
    shown = beside(page)
    assert shown
    assert shown.visit == earlier


def test_a_result_of_a_laboratory_panel_and_a_lesion_show_those_of_the_same_analyte_and_number(enrolled, fill):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "lbtm", "W12")
    fill(enrolled, "mri", "W12", mri_nobs="1", mri_overall="SUSP", **casebook.observation())
    results, lesions = (earlier_values(page_of(enrolled, form, "W24"), form_of(form)) for form in ("lbtm", "mri"))
    assert results[Place.at("orres", "afp")] == EarlierValue("W12", ("3.1",))
    assert lesions[Place.at("obs_type", "1")] == EarlierValue("W12", ("UNTREATED",))


def test_a_page_that_is_there_once_has_nothing_before_it(enrolled):
    assert earlier_values(page_of(enrolled, "dm"), form_of("dm")) == {}
