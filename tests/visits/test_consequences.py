"""What follows from a page follows once, in any order, and not from a page that was entered in error."""

from prtras.crf.registry import form_of
from prtras.crf.schedule import SCHEDULE
from prtras.entry.parsing import read
from prtras.entry.saving import save_page
from prtras.entry.voiding import void_page
from prtras.review import querying
from prtras.review.models import Query
from tests import casebook
from tests.conftest import page_of
from tests.visits.test_amending import halfway, version_2  # noqa: F401 - fixtures
from visits.amending import amend
from visits.planning import add_log_page, add_unscheduled


def test_two_visits_outside_their_windows_draft_two_deviations(enrolled, fill):
    fill(enrolled, "visit", "W12", visit_date="2025-09-05")
    fill(enrolled, "visit", "W24", visit_date="2025-12-05")
    drafted = enrolled.pages.filter(form="dv").order_by("repeat")
    assert [page.reason_code for page in drafted] == ["window W12", "window W24"]
    assert [draft.typed["dv_visit"] for page in drafted for draft in page.drafts.all()] == [["W12"], ["W24"]]


def test_a_corrected_day_0_that_puts_several_visits_out_of_their_windows_can_be_saved(enrolled, fill):
    fill(enrolled, "visit", "W12", visit_date="2025-08-25")
    fill(enrolled, "visit", "W24", visit_date="2025-11-17")
    fill(enrolled, "alloc", alloc_date="2025-06-20", reason__all="ENTRY")
    assert {page.visitrecord.window_status for page in enrolled.pages.filter(form="visit", state="submitted")} == {
        "EARLY"
    }


def test_what_an_amendment_left_alone_stays_when_another_page_is_corrected(halfway, version_2, system, fill):  # noqa: F811
    amend("2", "Amendment 1", user=system)
    before = {visit.code: (visit.schedule, visit.state) for visit in halfway.visits.all()}
    fill(halfway, "consent", icf_date=str(halfway.consented), inv_sign_date=str(halfway.consented),
         biobank_consent="N", reason__all="ENTRY")  # fmt: skip
    assert {visit.code: (visit.schedule, visit.state) for visit in halfway.visits.all()} == before


def test_a_new_visit_in_the_past_is_not_asked_for_after_an_amendment(halfway, system, fill):  # noqa: F811
    first = SCHEDULE.newest
    early = first.visits["W12"].__class__("W18", first.visits["W12"].title, 30, 126, 119, 133, required=("visit",))
    SCHEDULE.add(first.amended("2", first.note, early, without=("W72",)))
    try:
        amend("2", "Amendment 1", user=system)
        fill(halfway, "consent", icf_date=str(halfway.consented), inv_sign_date=str(halfway.consented),
             biobank_consent="N", reason__all="ENTRY")  # fmt: skip
        codes = dict(halfway.visits.values_list("code", "state"))
    finally:
        SCHEDULE.drop("2")
    assert "W18" not in codes
    assert codes["W72"] == "planned"


def test_a_query_that_was_opened_again_is_the_one_that_counts(enrolled, fill, wang):
    late = {"inv_sign_date": "2025-05-25", "reason__all": "ENTRY"}
    (first,) = fill(enrolled, "consent", **late).opened
    querying.close(first.id, "Accepted.", user=wang)
    (second,) = fill(enrolled, "consent", **late | {"inv_sign_date": "2025-05-26"}).opened
    fill(enrolled, "consent", reason__all="ENTRY")
    querying.reopen(first.id, "Once more.", user=wang)
    assert fill(enrolled, "consent", **late).opened == ()
    assert [q.id for q in fill(enrolled, "consent", reason__all="ENTRY").closed] == [first.id]
    assert Query.objects.get(pk=second.pk).state == "closed"


def test_an_unscheduled_visit_whose_record_was_in_error_is_not_done(enrolled, fill, lin):
    visit = add_unscheduled(enrolled, user=lin)
    page = visit.pages.get(form="visit")
    entered = casebook.typed("visit", uns_reason="Fever", visit_date="2025-09-20")
    save_page(page.id, read(form_of("visit"), entered).content, user=lin, seen_version=0)
    for each in visit.pages.all():
        void_page(each.id, "Wrong participant", user=lin)
    visit.refresh_from_db()
    assert visit.state == "dropped"


def test_an_event_that_was_not_fatal_after_all_asks_for_no_death_form(enrolled, fill, lin):
    add_log_page(enrolled, "ae", user=lin)
    fatal = fill(enrolled, "ae", ae_grade="5", ae_out="FATAL", ae_ser="Y", ae_sdth="Y", ae_slife="N", ae_shosp="N",
                 ae_sdisab="N", ae_scong="N", ae_smie="N", ae_aware="2025-06-12", ae_report="2025-06-13", ae_narr="x",
                 ae_susar="N").page  # fmt: skip
    death = page_of(enrolled, "death")
    void_page(death.id, "Alive", user=lin)
    void_page(fatal.id, "Another participant", user=lin)
    death.refresh_from_db()
    assert death.state == "void"


def test_a_death_form_that_was_in_error_is_asked_for_again_by_another_event(enrolled, fill, lin):
    void_page(add_log_page(enrolled, "death", user=lin).id, "Alive", user=lin)
    add_log_page(enrolled, "ae", user=lin)
    fill(enrolled, "ae", ae_grade="5", ae_out="FATAL", ae_ser="Y", ae_sdth="Y", ae_slife="N", ae_shosp="N",
         ae_sdisab="N", ae_scong="N", ae_smie="N", ae_aware="2025-06-12", ae_report="2025-06-13", ae_narr="x",
         ae_susar="N")  # fmt: skip
    death = page_of(enrolled, "death")
    assert (death.state, death.required, death.reason_code) == ("expected", True, "fatal 1")


def test_nobody_is_asked_about_a_visit_that_is_not_expected_any_more(enrolled, fill, wang):
    query = querying.raise_query(page_of(enrolled, "vs", "W24"), "vs_date", "When?", user=wang)
    fill(enrolled, "consent", withdraw_date="2025-09-30", reason__all="NEW")
    assert Query.objects.get(pk=query.pk).state == "cancelled"


def test_an_unscheduled_visit_has_its_place_by_its_day(enrolled, fill, lin, client_of):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "visit", "W24", visit_date="2025-11-17")
    visit = add_unscheduled(enrolled, user=lin)
    page = visit.pages.get(form="visit")
    sent = casebook.typed("visit", uns_reason="Fever", visit_date="2025-10-01") | {"version": ["0"]}
    assert client_of(lin).post(f"/pages/{page.id}/", sent).status_code == 302
    html = client_of(lin).get(f"/pages/{page.id}/").content.decode()
    assert "W12: 2025-08-25" in html
    assert "W24: " not in html
