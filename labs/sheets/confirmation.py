"""What a person confirms of a sheet, value by value: then it is a laboratory file like any other, in long shape.

Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labs.files.cells import read_day, read_range, read_time, short
from labs.files.mapping import LONGEST_LABORATORY, NAME_TOO_LONG
from labs.files.refusals import CellRefused
from labs.lab_tests import LAB_TESTS
from labs.sheets.values import SheetValue
from prtras.clinical.printed_number import LONGEST_NUMBER
from prtras.files.tables import csv_bytes
from prtras.labels import T

#: The columns of the file, which are their own meanings.
COLUMNS = (
    "participant", "date", "time", "item", "result", "unit", "range", "flag", "report", "laboratory",
)  # fmt: skip
LONGEST_REPORT = 40  # characters of a report's number
MARKS = {"HIGH": "H", "LOW": "L", "": ""}
NOT_SURE = T("请核对后勾选，或清空结果。", "Check it against the sheet and tick it, or clear the result.")
NOTHING = T("请至少核对并勾选一项结果。", "Check and tick at least one result.")
MARKED = T("请更正标出的内容。", "Correct what is marked.")
NO_UNIT = T("请选择单位。", "Select the unit.")
NO_RANGE = T("不是参考范围，如 3.5-9.5、<40。", "This is not a range, such as 3.5-9.5 or <40.")
NO_DAY = T("请填写采样日期。", "Enter the date of the sample.")
TOO_LONG = T("最多 {n} 个字符。", "At most {n} characters.")


@dataclass(frozen=True)
class Row:
    """One value on the page: as it was read, as it was typed since, whether a person ticked it, and what is wrong."""

    number: int
    read: SheetValue
    text: str
    unit: str
    range: str
    sure: bool
    problem: T | None = None

    @property
    def title(self) -> T:
        return LAB_TESTS[self.read.lab_test].title

    @property
    def units(self) -> tuple[str, ...]:
        """Those that may be chosen; none for a lab test without a unit."""
        units = LAB_TESTS[self.read.lab_test].units
        return () if units == ("1",) else units

    @property
    def mark(self) -> str:
        """The mark of the sheet, for a result that is still the one that was read."""
        return self.read.mark if self.text == self.read.text else ""


@dataclass(frozen=True)
class Confirmation:
    """The page as it was sent: rows, what holds for the whole sheet, and what is wrong by the name of its field."""

    rows: tuple[Row, ...]
    whole: Mapping[str, str]
    problems: Mapping[str, T]

    @property
    def is_complete(self) -> bool:
        return not self.problems and not any(row.problem for row in self.rows)

    @property
    def summary(self) -> T | None:
        """What is wrong with the page as it was sent; None of one that was not, or that is complete."""
        return None if self.is_complete else self.problems.get("rows", MARKED)


def unconfirmed(values: Sequence[SheetValue]) -> Confirmation:
    """The page as it is first shown: nothing is ticked."""
    rows = (Row(at, value, value.text, value.unit, shown_range(value), sure=False) for at, value in enumerate(values))
    return Confirmation(tuple(rows), {}, {})


def shown_range(value: SheetValue) -> str:
    """The printed limits as they are typed: `3.5-9.5`, `<7`, `>60`."""
    if value.low and value.high:
        return f"{value.low}-{value.high}"
    return f"<{value.high}" if value.high else f">{value.low}" if value.low else ""


def confirmation(values: Sequence[SheetValue], sent: Mapping[str, str]) -> Confirmation:
    """The page as a person sent it."""
    rows = tuple(_row(at, value, sent) for at, value in enumerate(values))
    whole = {name: sent.get(name, "").strip() for name in ("date", "time", "report", "laboratory")}
    problems = dict(_problems(whole))
    if not any(row.sure and row.text for row in rows):
        problems["rows"] = NOTHING
    return Confirmation(rows, whole, problems)


def _row(at: int, value: SheetValue, sent: Mapping[str, str]) -> Row:
    text, unit, limits = (sent.get(f"{name}.{at}", "").strip() for name in ("value", "unit", "range"))
    unit = unit or ("1" if LAB_TESTS[value.lab_test].units == ("1",) else "")
    row = Row(at, value, text, unit, limits, f"sure.{at}" in sent)
    return Row(at, value, text, unit, limits, row.sure, _wrong(row))


def _wrong(row: Row) -> T | None:
    if not row.text:
        return None
    if len(row.text) > LONGEST_NUMBER or len(row.range) > LONGEST_NUMBER:
        return TOO_LONG.format(n=LONGEST_NUMBER)
    lab_test = LAB_TESTS[row.read.lab_test]
    if (row.unit or lab_test.on_panel) and row.unit not in lab_test.units:
        return NO_UNIT
    if row.range and read_range(row.range) == (None, None):
        return NO_RANGE
    return None if row.sure else NOT_SURE


def _problems(whole: Mapping[str, str]) -> list[tuple[str, T]]:
    problems = []
    try:
        if not whole["date"]:
            raise CellRefused("date", NO_DAY)
        read_day(whole["date"], "date")
        read_time(short(whole["time"], "time"), "time")
    except CellRefused as wrong:
        problems.append((wrong.column, wrong.text))
    if len(whole["report"]) > LONGEST_REPORT:
        problems.append(("report", TOO_LONG.format(n=LONGEST_REPORT)))
    if len(whole["laboratory"]) > LONGEST_LABORATORY:
        problems.append(("laboratory", NAME_TOO_LONG))
    return problems


def as_file(confirmed: Confirmation, number: str) -> tuple[bytes, dict[str, object]]:
    """The ticked values of a participant as a file of one result per line, and what its columns mean."""
    whole = confirmed.whole
    ticked = [row for row in confirmed.rows if row.sure and row.text]
    lines = [
        [number, whole["date"], whole["time"], row.read.lab_test, row.text, row.unit, row.range, MARKS[row.mark],
         whole["report"], whole["laboratory"]]
        for row in ticked
    ]  # fmt: skip
    meaning: dict[str, object] = {name: name for name in COLUMNS}
    return csv_bytes(COLUMNS, lines), meaning | {"names": {row.read.lab_test: row.read.lab_test for row in ticked}}
