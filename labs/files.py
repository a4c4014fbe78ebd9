"""Hospital files: bytes to rows, and a mapping of columns to what they mean. Pure."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from openpyxl.utils.exceptions import InvalidFileException

from labs.panels import ANALYTES
from prtras.codelists import MISS_REASON
from prtras.crf.dates import normal, parse_date
from prtras.labels import T

ENCODINGS = ("utf-8-sig", "gb18030")
#: What an unpacked workbook may hold: a small zip can unpack to very much.
MAX_UNPACKED, MAX_ROWS, MAX_COLUMNS = 200 * 1024 * 1024, 50_000, 500
#: What the reader of workbooks raises for one that is broken.
BROKEN = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError, SyntaxError,
          zipfile.BadZipFile, zlib.error, InvalidFileException)  # fmt: skip

TOO_MUCH = T(
    "工作表过大：最多 50000 行、500 列。请拆分后再试。",
    "The sheet is too large: at most 50000 rows and 500 columns. Split it and try again.",
)


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
    is in `date`, or `day` counts days from Day 0. `results` maps a column to (analyte, unit). Analytes of a panel that
    the file does not report are marked not done with `not_reported`.
    """

    participant: str
    results: dict[str, tuple[str, str]]
    date: str = ""
    day: str = ""
    number: str = "{}"
    not_reported: str = "OTHER_HOSP"

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Sample:
    """One line of the file: whose, when, and the results as reported."""

    line: int
    number: str
    collected: date | int
    results: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """What is wrong in which line and column: the value, and the rule it breaks."""

    line: int
    column: str
    value: str
    text: T


def mapping_of(plain: Mapping[str, Any]) -> ColumnMapping:
    """A mapping from its stored form. Raises FileRefused for one that makes no sense."""
    results = {column: (pair[0], pair[1]) for column, pair in dict(plain.get("results", {})).items()}
    for column, (analyte, unit) in results.items():
        if analyte not in ANALYTES or unit not in ANALYTES[analyte].units:
            raise FileRefused(
                T("列“{c}”的项目或单位无效：{a} {u}。", "Column “{c}”: unknown analyte or unit: {a} {u}.").format(
                    c=column, a=analyte, u=unit
                )
            )
    chosen = {key: plain[key] for key in ("participant", "date", "day", "number", "not_reported") if plain.get(key)}
    if "participant" not in chosen or not results or bool(chosen.get("date")) == bool(chosen.get("day")):
        raise FileRefused(
            T(
                "请指定受试者编号列、采样日期列和至少一个检验项目列。",
                "Select the participant number column, the sample date column and at least one analyte column.",
            )
        )
    if chosen.get("not_reported", "OTHER_HOSP") not in MISS_REASON:
        raise FileRefused(T("未检测原因无效。", "The reason for analytes not reported is not valid."))
    return ColumnMapping(results=results, **chosen)


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
        return _table(list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)))
    except csv.Error as broken:
        raise FileRefused(T("“{n}”不是 CSV 文件。", "“{n}” is not a CSV file.").format(n=name)) from broken


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
    import openpyxl  # a sixth of a second at every start, for the few who send XLSX

    try:
        if sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist()) > MAX_UNPACKED:
            raise FileRefused(TOO_MUCH)
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        if (sheet.max_column or 0) > MAX_COLUMNS:
            raise FileRefused(TOO_MUCH)
        lines = [[_cell(value) for value in row] for row in islice(sheet.iter_rows(values_only=True), MAX_ROWS + 1)]
    except FileRefused:
        raise
    except BROKEN as broken:
        raise FileRefused(T("无法读取该 XLSX 文件。", "The XLSX file cannot be read.")) from broken
    if len(lines) > MAX_ROWS:
        raise FileRefused(TOO_MUCH)
    return lines


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def _table(lines: Sequence[Sequence[str]]) -> Table:
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise FileRefused(T("文件为空。", "The file is empty."))
    columns = tuple(normal(cell) for cell in lines[0])
    doubled = {c for c in columns if c and columns.count(c) > 1}
    if doubled:
        raise FileRefused(T("列名重复：{c}", "Duplicate column names: {c}").format(c=", ".join(sorted(doubled))))
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


def samples(table: Table, mapping: ColumnMapping) -> tuple[list[Sample], list[Problem]]:
    """The samples of a table, and what could not be read in it. Raises FileRefused for a missing column."""
    named = [mapping.participant, mapping.date or mapping.day, *mapping.results]
    absent = [name for name in named if name not in table.columns]
    if absent:
        raise FileRefused(
            T("缺少列：{c}。文件中有：{h}", "Missing columns: {c}. The file has: {h}").format(
                c=", ".join(absent), h=", ".join(table.columns)
            )
        )
    listed: list[Sample] = []
    problems: list[Problem] = []
    for line, row in table.rows:
        try:
            listed.append(_sample(line, row, mapping))
        except _Unreadable as wrong:
            problems.append(Problem(line, wrong.column, row[wrong.column], wrong.text))
    return listed, problems


class _Unreadable(ValueError):
    def __init__(self, column: str, text: T) -> None:
        super().__init__(text.en)
        self.column, self.text = column, text


def _sample(line: int, row: Mapping[str, str], mapping: ColumnMapping) -> Sample:
    reported = {
        analyte: (normal(row[column]), unit)
        for column, (analyte, unit) in mapping.results.items()
        if normal(row[column]) not in ("", "NA")
    }
    return Sample(line, _number(row, mapping), _collected(row, mapping), reported)


def _number(row: Mapping[str, str], mapping: ColumnMapping) -> str:
    text = normal(row[mapping.participant])
    if not text:
        raise _Unreadable(mapping.participant, T("缺少受试者编号。", "The participant number is missing."))
    if re.fullmatch(r"\d+", text) and mapping.number != "{}":
        return mapping.number.format(int(text))
    return text


def _collected(row: Mapping[str, str], mapping: ColumnMapping) -> date | int:
    column = mapping.date or mapping.day
    text = normal(row[column])
    try:
        return parse_date(text.split(" ")[0]) if mapping.date else _day(text)
    except ValueError:
        raise _Unreadable(column, T("不是有效日期。", "This is not a date.")) from None


def _day(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,5}", text, re.ASCII):
        raise ValueError(text)
    return int(text)


def day_of(sample: Sample, anchor: date | None) -> date | None:
    """The date on which a sample was taken."""
    if isinstance(sample.collected, date):
        return sample.collected
    return None if anchor is None else anchor + timedelta(days=sample.collected)
