"""What the columns of a hospital file mean: said by a person once, kept by name for the laboratory. Pure."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from labs.files.refusals import FileRefused
from labs.lab_tests import LAB_TESTS
from prtras.codelists import MISS_REASON, CodeList
from prtras.labels import T

DATE_ORDERS = CodeList(
    "DATE_ORDER",
    T("日期格式", "Date format"),
    {
        "": T("年月日（2026-11-24）", "year, month, day (2026-11-24)"),
        "dmy": T("日/月/年（24/11/2026）", "day/month/year (24/11/2026)"),
        "mdy": T("月/日/年（11/24/2026）", "month/day/year (11/24/2026)"),
    },
)
#: What becomes of a sample that no window of a planned visit holds.
OUTSIDE = CodeList(
    "OUTSIDE",
    T("窗口外的样本", "Samples outside any window"),
    {
        "nearest": T("归入最近的访视（42天以内）", "to the nearest visit (within 42 days)"),
        "unscheduled": T("归入计划外访视", "to an unscheduled visit"),
        "leave_out": T("不导入", "leave out"),
    },
)
NO_COLUMNS = T(
    "请指定受试者编号列、采样日期列和至少一个检验项目列。",
    "Select the participant number column, the sample date column and at least one analyte column.",
)
NO_LONG_COLUMNS = T(
    "每行一个结果的文件须指定受试者编号列、采样日期列、项目列和结果列。",
    "A file of one result per line needs the columns of participant number, sample date, item and result.",
)
IDENTITY = ("sex", "birth", "initials")
#: What a line says of its report, and the item of the page that holds it.
PRINTED = {"report": "lab_report", "laboratory": "lab_name", "specimen": "lab_specimen", "method": "lab_method"}
LONGEST_LABORATORY = 60
NAME_TOO_LONG = T("检验机构名称最多 {n} 个字符。", "The name of the laboratory has at most {n} characters.").format(
    n=LONGEST_LABORATORY
)
#: A column of a wide file by its meaning; those of a long one are item, result and what stands beside it.
SINGLE = (
    "participant",
    "date",
    "day",
    "time",
    "item",
    "result",
    "unit",
    "low",
    "high",
    "range",
    "flag",
    "status",
    "correction",
    *PRINTED,
    *IDENTITY,
)


@dataclass(frozen=True)
class ColumnMapping:
    """What the columns mean.

    `participant` holds the number, or what `number` makes one of ("01-{:03d}" of a running number). The sample's date
    is in `date` (written in `order`), or `day` counts days from Day 0; its time is in `time` or behind the date.

    Wide files have a column per lab test: `results` maps it to (lab test, unit); `units` maps a column of results to
    the one that holds their units, which is without it the one to its right if that is headed as such. Long files have
    a line per result: `item` names it, `result` holds it, `unit`, `low` and `high` or `range`, `flag` and `status` (C
    for a correction, as HL7 has it) stand beside it; `names` maps a name to a lab test, or to "" for one that the study
    does not keep.

    `correction` says of a line why its results replace what is recorded.
    `report` and `laboratory` are who reported it under which number, of which `specimen` by which `method`;
    `reported_by` names the laboratory of a file that has no such column. `sex`, `birth` and `initials` are compared
    with the casebook and never stored. Required analytes
    without a result are marked not done with `not_reported`, which a person chooses for the file, and are left open
    without one. `outside` says what becomes of samples that no window holds. `sheet` and `header` are where the table
    stands: the sheet's name and the row of its heads, found by content where empty.
    """

    participant: str
    results: dict[str, tuple[str, str]] = field(default_factory=dict)
    date: str = ""
    order: str = ""
    day: str = ""
    time: str = ""
    number: str = "{}"
    units: dict[str, str] = field(default_factory=dict)
    item: str = ""
    result: str = ""
    unit: str = ""
    low: str = ""
    high: str = ""
    range: str = ""
    flag: str = ""
    status: str = ""
    correction: str = ""
    names: dict[str, str] = field(default_factory=dict)
    report: str = ""
    laboratory: str = ""
    specimen: str = ""
    method: str = ""
    reported_by: str = ""
    sex: str = ""
    birth: str = ""
    initials: str = ""
    not_reported: str = ""
    outside: str = "nearest"
    sheet: str = ""
    header: int = 0

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_long(self) -> bool:
        """Whether a line of the file is one result."""
        return bool(self.item)

    @property
    def columns(self) -> list[str]:
        """Every column that the mapping names."""
        single = (getattr(self, name) for name in SINGLE)
        return [column for column in (*single, *self.results, *self.units.values()) if column]

    def column_of(self, lab_test: str) -> str:
        """The column of a lab test's results; empty if the file does not have it."""
        return next((column for column, (code, _) in self.results.items() if code == lab_test), self.result)


def mapping_of(plain: Mapping[str, Any]) -> ColumnMapping:
    """A mapping from its stored form. Raises FileRefused for one that makes no sense, or holds what nobody knows."""
    _check_shape(plain)
    results = {column: (pair[0], pair[1]) for column, pair in plain.get("results", {}).items()}
    chosen = {key: value for key, value in plain.items() if key != "results" and value}
    dated = bool(chosen.get("date")) != bool(chosen.get("day"))
    if chosen.get("item") or chosen.get("result"):
        if results or not (dated and all(chosen.get(key) for key in ("participant", "item", "result"))):
            raise FileRefused(NO_LONG_COLUMNS)
    elif "participant" not in chosen or not results or not dated:
        raise FileRefused(NO_COLUMNS)
    _check_results(results)
    _check_choices(chosen)
    if astray := chosen.get("units", {}).keys() - results.keys():
        text = T("单位列对应的结果列不存在：{c}", "Units are given for columns without results: {c}")
        raise FileRefused(text.format(c=", ".join(sorted(astray))))
    _check_columns_once(chosen, results)
    return ColumnMapping(results=results, **chosen)


def _check_shape(plain: Mapping[str, Any]) -> None:
    """Raises FileRefused for an unknown key, and for a value of another shape than its key has."""
    fields = ColumnMapping.__dataclass_fields__
    if unknown := plain.keys() - fields.keys():
        keys = ", ".join(sorted(map(str, unknown)))
        raise FileRefused(T("列映射中有未知项：{k}。", "The mapping has unknown keys: {k}.").format(k=keys))
    for key, value in plain.items():
        expected = dict if key in ("results", "units", "names") else int if key == "header" else str
        texts = value.values() if key in ("units", "names") and isinstance(value, dict) else ()
        pairs = value.values() if key == "results" and isinstance(value, dict) else ()
        whole = isinstance(value, expected) and all(isinstance(text, str) for text in texts)
        if not whole or not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs):
            raise FileRefused(T("列映射项“{k}”无效。", "“{k}” of the mapping is not valid.").format(k=key))


def _check_results(results: Mapping[str, tuple[str, str]]) -> None:
    for column, (code, unit) in results.items():
        if code not in LAB_TESTS or unit not in (LAB_TESTS[code].units or ("",)):
            text = T("列“{c}”的项目或单位无效：{a} {u}。", "Column “{c}”: unknown analyte or unit: {a} {u}.")
            raise FileRefused(text.format(c=column, a=code, u=unit))
    for code, columns in Counter(code for code, _ in results.values()).items():
        if columns > 1:
            text = T("项目“{a}”对应了多列。", "More than one column is mapped to “{a}”.")
            raise FileRefused(text.format(a=LAB_TESTS[code].title))


def _check_choices(chosen: Mapping[str, Any]) -> None:
    if chosen.get("not_reported", "") not in ("", *MISS_REASON.codes):
        raise FileRefused(T("未检测原因无效。", "The reason for analytes not reported is not valid."))
    if not re.fullmatch(r"[^{}]{0,10}\{(?::0[1-9]d)?\}", chosen.get("number", "{}")):
        raise FileRefused(T("受试者编号格式无效。", "The format of participant numbers is not valid."))
    if len(chosen.get("reported_by", "")) > LONGEST_LABORATORY:
        raise FileRefused(NAME_TOO_LONG)
    if chosen.get("order", "") not in DATE_ORDERS:
        raise FileRefused(T("日期格式无效。", "The date format is not valid."))
    if chosen.get("outside", "nearest") not in OUTSIDE:
        raise FileRefused(T("窗口外样本的处理方式无效。", "The choice for samples outside any window is not valid."))
    if astray := sorted(set(chosen.get("names", {}).values()) - {"", *LAB_TESTS}):
        text = T("项目名称对应了未知项目：{c}。", "Names are mapped to unknown analytes: {c}.")
        raise FileRefused(text.format(c=", ".join(astray)))


def _check_columns_once(chosen: Mapping[str, Any], results: Mapping[str, Any]) -> None:
    """A column has one meaning: a number that is also a result is a slip of the hand."""
    named = Counter([*(chosen[name] for name in SINGLE if chosen.get(name)), *results])
    named.subtract([chosen["date"]] if chosen.get("date") and chosen.get("date") == chosen.get("time") else [])
    if doubled := sorted(column for column, times in named.items() if times > 1):
        text = T("列“{c}”有不止一种含义。", "Column “{c}” has more than one meaning.")
        raise FileRefused(text.format(c=", ".join(doubled)))
