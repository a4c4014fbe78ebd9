"""A reaction is expected where the reference document of a suspected drug lists it on the day the event began."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from prtras.audit.models import AuditEvent
from tests.visits.test_sae import UNREPORTED
from visits.models import ExpectedReaction
from visits.planning import add_log_page
from visits.sae.expectedness import expectedness_of
from visits.sae.expecting import TermsRefused, add_terms, end_term
from visits.sae.line_list import lines_of, serious_events

BROCHURE = "Investigator's brochure 3"


@pytest.fixture
def event(enrolled, fill, lin):
    """A serious event, possibly related to the analogue, which began on 2025-06-10."""

    def make(**typed):
        add_log_page(enrolled, "ae", user=lin)
        return fill(enrolled, "ae", **UNREPORTED | {"ae_rel_na": "POSSIBLE", **typed}).page.adverseevent

    return make


@pytest.fixture
def listed(site, zhao):
    return lambda *terms, drug="NA", day=date(2025, 1, 1): add_terms(site, drug, terms, BROCHURE, day, user=zhao)


def stated(event) -> list[tuple[str, bool | None, str]]:
    return [(each.drug, each.expected, each.text.en) for each in expectedness_of(event)]


def test_a_listed_term_is_expected_whatever_its_letters(event, listed):
    listed("FEVER", "Nausea")
    assert stated(event()) == [("NA", True, f"Nucleos(t)ide analogue: expected ({BROCHURE}, from 2025-01-01)")]


def test_the_preferred_term_counts_too(event, listed):
    listed("Pyrexia")
    assert stated(event(ae_term="发热", ae_pt="Pyrexia"))[0][1] is True


def test_what_is_not_listed_is_unexpected_and_without_a_list_nothing_is_said(event, listed):
    saved = event()
    assert stated(saved)[0][1] is None
    listed("Nausea")
    assert stated(saved)[0][1] is False


@pytest.mark.parametrize(("day", "expected"), [(date(2025, 6, 10), True), (date(2025, 6, 11), None)])
def test_the_list_of_the_day_on_which_the_event_began_counts(event, listed, day, expected):
    listed("Fever", day=day)
    assert stated(event())[0][1] is expected


@pytest.mark.parametrize(("ended", "expected"), [(date(2025, 6, 11), True), (date(2025, 6, 10), False)])
def test_a_term_that_was_taken_off_counts_until_that_day(event, listed, zhao, ended, expected):
    reaction, _ = listed("Fever", "Nausea")
    end_term(reaction, ended, user=zhao)
    assert stated(event())[0][1] is expected


def test_a_drug_that_is_not_suspected_is_not_judged(event, listed):
    listed("Fever", drug="PG")
    assert [drug for drug, _, _ in stated(event())] == ["NA"]


def test_a_term_stands_once_and_the_trail_keeps_who_put_it_there(listed, zhao):
    assert len(listed("Fever", " Fever ", "Nausea", "")) == 2
    assert listed("FEVER") == []
    assert AuditEvent.objects.filter(table="visits_expectedreaction", actor_name="zhao").exists()


def test_a_term_that_was_taken_off_is_put_back_for_the_same_day_with_the_right_document(site, zhao, listed):
    (reaction,) = listed("Fever")
    end_term(reaction, date(2026, 1, 1), user=zhao)
    (again,) = add_terms(site, "NA", ["Fever"], "Label 4", reaction.valid_from, user=zhao)
    assert (again.pk, again.ended, again.source) == (reaction.pk, None, "Label 4")


@pytest.mark.parametrize(
    ("terms", "source", "item"), [([" "], "x", "terms"), (["Fever"], " ", "source"), (["x" * 121], "x", "terms")]
)
def test_what_cannot_be_listed_is_refused_at_its_field(site, zhao, terms, source, item):
    with pytest.raises(TermsRefused) as refused:
        add_terms(site, "PG", terms, source, date(2025, 1, 1), user=zhao)
    assert refused.value.item == item
    assert not ExpectedReaction.objects.exists()


def test_only_who_signs_changes_the_list(site, lin, wang, listed, client_of):
    (reaction,) = listed("Fever")
    for person in (lin, wang):
        with pytest.raises(PermissionDenied):
            add_terms(site, "PG", ["Rash"], "x", date(2025, 1, 1), user=person)
        with pytest.raises(PermissionDenied):
            end_term(reaction, date(2026, 1, 1), user=person)
        assert client_of(person).post(reverse("visits:expected"), {"end": reaction.pk}).status_code == 403
    assert client_of(wang).get(reverse("visits:expected")).status_code == 200


def test_the_page_adds_terms_takes_one_off_and_keeps_what_was_typed(zhao, client_of):
    client, address = client_of(zhao), reverse("visits:expected")
    typed = {"drug": "PG", "terms": "Fever\nNausea", "source": BROCHURE, "valid_from": "2025-13-01"}
    refused = client.post(address, typed)
    assert (refused.status_code, "Nausea" in refused.content.decode()) == (422, True)
    assert client.post(address, typed | {"valid_from": "2025-01-01"}).status_code == 302
    fever = ExpectedReaction.objects.get(term="Fever")
    client.post(address, {"end": fever.pk})
    assert ExpectedReaction.objects.filter(ended__isnull=True).get().term == "Nausea"


def test_another_sites_list_is_neither_seen_nor_changed(listed, eve, client_of):
    (reaction,) = listed("Fever")
    assert "Fever" not in client_of(eve).get(reverse("visits:expected")).content.decode()
    assert client_of(eve).post(reverse("visits:expected"), {"end": reaction.pk}).status_code == 403


def test_the_page_of_the_event_says_what_the_list_says(event, listed, lin, client_of):
    listed("Fever")
    saved = event()
    shown = client_of(lin).get(reverse("visits:sae", args=[saved.page_id])).content.decode()
    assert "expected (Investigator" in shown


def test_the_line_listing_says_of_every_event_what_the_list_says(event, listed, zhao, client_of):
    event()
    address = reverse("visits:saes")
    assert "NA: no document" in client_of(zhao).get(address).content.decode()
    listed("Nausea")
    assert "NA: unexpected" in client_of(zhao).get(address).content.decode()
    content = client_of(zhao).get(address, {"format": "csv"}).getvalue().decode("utf-8-sig")
    assert "NA: unexpected" in content


def test_a_longer_listing_takes_no_more_statements(event, listed, zhao, django_assert_num_queries):
    listed("Fever")
    event()
    (serious,) = serious_events(zhao)
    with CaptureQueriesContext(connection) as one:
        assert len(list(lines_of([serious]))) == 1
    with django_assert_num_queries(len(one)):
        assert len(list(lines_of([serious] * 3))) == 3
