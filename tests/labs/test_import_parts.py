"""Before anything is written people see what would become of every cell; they take all of it, or its good lines."""

from collections.abc import Callable
from typing import Any

import pytest

from labs import cell_list, importing
from labs.explanations import explain
from labs.files.refusals import FileRefused
from labs.models import LabImport, LabResult
from labs.range_importing import load_ranges, read_ranges
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.files import storing
from prtras.review.models import Query
from tests.conftest import page_of

HEAD = "pid,date,ALT,TBIL\n"
MAPPING: dict[str, Any] = {"participant": "pid", "date": "date",
                           "results": {"ALT": ["alt", "U/L"], "TBIL": ["tbil", "umol/L"]}}  # fmt: skip
GOOD, BAD = "01-001,2025-08-25,35,9.8\n", "01-001,2025-11-17,many,9.9\n"


@pytest.fixture
def attempt(site: Any, lin: Any) -> Callable[..., LabImport]:
    def run(text: str, mapping: dict[str, Any] = MAPPING, *, dry_run: bool = False, **chosen: Any) -> LabImport:
        request = importing.request_import(site, text.encode(), "f.csv", mapping, user=lin, dry_run=dry_run, **chosen)
        done = importing.run(request.id)
        assert done is not None
        return done

    return run


def cells(done: LabImport) -> list[tuple[int, str, str, str]]:
    assert done.listing
    return [(c.line, c.lab_test, c.visit, c.status) for c in cell_list.read(storing.content(done.listing))]


def alt(person: Participant, visit: str = "W12") -> LabResult:
    return page_of(person, "lbchem", visit).labresult_rows.get(analyte="alt")


def test_a_dry_run_says_of_every_cell_where_it_goes_and_writes_nothing(attempt, enrolled):
    done = attempt(HEAD + GOOD + BAD, dry_run=True)
    assert sorted(cells(done)) == [
        (2, "alt", "W12", "new"), (2, "tbil", "W12", "new"), (3, "alt", "W24", "refused"), (3, "tbil", "W24", "new"),
    ]  # fmt: skip
    assert not LabResult.objects.exists()
    assert not CrfPage.objects.filter(form="lbchem", state="submitted").exists()


def test_it_says_what_would_be_flagged_and_asked(attempt, enrolled):
    done = attempt(HEAD + "01-001,2025-08-25,410,9.8\n", dry_run=True)
    (first, second) = cell_list.read(storing.content(done.listing))
    assert (first.flag, first.grade, second.flag) == ("HIGH", "3", "NORMAL")
    assert "usual range" in first.remark.en
    assert done.report["queries"] > 0
    assert not Query.objects.filter(page__form="lbchem").exists()


def test_a_mark_of_the_printout_that_the_range_contradicts_is_said(attempt, enrolled):
    done = attempt(HEAD + "01-001,2025-08-25,35↑,9.8\n", dry_run=True)
    (first, _) = cell_list.read(storing.content(done.listing))
    assert first.remark.en == "The report marks it high; by the reference range it is normal. Check unit and range."


def test_one_bad_line_keeps_everything_out_unless_the_good_ones_are_asked_for(attempt, enrolled):
    assert not attempt(HEAD + GOOD + BAD).applied
    assert not LabResult.objects.exists()
    done = attempt(HEAD + GOOD + BAD, part="good")
    assert (done.applied, done.complete) == (True, False)
    assert [row.orres for row in LabResult.objects.order_by("analyte")] == ["35", "9.8"]
    assert not page_of(enrolled, "lbchem", "W24").version  # nothing of the bad line: its bilirubin was good


def test_the_lines_that_were_left_have_their_reasons(attempt, enrolled):
    done = attempt(HEAD + GOOD + BAD, part="good")
    left = cell_list.refused_lines(storing.content(done.listing))
    assert list(left) == [3]
    assert "“many” is not a result" in left[3].en


def test_the_rest_of_a_file_can_be_imported_later_and_nothing_comes_twice(attempt, enrolled):
    attempt(HEAD + GOOD + BAD, part="good")
    events = AuditEvent.objects.filter(table="labs_labresult").count()
    done = attempt(HEAD + GOOD + BAD.replace("many", "36"))
    assert (done.applied, done.complete) == (True, True)
    assert done.report["cells"] == {"same": 2, "new": 2}
    assert AuditEvent.objects.filter(table="labs_labresult").count() == events + 2
    with pytest.raises(FileRefused, match="was imported"):
        attempt(HEAD + GOOD + BAD.replace("many", "36"))


def test_lines_that_are_bad_only_without_each_other_are_left_out_too(attempt, enrolled):
    """A hard check on two lines of one page: both go, the rest stays."""
    mapping = {"participant": "pid", "date": "date", "item": "item", "result": "result"}
    text = ("pid,date,item,result\n01-001,2025-08-25,WBC,3.0\n01-001,2025-08-25,NEUT,5.0\n"
            "01-001,2025-08-25,ALT,35\n")  # fmt: skip
    done = attempt(text, mapping, part="good")
    assert done.applied
    assert set(LabResult.objects.values_list("analyte", flat=True)) == {"alt", "wbc"}


def test_another_value_is_a_correction_that_needs_a_reason(attempt, enrolled):
    attempt(HEAD + GOOD)
    changed = HEAD + GOOD.replace("35", "53")
    refused = attempt(changed)
    assert (refused.applied, refused.report["cells"]) == (False, {"refused": 1, "same": 1})
    done = attempt(changed, correction="laboratory sent a corrected report")
    assert done.applied
    assert alt(enrolled).orres == "53"
    event = AuditEvent.objects.filter(table="labs_labresult", operation="UPDATE").latest("id")
    assert (event.old["orres"], event.new["orres"], event.reason) == ("35", "53", "laboratory sent a corrected report")


def test_a_spoilt_sample_is_recorded_as_not_done_and_not_over_a_result(attempt, enrolled):
    attempt(HEAD + "01-001,2025-08-25,溶血,9.8\n")
    assert (alt(enrolled).orres, alt(enrolled).reasnd, alt(enrolled).stat) == (None, "SAMPLE", "ND")
    attempt(HEAD + "01-001,2025-11-17,35,9.8\n")
    done = attempt(HEAD + "01-001,2025-11-17,标本不合格,9.8\n")
    assert (done.applied, done.report["problems"][0]["column"]) == (False, "ALT")


def test_a_sample_outside_every_window_goes_where_the_person_says(attempt, enrolled):
    line = HEAD + "01-001,2025-08-08,35,9.8\n"  # 67 days after Day 0, 17 before the target of W12
    nearest = attempt(line, dry_run=True)
    assert {visit for _, _, visit, _ in cells(nearest)} == {"W12"}
    assert nearest.report["notes"][0]["en"] == "2025-08-08 lies in no visit window; taken to the nearest visit, W12."
    left = attempt(line, MAPPING | {"outside": "leave_out"}, dry_run=True)
    assert {status for _, _, _, status in cells(left)} == {"left out"}
    done = attempt(line, MAPPING | {"outside": "unscheduled"})
    assert done.applied
    visit = Visit.objects.get(participant=enrolled, code="UNS")
    assert (str(visit.date), alt(enrolled, "UNS").orres) == ("2025-08-08", "35")


def test_a_line_that_is_there_twice_is_read_once_and_said(attempt, enrolled):
    done = attempt(HEAD + GOOD + GOOD)
    assert done.applied
    assert [note["en"] for note in done.report["notes"]] == ["The same as line 2; read once."] * 2
    assert LabResult.objects.count() == 2


def test_two_results_of_one_sample_are_a_problem_and_neither_is_taken(attempt, enrolled):
    done = attempt(HEAD + GOOD + GOOD.replace("35", "53"), part="good")
    assert done.applied
    assert set(LabResult.objects.values_list("analyte", flat=True)) == {"tbil"}


def test_hepatitis_b_results_go_to_the_virology_form(attempt, enrolled):
    mapping = {"participant": "pid", "date": "date", "item": "item", "result": "result", "unit": "unit"}
    lines = ["乙肝病毒DNA,2.5*10^3,IU/ml", "乙肝表面抗原,125.3,IU/mL", "乙肝e抗原,0.42(-),S/CO", "抗-HBe,阳性,"]
    text = "\n".join(["pid,date,item,result,unit", *(f"01-001,2025-08-25,{line}" for line in lines)])
    assert attempt(text, mapping).applied
    page = page_of(enrolled, "lbviro", "W12").virology
    assert (page.hbvdna_raw, page.hbvdna_u, page.hbvdna_q, str(page.hbvdna_log)) == (
        "2.5*10^3",
        "IU/mL",
        "QUANT",
        "3.40",
    )
    assert (page.hbsag_raw, page.hbeag_res, str(page.hbeag_val), page.hbeab_res) == ("125.3", "NEG", "0.42", "POS")
    again = attempt(text.replace("2.5*10^3", "2500"), mapping)
    assert again.report["cells"] == {"same": 4}


def test_serology_below_or_above_a_limit_is_imported_with_its_sign(attempt, enrolled):
    mapping = {"participant": "pid", "date": "date", "item": "item", "result": "result", "unit": "unit"}
    lines = ["乙肝表面抗体,<2.00,mIU/mL", "乙肝e抗原,＞1000 ↑,S/CO", "HBV-RNA,<100,copies/mL"]
    text = "\n".join(["pid,date,item,result,unit", *(f"01-001,2025-08-25,{line}" for line in lines)])
    assert attempt(text, mapping).applied
    page = page_of(enrolled, "lbviro", "W12").virology
    assert (page.hbsab_q, page.hbsab_val, page.hbeag_q, page.hbeag_val) == ("<", 2, ">", 1000)
    assert (page.hbvrna_q, page.hbvrna) == ("<", 100)
    assert attempt(text.replace("<2.00", "< 2"), mapping).report["cells"] == {"same": 3}
    refused = attempt(text.replace("<2.00", "2.00"), mapping)
    assert refused.report["problems"][0]["en"] == "A different value has already been entered: <2."


def test_a_result_of_another_laboratory_than_the_pages_keeps_its_own_and_its_range(attempt, enrolled, fill, site, lin):
    table = "\n".join(["analyte,unit,high,low,laboratory,valid_from", "pivka,mAU/mL,40,,Central,2025-01-01",
                       "pivka,mAU/mL,60,,Partner,2025-01-01"])  # fmt: skip
    load_ranges(site, read_ranges(table.encode(), "r.csv"), user=lin)
    fill(enrolled, "lbtm", "W12", tm_date="2025-08-25", lab_name="Central", row__afp__orres="5", row__pivka__orres="")
    mapping = {"participant": "pid", "date": "date", "item": "item", "result": "result", "unit": "unit",
               "laboratory": "lab"}  # fmt: skip
    text = "pid,date,item,result,unit,lab\n01-001,2025-08-25,PIVKA-II,50,mAU/mL,{lab}\n"
    assert attempt(text.format(lab="partner "), mapping).applied
    page = page_of(enrolled, "lbtm", "W12")
    row = page.labresult_rows.get(analyte="pivka")
    assert (page.tumourmarkers.lab_name, row.nam, row.nrlab, row.nrind) == ("Central", "partner", "Partner", "NORMAL")
    assert page.labresult_rows.get(analyte="afp").nam is None
    assert "laboratory partner" in [text.en for text in explain(vars(row))]


def test_results_of_two_laboratories_in_one_file_name_each_its_own(attempt, enrolled):
    mapping = {"participant": "pid", "date": "date", "item": "item", "result": "result", "unit": "unit",
               "laboratory": "lab"}  # fmt: skip
    lines = ["AFP,5,ng/mL,Central", "PIVKA-II,30,mAU/mL,Partner"]
    text = "\n".join(["pid,date,item,result,unit,lab", *(f"01-001,2025-08-25,{line}" for line in lines)])
    assert attempt(text, mapping).applied
    page = page_of(enrolled, "lbtm", "W12")
    assert page.tumourmarkers.lab_name is None
    assert dict(page.labresult_rows.values_list("analyte", "nam")) == {"afp": "Central", "pivka": "Partner"}


def test_a_result_over_a_recorded_not_done_of_hepatitis_b_is_a_correction_too(attempt, enrolled):
    mapping = {"participant": "pid", "date": "date", "item": "item", "result": "result", "unit": "unit"}
    head = "pid,date,item,result,unit\n01-001,2025-08-25,"
    assert attempt(f"{head}乙肝病毒DNA,标本溶血,IU/ml", mapping).applied
    result = f"{head}乙肝病毒DNA,2.5*10^3,IU/ml"
    refused = attempt(result, mapping)
    assert not refused.applied
    assert refused.report["problems"][0]["en"] == "This analyte has already been recorded as not done."
    assert page_of(enrolled, "lbviro", "W12").virology.hbvdna_raw is None
    done = attempt(result, mapping, correction="a second tube was found")
    assert (done.applied, done.report["cells"]) == (True, {"changed": 1})
    page = page_of(enrolled, "lbviro", "W12").virology
    assert (page.hbvdna_raw, (page.missing or {}).get("hbvdna_raw")) == ("2.5*10^3", None)


def test_a_held_page_a_missed_visit_and_an_unknown_participant_are_lines_that_are_left(attempt, enrolled, lin):
    with acting(lin):
        Visit.objects.filter(participant=enrolled, code="W24").update(state="missed")
    text = HEAD + GOOD + "01-001,2025-11-17,36,9.9\n99-999,2025-08-25,36,9.9\n"
    done = attempt(text, part="good")
    left = cell_list.refused_lines(storing.content(done.listing))
    assert {line: t.en for line, t in left.items()} == {
        3: "Visit W24 is recorded as missed.", 4: "Participant 99-999 does not exist.",
    }  # fmt: skip


def test_a_page_that_someone_saved_meanwhile_is_planned_anew(attempt, enrolled, fill, site, lin, monkeypatch):
    """Between the plan and the writing a coordinator enters the same visit: nothing of theirs is overwritten."""
    plan_all = importing._Import.plan_all

    def then_someone_saves(self: Any) -> None:
        plan_all(self)
        fill(enrolled, "lbchem", "W12", chem_date="2025-08-25", row__alt__orres="99")

    monkeypatch.setattr(importing._Import, "plan_all", then_someone_saves)
    done = attempt(HEAD + GOOD)
    assert not done.applied
    assert "A different value has already been entered: 99" in done.report["problems"][0]["en"]
    assert alt(enrolled).orres == "99"
