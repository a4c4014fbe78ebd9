"""A page that should not be there is marked as entered in error: it stays, counts no longer, and can come back."""

from datetime import date

import pytest

from prtras.audit.models import AuditEvent
from prtras.crf.content import stored_page
from prtras.crf.models import CrfPage
from prtras.entry.saving import PageVoided, save_page
from prtras.entry.voiding import NoReason, NotNow, restore_page, void_page
from prtras.review.models import Query
from prtras.review.states import LIVE
from tests import casebook
from tests.conftest import page_of
from visits.planning import add_log_page, add_unscheduled


@pytest.fixture
def event(enrolled, fill, lin) -> CrfPage:
    add_log_page(enrolled, "ae", user=lin)
    return fill(enrolled, "ae").page


def test_it_works(event, enrolled, lin, client_of):
    void_page(event.id, "Belongs to another participant", user=lin)
    event.refresh_from_db()
    assert event.state == "void"
    assert event.adverseevent.ae_term == "Fever"
    html = client_of(lin).get(f"/participants/{enrolled.number}/").content.decode()
    assert "Fever" not in html
    assert "entered in error" in html


def test_the_trail_has_the_reason(event, lin):
    void_page(event.id, "Twice", user=lin)
    expected = AuditEvent.objects.filter(table="crf_crfpage", page=event.id).latest("id")
    assert (expected.new["state"], expected.reason, expected.actor_name) == ("void", "Twice", "lin")


def test_its_queries_are_closed(enrolled, fill, lin):
    add_log_page(enrolled, "ae", user=lin)
    saved = fill(enrolled, "ae", ae_grade="4")
    assert saved.opened
    void_page(saved.page.id, "Twice", user=lin)
    assert not Query.objects.filter(page=saved.page).filter(state__in=LIVE).exists()


def test_what_is_computed_from_it_is_computed_again(enrolled, fill, lin):
    recur = {"rec_adj": "CONFIRMED", "rec_adj_date": "2025-09-01"}
    fill(enrolled, "visit", "W12")
    fill(enrolled, "mri", "W12", mri_nobs="1", mri_overall="RECUR", **casebook.observation())
    first = fill(enrolled, "recur", rec_date="2025-08-25", **recur).page
    second = add_log_page(enrolled, "recur", user=lin)
    later = stored_page(first).content()
    later.values |= {"rec_date": date(2025, 9, 20), "rec_adj_date": date(2025, 9, 25)}
    save_page(second.id, later, user=lin, seen_version=0)
    second.refresh_from_db()
    void_page(first.id, "Benign after all", user=lin)
    second.refresh_from_db()
    assert second.recurrence.rec_first == "Y"


def test_a_death_entered_in_error_gives_the_participant_back_his_state_and_visits(enrolled, fill, lin):
    add_log_page(enrolled, "death", user=lin)
    page = page_of(enrolled, "death")
    fill(enrolled, "death", dth_ae_no=None, missing__dth_ae_no="OTHER")
    enrolled.refresh_from_db()
    assert enrolled.state == "died"
    void_page(page.id, "Namesake", user=lin)
    enrolled.refresh_from_db()
    assert enrolled.state == "on_study"
    assert enrolled.visits.get(code="W48").state == "planned"
    restore_page(page.id, "It was him", user=lin)
    enrolled.refresh_from_db()
    assert (enrolled.state, enrolled.visits.get(code="W48").state) == ("died", "dropped")


def test_an_unscheduled_visit_opened_by_mistake_goes_with_its_last_page(enrolled, lin):
    visit = add_unscheduled(enrolled, user=lin)
    for page in visit.pages.all():
        void_page(page.id, "Wrong participant", user=lin)
    visit.refresh_from_db()
    assert visit.state == "dropped"


@pytest.mark.parametrize("reason", ["", "   "])
def test_it_needs_a_reason(event, lin, reason):
    for act in (void_page, restore_page):
        with pytest.raises(NoReason):
            act(event.id, reason, user=lin)


def test_a_page_of_a_planned_visit_cannot_be_voided_and_none_twice(event, enrolled, lin):
    with pytest.raises(NotNow):
        void_page(page_of(enrolled, "vs", "W12").id, "No", user=lin)
    with pytest.raises(NotNow):
        restore_page(event.id, "No", user=lin)
    void_page(event.id, "Twice", user=lin)
    with pytest.raises(NotNow):
        void_page(event.id, "Twice", user=lin)


def test_nothing_is_written_on_it_any_more(event, lin, client_of):
    void_page(event.id, "Twice", user=lin)
    with pytest.raises(PageVoided):
        save_page(event.id, stored_page(event).content(), user=lin, seen_version=event.version)
    client = client_of(lin)
    assert client.post(f"/pages/{event.id}/", {"version": "1"}).status_code == 403
    html = client.get(f"/pages/{event.id}/").content.decode()
    assert "Restore" in html
    assert "data-draft" not in html


@pytest.mark.parametrize(("name", "status"), [("lin", 302), ("zhao", 302), ("wang", 403), ("chen", 403), ("eve", 404)])
def test_only_who_enters_data_may(request, client_of, event, name, status):
    client = client_of(request.getfixturevalue(name))
    assert client.post(f"/pages/{event.id}/void/", {"reason": "Twice"}).status_code == status
    event.refresh_from_db()
    assert (event.state == "void") == (status == 302)
