"""Reads a laboratory's table of normal ranges, with Chinese or English heads. Pure."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from labs.files.cells import read_range
from labs.files.names import kind_of, named
from labs.files.refusals import Problem
from labs.files.tables import Table
from labs.identity import SEXES
from labs.lab_tests import LAB_TESTS, NO_UNIT, unit_in
from labs.panels import ANALYTES
from prtras.clinical.printed_number import folded
from prtras.crf.items import DateItem, DecimalItem, Item, TextItem
from prtras.crf.typed_values import Unreadable, value_of
from prtras.labels import T

#: What a column may hold, and what people are told it is called.
COLUMNS: dict[str, T] = {
    "item": T("检验项目", "analyte"),
    "sex": T("性别", "sex"),
    "age": T("年龄", "age"),
    "age_from": T("年龄下限", "age_from"),
    "age_to": T("年龄上限", "age_to"),
    "unit": T("单位", "unit"),
    "low": T("下限", "low"),
    "high": T("上限", "high"),
    "range": T("参考范围", "range"),
    "lloq": T("定量下限", "lloq"),
    "laboratory": T("检验机构", "laboratory"),
    "valid_from": T("生效日期", "valid_from"),
}
OLDEST = 130  # years; beyond it an age is a slip
LACKS = T("缺少列“{column}”。", "Column “{column}” is missing.")
FOREIGN = T("列“{column}”无法识别。可用的列：{known}。", "Column “{column}” is not known. Known columns: {known}.")
DOUBLE = T("列“{column}”与另一列含义相同。", "Column “{column}” means the same as another one.")
UNKNOWN = T("检验项目“{value}”不存在。", "Analyte “{value}” does not exist.")
NOT_RANGED = T("“{value}”没有正常值表。", "“{value}” has no table of normal ranges.")
SEX = T("性别应为男、女（M、F）或留空。", "Sex must be M, F or empty.")
AGE = T("“{value}”不是年龄范围，如 18-59、≥60。", "“{value}” is not a range of ages, such as 18-59 or ≥60.")
UNIT = T("单位“{value}”不适用，可用：{units}。", "“{value}” is not a unit of this analyte; use {units}.")
RANGE = T("“{value}”不是参考范围，如 3.5-9.5、<40。", "“{value}” is not a range, such as 3.5-9.5 or <40.")
REVERSED = T("下限应低于上限。", "The lower limit is not below the upper one.")
NO_LIMIT = T("上限与下限至少填写一项。", "Enter at least one limit.")
NO_DAY = T("请填写生效日期。", "Enter the date from which this range applies.")
NO_LLOQ = T("定量下限应大于 0，且不高于上限。", "The LLOQ must be above 0 and not above the upper limit.")
TWICE = T("该行在文件中重复。", "This line appears twice in the file.")
OVERLAP = T("年龄范围与第 {line} 行重叠。", "The ages overlap with those of line {line}.")
STORED = T(
    "同一生效日期已有年龄范围不同的正常值；请改用另一生效日期。",
    "Ranges for other ages are stored for the same day; use another day from which they apply.",
)
_NUMBER, _DAY, _NAME = DecimalItem("", "", places=4), DateItem("", ""), TextItem("", "", max_length=60)
_AGES = re.compile(r"([<>≤≥]?)(\d{1,3})(?:[-~](\d{1,3}))?", re.ASCII)
_NO_SEX = ("", "-", "/", "不分", "通用", "全部", "BOTH", "ALL")


@dataclass(frozen=True)
class RangeLine:
    """One line of the table: for whom, from when on, the limits and the LLOQ in the laboratory's unit."""

    line: int
    laboratory: str
    analyte: str
    sex: str
    age_from: int | None
    age_to: int | None
    valid_from: date
    unit: str
    low: Decimal | None
    high: Decimal | None
    lloq: Decimal | None = None

    @property
    def group(self) -> tuple[str, str, str, date]:
        """Lines of one group differ by age."""
        return self.laboratory, self.analyte, self.sex, self.valid_from

    @property
    def key(self) -> tuple[str, str, str, int | None, int | None, date]:
        """What makes two lines the same one."""
        return self.laboratory, self.analyte, self.sex, self.age_from, self.age_to, self.valid_from

    def overlaps(self, other: "RangeLine") -> bool:
        """Whether somebody's age lies in both."""
        ends = [OLDEST if each.age_to is None else each.age_to for each in (self, other)]
        low, high = max(self.age_from or 0, other.age_from or 0), min(ends)
        return low <= high


class _Wrong(Exception):
    """A cell that cannot be read: its column, what it holds, and why."""

    def __init__(self, kind: str, value: str, text: T) -> None:
        super().__init__(text.en)
        self.kind, self.value, self.text = kind, value, text


def read_lines(
    table: Table, *, laboratory: str = "", valid_from: date | None = None
) -> tuple[list[RangeLine], list[Problem]]:
    """The lines of a table of normal ranges, and everything that is wrong with it.

    `laboratory` and `valid_from` stand for lines that do not say so themselves.
    """
    columns, problems = _columns(table, dated=valid_from is not None)
    if problems:
        return [], problems
    listed: list[RangeLine] = []
    groups: dict[tuple[str, str, str, date], list[RangeLine]] = defaultdict(list)
    for number, row in table.rows:
        cells = {kind: row[column].strip() for kind, column in columns.items()}
        if not any(cells.values()):
            continue
        try:
            line = _line(number, cells, laboratory, valid_from)
        except _Wrong as wrong:
            problems.append(Problem(number, columns.get(wrong.kind, wrong.kind), wrong.value, wrong.text))
            continue
        if clash := _clash(line, groups[line.group]):
            problems.append(Problem(number, columns["item"], cells["item"], clash))
        else:
            groups[line.group].append(line)
        listed.append(line)
    return listed, problems


def _columns(table: Table, *, dated: bool) -> tuple[dict[str, str], list[Problem]]:
    """The table's columns by what they hold. One that nobody knows is a problem, as is one that is missing."""
    columns: dict[str, str] = {}
    problems = []
    known = T("、".join(text.zh for text in COLUMNS.values()), ", ".join(text.en for text in COLUMNS.values()))
    for head in table.columns:
        kind = kind_of(head)
        if not head.strip() and not any(row[head].strip() for _, row in table.rows):
            continue
        if kind not in COLUMNS:
            problems.append(Problem(1, head, "", FOREIGN.format(column=head, known=known)))
        elif kind in columns:
            problems.append(Problem(1, head, "", DOUBLE.format(column=head)))
        columns.setdefault(kind, head)
    needed = ["item", "unit", *([] if dated else ["valid_from"])]
    needed += [] if "range" in columns else ["low", "high"]
    problems += [Problem(1, kind, "", LACKS.format(column=COLUMNS[kind])) for kind in needed if kind not in columns]
    return columns, problems


def _clash(line: RangeLine, group: list[RangeLine]) -> T | None:
    """What is wrong with a line beside those of its group, whose ages do not overlap: they are few."""
    for other in group:
        if other.key == line.key:
            return TWICE
        if other.overlaps(line):
            return OVERLAP.format(line=other.line)
    return None


def _line(number: int, cells: Mapping[str, str], laboratory: str, valid_from: date | None) -> RangeLine:
    """Raises _Wrong."""
    analyte, unit = _analyte(cells)
    sex = cells.get("sex", "")
    if sex.upper() not in SEXES and sex.upper() not in _NO_SEX:
        raise _Wrong("sex", sex, SEX)
    low, high = _limits(cells)
    age_from, age_to = _ages(cells)
    day = _value(_DAY, "valid_from", cells) or valid_from
    if day is None:
        raise _Wrong("valid_from", "", NO_DAY)
    name = _value(_NAME, "laboratory", cells) or laboratory
    lloq = _value(_NUMBER, "lloq", cells)
    if lloq is not None and (lloq <= 0 or (high is not None and lloq > high)):
        raise _Wrong("lloq", cells["lloq"], NO_LLOQ)
    return RangeLine(number, name, analyte, SEXES.get(sex.upper(), ""), age_from, age_to, day, unit, low, high, lloq)


def _value(item: Item, kind: str, cells: Mapping[str, str]) -> Any:
    """Raises _Wrong."""
    try:
        return value_of(item, [cells.get(kind, "")])
    except Unreadable as unreadable:
        raise _Wrong(kind, cells.get(kind, ""), unreadable.text) from None


def _analyte(cells: Mapping[str, str]) -> tuple[str, str]:
    """The analyte, and the unit that stands in its column or in its name. Raises _Wrong."""
    typed = cells["item"]
    known = named(typed)
    if known is None:
        raise _Wrong("item", typed, UNKNOWN.format(value=typed))
    if known.lab_test not in ANALYTES:
        raise _Wrong("item", typed, NOT_RANGED.format(value=typed))
    lab_test = LAB_TESTS[known.lab_test]
    printed = "" if lab_test.units == ("1",) and cells["unit"] in NO_UNIT else cells["unit"]
    unit = unit_in(lab_test, printed) if printed else known.unit or (lab_test.unit if lab_test.units == ("1",) else "")
    if not unit:
        raise _Wrong("unit", cells["unit"], UNIT.format(value=cells["unit"], units=", ".join(lab_test.units)))
    return known.lab_test, unit


def _limits(cells: Mapping[str, str]) -> tuple[Decimal | None, Decimal | None]:
    """Raises _Wrong."""
    low, high = _value(_NUMBER, "low", cells), _value(_NUMBER, "high", cells)
    where = "low" if "low" in cells else "range"
    if printed := cells.get("range", ""):
        read = read_range(printed)
        if read == (None, None):
            raise _Wrong("range", printed, RANGE.format(value=printed))
        first, last = (_value(_NUMBER, "range", {"range": "" if limit is None else f"{limit:f}"}) for limit in read)
        low, high, where = (low if low is not None else first), (high if high is not None else last), "range"
    if low is None and high is None:
        raise _Wrong(where, "", NO_LIMIT)
    if low is not None and high is not None and low >= high:
        raise _Wrong(where, cells.get(where, ""), REVERSED)
    return low, high


def _ages(cells: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Raises _Wrong."""
    if printed := cells.get("age", ""):
        return _printed_ages(printed)
    first, last = _years("age_from", cells), _years("age_to", cells)
    if first is not None and last is not None and first > last:
        raise _Wrong("age_to", cells["age_to"], AGE.format(value=f"{first}-{last}"))
    return first, last


def _years(kind: str, cells: Mapping[str, str]) -> int | None:
    """Raises _Wrong."""
    typed = cells.get(kind, "")
    text = folded(typed).removesuffix("岁")
    if text and (not re.fullmatch("[0-9]{1,3}", text) or int(text) > OLDEST):
        raise _Wrong(kind, typed, AGE.format(value=typed))
    return int(text) if text else None


def _printed_ages(printed: str) -> tuple[int | None, int | None]:
    """`18-59`, `≥60岁`, `<18`: whole years, both ends included. Raises _Wrong."""
    text = folded(printed).replace(" ", "").replace("岁", "").replace("YEARS", "").replace(">=", "≥").replace("<=", "≤")
    match = _AGES.fullmatch(text.replace("至", "-").replace("—", "-").replace("–", "-"))
    if match is None or bool(match[1]) == bool(match[3]) or int(match[2]) > OLDEST:
        raise _Wrong("age", printed, AGE.format(value=printed))
    sign, first = match[1], int(match[2])
    if not sign:
        if first > int(match[3]):
            raise _Wrong("age", printed, AGE.format(value=printed))
        return first, int(match[3])
    return {"≥": (first, None), ">": (first + 1, None), "≤": (None, first), "<": (None, first - 1)}[sign]
