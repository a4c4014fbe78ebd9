"""The laboratories' own normal ranges: from a file, by laboratory, sex and age, from a day on, before the defaults."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from labs import tasks as _tasks  # noqa: F401 - registers what is deferred
from labs.models import NormalRange, RangePreview
from labs.range_importing import (
    RENEWAL,
    NotPreviewed,
    RangesRefused,
    apply,
    load_ranges,
    read_ranges,
    renew_results,
    request_preview,
    run_preview,
)
from prtras import celery as _worker  # noqa: F401 - tasks belong to this app, as under wsgi
from prtras.audit.models import AuditEvent
from prtras.jobs.models import Due
from prtras.jobs.scheduling import do_deferred
from prtras.review.holding import Scope, hold

HEAD = "analyte,sex,unit,low,high,valid_from\n"
FILE = (
    f"{HEAD}alt,M,U/L,9,50,2025-01-01\nalt,F,U/L,7,40,2025-01-01\nalt,M,U/L,9,35,2025-08-01\n"
    "wbc,,10^9/L,3.5,9.5,2025-01-01\n"
)


@pytest.fixture
def load(site, lin):
    return lambda text, **chosen: load_ranges(site, read_ranges(text.encode(), "ranges.csv", **chosen), user=lin)


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
        ("hbsag,,IU/mL,1,2,2025-01-01", "analyte", "has no table of normal ranges"),
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


AGED = "检验项目,性别,年龄,单位,参考范围,生效日期\n"


def test_a_table_with_chinese_heads_names_ages_and_printed_ranges_is_read(load, site):
    assert load(f"{AGED}碱性磷酸酶(ALP),女,20-49岁,U/L,35-100,2025-01-01\n*碱性磷酸酶,女,≥50,U/L,50～135,2025/1/1\n"
                "甲胎蛋白,不分,,ng/mL,<7,2025年1月1日\n") == 3  # fmt: skip
    stored = NormalRange.objects.filter(analyte="alp").values_list("sex", "age_from", "age_to", "low", "high")
    assert list(stored) == [("F", 20, 49, 35, 100), ("F", 50, None, 50, 135)]
    afp = NormalRange.objects.get(analyte="afp")
    assert (afp.sex, afp.low, afp.high, afp.valid_from) == ("", None, 7, date(2025, 1, 1))


def test_the_lloq_of_an_assay_stands_in_the_table_and_a_corrected_one_replaces_it(load):
    head = "检验项目,单位,参考范围,检测下限,生效日期\n"
    assert load(f"{head}甲胎蛋白,ng/mL,<7,0.605,2025-01-01\n") == 1
    assert load(f"{head}甲胎蛋白,ng/mL,<7,0.908,2025-01-01\n") == 1
    assert load(f"{head}甲胎蛋白,ng/mL,<7,0.908,2025-01-01\n") == 0
    assert NormalRange.objects.get(analyte="afp").lloq == Decimal("0.908")


@pytest.mark.parametrize("lloq", ["0", "-1", "7.1", "x"])
def test_an_lloq_that_cannot_be_is_refused(load, lloq):
    with pytest.raises(RangesRefused) as refused:
        load(f"项目,单位,参考范围,LLOQ,生效日期\n甲胎蛋白,ng/mL,<7,{lloq},2025-01-01\n")
    assert refused.value.wrong[0].column == "LLOQ"


@pytest.mark.parametrize(
    ("printed", "ages"),
    [("18-59", (18, 59)), ("18～59岁", (18, 59)), ("≥60", (60, None)), (">=60", (60, None)), (">59", (60, None)),
     ("<60", (None, 59)), ("≤59岁", (None, 59)), ("", (None, None))],
)  # fmt: skip
def test_ages_are_whole_years_and_both_ends_are_included(printed, ages):
    (line,) = read_ranges(f"{AGED}谷丙转氨酶,,{printed},U/L,9-50,2025-01-01\n".encode(), "r.csv")
    assert (line.age_from, line.age_to) == ages


@pytest.mark.parametrize("printed", ["60", "59-18", "18-", "adult", "≥999", "18-59-70"])
def test_what_is_no_range_of_ages_is_refused(printed):
    with pytest.raises(RangesRefused) as refused:
        read_ranges(f"{AGED}谷丙转氨酶,,{printed},U/L,9-50,2025-01-01\n".encode(), "r.csv")
    assert refused.value.wrong[0].column == "年龄"


def test_a_printed_range_that_cannot_be_stored_to_the_last_digit_is_refused(load):
    with pytest.raises(RangesRefused) as refused:
        load(f"{AGED}谷丙转氨酶,,,U/L,0.00001-40,2025-01-01\n")
    assert "At most 4 decimal places" in refused.value.wrong[0].text.en


@pytest.mark.parametrize("unit", ["", "-", "1", "比值"])
def test_a_ratio_has_its_range_whatever_stands_for_its_unit(unit):
    (line,) = read_ranges(f"{AGED}INR,,,{unit},0.8-1.2,2025-01-01\n".encode(), "r.csv")
    assert (line.analyte, line.unit, line.low) == ("inr", "1", Decimal("0.8"))


def test_two_lines_for_the_same_age_contradict_each_other(load):
    with pytest.raises(RangesRefused) as refused:
        load(f"{AGED}谷丙转氨酶,,18-60,U/L,9-50,2025-01-01\n谷丙转氨酶,,≥60,U/L,9-60,2025-01-01\n")
    assert "overlap with those of line 2" in refused.value.wrong[0].text.en
    assert load(f"{AGED}谷丙转氨酶,,18-60,U/L,9-50,2025-01-01\n谷丙转氨酶,,≥60,U/L,9-60,2026-01-01\n") == 2


def test_a_column_that_nobody_knows_is_an_error_and_so_is_one_that_is_there_twice(load):
    for head in ("analyte,unit,low,high,valid_from,sample", "analyte,unit,low,high,valid_from,item"):
        with pytest.raises(RangesRefused) as refused:
            load(f"{head}\nalt,U/L,9,50,2025-01-01,x\n")
        assert refused.value.wrong[0].column in ("sample", "item")


def test_laboratory_and_day_are_given_for_a_file_that_lacks_them(load):
    assert load("项目,单位,参考范围\nALT,U/L,9-50\n", laboratory="检验科", valid_from=date(2025, 1, 1)) == 1
    assert NormalRange.objects.filter(laboratory="检验科", valid_from="2025-01-01").exists()
    with pytest.raises(RangesRefused):
        load("项目,单位,参考范围\nALT,U/L,9-50\n")


def test_the_range_for_the_age_on_the_day_of_the_sample_applies(load, enrolled, fill):
    load(f"{AGED}谷丙转氨酶,,<50,U/L,9-50,2025-01-01\n谷丙转氨酶,,≥50,U/L,9-40,2025-01-01\n")
    fill(enrolled, "dm", brthdat="1975-08-25", reason__all="SOURCE")
    younger = fill(enrolled, "lbchem", "W12", chem_date="2025-08-24", row__alt__orres="45").page
    assert alt_of(younger) == (50, "NORMAL")
    fill(enrolled, "lbchem", "W12", chem_date="2025-08-25", row__alt__orres="45", reason__all="SOURCE")
    assert alt_of(younger) == (40, "HIGH")


def test_ages_that_overlap_with_stored_ones_of_the_same_day_are_refused_and_of_another_day_taken(load, site, lin):
    load(f"{AGED}谷丙转氨酶,,,U/L,9-40,2025-01-01\n")
    bands = "谷丙转氨酶,,18-59,U/L,9-50,{day}\n谷丙转氨酶,,≥60,U/L,9-45,{day}\n"
    for day, refused in (("2025-01-01", True), ("2025-01-02", False)):
        content = (AGED + bands.format(day=day)).encode()
        if refused:
            with pytest.raises(RangesRefused, match="2 problems"):
                request_preview(site, content, "r.csv", user=lin)
        else:
            assert request_preview(site, content, "r.csv", user=lin)


def test_an_infants_band_and_a_childs_do_not_overlap():
    lines = read_ranges(
        f"{AGED}谷丙转氨酶,,<1,U/L,9-50,2025-01-01\n谷丙转氨酶,,1-17,U/L,9-40,2025-01-01\n".encode(), "r.csv"
    )
    assert [(line.age_from, line.age_to) for line in lines] == [(None, 0), (1, 17)]


def test_a_newer_line_for_both_sexes_replaces_an_older_one_of_one_sex(load, enrolled, fill):
    load(f"{HEAD}alt,M,U/L,9,50,2024-01-01\nalt,,U/L,9,40,2025-01-01\n")
    assert alt_of(fill(enrolled, "lbchem", "W12", row__alt__orres="45").page) == (40, "HIGH")


def test_of_one_day_the_line_of_the_sex_applies(load, enrolled, fill):
    load(f"{HEAD}alt,,U/L,9,40,2025-01-01\nalt,M,U/L,9,50,2025-01-01\n")
    assert alt_of(fill(enrolled, "lbchem", "W12", row__alt__orres="45").page)[0] == 50


TWO = "laboratory,analyte,unit,low,high,valid_from\n检验科,alt,U/L,9,50,2025-01-01\nSouth Lab,alt,U/L,9,40,2025-01-01\n"


def test_the_table_of_the_laboratory_that_reported_applies(load, enrolled, fill):
    load(TWO)
    page = fill(enrolled, "lbchem", "W12", lab_name="检验科", row__alt__orres="45").page
    assert alt_of(page) == (50, "NORMAL")
    fill(enrolled, "lbchem", "W12", lab_name="south lab", row__alt__orres="45", reason__all="SOURCE")
    assert alt_of(page) == (40, "HIGH")


def test_a_laboratory_is_the_same_whatever_the_width_and_spaces_of_its_name(load, enrolled, fill, site, lin):
    load(
        "laboratory,analyte,unit,low,high,valid_from\n检验科（东院）,alt,U/L,9,50,2025-01-01\nX,alt,U/L,9,30,2025-01-01\n"
    )
    page = fill(enrolled, "lbchem", "W12", lab_name="检验科 (东院)", row__alt__orres="45").page
    assert alt_of(page)[0] == 50
    content = "laboratory,analyte,unit,low,high,valid_from\n检验科(东院),alt,U/L,9,45,2025-01-01\n".encode()
    requested = run_preview(request_preview(site, content, "r.csv", user=lin).pk)
    assert (requested.report["new"], requested.report["corrected"]) == (0, 1)
    assert apply(requested, user=lin) == 1
    assert NormalRange.objects.count() == 2


@pytest.mark.parametrize("named", ["", "Another Lab"])
def test_no_laboratorys_table_applies_to_results_of_another_or_of_an_unknown_one(load, enrolled, fill, named):
    load(TWO)
    row = fill(enrolled, "lbchem", "W12", lab_name=named, row__alt__orres="45").page.labresult_rows.get(analyte="alt")
    assert (row.nrsrc, row.nrday) == ("DEFAULT", None)


def test_where_there_is_one_table_a_page_that_names_no_laboratory_means_it(load, enrolled, fill):
    load(TWO.rsplit("\n", 2)[0])
    assert alt_of(fill(enrolled, "lbchem", "W12", row__alt__orres="45").page)[0] == 50


def test_the_table_without_a_name_holds_for_what_a_laboratory_does_not_list(load, enrolled, fill):
    load(TWO + ",alt,U/L,9,30,2025-01-01\n")
    assert alt_of(fill(enrolled, "lbchem", "W12", lab_name="Another Lab", row__alt__orres="45").page)[0] == 30


def test_the_range_used_its_day_and_its_laboratory_stand_beside_the_result(load, enrolled, fill, lin, client_of):
    load(TWO)
    page = fill(enrolled, "lbchem", "W12", lab_name="检验科", row__alt__orres="45", row__ast__orres="20",
                row__ast__ornrhi="35").page  # fmt: skip
    stored = {row.analyte: (row.nrsrc, row.nrday, row.nrlab) for row in page.labresult_rows.all()}
    assert stored["alt"] == ("TABLE", date(2025, 1, 1), "检验科")
    assert stored["ast"] == ("REPORT", None, None)
    shown = client_of(lin).get(reverse("entry:page", args=[page.pk])).content.decode()
    assert "range 9–50 (检验科, from 2025-01-01)" in shown
    assert "range ≤35 (report)" in shown


@pytest.fixture
def preview(site, lin):
    def preview(text: str) -> RangePreview:
        requested = request_preview(site, text.encode(), "ranges.csv", user=lin)
        return run_preview(requested.pk)

    return preview


def test_a_preview_says_what_would_be_flagged_and_graded_differently_and_changes_nothing(
    preview, load, enrolled, fill, site, lin
):
    page = fill(enrolled, "lbchem", "W12", row__alt__orres="45", row__ast__orres="100").page
    before = list(page.labresult_rows.values())
    report = preview(f"{FILE}ast,,U/L,,30,2025-01-01\n").report
    assert (report["lines"], report["new"], report["corrected"], report["changed"]) == (5, 5, 0, 2)
    assert ["alt", "NORMAL 0", "HIGH 1", 1] in report["changes"]
    listed = {each["analyte"]: each for each in report["listed"]}
    assert (listed["alt"]["participant"], listed["alt"]["visit"]) == (enrolled.number, "W12")
    assert list(page.labresult_rows.values()) == before
    assert not NormalRange.objects.exists()


def test_what_a_preview_says_is_what_happens(preview, load, enrolled, fill, site, lin):
    fill(enrolled, "lbchem", "W0", chem_date="2025-06-01", row__alt__orres="45")
    page = fill(enrolled, "lbchem", "W12", row__alt__orres="140").page
    report = preview(f"{HEAD}alt,,U/L,9,40,2025-01-01\n").report
    load(f"{HEAD}alt,,U/L,9,40,2025-01-01\n")
    renew_results(site, user=lin)
    row = page.labresult_rows.get(analyte="alt")
    listed = {each["visit"]: each["becomes"] for each in report["listed"]}
    assert listed["W12"] == f"{row.nrind} {row.toxgr}"
    assert listed["W0"] == "HIGH 1"


def test_held_results_are_counted_and_stay(preview, enrolled, fill, wang):
    page = fill(enrolled, "lbchem", "W12", row__alt__orres="45").page
    hold(Scope(page=page), "frozen", "Data cut", user=wang)
    report = preview(FILE).report
    assert (report["held"], report["changed"]) == (1, 0)


def test_the_page_takes_a_file_shows_what_it_changes_and_then_imports_it(lin, client_of, enrolled, fill):
    fill(enrolled, "lbchem", "W12", row__alt__orres="45")
    client = client_of(lin)
    answer = client.post("/labs/ranges/", {"file": SimpleUploadedFile("r.csv", FILE.encode())})
    requested = RangePreview.objects.get()
    assert answer.url == f"/labs/ranges/{requested.pk}/"
    assert "In progress" in client.get(answer.url).content.decode()
    run_preview(requested.pk)
    shown = client.get(answer.url).content.decode()
    assert "high, grade 1" in shown
    assert not NormalRange.objects.exists()
    shown = client.post(answer.url, follow=True).content.decode()
    assert "4 lines imported;" in shown
    assert "Alanine aminotransferase" in shown
    assert str(NormalRange.objects.get(analyte="wbc").valid_from) == "2025-01-01"
    assert "Imported on" in client.get(answer.url).content.decode()


def test_the_page_says_what_is_wrong_with_a_file_and_keeps_what_was_typed(lin, client_of):
    def post(**typed):
        answer = client_of(lin).post("/labs/ranges/", {"file": SimpleUploadedFile("r.csv", FILE.encode()), **typed})
        return answer.status_code, answer.content.decode()

    bad = SimpleUploadedFile("r.csv", (FILE + "alx,,U/L,1,2,2025-01-01\n").encode())
    status, shown = post(file=bad, laboratory="检验科")
    assert (status, "line 6" in shown, 'value="检验科"' in shown) == (422, True, True)
    status, shown = post(valid_from="2025-02-30")
    assert (status, "is not a date" in shown, 'value="2025-02-30"' in shown) == (422, True, True)
    assert post(laboratory="x" * 61)[0] == 422
    assert not RangePreview.objects.exists()


def test_a_preview_is_taken_once_and_not_before_it_is_finished(lin, site, client_of, preview):
    waiting = request_preview(site, FILE.encode(), "ranges.csv", user=lin)
    client = client_of(lin)
    assert "not finished" in client.post(f"/labs/ranges/{waiting.pk}/", follow=True).content.decode()
    assert not NormalRange.objects.exists()
    requested = preview(FILE)
    assert apply(requested, user=lin) == 4
    with pytest.raises(NotPreviewed):
        apply(requested, user=lin)


def test_whoever_may_not_import_may_not_upload_or_take_ranges(wang, lin, site, client_of, preview):
    requested = preview(FILE)
    client = client_of(wang)
    assert client.post("/labs/ranges/", {"file": SimpleUploadedFile("r.csv", FILE.encode())}).status_code == 403
    assert client.post(f"/labs/ranges/{requested.pk}/").status_code == 403
    with pytest.raises(PermissionDenied):
        apply(requested, user=wang)
    assert not NormalRange.objects.exists()


def test_the_advice_on_doses_follows_a_table_that_comes_later(load, enrolled, fill, site, lin):
    load(f"{HEAD}alt,M,U/L,9,50,2025-01-01\n")
    fill(enrolled, "lbhem", "W0", hem_date="2025-06-02")
    fill(enrolled, "lbchem", "W0", chem_date="2025-06-02", row__alt__orres="410")
    reduced = {"pg_status": "REDUCED", "pg_reason": "ALTFLARE", "missing__pg_ae_no": "OTHER"}
    page = fill(enrolled, "pegifn", pg_dose="135", **reduced).page
    assert page.pegifndose.pg_advice == "REDUCE_135", "8.2 x 50"
    load(f"{HEAD}alt,M,U/L,9,40,2025-06-01\n")
    renew_results(site, user=lin)
    page.pegifndose.refresh_from_db()
    assert page.pegifndose.pg_advice == "HOLD", "10.25 x 40"
    assert enrolled.pages.filter(form="dv", state="expected", reason_code="dose 1").exists()
