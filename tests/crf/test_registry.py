"""The registry: which rows a form can have, and conditions that do not say which record they read."""

from dataclasses import replace

import pytest

from prtras.crf.checks import soft
from prtras.crf.conditions import any_record, count, given, here, largest, lookup, previous, the
from prtras.crf.registry import checks_of, form_of, refuse_unclear, register_checks
from prtras.crf.schedule import SCHEDULE, Schedules


@pytest.mark.parametrize(("key", "possible"), [("1", True), ("999", True), ("1000", False), ("0", False)])
def test_numbered_rows_go_from_1_to_999(key, possible):
    assert form_of("mri").rows.may_have(key) is possible


UNCLEAR = [
    ("vs", the("ae.ae_grade") == "3"),
    ("vs", (the("vs.sbp") > 140) & given(the("cm.cm_end"))),
    ("vs", the("ae.ae_grade", at="SCR") == "3"),
    ("vs", count("ae", here("cm.cm_name") == "aspirin") == 0),
    ("vs", any_record("ae", the("cm.cm_name") == "aspirin")),
    ("vs", largest("ae", the("ae.ae_no"), the("ae.ae_start") < the("na.na_start")) > 1),
    ("vs", lookup("visit", "visit", the("ae.ae_lab_visit"), "visit_date") > the("vs.vs_date")),
    ("vs", previous("ae.ae_grade") == "3"),
    ("ae", previous("ae.ae_grade") == "3"),
    ("ae", the("ae.ae_grade", at="SCR") == "3"),
    ("mriobs", the("mriobs.size_mm", at="SCR") > 20),
    ("ae", the("vs.sbp") > 140),
    ("alloc", the("mri.mri_overall") == "RECUR"),
    ("hcc", the("hccles.les_mm") > 20),
    ("vs", the("mriobs.size_mm") > 20),
    ("", the("vs.sbp") > 140),
    ("", the("na.na_drug") == "ETV"),
]
CLEAR = [
    ("ae", the("ae.ae_grade") == "3"),
    ("vs", the("pe.depress") == "SEVERE"),
    ("vs", the("dm.sex") == "F"),
    ("alloc", the("mri.mri_overall", at="SCR") == "RECUR"),
    ("ae", lookup("lbhem", "visit", the("ae.ae_lab_visit"), "wbc_toxgr") == "3"),
    ("vs", count("ae", the("ae.ae_no") == here("vs.sbp")) == 0),
    ("vs", previous("vs.weight") > the("vs.weight")),
    ("mri", the("mri.mri_date", at="SCR") < the("mri.mri_date")),
    ("hccles", the("hccles.les_mm") > the("hcc.largest_mm")),
    ("", the("alloc.arm") == "A2"),
    ("vs", the("a_form_that_comes_later.item") == 1),
]


@pytest.mark.parametrize(("form", "condition"), UNCLEAR)
def test_a_condition_that_does_not_say_which_of_several_records_it_reads_is_refused(form, condition):
    with pytest.raises(ValueError, match="may stand in several records"):
        refuse_unclear(form, condition)


@pytest.mark.parametrize(("form", "condition"), CLEAR)
def test_a_condition_that_says_which_record_it_reads_is_taken(form, condition):
    refuse_unclear(form, condition)


def test_a_check_with_an_unclear_condition_is_not_registered():
    unclear = soft("NEW-001", "vs.sbp", the("ae.ae_grade") == "3", "新核查。", "A new check.")
    with pytest.raises(ValueError, match=r"ae\.ae_grade"):
        register_checks(unclear)
    assert unclear not in checks_of("vs")


def test_a_schedule_with_an_unclear_condition_is_not_taken():
    visit = replace(SCHEDULE.visits["W12"], conditional=(("lbthy", the("pegifn.pg_status") == "GIVEN"),))
    with pytest.raises(ValueError, match=r"pegifn\.pg_status"):
        Schedules().add(SCHEDULE.newest.amended("unclear", SCHEDULE.newest.note, visit))
