"""Hospital files: bytes to rows, and a mapping of columns to what they mean. Pure."""

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Any

from openpyxl.utils.exceptions import InvalidFileException

from labs.panels import ANALYTES, Analyte
from prtras.clinical.printed_number import LONGEST_NUMBER, folded
from prtras.codelists import MISS_REASON
from prtras.crf.dates import YEARS, normal, parse_date
from prtras.crf.typed_values import TOO_LONG
from prtras.labels import T

ENCODINGS = ("utf-8-sig", "gb18030")
#: What an unpacked workbook may hold, and how many tags: a small zip can unpack to very much, and a tag takes time.
MAX_UNPACKED, MAX_TAGS, MAX_ROWS, MAX_COLUMNS = 64 * 1024 * 1024, 1_500_000, 50_000, 500
LONGEST_CELL = 32_767  # characters, as in Excel
#: What the reader of workbooks raises for one that is broken.
BROKEN = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError, SyntaxError,
          zipfile.BadZipFile, zlib.error, InvalidFileException)  # fmt: skip
#: Heads of a column that says the unit of the results to its left.
UNIT_COLUMNS = ("单位", "unit", "units", "结果单位", "result unit")
#: What a cell holds when there is no result.
BLANK = ("", "NA")

TOO_MUCH = T(
    "工作表过大：最多 50000 行、500 列。请拆分后再试。",
    "The sheet is too large: at most 50000 rows and 500 columns. Split it and try again.",
)
NOT_A_DAY = T("不是有效日期。", "This is not a date.")
NOT_A_TIME = T("“{v}”不是有效时间，请按 08:30 填写。", "“{v}” is not a time; write 08:30.")
NO_NUMBER = T("缺少受试者编号。", "The participant number is missing.")
NO_COLUMNS = T(
    "请指定受试者编号列、采样日期列和至少一个检验项目列。",
    "Select the participant number column, the sample date column and at least one analyte column.",
)
FOREIGN_UNIT = T("单位“{unit}”不适用于{label}，可用：{units}。", "{label} is not reported in “{unit}”; use {units}.")


class FileRefused(ValueError):
    """The file as a whole cannot be read; the text says why and what to do."""

    def __init__(self, text: T) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True)
class Table:
    """Column names, and rows as texts with their line in the file."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


@dataclass(frozen=True)
class ColumnMapping:
    """What the columns mean.

    `participant` holds the number, or what `number` makes one of ("01-{:03d}" of a running number). The sample's date
    is in `date`, or `day` counts days from Day 0; its time is in `time` or behind the date. `results` maps a column to
    (analyte, unit); `units` maps a column of results to the one that holds their units, which is without it the one
    to its right if that is headed as such. Required analytes without a result are marked not done with `not_reported`,
    which a person chooses for the file, and are left open without one.
    """

    participant: str
    results: dict[str, tuple[str, str]]
    date: str = ""
    day: str = ""
    time: str = ""
    number: str = "{}"
    units: dict[str, str] = field(default_factory=dict)
    not_reported: str = ""

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def columns(self) -> list[str]:
        """Every column that the mapping names."""
        named = [self.participant, self.date or self.day, *self.results, *self.units.values()]
        return [*named, self.time] if self.time else named

    def column_of(self, analyte: str) -> str:
        """The column of an analyte's results; empty if the file does not have it."""
        return next((column for column, (code, _) in self.results.items() if code == analyte), "")


@dataclass(frozen=True)
class Result:
    """One cell: its line and column, the result as reported, and its unit."""

    line: int
    column: str
    text: str
    unit: str


@dataclass(frozen=True)
class Sample:
    """One line of the file: whose, when (the time is empty where the file has none), and its results by analyte."""

    line: int
    number: str
    collected: date | int
    results: dict[str, Result] = field(default_factory=dict)
    time: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong in which line and column: the value, and the rule it breaks."""

    line: int
    column: str
    value: str
    text: T


def mapping_of(plain: Mapping[str, Any]) -> ColumnMapping:
    """A mapping from its stored form. Raises FileRefused for one that makes no sense, or holds what nobody knows."""
    unknown = plain.keys() - ColumnMapping.__dataclass_fields__.keys()
    if unknown:
        keys = ", ".join(sorted(unknown))
        raise FileRefused(T("列映射中有未知项：{k}。", "The mapping has unknown keys: {k}.").format(k=keys))
    results = {column: (pair[0], pair[1]) for column, pair in dict(plain.get("results", {})).items()}
    _check_results(results)
    chosen = {key: value for key, value in plain.items() if key != "results" and value}
    if "participant" not in chosen or not results or bool(chosen.get("date")) == bool(chosen.get("day")):
        raise FileRefused(NO_COLUMNS)
    if chosen.get("not_reported", "") not in ("", *MISS_REASON.codes):
        raise FileRefused(T("未检测原因无效。", "The reason for analytes not reported is not valid."))
    if not re.fullmatch(r"[^{}]{0,10}\{(?::0[1-9]d)?\}", chosen.get("number", "{}")):
        raise FileRefused(T("受试者编号格式无效。", "The format of participant numbers is not valid."))
    if astray := chosen.get("units", {}).keys() - results.keys():
        text = T("单位列对应的结果列不存在：{c}", "Units are given for columns without results: {c}")
        raise FileRefused(text.format(c=", ".join(sorted(astray))))
    return ColumnMapping(results=results, **chosen)


def _check_results(results: Mapping[str, tuple[str, str]]) -> None:
    for column, (analyte, unit) in results.items():
        if analyte not in ANALYTES or unit not in ANALYTES[analyte].units:
            text = T("列“{c}”的项目或单位无效：{a} {u}。", "Column “{c}”: unknown analyte or unit: {a} {u}.")
            raise FileRefused(text.format(c=column, a=analyte, u=unit))
    for analyte, columns in Counter(analyte for analyte, _ in results.values()).items():
        if columns > 1:
            text = T("项目“{a}”对应了多列。", "More than one column is mapped to “{a}”.")
            raise FileRefused(text.format(a=ANALYTES[analyte].title))


def read_table(content: bytes, name: str) -> Table:
    """A CSV (comma, semicolon or tab; UTF-8 or GB18030) or XLSX. Raises FileRefused."""
    if content[:4] == b"PK\x03\x04":
        return _table(_xlsx_lines(content))
    if b"\x00" in content:
        raise FileRefused(T("“{n}”不是 CSV 或 XLSX 文件。", "“{n}” is neither CSV nor XLSX.").format(n=name))
    text = _decoded(content, name)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        if any(len(cell) > LONGEST_CELL for line in lines for cell in line):
            raise csv.Error("a quotation mark that nothing closes")
    except csv.Error as broken:
        raise FileRefused(T("“{n}”不是 CSV 文件。", "“{n}” is not a CSV file.").format(n=name)) from broken
    return _table(lines)


def _decoded(content: bytes, name: str) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(
        T(
            "“{n}”的编码无法识别，请另存为 UTF-8 或 GB18030。",
            "The encoding of “{n}” is not recognised; save the file as UTF-8 or GB18030.",
        ).format(n=name)
    )


def _xlsx_lines(content: bytes) -> list[list[str]]:
    """The cells of the first sheet, whatever its metadata say; every line as long as the first one."""
    import openpyxl  # a sixth of a second at every start, for the few who send XLSX

    try:
        _check_size(zipfile.ZipFile(io.BytesIO(content)))
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()
        lines = [_cells(row) for row in islice(sheet.iter_rows(values_only=True), MAX_ROWS + 1)]
    except FileRefused:
        raise
    except BROKEN as broken:
        raise FileRefused(T("无法读取该 XLSX 文件。", "The XLSX file cannot be read.")) from broken
    if len(lines) > MAX_ROWS:
        raise FileRefused(TOO_MUCH)
    width = len(lines[0]) if lines else 0
    return [line + [""] * (width - len(line)) for line in lines]


def _check_size(archive: zipfile.ZipFile) -> None:
    """Raises FileRefused for a workbook that is too large to be parsed, before anything is."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or sum(archive.read(part).count(b"<") for part in parts) > MAX_TAGS:
        raise FileRefused(TOO_MUCH)


def _cells(row: Sequence[Any]) -> list[str]:
    """The cells of a line as texts, without the empty ones at its end. Raises FileRefused."""
    cells = [_cell(value) for value in row[: MAX_COLUMNS + 1]]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS or any(len(cell) > LONGEST_CELL for cell in cells):
        raise FileRefused(TOO_MUCH)
    return cells


def _cell(value: Any) -> str:
    """As the sheet shows it: 33.0 as 33, 0.1 + 0.2 as 0.3, a day without a time as a day."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time.min else value.date().isoformat()
    return str(value)


def _table(lines: Sequence[Sequence[str]]) -> Table:
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise FileRefused(T("文件为空。", "The file is empty."))
    columns = _distinct([normal(cell) for cell in lines[0]])
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(columns):
            raise FileRefused(
                T("第 {n} 行有 {a} 列，应为 {b} 列。", "Line {n} has {a} columns, {b} expected.").format(
                    n=number, a=len(line), b=len(columns)
                )
            )
        rows.append((number, dict(zip(columns, line, strict=True))))
    return Table(columns, tuple(rows))


def _distinct(heads: Sequence[str]) -> tuple[str, ...]:
    """The heads; one that is there twice is followed by its turn: `单位 [1]`, `单位 [2]`."""
    often, turns = Counter(heads), Counter[str]()
    columns = []
    for head in heads:
        turns[head] += 1
        columns.append(f"{head} [{turns[head]}]" if often[head] > 1 else head)
    return tuple(columns)


def samples(table: Table, mapping: ColumnMapping) -> tuple[list[Sample], list[Problem]]:
    """The samples of a table, and what could not be read in it. Raises FileRefused for a missing column."""
    absent = [name for name in mapping.columns if name not in table.columns]
    if doubled := sorted({name for name in absent if f"{name} [2]" in table.columns}):
        raise FileRefused(T("列名重复：{c}", "Duplicate column names: {c}").format(c=", ".join(doubled)))
    if absent:
        raise FileRefused(
            T("缺少列：{c}。文件中有：{h}", "Missing columns: {c}. The file has: {h}").format(
                c=", ".join(absent), h=", ".join(table.columns)
            )
        )
    units = _unit_columns(table.columns, mapping)
    listed: list[Sample] = []
    problems: list[Problem] = []
    for line, row in table.rows:
        try:
            listed.append(_sample(line, row, mapping, units))
        except _Unreadable as wrong:
            problems.append(Problem(line, wrong.column, row[wrong.column], wrong.text))
    return listed, problems


def _unit_columns(columns: Sequence[str], mapping: ColumnMapping) -> dict[str, str]:
    """By column of results, where their units stand: as mapped, else to the right under a head that says so."""
    beside = {left: right for left, right in pairwise(columns) if is_unit_column(right)}
    return {column: beside[column] for column in mapping.results if column in beside} | mapping.units


def is_unit_column(column: str) -> bool:
    """Whether the head of a column says that it holds units."""
    return re.sub(r" \[[0-9]{1,3}\]\Z", "", column).lower() in UNIT_COLUMNS


class _Unreadable(ValueError):
    def __init__(self, column: str, text: T) -> None:
        super().__init__(text.en)
        self.column, self.text = column, text


def _sample(line: int, row: Mapping[str, str], mapping: ColumnMapping, units: Mapping[str, str]) -> Sample:
    number = _number(row, mapping)
    collected, at = _collected(row, mapping)
    results = {}
    for column, (analyte, unit) in mapping.results.items():
        text = row[column].strip()
        if normal(text[:LONGEST_NUMBER]) not in BLANK:
            results[analyte] = Result(line, column, text, _unit(row, units.get(column), ANALYTES[analyte], unit))
    return Sample(line, number, collected, results, at)


def _unit(row: Mapping[str, str], column: str | None, analyte: Analyte, mapped: str) -> str:
    """The unit in the file, else the one that the mapping names."""
    text = row[column].strip() if column else ""
    if not text or column is None:
        return mapped
    unit = unit_in(analyte, text)
    if unit is None:
        units = ", ".join(analyte.units)
        raise _Unreadable(column, FOREIGN_UNIT.format(unit=text[:LONGEST_NUMBER], label=analyte.title, units=units))
    return unit


def unit_in(analyte: Analyte, text: str) -> str | None:
    """The unit of an analyte that a text spells, if it is one of them."""
    known = {_folded_unit(unit): unit for unit in analyte.units}
    return known.get(_folded_unit(text)) if len(text) <= LONGEST_NUMBER else None


def _folded_unit(text: str) -> str:
    """One spelling of a unit: `×10⁹/L`, `10*9/L` and `10^9/l`; `μmol/L` and `umol/l`."""
    spelled = folded(text).replace(" ", "").replace("\N{GREEK CAPITAL LETTER MU}", "U")
    return re.sub(r"\AX?10[\^XE]?(?=(?:9|12)/)", "10^", spelled)


def _cell_of(row: Mapping[str, str], column: str) -> str:
    """A cell that is read and not stored. Raises _Unreadable for one that is too long for anything that is read."""
    text = row[column].strip()
    if len(text) > LONGEST_NUMBER:
        raise _Unreadable(column, TOO_LONG.format(limit=LONGEST_NUMBER, length=len(text)))
    return normal(text)


def _number(row: Mapping[str, str], mapping: ColumnMapping) -> str:
    text = _cell_of(row, mapping.participant)
    if not text:
        raise _Unreadable(mapping.participant, NO_NUMBER)
    if mapping.number != "{}" and re.fullmatch(r"[0-9]{1,9}(?:\.0{1,9})?", text):
        return mapping.number.format(int(text.split(".")[0]))
    return text


def _collected(row: Mapping[str, str], mapping: ColumnMapping) -> tuple[date | int, str]:
    column = mapping.date or mapping.day
    day, _, at = _cell_of(row, column).replace("T", " ").partition(" ")
    try:
        collected = parse_date(day) if mapping.date else _day(day)
    except ValueError:
        raise _Unreadable(column, NOT_A_DAY) from None
    if mapping.time:
        column, at = mapping.time, _cell_of(row, mapping.time)
    return collected, _time(column, at.strip())


def _time(column: str, text: str) -> str:
    """`08:30:00` of `8:30`; empty where there is none, or only a midnight that the spreadsheet put there."""
    match = re.fullmatch(r"([0-9]{1,2})[:：]([0-9]{2})(?:[:：]([0-9]{2}))?(?:\.[0-9]{1,6})?", text)
    if not text:
        return ""
    if not match or int(match[1]) > 23 or int(match[2]) > 59 or int(match[3] or 0) > 59:
        raise _Unreadable(column, NOT_A_TIME.format(v=text))
    at = f"{int(match[1]):02d}:{match[2]}:{match[3] or '00'}"
    return "" if at == "00:00:00" else at


def _day(text: str) -> int:
    match = re.fullmatch(r"([+-]?[0-9]{1,5})(?:\.0{1,9})?", text)
    if not match:
        raise ValueError(text)
    return int(match[1])


def day_of(collected: date | int, anchor: date | None) -> date | None:
    """The date on which a sample was taken; None for days from a Day 0 that is not known, or beyond all time."""
    if isinstance(collected, date):
        return collected
    if anchor is None:
        return None
    day = anchor + timedelta(days=collected)
    return day if day.year in YEARS else None
