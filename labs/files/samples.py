"""From a table and its mapping to samples: whose, when, and what was measured. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from labs.files import cells
from labs.files.mapping import IDENTITY, PRINTED, ColumnMapping
from labs.files.names import kind_of, named
from labs.files.refusals import CellRefused, FileRefused, Problem
from labs.files.tables import Table
from labs.lab_tests import LAB_TESTS, NO_UNIT, LabTest
from prtras.clinical.printed_number import LONGEST_NUMBER
from prtras.clinical.printed_result import mark_of, normalised
from prtras.labels import T

NO_NUMBER = T("缺少受试者编号。", "The participant number is missing.")
NO_ITEM = T("缺少项目名称。", "The name of the item is missing.")
UNKNOWN_ITEM = T(
    "项目“{v}”未对应；请在列映射中选择或忽略。", "Item “{v}” is not mapped; select it or ignore it in the mapping."
)
CORRECTED = "corrected by the laboratory"
LONGEST_REASON = 200  # characters of why values are corrected
REASON_TOO_LONG = T("更正原因最多 {n} 个字符。", "A reason for a correction has at most {n} characters.").format(
    n=LONGEST_REASON
)
_PRELIMINARY = T("不是最终结果，未导入。", "This is not a final result; it was not imported.")
#: Why a result of this status (HL7 table 0085) is not taken.
NOT_FINAL = {
    **dict.fromkeys("IPRSO", _PRELIMINARY),
    "D": T("实验室已删除该结果，请在页面上更正。", "The laboratory deleted this result; correct it on the page."),
    "W": T("结果属于另一患者，请在页面上更正。", "The result belongs to another patient; correct it on the page."),
    "X": T("未能得出结果。", "No result could be obtained."),
}
#: The marks of a laboratory's own column of flags.
FLAGS = {"H": "HIGH", "HH": "HIGH", "↑": "HIGH", "↑↑": "HIGH", "高": "HIGH", "偏高": "HIGH", "HIGH": "HIGH",
         "L": "LOW", "LL": "LOW", "↓": "LOW", "↓↓": "LOW", "低": "LOW", "偏低": "LOW", "LOW": "LOW"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """One cell: its line and column, the result as reported, and its unit; beside it, where the file has them, the
    limits in that unit, what is only positive or negative, and the printed mark (HIGH, LOW).

    Without a result `reason` says why it was not done. `corrects` is why the laboratory replaces an earlier result.
    """

    line: int
    column: str
    text: str
    unit: str
    quality: str = ""
    reason: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    mark: str = ""
    corrects: str = ""

    @property
    def shown(self) -> str:
        """The cell as a person reads it in the report."""
        return self.text or self.quality or self.reason


@dataclass(frozen=True)
class Sample:
    """One line of the file: whose, when (the time is empty where the file has none), and its results by lab test.

    `identity` is what the line says of the person, by `sex`, `birth` and `initials`; it is compared and not stored.
    `printed` is what it says of the report: its number (`report`) and the `laboratory`.
    """

    line: int
    number: str
    collected: date | int
    results: dict[str, Result] = field(default_factory=dict)
    time: str = ""
    identity: Mapping[str, str] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)


def samples(table: Table, mapping: ColumnMapping) -> tuple[list[Sample], list[Problem]]:
    """The samples of a table, and what could not be read in it. Raises FileRefused for a missing column."""
    check_columns(table, mapping)
    read = _Reader(table.columns, mapping)
    listed: list[Sample] = []
    problems = list(table.broken)
    for line, row in table.rows:
        try:
            listed.append(read.sample(line, row))
        except CellRefused as wrong:
            problems.append(Problem(line, wrong.column, row[wrong.column], wrong.text))
    return listed, problems


def numbers_in(table: Table, mapping: ColumnMapping) -> dict[str, int]:
    """The participants' numbers of a table and how many lines each has; lines without a readable one are left out."""
    often: dict[str, int] = {}
    for number in _numbers(table, mapping):
        if number:
            often[number] = often.get(number, 0) + 1
    return often


def of_participants(table: Table, mapping: ColumnMapping, chosen: Collection[str]) -> Table:
    """The lines of the chosen participants only; what could not be read may be anybody's and goes too."""
    numbered = zip(table.rows, _numbers(table, mapping), strict=True)
    return replace(table, rows=tuple(row for row, number in numbered if number in chosen), broken=(), left_out=())


def _numbers(table: Table, mapping: ColumnMapping) -> Iterator[str]:
    check_columns(table, mapping)
    read = _Reader(table.columns, mapping)
    for _, row in table.rows:
        try:
            yield read.number(row)
        except CellRefused:
            yield ""


def check_columns(table: Table, mapping: ColumnMapping) -> None:
    """Raises FileRefused where the table lacks a column that the mapping names."""
    absent = [name for name in mapping.columns if name not in table.columns]
    if doubled := sorted({name for name in absent if f"{name} [2]" in table.columns}):
        raise FileRefused(T("列名重复：{c}", "Duplicate column names: {c}").format(c=", ".join(doubled)))
    if absent:
        raise FileRefused(
            T("缺少列：{c}。文件中有：{h}", "Missing columns: {c}. The file has: {h}").format(
                c=", ".join(absent), h=", ".join(table.columns)
            )
        )


def unit_columns(columns: Sequence[str], mapping: ColumnMapping) -> dict[str, str]:
    """By column of results, where their units stand: as mapped, else to the right under a head that says so."""
    beside = {left: right for left, right in pairwise(columns) if kind_of(right) == "unit"}
    return {column: beside[column] for column in mapping.results if column in beside} | mapping.units


def items_of(table: Table, column: str) -> dict[str, int]:
    """The names in a column of items, and how often each is there, in the order of the file."""
    often: dict[str, int] = {}
    for _, row in table.rows:
        name = row[column].strip()
        often[name] = often.get(name, 0) + 1
    return often


class _Reader:
    """Reads the lines of one table by one mapping."""

    def __init__(self, columns: Sequence[str], mapping: ColumnMapping) -> None:
        self.mapping = mapping
        self.units = unit_columns(columns, mapping)
        self.names = {name: LAB_TESTS[code] if code else None for name, code in mapping.names.items()}

    def sample(self, line: int, row: Mapping[str, str]) -> Sample:
        """Raises CellRefused."""
        mapping = self.mapping
        number = self.number(row)
        collected, at = self._collected(row)
        results = dict(self._long(line, row) if mapping.is_long else self._wide(line, row))
        if reason := self._correction(row):
            results = {code: replace(result, corrects=reason) for code, result in results.items()}
        identity = {name: row[getattr(mapping, name)].strip() for name in IDENTITY if getattr(mapping, name)}
        return Sample(line, number, collected, results, at, identity, self._printed(row))

    def _correction(self, row: Mapping[str, str]) -> str:
        """Why the line replaces what is recorded; empty where it does not say."""
        column = self.mapping.correction
        reason = row[column].strip() if column else ""
        if len(reason) > LONGEST_REASON:
            raise CellRefused(column, REASON_TOO_LONG)
        return reason

    def _printed(self, row: Mapping[str, str]) -> dict[str, str]:
        """What the line says of its report; the laboratory of the whole file where it does not name one."""
        columns = {name: getattr(self.mapping, name) for name in PRINTED}
        stated = {name: row[column].strip() for name, column in columns.items() if column}
        return {name: text for name, text in ({"laboratory": self.mapping.reported_by} | stated).items() if text}

    def _wide(self, line: int, row: Mapping[str, str]) -> Iterator[tuple[str, Result]]:
        for column, (code, mapped) in self.mapping.results.items():
            text = row[column]
            if not cells.is_blank(text):
                lab_test = LAB_TESTS[code]
                read = cells.read_result(lab_test, text, column)
                beside = self.units.get(column)
                unit = read.unit or (beside and _unit(lab_test, row[beside], beside)) or mapped
                yield code, _result(line, column, read, unit)

    def _long(self, line: int, row: Mapping[str, str]) -> Iterator[tuple[str, Result]]:
        mapping = self.mapping
        lab_test, unit = self._item(row)
        if lab_test is None or cells.is_blank(row[mapping.result]):
            return
        read = cells.read_result(lab_test, row[mapping.result], mapping.result)
        if mapping.unit:
            unit = _unit(lab_test, row[mapping.unit], mapping.unit) or unit
        low, high = self._limits(row) if lab_test.on_panel else (None, None)
        corrects = CORRECTED if self._status(row) == "C" else ""
        mark = FLAGS.get(row[mapping.flag].strip().upper(), "") if mapping.flag else ""
        yield (
            lab_test.code,
            _result(line, mapping.result, read, read.unit or unit or lab_test.unit, low, high, mark, corrects),
        )

    def _status(self, row: Mapping[str, str]) -> str:
        """Raises CellRefused for a result that is not the laboratory's last word."""
        status = row[self.mapping.status].strip().upper() if self.mapping.status else ""
        if status in NOT_FINAL:
            raise CellRefused(self.mapping.status, NOT_FINAL[status])
        return status

    def _item(self, row: Mapping[str, str]) -> tuple[LabTest | None, str]:
        """The lab test that the line is about, and the unit in its name; None for one that the study does not keep."""
        column = self.mapping.item
        name = row[column].strip()
        if not name:
            raise CellRefused(column, NO_ITEM)
        if name in self.names:
            guess = named(name)
            lab_test = self.names[name]
            return lab_test, guess.unit if guess and lab_test and guess.lab_test == lab_test.code else ""
        guess = named(name)
        if guess is None:
            raise CellRefused(column, UNKNOWN_ITEM.format(v=name[:LONGEST_NUMBER]))
        return LAB_TESTS[guess.lab_test], guess.unit

    def _limits(self, row: Mapping[str, str]) -> tuple[Decimal | None, Decimal | None]:
        """Both limits; none where nothing is printed. Raises CellRefused for numbers that are no limits: without them
        the result would be judged by another range.
        """
        mapping = self.mapping
        if mapping.range:
            low, high = cells.read_range(row[mapping.range])
            if low is None and high is None:
                self._require_no_numbers(row, mapping.range)
            return low, high
        low, high = (self._limit(row, column) if column else None for column in (mapping.low, mapping.high))
        return low, high

    def _limit(self, row: Mapping[str, str], column: str) -> Decimal | None:
        limit = cells.limit_of(row[column])
        if limit is None:
            self._require_no_numbers(row, column)
        return limit

    def _require_no_numbers(self, row: Mapping[str, str], column: str) -> None:
        if cells.names_numbers(row[column]):
            raise CellRefused(column, cells.NOT_A_RANGE.format(v=row[column].strip()[:LONGEST_NUMBER]))

    def number(self, row: Mapping[str, str]) -> str:
        """Whose the line is. Raises CellRefused."""
        mapping = self.mapping
        text = cells.short(row[mapping.participant], mapping.participant)
        if not text:
            raise CellRefused(mapping.participant, NO_NUMBER)
        if mapping.number != "{}" and re.fullmatch(r"[0-9]{1,9}(?:\.0{1,9})?", text):
            return mapping.number.format(int(text.split(".")[0]))
        return text

    def _collected(self, row: Mapping[str, str]) -> tuple[date | int, str]:
        mapping = self.mapping
        collected: date | int
        if mapping.date:
            collected, at = cells.read_day(row[mapping.date], mapping.date, mapping.order)
        else:
            collected, at = cells.read_days(row[mapping.day], mapping.day), ""
        if mapping.time and mapping.time != mapping.date:
            at = cells.read_time(cells.short(row[mapping.time], mapping.time), mapping.time)
        return collected, at


def _unit(lab_test: LabTest, text: str, column: str) -> str:
    """The unit in a cell; empty where the cell is, or where a lab test has none and the cell says so."""
    text = text.strip()
    if not text or ((not lab_test.units or lab_test.units == ("1",)) and text in NO_UNIT):
        return ""
    return cells.read_unit(lab_test, text, column)


def _result(
    line: int, column: str, read: cells.Read, unit: str,
    low: Decimal | None = None, high: Decimal | None = None, mark: str = "", corrects: str = "",
) -> Result:  # fmt: skip
    printed = mark_of(normalised(read.text)) if len(read.text) <= LONGEST_NUMBER else ""
    return Result(line, column, read.text, unit, read.quality, read.reason, low, high, mark or printed, corrects)
