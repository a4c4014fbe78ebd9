"""The hospital-file import, on the first thirty patients of the Mayo PBC sequential data (R package survival, LGPL)."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from labs import importing
from labs.files.contents import read_table
from labs.files.mapping import mapping_of
from labs.files.refusals import FileRefused, Problem
from labs.files.samples import Result, samples
from labs.models import LabImport, LabResult
from prtras.audit.models import AuditEvent
from prtras.labels import T
from tests.labs.pbc import enrol

ROOT = Path(__file__).resolve().parents[2]
MAPPING = json.loads((ROOT / "docs/lab-import/pbcseq.json").read_text())
PBC = (ROOT / "tests/reference/pbcseq.csv").read_text()
PATIENTS = 30


def lines(last_patient: int) -> list[list[str]]:
    table = list(csv.reader(io.StringIO(PBC)))
    return [table[0], *[row for row in table[1:] if int(row[0]) <= last_patient]]


def as_csv(table: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(table)
    return buffer.getvalue().encode()


def attempt(site, content, user, *, dry_run=False, name="pbc.csv"):
    request = importing.request_import(site, content, name, MAPPING, user=user, dry_run=dry_run)
    return importing.run(request.id)


@pytest.fixture
def pbc(site, system):
    enrol(site, list(range(1, PATIENTS + 1)), system)


@pytest.mark.usefixtures("pbc")
def test_it_works(site, lin):
    table = lines(PATIENTS)
    content = as_csv(table)
    tried = attempt(site, content, lin, dry_run=True)
    assert (tried.applied, tried.report["problem_count"]) == (False, 0)
    assert LabResult.objects.count() == 0
    done = attempt(site, content, lin)
    assert done.applied
    assert done.report["samples"] == len(table) - 1
    first = LabResult.objects.get(page__participant__number="01-001", page__visit__code="W0", analyte="tbil")
    assert (first.orres, first.orresu, str(first.stresn)) == ("14.5", "mg/dL", "247.9500")  # 14.5 x 17.1
    trail = AuditEvent.objects.filter(table="labs_labresult", operation="INSERT")
    assert trail.count() == LabResult.objects.count()
    assert set(trail.values_list("source", flat=True)) == {f"file {done.file.sha256}"}


#: From the units of the data to the other system: exact factors of the panels (Analyte.other_units).
IN_SI = {"bili": ("tbil", "17.1", "umol/L"), "albumin": ("alb", "10", "g/L")}


def in_si(table: list[list[str]]) -> list[list[str]]:
    """The same lines with bilirubin and albumin in SI units, to the last digit."""
    head, *rows = table
    factors = {head.index(column): Decimal(factor) for column, (_, factor, _) in IN_SI.items()}
    return [head, *([str(Decimal(cell) * factors[i]) if cell and i in factors else cell for i, cell in enumerate(row)]
                    for row in rows)]  # fmt: skip


def standard_results(site) -> dict[tuple[str, str, int, str], Decimal]:
    """Standard value by participant (without the site), visit and analyte."""
    rows = LabResult.objects.filter(page__participant__site=site, stresn__isnull=False)
    return {
        (row.page.participant.number.partition("-")[2], row.page.visit.code, row.page.visit.sequence, row.analyte):
            row.stresn
        for row in rows.select_related("page__participant", "page__visit")
    }  # fmt: skip


@pytest.mark.usefixtures("pbc")
def test_the_same_file_in_both_unit_systems_gives_the_same_standard_values(site, other_site, system, lin, eve):
    enrol(other_site, list(range(1, PATIENTS + 1)), system)
    assert attempt(site, as_csv(lines(PATIENTS)), lin).applied
    mapping = MAPPING | {"number": "02-{:03d}"}
    mapping["results"] = MAPPING["results"] | {column: [code, unit] for column, (code, _, unit) in IN_SI.items()}
    content = as_csv(in_si(lines(PATIENTS)))
    done = importing.run(importing.request_import(other_site, content, "si.csv", mapping, user=eve, dry_run=False).id)
    assert done.applied
    ours = standard_results(site)
    assert len(ours) > 600
    assert standard_results(other_site) == ours


@pytest.mark.usefixtures("pbc")
def test_a_file_in_the_other_units_of_what_is_stored_holds_nothing_new(site, lin):
    attempt(site, as_csv(lines(PATIENTS)), lin)
    mapping = MAPPING | {"results": MAPPING["results"] | {c: [code, unit] for c, (code, _, unit) in IN_SI.items()}}
    request = importing.request_import(site, as_csv(in_si(lines(PATIENTS))), "si.csv", mapping, user=lin, dry_run=True)
    assert set(importing.run(request.id).report["cells"]) == {"same"}


@pytest.mark.usefixtures("pbc")
def test_values_that_break_a_check_are_reported_row_by_row_and_nothing_is_imported(site, lin):
    table = lines(3)
    table[2][table[0].index("alk.phos")] = "13862"
    table[4][table[0].index("bili")] = "<"
    done = attempt(site, as_csv(table), lin)
    assert not done.applied
    expected = [(p["line"], p["column"], p["value"]) for p in done.report["problems"]]
    assert expected == [(3, "alk.phos", "13862"), (5, "bili", "<")]
    assert "0–10000" in done.report["problems"][0]["en"]
    assert "请填数值" in done.report["problems"][1]["zh"]
    assert LabResult.objects.count() == 0


@pytest.mark.usefixtures("pbc")
def test_the_same_file_is_recognised_the_second_time(site, lin):
    content = as_csv(lines(2))
    assert attempt(site, content, lin).applied
    with pytest.raises(FileRefused) as refused:
        attempt(site, content, lin, name="renamed.csv")
    assert "imported on" in refused.value.text.en


@pytest.mark.usefixtures("pbc")
def test_a_value_that_differs_from_what_is_stored_is_a_problem_and_not_overwritten(site, lin):
    assert attempt(site, as_csv(lines(1)), lin).applied
    changed = lines(1)
    changed[1][changed[0].index("bili")] = "1.5"
    done = attempt(site, as_csv(changed), lin)
    assert not done.applied
    assert done.report["problems"][0]["en"] == "A different value has already been entered: 14.5 mg/dL."


@pytest.mark.usefixtures("pbc")
def test_an_unknown_participant_is_a_problem(site, lin):
    table = lines(1)
    table[1][0] = "999"
    done = attempt(site, as_csv(table), lin)
    assert (done.applied, done.report["problems"][0]["value"]) == (False, "01-999")


@pytest.mark.usefixtures("pbc")
def test_two_workers_do_not_import_twice(site, lin):
    request = importing.request_import(site, as_csv(lines(1)), "a.csv", MAPPING, user=lin, dry_run=False)
    assert importing.run(request.id).applied
    assert importing.run(request.id) is None
    assert LabImport.objects.filter(applied=True).count() == 1


def test_who_may_not_import_is_refused(site, wang, eve):
    for person in (wang, eve):
        with pytest.raises(PermissionDenied):
            attempt(site, as_csv(lines(1)), person)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not a CSV, XLSX, XLS or ODS file"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (b"id,id\n1,2\n", "Duplicate column names: id"),
        (b"id,day,bili\n\xff\xfe\xfd,1,2\n", "is not recognised"),
        (b"id,day\n1,2\n", "Missing columns: bili"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, expected):
    with pytest.raises(FileRefused) as refused:
        samples(read_table(content, "x.csv"), mapping_of(MAPPING))
    assert expected in refused.value.text.en
    assert refused.value.text.zh


def test_a_hospital_file_in_gb18030_with_semicolons_is_read():
    content = "受试者编号;采样日期;总胆红素\n01-001;2025年8月25日;１２．５\n".encode("gb18030")
    mapping = mapping_of({"participant": "受试者编号", "date": "采样日期", "results": {"总胆红素": ["tbil", "umol/L"]}})
    actual, problems = samples(read_table(content, "化验.csv"), mapping)
    assert problems == []
    result = Result(2, "总胆红素", "１２．５", "umol/L")
    assert (actual[0].number, actual[0].collected.isoformat(), actual[0].results) == (
        "01-001", "2025-08-25", {"tbil": result},
    )  # fmt: skip


def test_of_very_many_problems_the_first_are_listed_and_all_are_counted():
    problem = Problem(2, "alt", "many", T("请填数值。", "Enter a number."))
    report = importing.Outcome(problems=[problem] * (importing.MAX_PROBLEMS + 1)).plain()
    assert (len(report["problems"]), report["problem_count"]) == (2000, 2001)
