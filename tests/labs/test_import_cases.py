"""Hospital files as other systems met them: nothing unknown becomes a value, and nothing depends on the order of lines.

The files in `cases` name participant 01-033 and a day in the window of W72; here they are laid over a participant of
the tests.
"""

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from labs import import_plan, importing
from labs.files.contents import read_table
from labs.files.mapping import mapping_of
from labs.files.refusals import FileRefused
from labs.files.samples import samples
from labs.files.workbooks import MAX_TAGS, MAX_UNPACKED
from labs.models import LabImport, LabResult
from prtras.audit.acting import acting
from prtras.crf.models import Participant, Visit
from prtras.crf.typed_values import AMBIGUOUS
from prtras.entry.nightly_checks import run_checks
from prtras.review.models import Query
from tests.access.test_bad_files import repacked
from tests.conftest import page_of

CASES = Path(__file__).parent / "cases"
TWO: dict[str, Any] = json.loads((CASES / "mapping-two-analytes.json").read_text())
FOUR = TWO | {"results": TWO["results"] | {"WBC": ["wbc", "10^9/L"], "PLT": ["plt", "10^9/L"]}}
HEAD = "pid,date,ALT,TBIL\n"
W12, W24 = "2025-08-25", "2025-11-17"


def case(name: str, day: str = W12) -> str:
    text = (CASES / name).read_text()
    return text.replace("01-033", "01-001").replace("01-035", "01-001").replace("2026-11-25", day)


@pytest.fixture
def attempt(site: Any, lin: Any) -> Callable[..., LabImport]:
    def run(content: str | bytes, mapping: dict[str, Any] = TWO, **chosen: Any) -> LabImport:
        raw = content.encode() if isinstance(content, str) else content
        request = importing.request_import(site, raw, "file.csv", mapping | chosen, user=lin, dry_run=False)
        done = importing.run(request.id)
        assert done is not None
        return done

    return run


def problems(done: LabImport) -> list[tuple[int, str, str]]:
    assert done.report is not None
    return [(p["line"], p["column"], p["en"]) for p in done.report["problems"]]


def rows(person: Participant, form: str, visit: str) -> dict[str, LabResult]:
    return {row.analyte: row for row in page_of(person, form, visit).labresult_rows.all()}


def content_of(person: Participant) -> list[tuple[Any, ...]]:
    """What an import left behind, without the order in which it came."""
    columns = ("page__form", "page__visit__code", "page__visit__date", "analyte", "orres", "orresu", "reasnd")
    return sorted(LabResult.objects.filter(page__participant=person).values_list(*columns), key=str)


# -- One reader of numbers -------------------------------------------------------------------------------


def test_a_decimal_comma_is_one_in_a_file_too(attempt, enrolled):
    second = case("02-decimal-comma.csv").splitlines()
    assert attempt("\n".join([second[0], second[1], second[2].replace(W12, W24)])).applied
    for visit, typed in (("W12", "3,4"), ("W24", "3，4")):
        row = rows(enrolled, "lbchem", visit)["tbil"]
        assert (row.orres, str(row.stresn), row.nrind) == (typed, "3.4000", "NORMAL")


def test_an_ambiguous_number_is_refused_at_its_cell_in_the_words_of_the_screen(attempt, enrolled):
    done = attempt("pid;date;ALT;TBIL\n01-001;2025-08-25;1,234;9\n")
    assert problems(done) == [(2, "ALT", AMBIGUOUS.format(typed="1,234").en)]


# -- What is not known -----------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["", " ", "NA"])
def test_a_blank_cell_and_analytes_not_in_the_file_are_left_open_and_asked_about_once_due(attempt, enrolled, cell, lin):
    assert attempt(case("06-blank-cell.csv").rstrip("\n") + cell + "\n").applied
    assert set(rows(enrolled, "lbchem", "W12")) == {"alt"}
    page = page_of(enrolled, "lbchem", "W12")
    assert page.left_open
    assert not Query.objects.filter(page=page).exists()
    run_checks(user=lin)  # long after the window of W12
    queries = Query.objects.filter(page=page, state="open")
    assert {"tbil:orres", "creat:orres"} <= set(queries.values_list("place", flat=True))
    assert not LabResult.objects.exclude(reasnd=None).exists()


def test_what_a_file_lacks_is_not_asked_about_while_the_visit_is_not_due(attempt, enrolled, lin):
    attempt(case("06-blank-cell.csv"))
    with acting(lin):
        Visit.objects.filter(participant=enrolled, code="W12").update(closes=timezone.localdate())
    run_checks(user=lin)
    assert not Query.objects.filter(page=page_of(enrolled, "lbchem", "W12"), check_id__startswith="REQ-").exists()


def test_a_reason_that_a_person_chose_for_the_file_is_recorded(attempt, enrolled):
    assert attempt(case("06-blank-cell.csv"), not_reported="SAMPLE").applied
    stored = rows(enrolled, "lbchem", "W12")
    assert (stored["tbil"].reasnd, stored["creat"].reasnd, stored["alt"].reasnd) == ("SAMPLE", "SAMPLE", None)


def test_what_was_left_open_is_still_required_on_the_screen_and_its_query_closes_with_the_value(
    attempt, enrolled, fill, lin
):
    attempt(case("06-blank-cell.csv"))
    run_checks(user=lin)
    fill(enrolled, "lbchem", "W12", chem_date=W12, row__alt__orres="35", reason__all="SOURCE")
    assert not page_of(enrolled, "lbchem", "W12").left_open
    assert not Query.objects.filter(check_id__startswith="REQ-", state="open").exists()


def test_a_result_beside_a_recorded_not_done_is_a_problem(attempt, enrolled):
    attempt(case("06-blank-cell.csv"), not_reported="SAMPLE")
    done = attempt(HEAD + "01-001,2025-08-25,35,9.8\n")
    assert problems(done) == [(2, "TBIL", "This analyte has already been recorded as not done.")]


@pytest.mark.parametrize("cell", ["-", "未做", "not done", "5⁹"])
def test_an_unreadable_cell_is_a_problem_and_never_a_value(attempt, enrolled, cell):
    done = attempt(f"{HEAD}01-001,2025-08-25,35,{cell}\n")
    assert [p[:2] for p in problems(done)] == [(2, "TBIL")]
    assert not done.applied


def test_without_a_baseline_an_imported_result_is_graded_by_multiples_of_the_limit(attempt, enrolled):
    mapping = TWO | {"results": {"ALT": ["alt", "U/L"], "GGT": ["ggt", "U/L"]}}
    assert attempt(case("03-ggt-without-baseline.csv"), mapping).applied
    assert rows(enrolled, "lbchem", "W12")["ggt"].toxgr == "3"


# -- From lines to visits --------------------------------------------------------------------------------


def test_a_participant_in_screening_goes_to_the_screening_visit(attempt, participant, fill):
    fill(participant, "consent")
    assert attempt(f"{HEAD}01-001,2025-05-26,35,9.8\n").applied
    assert str(rows(participant, "lbchem", "SCR")["tbil"].stresn) == "9.8000"


def test_days_from_a_day_0_that_is_not_known_are_a_problem_at_their_line(attempt, participant, fill):
    fill(participant, "consent")
    done = attempt("pid,d,ALT,TBIL\n01-001,3,35,9.8\n", {"participant": "pid", "day": "d", "results": TWO["results"]})
    assert [(line, column) for line, column, _ in problems(done)] == [(2, "pid")]
    assert "has no Day 0 yet" in problems(done)[0][2]


def test_two_lines_of_one_day_are_one_draw(attempt, enrolled):
    assert attempt(case("05-same-day-two-rows.csv"), FOUR).applied
    assert set(rows(enrolled, "lbchem", "W12")) == {"alt", "tbil"}
    assert set(rows(enrolled, "lbhem", "W12")) == {"wbc", "plt"}
    assert not Visit.objects.filter(code="UNS").exists()


LINES = [
    "01-001,2025-08-20,35,9.8,,", "01-001,2025-08-27,36,,5.2,", "01-001,2025-08-27,,9.9,,180",
    "01-001,2025-11-10,37,,,", "01-001,2025-07-14,38,,,", "01-001,2025-08-30,39,,5.3,181",
]  # fmt: skip


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0), (2, 5, 0, 4, 1, 3)])
def test_the_nearest_draw_counts_for_the_visit_whatever_the_order_of_lines(attempt, enrolled, order):
    done = attempt("\n".join(["pid,date,ALT,TBIL,WBC,PLT", *(LINES[i] for i in order)]), FOUR)
    assert done.applied
    assert {a: r.orres for a, r in rows(enrolled, "lbchem", "W12").items()} == {"alt": "36", "tbil": "9.9"}
    assert {a: r.orres for a, r in rows(enrolled, "lbhem", "W12").items()} == {"wbc": "5.2", "plt": "180"}
    unscheduled = Visit.objects.filter(participant=enrolled, code="UNS").order_by("date")
    assert [str(visit.date) for visit in unscheduled] == ["2025-08-20", "2025-08-30"]
    notes = sorted(note["en"] for note in done.report["notes"])
    assert notes[1].startswith("Biochemistry: the results of 2025-08-20 do not count for W12")
    assert notes[0] == "2025-07-14 lies in no visit window; taken to the nearest visit, W0."
    assert len(notes) == 4
    alt = LabResult.objects.filter(analyte="alt").values_list("page__visit__code", "orres")
    assert sorted(alt) == [("UNS", "35"), ("UNS", "39"), ("W0", "38"), ("W12", "36"), ("W24", "37")]


def test_panels_of_a_visit_may_be_drawn_on_different_days(attempt, enrolled):
    assert attempt("pid,date,ALT,TBIL,WBC,PLT\n01-001,2025-08-24,,,5,180\n01-001,2025-08-27,35,9,,\n", FOUR).applied
    assert (len(rows(enrolled, "lbhem", "W12")), len(rows(enrolled, "lbchem", "W12"))) == (2, 2)
    assert not Visit.objects.filter(code="UNS").exists()


def test_a_visit_that_has_a_sample_keeps_it(attempt, enrolled):
    assert attempt(f"{HEAD}01-001,2025-08-22,35,9.8\n").applied
    assert attempt(f"{HEAD}01-001,2025-08-25,36,9.9\n").applied
    assert str(page_of(enrolled, "lbchem", "W12").biochemistry.chem_date) == "2025-08-22"
    assert rows(enrolled, "lbchem", "UNS")["alt"].orres == "36"


def test_two_different_results_of_one_draw_are_a_problem_and_times_tell_draws_apart(attempt, enrolled):
    lines = ["01-001,2025-08-25,35,9.8,16:00", "01-001,2025-08-25,36,9.8,8:30"]
    done = attempt("\n".join(["pid,date,ALT,TBIL,time", *lines]))
    assert problems(done) == [(3, "ALT", "Two different results of one sample: 36, and 35 in line 2.")]
    assert attempt("\n".join(["pid,date,ALT,TBIL,time", *lines]), time="time").applied
    assert rows(enrolled, "lbchem", "W12")["alt"].orres == "36"
    assert rows(enrolled, "lbchem", "UNS")["alt"].orres == "35"


@pytest.mark.parametrize(
    ("day", "words"),
    [("2025-05-22", "before the informed consent of 2025-05-23"), ("2030-01-01", "in the future"),
     ("1800-01-01", "not a date"), ("31/12", "not a date")],
)  # fmt: skip
def test_a_day_that_cannot_be_is_a_problem_at_its_line(attempt, enrolled, day, words):
    ((line, _, text),) = problems(attempt(f"{HEAD}01-001,{day},35,9.8\n"))
    assert (line, words in text) == (2, True)


def test_a_day_after_the_withdrawal_of_consent_is_a_problem_for_every_panel(attempt, enrolled, system):
    enrolled.withdrawn = date(2025, 8, 1)
    with importing.acting(system, source="test"):
        enrolled.save(update_fields=["withdrawn"])
    ((line, _, text),) = problems(attempt("pid,date,ALT,TBIL,WBC,PLT\n01-001,2025-08-25,,,5,180\n", FOUR))
    assert (line, "after consent was withdrawn on 2025-08-01" in text) == (2, True)


def test_without_a_consent_nothing_is_imported(attempt, participant):
    assert "No informed consent" in problems(attempt(f"{HEAD}01-001,2025-05-26,35,9.8\n"))[0][2]


def test_whatever_goes_wrong_at_a_line_is_a_problem_at_that_line(attempt, enrolled, monkeypatch):
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(import_plan, "judge_pages", broken)
    assert problems(attempt(f"{HEAD}01-001,2025-08-25,35,9.8\n")) == [
        (2, "pid", "This line could not be processed (ZeroDivisionError).")
    ]


# -- Values and units ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "unit"),
    [("9.8", "umol/L"), ("9.800", "umol/L"), ("9,8", "umol/L"), ("0.5731", "mg/dL"), ("0.57", "mg/dL")],
)
def test_the_same_value_is_the_same_however_it_is_written(attempt, enrolled, result, unit):
    assert attempt(case("14-same-value-first.csv")).applied
    second = f"pid;date;ALT;TBIL\n01-001;2025-08-25;35;{result}\n"
    mapping = TWO | {"results": TWO["results"] | {"TBIL": ["tbil", unit]}}
    assert problems(attempt(second, mapping)) == []
    assert (rows(enrolled, "lbchem", "W12")["tbil"].orres, page_of(enrolled, "lbchem", "W12").version) == ("9.80", 1)


@pytest.mark.parametrize(
    ("result", "unit"), [("9.9", "umol/L"), ("<9.8", "umol/L"), ("0.59", "mg/dL"), ("10", "umol/L")]
)
def test_another_value_is_another(attempt, enrolled, result, unit):
    assert attempt(case("14-same-value-first.csv")).applied
    mapping = TWO | {"results": TWO["results"] | {"TBIL": ["tbil", unit]}}
    done = attempt(f"{HEAD}01-001,2025-08-25,35,{result}\n", mapping)
    assert problems(done) == [(2, "TBIL", "A different value has already been entered: 9.80 umol/L.")]


def test_the_second_file_of_the_same_values_is_no_change(attempt, enrolled):
    assert attempt(case("14-same-value-first.csv")).applied
    before = content_of(enrolled)
    assert attempt(case("14-same-value-second.csv")).applied
    assert content_of(enrolled) == before


def test_only_columns_that_are_mapped_need_names_of_their_own_and_units_come_from_the_file(attempt, enrolled):
    assert attempt(case("15-doubled-unit-column.csv").replace("9.8,umol/L", "0.57,mg/dL")).applied
    row = rows(enrolled, "lbchem", "W12")["tbil"]
    assert (row.orres, row.orresu, str(row.stresn)) == ("0.57", "mg/dL", "9.7470")


@pytest.mark.parametrize(
    ("unit", "stored"), [("μmol/l", "umol/L"), ("µmol/L", "umol/L"), ("MG/DL", "mg/dL"), ("", "umol/L")]
)
def test_a_unit_is_read_however_it_is_spelled_and_a_blank_one_is_as_mapped(unit, stored):
    table = read_table(f"pid,date,ALT,TBIL,u\n01-001,2025-08-25,35,9.8,{unit}\n".encode(), "f.csv")
    ((sample,), wrong) = samples(table, mapping_of(TWO | {"units": {"TBIL": "u"}}))
    assert (wrong, sample.results["tbil"].unit) == ([], stored)


@pytest.mark.parametrize("unit", ["×10⁹/L", "10^9/L", "10*9/L", "x10^9/L", "10E9/L", "10⁹ / l"])
def test_powers_of_ten_in_units_are_read_however_they_are_spelled(unit):
    table = read_table(f"pid,date,WBC,Unit\n01-001,2025-08-25,5,{unit}\n".encode(), "f.csv")
    ((sample,), _) = samples(table, mapping_of(TWO | {"results": {"WBC": ["wbc", "/uL"]}}))
    assert sample.results["wbc"].unit == "10^9/L"


def test_a_unit_of_something_else_is_a_problem_at_its_cell(attempt, enrolled):
    done = attempt(case("15-doubled-unit-column.csv").replace("9.8,umol/L", "9.8,g/L"))
    assert [p[:2] for p in problems(done)] == [(2, "单位 [2]")]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"resluts": {}}, "unknown keys: resluts"),
        ({"results": {"A": ["alt", "U/L"], "B": ["alt", "U/L"]}}, "More than one column"),
        ({"units": {"AST": "u"}}, "columns without results: AST"),
        ({"number": "{0.__class__}"}, "format of participant numbers"),
        ({"not_reported": "BECAUSE"}, "reason for analytes not reported"),
    ],
)
def test_a_mapping_that_makes_no_sense_says_why(mapping, words):
    with pytest.raises(FileRefused) as refused:
        mapping_of(TWO | mapping)
    assert words in refused.value.text.en


# -- Workbooks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["11-dimension-a1.xlsx", "11-dimension-too-small.xlsx", "11-no-dimension.xlsx"])
def test_a_workbook_is_read_by_its_cells_whatever_it_says_of_itself(name):
    book = openpyxl.load_workbook(CASES / name)
    table = read_table((CASES / name).read_bytes(), name)
    assert len(table.columns) == len(list(book.active.columns)) > 1
    assert len(table.rows) == len(list(book.active.rows)) - 1 > 1


def workbook(*lines: list[Any]) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(buffer)
    return buffer.getvalue()


def test_a_number_of_a_workbook_is_as_the_sheet_shows_it():
    content = workbook(["pid", "date", "ALT", "TBIL"], [33.0, date(2025, 8, 25), 0.1 + 0.2, None])
    ((sample,), wrong) = samples(read_table(content, "f.xlsx"), mapping_of(TWO | {"number": "01-{:03d}"}))
    assert (wrong, sample.number, sample.collected) == ([], "01-033", date(2025, 8, 25))
    assert {analyte: result.text for analyte, result in sample.results.items()} == {"alt": "0.3"}


def test_a_line_that_ends_early_in_a_workbook_has_blank_cells_and_a_longer_one_is_refused():
    short = read_table(workbook(["pid", "date", "ALT", None], ["01-001", "2025-08-25"]), "f.xlsx")
    assert short.rows[0][1] == {"pid": "01-001", "date": "2025-08-25", "ALT": ""}
    longer = read_table(workbook(["pid", "date"], ["01-001", "2025-08-25", 3], ["01-002", "2025-08-25"]), "f.xlsx")
    assert [(problem.line, problem.text.en) for problem in longer.broken] == [
        (2, "This line has 3 columns, 2 expected.")
    ]
    assert [line for line, _ in longer.rows] == [3]


@pytest.mark.parametrize(
    "sheet", [b" " * (MAX_UNPACKED + 1), b"<row>" + b"<c/>" * MAX_TAGS], ids=["much of nothing", "many cells"]
)
def test_a_workbook_that_unpacks_to_very_much_is_refused_at_once(sheet):
    content = repacked(workbook(["a"]), sheet1=sheet)
    start = perf_counter()
    with pytest.raises(FileRefused, match="too large"):
        read_table(content, "f.xlsx")
    assert perf_counter() - start < 2


# -- The screen ------------------------------------------------------------------------------------------


def test_the_screen_leaves_open_unless_a_reason_is_chosen_and_maps_units(client_of, lin, enrolled):
    client = client_of(lin)
    upload = io.BytesIO(case("15-doubled-unit-column.csv").encode())
    upload.name = "f.csv"
    address = client.post("/labs/import/", {"file": upload}).headers["Location"]
    page = client.get(address).content.decode()
    assert "leave open (asked about once the visit is due)" in page
    assert '<option value="unit" selected>' in page
    chosen = {"column.pid": "participant", "column.date": "date", "column.ALT": "alt|U/L", "column.单位 [1]": "unit",
              "column.TBIL": "tbil|umol/L", "column.单位 [2]": "unit", "number": "{}"}  # fmt: skip
    assert client.post(address, chosen).status_code == 302
    mapping = LabImport.objects.get().mapping
    assert (mapping["not_reported"], mapping["units"]) == ("", {"ALT": "单位 [1]", "TBIL": "单位 [2]"})
