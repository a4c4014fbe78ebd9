"""`manage.py analyse`: what a person gives it. Nothing is guessed, and every refusal names what is wrong and where."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

CASES = Path(__file__).parent / "cases"
LINES = [f"{7 * i},{i % 2},{'AB'[i % 3 == 0]},{i % 5}" for i in range(1, 31)]
TABLE = "\n".join(["days,status,arm,x", *LINES, ""])


def write(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def printed(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command("analyse", str(path), **({"time": "days", "event": "status"} | options), stdout=out)
    return out.getvalue()


def refusal(path: Path, **options: Any) -> str:
    """The one sentence, or few, in which the command refuses."""
    with pytest.raises(CommandError) as refused:
        printed(path, **options)
    return str(refused.value)


def with_cell(text: str, line: int = 6) -> str:
    lines = TABLE.split("\n")
    lines[line - 1] = lines[line - 1].rpartition(",")[0] + (f',"{text}"' if "," in text else f",{text}")
    return "\n".join(lines)


# -- The cells -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "advice"),
    [("<0.05", "beyond a limit of detection"), ("＜0.05", "beyond a limit"), ("≥250", "beyond a limit"),
     ("小于5", "beyond a limit"), ("~5", "beyond a limit"), ("1,234", "--decimal-comma"),
     ("1.234,5", "--decimal-comma"), ("2026-03-05", "A date is no number"), ("05.03.2026", "A date is no number"),
     ("5/3/2026", "A date is no number"),
     ("1 234", "without spaces"), ("45%", "without spaces, signs or marks"), ("5.6↑", "signs or marks"),
     ("3.4 mg", "Correct the cells"), ("-", "Correct the cells"), ("high", "Correct the cells"),
     ("#DIV/0!", "Correct the cells"), ("Inf", "Correct the cells"), ("1e400", "Correct the cells")],
)  # fmt: skip
@pytest.mark.parametrize("role", ["covariates", "confounders"])
def test_text_among_numbers_is_refused_with_its_line_and_its_cell(tmp_path, cell, advice, role):
    more = {"treatment": "arm"} if role == "confounders" else {}
    text = refusal(write(tmp_path, with_cell(cell)), **{role: "x"}, **more)
    assert text.startswith("Column x must hold numbers only; it holds 29 numbers and 1 cell that is none: line 6 ")
    assert f"line 6 “{cell}”" in text
    assert advice in text
    assert "--categorical x" in text


def test_every_such_cell_is_named_up_to_ten(tmp_path):
    content = TABLE.replace(",4\n", ",>4\n").replace(",3\n", ",<3\n").replace(",2\n", ",<2\n")
    text = refusal(write(tmp_path, content), covariates="x")
    assert "12 numbers and 18 cells" in text
    assert text.count("line ") == 10
    assert "and 8 more" in text


@pytest.mark.parametrize(("role", "cell"), [("time", "<14"), ("time", "2026-01-14"), ("entry", "<1")])
def test_a_time_with_text_is_refused_and_is_never_a_category(tmp_path, role, cell):
    content = with_cell(cell, 3) if role == "entry" else TABLE.replace("\n14,", f"\n{cell},")
    text = refusal(write(tmp_path, content), **({"entry": "x"} if role == "entry" else {}))
    assert f"line 3 “{cell}”" in text
    assert "--categorical" not in text


@pytest.mark.parametrize(
    ("cell", "value"), [("３．４", 3.4), ("１２", 12), ("3,4", 3.4), ("３，４", 3.4), ("1,234.5", 1234.5)]
)
def test_a_number_is_read_whatever_its_width_and_a_decimal_comma_is_named(tmp_path, cell, value):
    as_written = printed(write(tmp_path, with_cell(cell)), covariates="x")
    plain = printed(write(tmp_path, with_cell(str(value))), covariates="x")
    named = [line for line in as_written.splitlines() if line not in plain.splitlines()]
    has_comma = value == 3.4 and cell != "３．４"
    assert named == (["warning: Column x: the comma was read as a decimal comma, cells: 1 "
                      f"(line 6 “{cell}”)."] if has_comma else [])  # fmt: skip


def test_the_decimal_commas_of_a_hospital_are_numbers():
    text = printed(CASES / "02-decimal-comma.csv", time="TBIL", event="ALT", event_value="35")
    assert "all: n 2, events 2, median 3.4 " in text
    assert "the comma was read as a decimal comma, cells: 2 (line 2 “3,4”, line 3 “3，4”)" in text


def test_with_the_option_a_comma_before_three_digits_is_a_decimal_comma_too(tmp_path):
    path = write(tmp_path, "days;status\n1,234;1\n1,234;1\n1.234,5;0\n")
    assert "“1,234”" in refusal(path)
    assert "median 1.234 " in printed(path, decimal_comma=True)
    assert "last time 1234.5" in printed(path, decimal_comma=True)


def test_with_the_option_a_point_that_may_separate_thousands_is_refused(tmp_path):
    assert "line 2 “1.234”" in refusal(write(tmp_path, "days;status\n1.234;1\n2,5;0\n"), decimal_comma=True)


def test_a_column_of_words_is_one_of_categories_and_so_are_stages_most_of_which_are_words(tmp_path):
    content = "days,status,bclc\n" + "".join(f"{i},{i % 2},{'0' if i % 3 == 0 else 'A'}\n" for i in range(1, 61))
    assert "  bclcA: coef" in printed(write(tmp_path, content), covariates="bclc")
    mostly_0 = content.replace(",0\n", ",B\n").replace(",A\n", ",0\n")
    assert "Column bclc must hold numbers only; it holds 40 numbers" in refusal(
        write(tmp_path, mostly_0), covariates="bclc"
    )
    assert "  bclcB: coef" in printed(write(tmp_path, mostly_0), covariates="bclc", categorical="bclc")
    assert "  bclc0: coef" in printed(write(tmp_path, mostly_0), covariates="bclc", reference="bclc=B")


def test_codes_declared_as_categories_get_a_term_each(tmp_path):
    content = "days,status,stage\n" + "".join(f"{i},{i % 2},{i % 3 + 1}\n" for i in range(1, 91))
    path = write(tmp_path, content)
    assert "  stage: coef" in printed(path, covariates="stage")
    text = printed(path, covariates="stage", categorical="stage", arm="stage")
    assert "  stage2: coef" in text
    assert "  stage3: coef" in text
    assert "reference 1" in text


def test_a_column_of_names_is_no_category_and_a_measurement_is_no_group(tmp_path):
    content = "days,status,who,age\n" + "".join(f"{i},{i % 2},P-{i}x,{i}.5\n" for i in range(1, 61))
    path = write(tmp_path, content)
    assert "Column who holds 60 different texts, which are no categories" in refusal(path, covariates="who")
    assert "Column age holds 60 different values, which are no groups" in refusal(path, arm="age")
    assert "Column age holds 60 different values" in refusal(path, covariates="age", reference="age=1.5")


def test_levels_that_differ_only_in_spelling_are_named(tmp_path):
    text = printed(write(tmp_path, "days,status,arm\n1,1,A\n2,0,a\n3,1,Ａ\n4,0,B\n"), arm="arm")
    assert "warning: Column arm: “A” and “a” and “Ａ” are different levels." in text


def test_a_level_called_na_is_mentioned(tmp_path):
    text = printed(write(tmp_path, "days,status,arm\n1,1,NA\n2,0,NA\n3,1,IFN\n4,0,\n"), arm="arm")
    assert "NA: n 2, events 1" in text
    assert (
        "warning: Column arm: “NA” is a level like the others; leave a cell empty where the value is missing." in text
    )


# -- The status ------------------------------------------------------------------------------------------


def test_an_event_coded_1_and_2_is_refused_with_its_values_and_what_to_give():
    text = refusal(CASES / "08-event-value-missing.csv")
    assert text == (
        "Column status must hold 1 for an event and 0 for none; it holds “1” (2 rows), “2” (3 rows). "
        "Name the value that is an event: --event-value 2. If it competes with the event 1: --competing 2."
    )


def test_two_values_that_both_count_as_censored_are_named(tmp_path):
    content = "days,status\n1,dead\n2,alive\n3,Dead\n4,dead\n"
    text = printed(write(tmp_path, content), event_value="dead")
    assert "warning: Column status: all of “Dead” (1 rows), “alive” (1 rows) count as censored." in text


def test_a_competing_value_that_never_occurs_is_refused_with_those_that_do(tmp_path):
    text = refusal(write(tmp_path, TABLE), competing="death")
    assert text == "No row has the value “death” in column status; it holds 0, 1."


ADTTE = "PARAMCD,AVAL,CNSR,ARMCD\n" + "".join(
    f"{parameter},{i},{int(i % 3 > 0)},{'A1' if i % 2 else 'A2'}\n"
    for parameter in ("TTR", "RFS")
    for i in range(1, 31)
)


def test_the_rows_of_several_endpoints_are_never_analysed_as_one(tmp_path):
    path, options = write(tmp_path, ADTTE), {"time": "AVAL", "event": "CNSR", "event_value": "0"}
    assert refusal(path, **options) == (
        "The rows are those of several endpoints (RFS, TTR): choose one, --where PARAMCD=..."
    )
    text = printed(path, where="PARAMCD=TTR", **options)
    assert text.startswith("30 rows of 60\nKaplan-Meier: 30 of 30 rows used; events 10\n")
    text = printed(path, where="PARAMCD=TTR,ARMCD=A1", **options)
    assert text.startswith("15 rows of 60\n")


def test_a_row_is_chosen_by_a_value_that_occurs(tmp_path):
    path, options = write(tmp_path, ADTTE), {"time": "AVAL", "event": "CNSR", "event_value": "0"}
    assert refusal(path, where="PARAMCD=OS", **options) == (
        "No row has the value “OS” in column PARAMCD (--where); it holds RFS, TTR."
    )
    assert refusal(path, where="PARAM=TTR", **options).startswith("There is no column PARAM;")
    assert refusal(path, where="PARAMCD", **options) == "--where PARAMCD: give column=value."


def test_a_censoring_column_of_cdisc_is_not_taken_for_one_of_events(tmp_path):
    text = refusal(write(tmp_path, ADTTE), time="AVAL", event="CNSR", where="PARAMCD=TTR")
    assert text == "In a column CNSR 0 is an event (CDISC): give --event-value 0."


# -- The file --------------------------------------------------------------------------------------------


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


ROWS = [["days", "status"], [1, 1], [2.5, 0], [4, 1]]


def test_a_workbook_with_several_sheets_is_refused_until_one_is_named(tmp_path):
    path = workbook(tmp_path / "t.xlsx", First=ROWS, Second=[["days", "status"], [9, 1]], Empty=[])
    assert refusal(path) == "t.xlsx has 2 sheets: First, Second. Name one with --sheet."
    assert "all: n 3, events 2" in printed(path, sheet="First")
    assert "all: n 1, events 1" in printed(path, sheet="Second")
    assert refusal(path, sheet="Third") == "There is no sheet Third in t.xlsx; choose from First, Second."
    assert refusal(path, sheet="Empty") == "The sheet Empty is empty in t.xlsx; choose from First, Second."


def test_a_workbook_with_one_sheet_that_holds_anything_needs_no_name(tmp_path):
    assert "all: n 3, events 2" in printed(workbook(tmp_path / "t.xlsx", Empty=[], Data=ROWS))


def test_a_date_and_a_comparison_of_a_workbook_are_refused_by_line(tmp_path):
    path = workbook(tmp_path / "t.xlsx", Data=[*ROWS, [date(2026, 3, 5), 1], ["<7", 0]])
    assert "line 5 “2026-03-05”, line 6 “<7”" in refusal(path)


def test_a_sheet_of_a_text_file_is_refused(tmp_path):
    assert refusal(write(tmp_path, TABLE), sheet="Data") == "--sheet has no effect: table.csv has no sheets."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_text_file_is_read_in_the_encodings_and_separators_of_hospitals(tmp_path, encoding, separator):
    days, status, arm = ("天數", "狀態", "組") if encoding == "big5" else ("天数", "状态", "组")
    content = f"{days},{status},{arm}\n1,1,甲\n2,0,乙\n3,1,乙\n".replace(",", separator).encode(encoding)
    assert "乙: n 2, events 1" in printed(write(tmp_path, content), time=days, event=status, arm=arm)


def test_a_space_before_a_quotation_mark_is_no_part_of_a_name_or_a_level(tmp_path):
    content = '"days", "status", "arm"\n1, 1, "A"\n2, 0, "B"\n3, 1, B\n'
    assert "\nB: n 2, events 1" in printed(write(tmp_path, content), arm="arm")


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "The file is empty"), ("days,status\n", "no line below the heading"), (b"\x00\x01\x02", "is not recognised"),
     ("days,status,x\n1,1\n2,0,3,4\n", "line 3 has more cells than that"),
     ("days,status,x\n1,1,2\n2,0\n3,0\n", "lines 3, 4 have fewer cells than that"),
     ("days,status\n2,5,1\n", "Is a comma part of a number"),
     ("Cohort of 2026\ndays,status\n1,1\n", "is the first line no heading?"),
     (b"PK\x03\x04broken", "workbook cannot be read")],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path, content, words):
    assert words in refusal(write(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "words"),
    [("{", "is no JSON"), ("3", "is no table"), ("[]", "is no table"),
     ('[{"days": [1], "status": 1}]', "a cell holds a list"),
     ('{"days": [1, 2], "status": [1]}', "not equally long"), ('[{"days": 1, "days": 2, "status": 1}]', "days twice"),
     ('[{"days": "<1", "status": 1}]', "record 1 “<1”")],
)  # fmt: skip
def test_json_that_is_no_table_is_refused_in_words(tmp_path, content, words):
    assert words in refusal(write(tmp_path, content, "table.json"))


def test_json_is_read_as_records_and_as_columns(tmp_path):
    for content in ('[{"days": 1, "status": 1}, {"days": 2.5, "status": 0}, {"days": 4, "status": true}]',
                    '{"days": [1, 2.5, 4], "status": [1, 0, 1]}'):  # fmt: skip
        assert "all: n 3, events 2, median 4 " in printed(write(tmp_path, content, "table.json"))


def test_a_path_that_leads_nowhere_or_to_a_folder_is_refused(tmp_path):
    assert refusal(tmp_path / "none.csv") == f"There is no file {tmp_path / 'none.csv'}."
    assert "Is a directory" in refusal(tmp_path)


@pytest.mark.parametrize("role", ["time", "arm", "covariates"])
def test_a_doubled_heading_is_refused_where_it_is_named_and_mentioned_where_it_is_not(tmp_path, role):
    path = write(tmp_path, "days,status,x,x\n1,1,2,3\n2,0,3,4\n")
    assert refusal(path, **{role: "x"}) == "There are 2 columns x."
    assert "warning: The heading x appears 2 times and is not used." in printed(path)


# -- The options -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [({"reference": "arm=Z", "covariates": "arm"}, "Column arm has no level Z (--reference); its levels are A, B."),
     ({"reference": "arm=Z", "arm": "arm"}, "Column arm has no level Z (--reference); its levels are A, B."),
     ({"reference": "arm", "covariates": "arm"}, "--reference arm: give column=level."),
     ({"arm": "ARM"}, "There is no column ARM; there are days, status, arm, x."),
     ({"treatment": "arm", "confounders": "y"}, "There is no column y; there are days, status, arm, x."),
     ({"tau": 999, "arm": "arm"}, "--tau 999 lies beyond the end of the follow-up (B: 210): give a number up to 210."),
     ({"tau": 0}, "--tau 0: give a number greater than 0."), ({"tau": "-3"}, "--tau -3: give a number greater than 0."),
     ({"tau": "nan"}, "--tau nan: give a number greater than 0."),
     ({"at": "0", "arm": "arm"}, "--at 0: give a number greater than 0."),
     ({"at": "9"}, "--at has no effect without --time and --arm."),
     ({"times": "1,x"}, "--times x: give a number of 0 or more."),
     ({"ties": "exact", "covariates": "x"}, "--ties exact: choose from efron and breslow."),
     ({"rho": "one", "arm": "arm"}, "--rho one: give a number of 0 or more."),
     ({"rho": -1, "arm": "arm"}, "--rho -1: give a number of 0 or more."),
     ({"covariates": "x,x"}, "--covariates names x twice."),
     ({"covariates": "days"}, "The column days is named for two purposes that exclude each other."),
     ({"categorical": "x"}, "--categorical x has no effect: it is no covariate and no confounder."),
     ({"competing": "1"}, "--competing names the value of the event itself."),
     ({"treatment": "arm"}, "--treatment and --confounders go together: give both."),
     ({"confounders": "x"}, "--treatment and --confounders go together: give both."),
     ({"treatment": "arm", "confounders": "x,arm"}, "--confounders names arm, which is the treatment itself."),
     ({"visits": "3"}, "--visit-spacing and --visits go together: give both."),
     ({"time": None}, "--time and --event go together: give both."),
     ({"time": None, "event": None}, "Give --time and --event, or --interval LEFT RIGHT.")],
)  # fmt: skip
def test_a_bad_option_is_refused_in_one_sentence(tmp_path, options, words):
    assert refusal(write(tmp_path, TABLE), **options) == words


def test_times_that_cannot_be_are_refused_by_line(tmp_path):
    path = write(tmp_path, "days,status,start,end\n5,1,2,\n-1,0,0,3\n6,1,6,5\n7,0,8,9\n")
    assert refusal(path) == "Column days holds a negative time: line 3 (-1)."
    positive = write(tmp_path, path.read_text().replace("-1", "1"))
    late = "The entry is not before the end of the follow-up: line 4 (6, 6), line 5 (8, 7)."
    assert refusal(positive, entry="start") == late
    turned = "The interval ends before it begins, or at 0: line 4 (6, 5)."
    assert refusal(positive, time=None, event=None, interval=["start", "end"]) == turned


def test_a_column_whose_name_has_a_comma_can_be_named(tmp_path):
    path = write(tmp_path, TABLE.replace("arm,x", 'arm,"x, log"'))
    assert "  x, log: coef" in printed(path, covariates="x, log")
