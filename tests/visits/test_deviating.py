"""Deviations that rules draft: what happened is known, a person completes and classifies; listed and exported."""

import pytest
from django.urls import reverse

from prtras.entry.models import Draft
from prtras.entry.voiding import void_page
from tests.conftest import page_of
from visits.deviating import HIGHEST
from visits.models import Deviation
from visits.planning import add_log_page

LIST = reverse("visits:deviations")


def drafted(person):
    """What waits to be completed: why, and what is typed in."""
    pages = person.pages.filter(form="dv", state="expected", required=True).order_by("repeat")
    return {page.reason_code: Draft.objects.get(page=page).typed for page in pages}


def test_a_missed_visit(enrolled, fill):
    fill(enrolled, "visit", "W12", visit_status="MISSED", visit_date="", visit_mode="", miss_reason="FORGOT")
    (typed,) = drafted(enrolled).values()
    assert (typed["dv_cat"], typed["dv_visit"]) == (["VISITMISS"], ["W12"])
    assert "W12" in typed["dv_desc"][0]


def test_an_mri_that_was_not_done(enrolled, fill):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "mri", "W12", mri_done="N", mri_nd_reason="REFUSED", mri_date="", mri_mod="", mri_contrast="",
         mri_quality="", mri_nobs="", mri_overall="", mri_reader="", mri_read_date="", mri_blinded="")  # fmt: skip
    typed = drafted(enrolled)["nomri W12"]
    assert (typed["dv_cat"], typed["dv_sev"]) == (["MRIMISS"], ["MAJOR"])


def test_an_mri_outside_the_window_of_a_visit_inside_it(enrolled, fill):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "mri", "W12", mri_date="2025-09-05", mri_read_date="2025-09-06")
    assert set(drafted(enrolled)) == {"nomri W12"}
    assert "11" in drafted(enrolled)["nomri W12"]["dv_desc"][0]


def test_a_visit_and_its_mri_outside_the_window_are_one_deviation(enrolled, fill):
    fill(enrolled, "visit", "W12", visit_date="2025-09-05")
    fill(enrolled, "mri", "W12", mri_date="2025-09-05", mri_read_date="2025-09-06")
    assert set(drafted(enrolled)) == {"window W12"}


@pytest.mark.parametrize(
    ("neutrophils", "dose", "wrong"),
    [("3.1", "180", False), ("0.7", "135", False), ("0.7", "180", True), ("<0.75", "180", True)],
)
def test_a_dose_above_what_the_results_advise(enrolled, fill, neutrophils, dose, wrong):
    fill(enrolled, "lbhem", "W0", hem_date="2025-06-02", row__neut__orres=neutrophils)
    status = (
        {"pg_status": "GIVEN"}
        if dose == "180"
        else {"pg_status": "REDUCED", "pg_reason": "NEUT", "missing__pg_ae_no": "OTHER"}
    )
    fill(enrolled, "pegifn", pg_dose=dose, **status)
    actual = drafted(enrolled)
    assert ("dose 1" in actual) is wrong
    assert not wrong or actual["dose 1"]["dv_cat"] == ["DOSING"]


def test_every_advice_that_lowers_the_dose_has_its_limit():
    assert HIGHEST == {"REDUCE_135": 135, "REDUCE_90": 90, "HOLD": 0, "STOP": 0}


def test_consent_without_a_copy_and_signed_on_a_later_day(participant, fill):
    fill(participant, "consent", copy_given="N", inv_sign_date="2025-05-25")
    actual = drafted(participant)
    assert set(actual) == {"consent copy", "consent date"}
    assert {typed["dv_cat"][0] for typed in actual.values()} == {"CONSENT"}


SERIOUS = {
    "ae_grade": "3", "ae_ser": "Y", "ae_sdth": "N", "ae_slife": "Y", "ae_shosp": "N", "ae_sdisab": "N", "ae_scong": "N",
    "ae_smie": "N", "ae_aware": "2025-06-12", "ae_report": "2025-06-15", "ae_narr": "x", "ae_susar": "N",
}  # fmt: skip


def test_a_serious_event_reported_late(enrolled, fill, lin):
    add_log_page(enrolled, "ae", user=lin)
    fill(enrolled, "ae", **SERIOUS)
    assert drafted(enrolled)["saelate 1"]["dv_cat"] == ["SAEREPORT"]


def test_what_is_as_it_should_be_drafts_nothing(enrolled, fill):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "mri", "W12")
    assert drafted(enrolled) == {}


def test_it_is_drafted_once_and_not_again_when_someone_took_it_out(participant, fill, lin):
    fill(participant, "consent", copy_given="N")
    fill(participant, "consent", copy_given="N", biobank_consent="N", reason__all="ENTRY")
    assert set(drafted(participant)) == {"consent copy"}
    void_page(page_of(participant, "dv").pk, "A typing error.", user=lin)
    fill(participant, "consent", copy_given="N", biobank_consent="Y", reason__all="ENTRY")
    assert drafted(participant) == {}


def test_a_person_completes_it_and_it_is_listed(enrolled, fill, client_of, lin):
    fill(enrolled, "visit", "W12", visit_date="2025-09-05")
    browser = client_of(lin)
    assert "to be completed" in browser.get(LIST).content.decode()
    fill(
        enrolled, "dv", dv_cat="VISITWIN", dv_sev="MINOR", dv_visit="W12", dv_start="2025-09-05", dv_found="2025-09-05"
    )
    assert Deviation.objects.get().dv_cat == "VISITWIN"
    shown = browser.get(LIST, {"category": "VISITWIN", "state": "submitted"}).content.decode()
    assert "Tube thawed in transport." in shown
    assert "No deviations." in browser.get(LIST, {"category": "MRIMISS"}).content.decode()
    assert browser.get(LIST, {"category": "x'", "state": "%00"}).status_code == 200


def test_another_sites_deviations_are_not_listed(enrolled, fill, client_of, eve):
    fill(enrolled, "visit", "W12", visit_date="2025-09-05")
    assert enrolled.number not in client_of(eve).get(LIST).content.decode()
