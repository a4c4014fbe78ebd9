"""The laboratory's own normal ranges: taken over from a file, valid from a day on, before the protocol's defaults."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from labs import tasks as _tasks  # noqa: F401 - registers what is deferred
from labs.files.contents import read_table
from labs.models import NormalRange
from labs.ranging import RENEWAL, RangesRefused, load_ranges, renew_results
from prtras import celery as _worker  # noqa: F401 - tasks belong to this app, as under wsgi
from prtras.audit.models import AuditEvent
from prtras.jobs.models import Due
from prtras.jobs.scheduling import do_deferred

HEAD = "analyte,sex,unit,low,high,valid_from\n"
FILE = (
    f"{HEAD}alt,M,U/L,9,50,2025-01-01\nalt,F,U/L,7,40,2025-01-01\nalt,M,U/L,9,35,2025-08-01\n"
    "wbc,,10^9/L,3.5,9.5,2025-01-01\n"
)


@pytest.fixture
def load(site, lin):
    return lambda text: load_ranges(site, read_table(text.encode(), "ranges.csv"), user=lin)


def alt_of(page) -> tuple[Decimal, str]:
    row = page.labresult_rows.get(analyte="alt")
    return row.stnrhi, row.nrind


def test_it_works(load, site):
    assert load(FILE) == 4
    assert NormalRange.objects.filter(site=site, analyte="alt").count() == 3


def test_what_follows_from_it_stands_in_the_database_until_it_is_done(load):
    load(FILE)
    assert Due.objects.get().finished_at is None
    do_deferred(RENEWAL)
    assert Due.objects.get().finished_at


def test_the_same_file_again_adds_nothing(load):
    load(FILE)
    assert load(FILE) == 0


def test_numbers_and_units_are_read_as_everywhere(load):
    load(HEAD.replace(",", ";") + "wbc;;×10⁹/L;3,5;９.5;2025-01-01\n")
    stored = NormalRange.objects.get()
    assert (stored.unit, stored.low, stored.high) == ("10^9/L", Decimal("3.5"), Decimal("9.5"))


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("alx,,U/L,1,2,2025-01-01", "analyte", "Analyte “alx” does not exist"),
        ("alt,X,U/L,1,2,2025-01-01", "sex", "M, F or empty"),
        ("alt,,mg/dL,1,2,2025-01-01", "unit", "not a unit of this analyte"),
        ("alt,,U/L,x,2,2025-01-01", "low", "not a number"),
        ('alt,,U/L,"1,234",2000,2025-01-01', "low", "is ambiguous"),
        ("alt,,U/L,5,2,2025-01-01", "low", "not below"), ("alt,,U/L,,,2025-01-01", "low", "at least one limit"),
        ("alt,,U/L,1,2,", "valid_from", "from which this range applies"),
        ("alt,,U/L,1,2,2025-02-30", "valid_from", "not a date"),
    ],
)  # fmt: skip
def test_one_bad_line_and_nothing_is_taken(load, line, column, words):
    with pytest.raises(RangesRefused) as refused:
        load(f"{FILE}{line}\n")
    (problem,) = refused.value.wrong
    assert (problem.line, problem.column, words in problem.text.en) == (6, column, True)
    assert not NormalRange.objects.exists()


def test_a_slip_is_put_right_by_a_file_with_the_same_day_and_the_trail_keeps_it(load):
    load(FILE)
    assert load(HEAD + "alt,M,U/L,9,45,2025-01-01\n") == 1
    assert NormalRange.objects.get(analyte="alt", sex="M", valid_from="2025-01-01").high == 45
    event = AuditEvent.objects.filter(table="labs_normalrange").latest("id")
    assert (event.operation, event.old["high"], event.new["high"]) == ("UPDATE", 50, 45)


def test_results_on_file_are_flagged_anew_by_a_table_that_comes_later(load, enrolled, fill, site, lin):
    page = fill(enrolled, "lbchem", "W12", row__alt__orres="45").page
    assert alt_of(page)[1] == "NORMAL"
    load(FILE)
    assert renew_results(site, user=lin) == 1
    assert alt_of(page) == (35, "HIGH")
    assert renew_results(site, user=lin) == 0


def test_a_line_twice_in_a_file_and_a_missing_column_are_refused(load):
    for text in (HEAD + "alt,,U/L,1,2,2025-01-01\nalt,,U/L,1,2,2025-01-01\n", "analyte,unit,low\nalt,U/L,1\n"):
        with pytest.raises(RangesRefused):
            load(text)


@pytest.mark.parametrize(("day", "high", "flag"), [("2025-07-31", 50, "NORMAL"), ("2025-08-25", 35, "HIGH")])
def test_the_range_of_the_day_of_the_sample_and_of_the_sex_applies(load, enrolled, fill, day, high, flag):
    load(FILE)
    page = fill(enrolled, "lbchem", "W12", chem_date=day, row__alt__orres="45").page
    assert alt_of(page) == (high, flag)


def test_without_a_line_of_the_laboratory_the_default_of_the_protocol_applies(load, enrolled, fill):
    load(FILE)
    assert alt_of(fill(enrolled, "lbchem", "W12", chem_date="2024-12-31", row__alt__orres="45").page)[1] == "NORMAL"


def test_the_range_on_the_report_counts_before_the_table_and_is_asked_about_when_it_differs(load, enrolled, fill):
    load(FILE)
    same = fill(enrolled, "lbchem", "W12", row__alt__orres="30", row__alt__ornrlo="9", row__alt__ornrhi="35")
    assert "GEN-009" not in {query.check_id for query in same.opened}
    other = fill(enrolled, "lbchem", "W24", chem_date="2025-11-17", row__alt__ornrhi="60", row__alt__orres="55")
    assert ("GEN-009", "alt:ornrhi") in {(query.check_id, query.place) for query in other.opened}
    assert alt_of(other.page) == (60, "NORMAL")


def test_a_unit_that_is_not_the_laboratorys_is_asked_about(load, enrolled, fill):
    load(FILE)
    saved = fill(enrolled, "lbhem", "W12", row__wbc__orres="5200", row__wbc__orresu="/uL")
    assert ("GEN-009", "wbc:orresu") in {(query.check_id, query.place) for query in saved.opened}


def test_flags_follow_when_the_sex_is_put_right(load, enrolled, fill):
    load(FILE)
    page = fill(enrolled, "lbchem", "W12", chem_date="2025-07-20", row__alt__orres="45").page
    assert alt_of(page) == (50, "NORMAL")
    fill(enrolled, "dm", sex="F", childbear="POSTMENO", reason__all="SOURCE")
    assert alt_of(page) == (40, "HIGH")


def test_grades_of_later_visits_follow_a_corrected_baseline(enrolled, fill):
    high = {"row__alt__orres": "90", "row__alt__ornrhi": "40"}
    fill(enrolled, "lbchem", "W0", chem_date="2025-06-01", **high)
    page = fill(enrolled, "lbchem", "W12", row__alt__orres="130", row__alt__ornrhi="40").page
    before = page.labresult_rows.get(analyte="alt").toxgr
    fill(
        enrolled,
        "lbchem",
        "W0",
        chem_date="2025-06-01",
        row__alt__orres="30",
        row__alt__ornrhi="40",
        reason__all="ENTRY",
    )
    assert (before, page.labresult_rows.get(analyte="alt").toxgr) == ("0", "2")


def test_the_page_takes_a_file_and_says_what_is_wrong_with_it(lin, client_of):
    client = client_of(lin)
    bad = SimpleUploadedFile("r.csv", (FILE + "alx,,U/L,1,2,2025-01-01\n").encode())
    answer = client.post("/labs/ranges/", {"file": bad})
    assert (answer.status_code, "line 6" in answer.content.decode()) == (422, True)
    good = client.post("/labs/ranges/", {"file": SimpleUploadedFile("r.csv", FILE.encode())}, follow=True)
    assert "4 lines imported;" in good.content.decode()
    assert "Alanine aminotransferase" in good.content.decode()
    assert str(NormalRange.objects.get(analyte="wbc").valid_from) == str(date(2025, 1, 1))
