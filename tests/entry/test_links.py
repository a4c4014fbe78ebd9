"""What links to a record of a log is chosen from a list, by words, and stored as its number."""

import pytest
from django.urls import reverse

from tests.conftest import page_of
from visits.planning import add_log_page


@pytest.fixture
def drug(enrolled, lin):
    return add_log_page(enrolled, "cm", user=lin)


@pytest.fixture
def options_of(lin, client_of):
    """What may be chosen for an item of a page, as the browser gets it."""

    def options(page, item: str) -> list[tuple[str, str]]:
        view = client_of(lin).get(reverse("entry:page", args=[page.pk])).context["view"]
        return [(number, text.en) for number, text in view.fields[item].options]

    return options


def test_the_records_of_the_log_are_listed_in_words(enrolled, drug, fill, lin, options_of):
    add_log_page(enrolled, "ae", user=lin)
    assert options_of(drug, "cm_ae_no") == []
    fill(enrolled, "ae")
    assert options_of(drug, "cm_ae_no") == [("1", "1 · Fever · 2025-06-10 · Grade 1 Mild")]


def test_a_number_is_stored_and_shown_with_its_words(enrolled, drug, fill, lin, chen, client_of):
    add_log_page(enrolled, "ae", user=lin)
    fill(enrolled, "ae")
    saved = fill(enrolled, "cm", cm_ae_no="1").page
    assert saved.concomitantmedication.cm_ae_no == 1
    shown = client_of(chen).get(reverse("entry:page", args=[saved.pk])).content.decode()
    assert "1 · Fever · 2025-06-10" in shown


def test_a_number_without_a_record_stays_to_be_seen(enrolled, drug, fill, options_of):
    fill(enrolled, "cm", cm_ae_no="7")
    assert ("7", "7") in options_of(page_of(enrolled, "cm"), "cm_ae_no")


def test_an_event_entered_in_error_is_not_offered(enrolled, drug, fill, lin, zhao, client_of, options_of):
    page = add_log_page(enrolled, "ae", user=lin)
    fill(enrolled, "ae")
    client_of(lin).post(reverse("entry:void", args=[page.pk]), {"reason": "Wrong participant"})
    page.refresh_from_db()
    assert page.state == "void"
    assert options_of(drug, "cm_ae_no") == []
