"""Visits are planned from Day 0; further pages come to be expected because something happened."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from enrollment import protocol
from prtras.crf.models import CrfPage, Visit
from prtras.entry.nightly_checks import run_checks
from prtras.review.states import LIVE
from tests import casebook
from tests.conftest import page_of
from visits.planning import add_log_page


def test_it_works(enrolled):
    visits = {visit.code: visit for visit in enrolled.visits.all()}
    assert (enrolled.state, enrolled.arm, enrolled.anchor) == ("on_study", "A2", date(2025, 6, 2))
    assert [code for code in visits if code.startswith("W")] == ["W0", *(f"W{week}" for week in range(12, 157, 12))]
    assert len([code for code in visits if code.startswith("S") and code != "SCR"]) == 10
    w12 = visits["W12"]
    assert (w12.opens, w12.target, w12.closes) == (date(2025, 8, 18), date(2025, 8, 25), date(2025, 9, 1))
    assert visits["W156"].target == date(2028, 5, 29)
    assert {page.form for page in w12.pages.all()} == {
        "visit", "logs", "adh", "vs", "pe", "mri", "lbhem", "lbchem", "lbcoag", "liverfn", "lbviro", "lbtm", "lbpbmc",
        "lbthy",
    }  # fmt: skip
    assert page_of(enrolled, "pegifn").required


def test_pages_under_a_condition_come_and_go_with_it(enrolled, fill):
    def tested() -> set[str]:
        actual = enrolled.pages.filter(form="pregtest", state="expected")
        return set(actual.values_list("visit__code", flat=True))

    assert tested() == set()
    woman = {"sex": "F", "childbear": "WOCBP", "contracep": ["IUD"], "lactating": "N", "reason__all": "SOURCE"}
    fill(enrolled, "dm", **woman)
    assert tested() == {"SCR", "W0", "W12", "W24", "W36", "W48"}
    fill(enrolled, "dm", **woman | {"childbear": "SURGICAL", "contracep": None, "lactating": None})
    assert tested() == set()
    fill(enrolled, "dm", **woman)
    assert len(tested()) == 6


def test_the_arm_without_interferon_is_not_tested_for_its_harms(enrolled, fill):
    fill(enrolled, "alloc", arm="A1", reason__all="SOURCE")
    waiting = enrolled.pages.filter(form="lbthy", state="expected").values_list("visit__code", flat=True)
    assert list(waiting) == ["SCR"]


def test_the_other_arm_has_no_safety_visits(participant, fill):
    for form in ("consent", "dm", "hcc", "radtx"):
        fill(participant, form)
    fill(participant, "mri", "SCR", mri_date="2025-05-26")
    fill(participant, "lbviro", "SCR")
    fill(participant, "ie")
    fill(participant, "na")
    fill(participant, "alloc", arm="A1")
    assert not participant.visits.filter(code__in=["S2", "S52"]).exists()


def test_a_corrected_day_0_moves_every_window_also_of_visits_that_took_place(enrolled, fill):
    fill(enrolled, "visit", "W12", visit_date="2025-09-02")
    assert page_of(enrolled, "visit", "W12").visitrecord.window_status == "LATE"
    fill(enrolled, "alloc", alloc_date="2025-06-04", reason__all="ENTRY")
    visits = {visit.code: visit for visit in Visit.objects.filter(participant=enrolled)}
    assert (visits["W12"].target, visits["W24"].target) == (date(2025, 8, 27), date(2025, 11, 19))
    assert page_of(enrolled, "visit", "W12").visitrecord.window_status == "IN"


@pytest.mark.parametrize(
    ("rule", "day_0"), [("ALLOC", "2025-06-02"), ("FIRST_DOSE", "2025-06-05"), ("RADICAL_TX", "2025-04-20")]
)
def test_day_0_follows_the_anchor_rule_of_the_protocol(enrolled, fill, monkeypatch, rule, day_0):
    monkeypatch.setattr(protocol, "ANCHOR_RULE", replace(protocol.ANCHOR_RULE, original=rule))
    fill(enrolled, "radtx")
    fill(enrolled, "pegifn", pg_date="2025-06-05")
    fill(enrolled, "alloc", alloc_by="Zhao Wei", reason__all="ENTRY")
    enrolled.refresh_from_db()
    assert str(enrolled.anchor) == day_0
    assert enrolled.visits.get(code="W12").target == enrolled.anchor + timedelta(days=84)


def test_the_first_injection_moves_day_0_when_the_rule_says_so(enrolled, fill, monkeypatch):
    monkeypatch.setattr(protocol, "ANCHOR_RULE", replace(protocol.ANCHOR_RULE, original="FIRST_DOSE"))
    fill(enrolled, "visit", "W12")
    fill(enrolled, "pegifn", pg_date="2025-06-05")
    enrolled.refresh_from_db()
    assert enrolled.anchor == date(2025, 6, 5)
    assert page_of(enrolled, "visit", "W12").visitrecord.target_date == date(2025, 8, 28)


def test_a_switch_to_interferon_plans_the_safety_visits_from_that_day_on(enrolled, fill):
    fill(enrolled, "alloc", arm="A1", reason__all="SOURCE")
    assert planned(enrolled) & {"S2", "S4", "S28", "S52"} == set()
    fill(enrolled, "alloc", arm="A1", arm_switch="Y", arm_switch_date="2025-12-01", reason__all="SOURCE")
    assert planned(enrolled) & {"S2", "S4", "S16", "S28", "S52"} == {"S28", "S52"}
    assert page_of(enrolled, "pegifn").required


def test_a_switch_away_from_interferon_drops_the_safety_visits_after_it_and_back(enrolled, fill):
    fill(enrolled, "visit", "S2", visit_date="2025-06-16")
    switch = {"arm_switch": "Y", "arm_switch_date": "2025-09-01"}
    fill(enrolled, "alloc", reason__all="SOURCE", **switch)
    assert planned(enrolled) & {"S4", "S8", "S16", "S52"} == {"S4", "S8"}
    assert enrolled.visits.get(code="S2").state == "done"
    assert not enrolled.pages.filter(visit__code="S52", state="expected").exists()
    fill(enrolled, "alloc", reason__all="ENTRY")
    assert planned(enrolled) >= {"S16", "S52"}
    assert enrolled.pages.filter(visit__code="S52", state="expected").exists()


def planned(participant) -> set[str]:
    return set(participant.visits.filter(state="planned").values_list("code", flat=True))


def test_a_visit_record_makes_the_visit_done_or_missed(enrolled, fill):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "visit", "W24", visit_status="MISSED", visit_date=None, visit_mode=None, miss_reason="REFUSED")
    states = dict(enrolled.visits.filter(code__in=["W12", "W24"]).values_list("code", "state"))
    assert states == {"W12": "done", "W24": "missed"}


def test_an_out_of_window_visit_is_saved_and_flagged_and_asked_about(enrolled, fill):
    saved = fill(enrolled, "visit", "W12", visit_date="2025-09-05")
    stored = page_of(enrolled, "visit", "W12").visitrecord
    assert (stored.window_status, stored.window_dev) == ("LATE", 11)
    assert "VIS-001" in {query.check_id for query in saved.opened}


def test_a_recurrence_on_mri_asks_for_its_confirmation_and_says_so(enrolled, fill, lin, client_of):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "mri", "W12", mri_nobs="1", mri_overall="RECUR", **casebook.observation())
    page = page_of(enrolled, "recur")
    assert (page.state, page.required) == ("expected", True)
    client = client_of(lin)
    assert "because MRI at W12 reports recurrence." in client.get(f"/pages/{page.id}/").content.decode()
    assert "MRI at W12 reports recurrence" in client.get(f"/participants/{enrolled.number}/").content.decode()


def test_a_confirmed_recurrence_asks_for_further_therapy_and_ends_imaging_for_the_endpoint(enrolled, fill):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "mri", "W12", mri_nobs="1", mri_overall="RECUR", **casebook.observation())

    def scans() -> set[str]:
        waiting = enrolled.pages.filter(form="mri", state="expected", required=True)
        return set(waiting.values_list("visit__code", flat=True))

    before = scans()
    fill(enrolled, "recur", rec_adj="PENDING", rec_adj_date=None)
    assert scans() == before
    assert not enrolled.pages.filter(form="subtx").exists()
    fill(enrolled, "recur", reason__all="NEW")
    assert scans() == set()
    assert page_of(enrolled, "subtx").reason_code == "confirmed 1"
    fill(enrolled, "recur", rec_adj="PENDING", rec_adj_date=None, reason__all="ENTRY")
    assert scans() == before


def test_a_fatal_event_asks_for_the_death_form(enrolled, fill, lin, system):
    add_log_page(enrolled, "ae", user=lin)
    fill(enrolled, "ae", ae_grade="5", ae_out="FATAL", ae_ser="Y", ae_sdth="Y", ae_slife="N", ae_shosp="N",
                 ae_sdisab="N", ae_scong="N", ae_smie="N", ae_aware="2025-06-12", ae_report="2025-06-13",
                 ae_narr="x", ae_susar="N")  # fmt: skip
    assert page_of(enrolled, "death").required
    run_checks(user=system)
    assert "DTH-007" in open_checks(page_of(enrolled, "ae"))


def open_checks(page: CrfPage) -> set[str]:
    return set(page.queries.filter(state__in=LIVE).values_list("check_id", flat=True))


def test_what_another_page_owes_is_asked_at_night_and_settled_when_that_page_comes(enrolled, fill, system):
    assert fill(enrolled, "visit", "W12").opened == ()
    run_checks(user=system)
    request = {"VIS-007", "VIS-008", "VIS-009", "PBM-003", "THY-001", "TIS-005"}
    assert open_checks(page_of(enrolled, "visit", "W12")) == request
    fill(enrolled, "mri", "W12")
    fill(enrolled, "lbviro", "W12", viro_date="2025-08-25")
    assert open_checks(page_of(enrolled, "visit", "W12")) == request - {"VIS-007", "VIS-008"}


def test_a_visit_outside_its_window_drafts_a_deviation_once(enrolled, fill, lin, client_of):
    fill(enrolled, "visit", "W12", visit_date="2025-09-05")
    page = page_of(enrolled, "dv")
    html = client_of(lin).get(f"/pages/{page.id}/").content.decode()
    assert "took place outside its window (11 days" in html
    assert (page.state, page.required) == ("expected", True)
    fill(enrolled, "visit", "W12", visit_date="2025-09-06", reason__all="ENTRY")
    assert enrolled.pages.filter(form="dv").count() == 1
    fill(enrolled, "dv", dv_cat="VISITWIN", dv_visit="W12", dv_start="2025-09-06", dv_found="2025-09-08")
    fill(enrolled, "visit", "W12", visit_date="2025-09-07", reason__all="ENTRY")
    assert enrolled.pages.filter(form="dv").count() == 1


def test_a_visit_inside_its_window_drafts_none(enrolled, fill):
    fill(enrolled, "visit", "W12")
    assert not enrolled.pages.filter(form="dv").exists()


@pytest.mark.parametrize(
    ("on", "status", "expected"),
    [
        ("2025-06-23", "WITHDRAWAL BY SUBJECT", False),
        ("2025-06-24", "WITHDRAWAL BY SUBJECT", True),
        ("2025-06-24", "COMPLETED", False),
        ("2025-06-24", "LOST TO FOLLOW-UP", False),
    ],
)
def test_who_leaves_early_gets_a_last_mri_if_the_one_before_is_older_than_four_weeks(
    enrolled, fill, on, status, expected
):
    fill(enrolled, "eos", eos_date=on, eos_status=status, last_alive=on, eos_sign_date=on)
    assert enrolled.pages.filter(form="mri", visit__code="EOS", state="expected").exists() is expected


def test_a_last_mri_that_cannot_be_evaluated_does_not_count(enrolled, fill):
    reason = {"mri_date": "2025-05-26", "reason__all": "SOURCE"}
    fill(enrolled, "mri", "SCR", **reason, mri_quality="NONDIAG", mri_overall="NE")
    fill(enrolled, "eos", eos_date="2025-06-20", last_alive="2025-06-20", eos_sign_date="2025-06-20")
    assert enrolled.pages.filter(form="mri", visit__code="EOS", state="expected").exists()
