"""Files as hospitals make them: encodings, workbooks, titles, merged heads, one result per line."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labs.files.contents import read_table, sheets_of
from labs.files.mapping import ColumnMapping, mapping_of
from labs.files.refusals import FileRefused
from labs.files.samples import Sample, items_of, samples
from labs.files.tables import header_row
from tests.access.test_bad_files import repacked

FILES = Path(__file__).parents[1] / "reference" / "labs"
WIDE = {
    "participant": "受试者编号", "date": "采样日期",
    "results": {"谷丙转氨酶(U/L)": ["alt", "U/L"], "总胆红素": ["tbil", "umol/L"], "肌酐": ["creat", "umol/L"]},
}  # fmt: skip
LONG = {
    "participant": "受试者编号", "date": "采集时间", "item": "项目", "result": "结果", "unit": "单位",
    "range": "参考范围", "flag": "提示", "names": {"糖类抗原125": ""},
}  # fmt: skip


def read(name: str, plain: dict[str, Any]) -> tuple[list[Sample], list[tuple[int, str]]]:
    mapping = mapping_of(plain)
    listed, problems = samples(read_table((FILES / name).read_bytes(), name, mapping), mapping)
    return listed, [(problem.line, problem.text.en) for problem in problems]


def texts(sample: Sample) -> dict[str, str]:
    return {code: result.text for code, result in sample.results.items()}


# -- Workbooks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["title-row-second-sheet.xls", "repeated-empty-cells.ods"])
def test_a_workbook_of_any_office_is_read_below_its_title(name):
    (first, second), problems = read(name, WIDE)
    assert problems == []
    assert (first.number, first.collected, texts(first)) == (
        "01-001", date(2025, 8, 25), {"alt": "35", "tbil": "9.8", "creat": "66"},
    )  # fmt: skip
    assert texts(second) == {"alt": "36.5", "tbil": "10.1", "creat": "67"}


def test_a_line_of_totals_is_left_out_and_reported():
    table = read_table((FILES / "title-row-second-sheet.xls").read_bytes(), "f.xls")
    assert [(each.line, each.value, each.text.en) for each in table.left_out] == [
        (5, "合计", "A line of totals or a footer; it was not read.")
    ]


@pytest.mark.parametrize(
    "first",
    ["合计", "总计 30", "平均值", "Total", "Total: 30", "total n=3", "Mean ± SD", "SD", "Grand total",
     "Total samples 30", "审核：某某", "第 1 页"],
)  # fmt: skip
def test_what_sums_up_or_signs_is_no_sample(first):
    assert read_table(f"编号,ALT\n{first},30\n01-001,35\n".encode(), "f.csv").rows == (
        (3, {"编号": "01-001", "ALT": "35"}),
    )


@pytest.mark.parametrize(
    "first", ["Total bilirubin", "Total protein", "total cholesterol", "总蛋白", "总胆红素", "SD-001", "SUM01",
              "Mean corpuscular volume", "平均红细胞体积", "Mean platelet volume", "注射部位"]
)  # fmt: skip
def test_a_name_that_begins_like_a_total_is_a_line_of_data(first):
    table = read_table(f"item,low,high\n{first},1,2\n".encode(), "f.csv")
    assert [row["item"] for _, row in table.rows] == [first]
    assert table.left_out == ()


def test_heads_merged_over_two_rows_are_one():
    plain = {"participant": "受试者编号", "date": "采样日期",
             "results": {"ALT": ["alt", "U/L"], "TBIL": ["tbil", "umol/L"],
                         "肌酐(Cr)": ["creat", "umol/L"]}}  # fmt: skip
    (first, second), problems = read("merged-heads-serial-dates.xlsx", plain)
    assert problems == []
    assert (first.collected, second.collected, second.time) == (date(2025, 8, 25), date(2025, 11, 17), "08:30:00")
    assert (second.results["alt"].text, second.results["alt"].mark) == ("36.5↑", "HIGH")
    assert (second.results["creat"].text, second.results["creat"].unit) == ("67", "umol/L")


def test_the_heads_are_found_below_titles():
    title = [["某某医院"], [], ["打印日期", "2026-01-01"], *[["-"]] * 30]
    lines = [*title, ["编号", "采样日期", "ALT"], ["01-001", "2025-08-25", "35"]]
    (sheet,) = sheets_of("\n".join(",".join(line) for line in lines).encode(), "f.csv")
    assert header_row(sheet) == 34
    table = read_table("\n".join(",".join(line) for line in lines).encode(), "f.csv")
    assert table.rows == ((35, {"编号": "01-001", "采样日期": "2025-08-25", "ALT": "35"}),)


def test_a_person_says_which_sheet_and_row_hold_the_table():
    content = (FILES / "title-row-second-sheet.xls").read_bytes()
    table = read_table(content, "f.xls", ColumnMapping("受试者编号", sheet="结果", header=2))
    assert table.columns[:2] == ("受试者编号", "采样日期")
    with pytest.raises(FileRefused, match="no sheet"):
        read_table(content, "f.xls", ColumnMapping("受试者编号", sheet="Sheet9"))
    with pytest.raises(FileRefused, match="no column names"):
        read_table(content, "f.xls", ColumnMapping("受试者编号", sheet="结果", header=99))


def test_cells_that_repeat_a_million_times_are_refused_before_they_are_read():
    original = (FILES / "repeated-empty-cells.ods").read_bytes()
    xml = zipfile.ZipFile(io.BytesIO(original)).read("content.xml")
    empty, full = b'columns-repeated="16000"/>', b'columns-repeated="16000"><text:p>x</text:p></table:table-cell>'
    assert empty in xml
    with pytest.raises(FileRefused, match="too large"):
        read_table(repacked(original, content=xml.replace(empty, full)), "f.ods")


cells = st.one_of(st.integers(-10**9, 10**9), st.floats(-1e6, 1e6).map(lambda x: round(x, 3) + 0.0),
                  st.dates(date(1990, 1, 1)),
                  st.text(st.characters(whitelist_categories=("L", "N")), max_size=8))  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6))
def test_a_workbook_is_read_as_openpyxl_reads_it(lines):
    book = openpyxl.Workbook()
    for line in [["编号", "采样日期", "ALT"], *lines, ["01-001", "2025-08-25", 35]]:  # a table of blanks is refused
        book.active.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    table = read_table(buffer.getvalue(), "f.xlsx")
    second = openpyxl.load_workbook(io.BytesIO(buffer.getvalue())).active.iter_rows(min_row=2, values_only=True)
    expected = [[_shown(value) for value in line] for line in second]
    by_line = {number: list(row.values()) for number, row in table.rows}
    skipped = {each.line for each in table.left_out}
    for number, line in enumerate(expected, start=2):
        if number not in skipped and any(cell.strip() for cell in line):
            assert by_line[number] == line


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float | int):
        return f"{value:.15g}"
    return value.date().isoformat() if hasattr(value, "date") else str(value)


# -- Text files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["long-gb18030.csv", "long-utf16.csv"])
def test_a_file_of_one_result_per_line_is_read(name):
    listed, problems = read(name, LONG)
    assert problems == []
    merged = {code: result for sample in listed for code, result in sample.results.items()}
    assert {(sample.collected, sample.time) for sample in listed} == {(date(2025, 8, 25), "08:30:12")}
    assert {code: (result.text, result.unit) for code, result in merged.items()} == {
        "alt": ("35", "U/L"), "tbil": ("9.8", "umol/L"), "k": ("5.6", "mmol/L"), "hbeag": ("0.42", "S/CO"),
    }  # fmt: skip
    assert (str(merged["alt"].low), str(merged["alt"].high)) == ("9", "50")
    assert (merged["k"].mark, merged["hbeag"].quality) == ("HIGH", "NEG")


@pytest.mark.parametrize(("item", "read"), [("INR", True), ("ALT", False)])
def test_a_dash_for_a_unit_stands_for_none_only_where_there_is_none(item, read):
    content = f"编号,采样日期,项目,结果,单位\n01-001,2025-08-25,{item},1.1,-\n".encode()
    mapping = mapping_of({"participant": "编号", "date": "采样日期", "item": "项目", "result": "结果", "unit": "单位"})
    table = read_table(content, "f.csv", mapping)
    listed, problems = samples(table, mapping)
    assert (len(listed), [problem.column for problem in problems]) == ((1, []) if read else (0, ["单位"]))


def test_an_item_that_nobody_mapped_is_a_problem_and_never_dropped():
    _, problems = read("long-gb18030.csv", LONG | {"names": {}})
    assert problems == [(5, "Item “糖类抗原125” is not mapped; select it or ignore it in the mapping.")]


def test_the_items_of_a_file_are_listed_once_each():
    table = read_table((FILES / "long-gb18030.csv").read_bytes(), "f.csv")
    assert items_of(table, "项目") == dict.fromkeys(["谷丙转氨酶", "总胆红素", "钾(K)", "糖类抗原125", "乙肝e抗原"], 1)


def test_traditional_chinese_in_big5_is_read():
    plain = {"participant": "受試者編號", "date": "採樣日期", "results": {
        "白血球計數": ["wbc", "10^9/L"], "總膽紅素": ["tbil", "umol/L"], "肌酸酐": ["creat", "umol/L"]}}  # fmt: skip
    (sample,), problems = read("wide-big5.csv", plain)
    assert (problems, texts(sample)) == ([], {"wbc": "5.2", "tbil": "9.8", "creat": "66"})


TEXT = "受试者编号,采样日期,谷丙转氨酶(U/L),备注\n01-001,2025-08-25,35,复查后正常\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_a_text_file_is_read_whatever_its_encoding(encoding):
    table = read_table(TEXT.encode(encoding), "f.csv")
    assert table.rows == (
        (2, {"受试者编号": "01-001", "采样日期": "2025-08-25", "谷丙转氨酶(U/L)": "35", "备注": "复查后正常"}),
    )


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_by_most_lines(separator):
    lines = [["编号", "采样日期", "ALT"], ["01-001", "2025-08-25", "3,5"], ["01-001", "2025-08-26", "4,5"]]
    quoted = [[f'"{cell}"' if separator in cell else cell for cell in line] for line in lines]
    text = "\n".join(["某某医院检验结果", *(separator.join(line) for line in quoted)])
    table = read_table(text.encode(), "f.csv")
    assert [row["ALT"] for _, row in table.rows] == ["3,5", "4,5"]


def test_a_line_with_a_cell_too_many_is_a_problem_of_that_line_alone():
    table = read_table(b"pid,date,ALT\n01-001,2025-08-25,35,9\n01-002,2025-08-25,36\n", "f.csv")
    assert [(each.line, each.text.en) for each in table.broken] == [(2, "This line has 4 columns, 3 expected.")]
    assert [line for line, _ in table.rows] == [3]


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_a_day_before_its_year_is_read_as_the_mapping_says_and_refused_where_it_says_nothing(order):
    text = b"pid,date,ALT\n01-001,03/04/2025,35\n"
    plain = {"participant": "pid", "date": "date", "results": {"ALT": ["alt", "U/L"]}}
    mapping = mapping_of(plain | {"order": order})
    ((sample,), _) = samples(read_table(text, "f.csv"), mapping)
    assert sample.collected == (date(2025, 4, 3) if order == "dmy" else date(2025, 3, 4))
    _, (problem,) = samples(read_table(text, "f.csv"), mapping_of(plain))
    assert "select the date format" in problem.text.en


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ({"item": "项目"}, "needs the columns"),
        ({"item": "项目", "result": "结果", "results": {"ALT": ["alt", "U/L"]}}, "needs the columns"),
        ({"item": "结果", "result": "结果"}, "more than one meaning"),
        ({"item": "项目", "result": "结果", "names": {"x": "nothing"}}, "unknown analytes: nothing"),
        ({"item": "项目", "result": "结果", "outside": "somewhere"}, "outside any window is not valid"),
        ({"item": "项目", "result": "结果", "order": "ymd"}, "date format is not valid"),
        ({"item": "项目", "result": "结果", "header": "3"}, "“header” of the mapping is not valid"),
        ({"item": ["项目"], "result": "结果"}, "“item” of the mapping is not valid"),
    ],
)
def test_a_mapping_of_a_long_file_that_makes_no_sense_says_why(plain, words):
    with pytest.raises(FileRefused, match=words):
        mapping_of({"participant": "pid", "date": "date"} | plain)


@pytest.mark.parametrize("sheets", [50, 51])
def test_a_workbook_of_more_than_fifty_sheets_is_refused(sheets):
    book = openpyxl.Workbook()
    for line in (["编号", "采样日期", "ALT"], ["01-001", "2025-08-25", 35]):
        book.active.append(line)
    for _ in range(sheets - 1):
        book.create_sheet()
    buffer = io.BytesIO()
    book.save(buffer)
    if sheets > 50:
        with pytest.raises(FileRefused, match="The sheet is too large"):
            read_table(buffer.getvalue(), "f.xlsx")
    else:
        assert read_table(buffer.getvalue(), "f.xlsx").rows == (
            (2, {"编号": "01-001", "采样日期": "2025-08-25", "ALT": "35"}),
        )


@pytest.mark.parametrize(
    ("printed", "limits"),
    [("9-50(男)", (Decimal(9), Decimal(50))), ("男:9-50 女:7-40", None), ("9 ~ 5O", None), ("见说明", (None, None))],
)
def test_a_range_that_cannot_be_read_holds_its_result_back_and_does_not_become_the_default(printed, limits):
    table = read_table(f"编号,采样日期,项目,结果,参考\n01-001,2025-08-25,ALT,45,{printed}\n".encode(), "f.csv")
    columns = {"participant": "编号", "date": "采样日期", "item": "项目", "result": "结果", "range": "参考"}
    listed, problems = samples(table, mapping_of(columns))
    if limits is None:
        assert listed == []
        assert [(each.line, each.column, each.value) for each in problems] == [(2, "参考", printed)]
    else:
        (only,) = listed
        assert (only.results["alt"].low, only.results["alt"].high) == limits
