"""The page on which a person says what the columns of a file mean: guessed, chosen before, or saved for the laboratory.

Reads; writes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.http import QueryDict

from labs.files.contents import sheet_called
from labs.files.hl7 import MEANING
from labs.files.mapping import DATE_ORDERS, OUTSIDE
from labs.files.names import kind_of, named
from labs.files.samples import items_of
from labs.files.tables import Table, header_row, table_of
from labs.files.workbooks import Sheet
from labs.lab_tests import LAB_TESTS
from prtras.codelists import MISS_REASON
from prtras.labels import T

#: Meanings of a column other than results, in the order in which people look for them.
MEANINGS: tuple[tuple[str, T], ...] = (
    ("participant", T("受试者编号", "Participant number")),
    ("date", T("采样日期", "Sample date")),
    ("time", T("采样时间", "Sample time")),
    ("day", T("距第0天的天数", "Days since Day 0")),
    ("item", T("项目名称（每行一个结果）", "Name of the item (one result per line)")),
    ("result", T("结果（每行一个结果）", "Result (one result per line)")),
    ("unit", T("单位", "Unit")),
    ("range", T("参考范围", "Reference range")),
    ("low", T("参考下限", "Lower limit")),
    ("high", T("参考上限", "Upper limit")),
    ("flag", T("异常标志", "Flag")),
    ("status", T("结果状态（HL7）", "Result status (HL7)")),
    ("correction", T("更正原因（按行）", "Reason for the correction, by line")),
    ("laboratory", T("检验机构", "Laboratory")),
    ("report", T("报告编号", "Report number")),
    ("specimen", T("标本类型", "Specimen")),
    ("method", T("检测方法或仪器", "Method or analyser")),
    ("sex", T("性别（仅核对，不保存）", "Sex (compared, not stored)")),
    ("birth", T("出生日期或年份（仅核对，不保存）", "Birth date or year (compared, not stored)")),
    ("initials", T("姓名或缩写（仅核对，不保存）", "Name or initials (compared, not stored)")),
)
LONG_ONLY = ("item", "result", "range", "low", "high", "flag", "status")
#: Values of a column that are shown as examples; those of a column that identifies people are not.
EXAMPLES = 3
PRIVATE = ("sex", "birth", "initials")
#: What is chosen for the file as a whole.
OPTIONS = ("order", "not_reported", "outside", "reported_by")
IGNORE = T("不导入", "ignore")


@dataclass(frozen=True)
class ColumnChoice:
    """A column with what it means so far, and its first values."""

    name: str
    meaning: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class ItemChoice:
    """A name in the column of items, how often it is there, and the lab test it means so far."""

    name: str
    often: int
    lab_test: str


class MappingPage:
    """What a file's columns mean so far: as sent, else as saved under a name, else as guessed from their heads."""

    def __init__(
        self,
        sheets: list[Sheet],
        numbers: tuple[str, str],
        sent: QueryDict,
        saved: Mapping[str, Any] | None = None,
        *,
        posted: bool = False,
    ) -> None:
        self.sheets, self.numbers, self._sent, self._saved, self._posted = sheets, numbers, sent, saved or {}, posted

    @cached_property
    def sheet(self) -> Sheet:
        """The sheet that was chosen, else the one that seems to hold the data."""
        return sheet_called(self.sheets, self._chosen("sheet"))

    @cached_property
    def header(self) -> int:
        """The row of the heads; the first is 1."""
        typed = self._chosen("header")
        row = int(typed) if typed.isdecimal() and len(typed) < 4 else 0
        return row if 0 < row <= len(self.sheet.lines) else header_row(self.sheet)

    @cached_property
    def table(self) -> Table:
        """The table below the heads. Raises FileRefused."""
        return table_of(self.sheet, self.header)

    @cached_property
    def meanings(self) -> dict[str, str]:
        """By column: a key of MEANINGS, `lab_test|unit`, or empty."""
        if self._posted:
            return {column: self._sent.get(f"column.{column}", "") for column in self.table.columns}
        saved = self._saved_meanings()
        guessed = self._guessed() if not saved else {}
        return {column: saved.get(column, guessed.get(column, "")) for column in self.table.columns}

    @property
    def is_long(self) -> bool:
        """Whether each line is one result."""
        return "item" in self.meanings.values()

    @property
    def columns(self) -> list[ColumnChoice]:
        return [
            ColumnChoice(column, self.meanings[column], self._examples(column, self.meanings[column]))
            for column in self.table.columns
        ]

    @property
    def items(self) -> list[ItemChoice]:
        """The names in the column of items, those that nobody knows first."""
        column = next((column for column, meaning in self.meanings.items() if meaning == "item"), "")
        if not column:
            return []
        choices = [
            ItemChoice(name, often, self._lab_test(name)) for name, often in items_of(self.table, column).items()
        ]
        return sorted(choices, key=lambda choice: bool(choice.lab_test))

    @property
    def plain(self) -> dict[str, Any]:
        """The mapping as it is stored (`labs.files.mapping`)."""
        single = {meaning: column for column, meaning in self.meanings.items() if meaning and "|" not in meaning}
        plain: dict[str, Any] = {key: column for key, column in single.items() if self.is_long or key not in LONG_ONLY}
        if self.is_long:
            plain["names"] = {choice.name: choice.lab_test for choice in self.items if choice.name}
        else:
            plain.pop("unit", None)
            plain["results"] = {c: m.split("|", 1) for c, m in self.meanings.items() if "|" in m}
            plain["units"] = {
                left: right
                for left, right in pairwise(self.table.columns)
                if self.meanings[right] == "unit" and left in plain["results"]
            }
        plain |= {name: self._chosen(name) for name in OPTIONS}
        return plain | {"number": self.number, "sheet": self.sheet.name, "header": self.header}

    @property
    def number(self) -> str:
        """How numbers of participants stand in the file."""
        number = self._chosen("number")
        return number if number in self.numbers else "{}"

    def context(self) -> dict[str, Any]:
        """What the page shows."""
        return {
            "page": self,
            "options": {name: self._chosen(name) for name in OPTIONS},
            "meanings": [*MEANINGS, *self._lab_tests(with_units=True)],
            "lab_tests": self._lab_tests(with_units=False),
            "reasons": MISS_REASON.choices(),
            "orders": DATE_ORDERS.choices(),
            "outside": OUTSIDE.choices(),
            "rows": len(self.table.rows),
        }

    def _chosen(self, name: str) -> str:
        stored = self._saved.get(name, "")
        return str(self._sent.get(name, stored or "")).strip()

    def _saved_meanings(self) -> dict[str, str]:
        """What the saved mapping says of the columns that are here."""
        named_columns = {
            self._saved.get(key): key
            for key, _ in MEANINGS
            if isinstance(self._saved.get(key), str) and self._saved.get(key)
        }
        results = {column: f"{code}|{unit}" for column, (code, unit) in self._saved.get("results", {}).items()}
        units = dict.fromkeys(self._saved.get("units", {}).values(), "unit")
        return {str(column): meaning for column, meaning in named_columns.items()} | units | results

    def _guessed(self) -> dict[str, str]:
        """From the heads; a meaning that only one column can have goes to the first that is called so."""
        if self.sheet.numbers:
            return {column: meaning for meaning, column in MEANING.items()}
        meanings: dict[str, str] = {}
        for column in self.table.columns:
            if guess := named(column):
                meaning = f"{guess.lab_test}|{guess.unit or LAB_TESTS[guess.lab_test].unit}"
            else:
                meaning = kind_of(column)
            known = dict(MEANINGS)
            if (meaning in known or "|" in meaning) and (meaning == "unit" or meaning not in meanings.values()):
                meanings[column] = meaning
        if "item" in meanings.values() and "result" in meanings.values():
            return {column: meaning for column, meaning in meanings.items() if "|" not in meaning}
        return {column: meaning for column, meaning in meanings.items() if meaning not in LONG_ONLY}

    def _lab_test(self, name: str) -> str:
        if self._posted and f"item.{name}" in self._sent:
            chosen = self._sent.get(f"item.{name}", "")
            return chosen if chosen in LAB_TESTS else ""
        if name in self._saved.get("names", {}):
            return str(self._saved["names"][name])
        guess = named(name)
        return guess.lab_test if guess else ""

    def _examples(self, column: str, meaning: str) -> tuple[str, ...]:
        if meaning in PRIVATE:
            return ()
        filled = (row[column] for _, row in self.table.rows[:50] if row[column].strip())
        return tuple(value for _, value in zip(range(EXAMPLES), filled, strict=False))

    @staticmethod
    def _lab_tests(*, with_units: bool) -> list[tuple[str, T]]:
        if not with_units:
            return [(code, lab_test.title) for code, lab_test in LAB_TESTS.items()]
        return [
            (f"{code}|{unit}", lab_test.title + (T(f"（{unit}）", f" ({unit})") if unit else T("", "")))
            for code, lab_test in LAB_TESTS.items()
            for unit in lab_test.units or ("",)
        ]
