"""What stands in a bundle beside the items of forms: keys, visits, review, remarks; each with its meaning."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from prtras.codelists import CodeList
from prtras.coding.terms import LEVEL_TITLES
from prtras.crf.items import Item
from prtras.crf.models import STATES
from prtras.crf.registry import all_forms, table_of
from prtras.datacut.snapshot import CODED, CODED_LEVELS, PAGE_COLUMNS, WHERE, Row, participant_columns
from prtras.datacut.study_tables import KEYS, study_tables
from prtras.labels import T
from prtras.review.signing import MEANINGS


@dataclass(frozen=True)
class Column:
    """A column that is no item: its meaning, its type (as in `prtras.exports.formats.csv.VALUES`), its code list."""

    label: T
    kind: str = "text"
    codes: CodeList | None = None


#: By name; where the tables differ, by `table.name`.
COLUMNS: dict[str, Column] = {
    "SITEID": Column(T("研究中心编号（主键）", "Site (key)")),
    "SUBJID": Column(T("受试者编号（主键）", "Participant number (key)")),
    "VISIT": Column(T("访视代码（主键；不属于访视时为空）", "Visit code (key; empty where there is no visit)")),
    "VISITSEQ": Column(
        T("计划外访视的序号（主键；计划访视为 0）", "Number of an unscheduled visit (key; planned: 0)"),
        "integer",
    ),
    "REPEAT": Column(T("同一表单的第几页（主键，从 0 起）", "Which page of the same form (key, from 0)"), "integer"),
    "ROW": Column(T("页内行号（主键）", "Row on the page (key)"), "integer"),
    "FORM": Column(T("表单代码（主键）", "Form code (key)")),
    "PLACE": Column(
        T(
            "页内位置：项目或“行:项目”（主键；整页为空）",
            "Place: item, or row:item (key; empty: the whole page)",
        )
    ),
    "PAGEVERSION": Column(T("快照时该页的版本", "Version of the page at the data cut"), "integer"),
    "MISSING": Column(T("缺失原因：项目=代码，以分号分隔", "Why values are missing: item=code; ..."), "remarks"),
    "REPORTED": Column(
        T(
            "原始记录中以其他单位给出的值：项目=原文，以分号分隔",
            "Values in another unit, as typed: item=text; ...",
        ),
        "remarks",
    ),
    "SCRNO": Column(T("筛选号", "Screening number")),
    "participants.STATE": Column(STATES.title, "code", STATES),
    "DAY0": Column(T("第 0 天日期", "Date of Day 0"), "date"),
    "ARMCD": Column(T("所选治疗组代码", "Code of the chosen arm")),
    "TARGET": Column(T("计划日期", "Planned date"), "date"),
    "OPENS": Column(T("窗口首日", "First day of the window"), "date"),
    "CLOSES": Column(T("窗口末日", "Last day of the window"), "date"),
    "SVSTDTC": Column(T("实际访视日期", "Date of the visit"), "date"),
    "visits.STATE": Column(T("访视状态", "State of the visit")),
    "SCHEDULE": Column(T("访视计划版本", "Version of the schedule")),
    "CHECKID": Column(T("提出质疑的核查编号（人工质疑为空）", "Edit check that asks (empty: a person asks)")),
    "queries.STATE": Column(T("质疑状态", "State of the query")),
    "OPENED": Column(T("提出时间", "Opened at"), "datetime"),
    "CHANGED": Column(T("最近变更时间", "Last changed at"), "datetime"),
    "DUE": Column(T("答复期限", "To be answered by"), "date"),
    "VERIFIED": Column(T("核查时间", "Verified at"), "datetime"),
    "DROPPED": Column(T("核查失效时间（之后有修改）", "No longer verified since (changed)"), "datetime"),
    "SIGNED": Column(T("签名时间", "Signed at"), "datetime"),
    "NAME": Column(T("签名人姓名", "Name of the signer")),
    "ROLE": Column(T("签名人角色", "Role of the signer")),
    "MEANING": Column(MEANINGS.title, "code", MEANINGS),
    "SHA256": Column(T("所签内容的校验值", "Checksum of what was signed")),
    "BROKEN": Column(T("签名失效时间（之后有修改）", "No longer valid since (changed)"), "datetime"),
    "TERM": Column(T("所编码的原文", "Reported term that was coded")),
    "DICTVER": Column(T("MedDRA 版本", "Release of MedDRA")),
} | {
    f"{level.upper()}{head}": Column(title + words, kind)
    for level, title in LEVEL_TITLES.items()
    for head, words, kind in (
        ("CD", T("代码", " (code)"), "integer"),
        ("ZH", T("（中文）", " (Chinese)"), "text"),
        ("EN", T("（英文）", " (English)"), "text"),
    )
}
#: What stands beside the values of a row.
REMARKS = ("MISSING", "REPORTED")
HEADS: dict[str, tuple[str, ...]] = {
    "visits": ("SITEID", "SUBJID", "VISIT", "VISITSEQ", "TARGET", "OPENS", "CLOSES", "SVSTDTC", "STATE", "SCHEDULE"),
    "queries": (*WHERE, "PLACE", "CHECKID", "STATE", "OPENED", "CHANGED", "DUE"),
    "verifications": (*WHERE, "PLACE", "VERIFIED", "DROPPED"),
    "signatures": (*WHERE, "SIGNED", "NAME", "ROLE", "MEANING", "SHA256", "BROKEN"),
    "codings": (*WHERE, *CODED, *CODED_LEVELS),
}


def tables() -> list[str]:
    """Every table of a bundle, in its order."""
    forms = [table.code for form in all_forms() for table in form.tables()]
    return ["participants", "visits", *forms, *(name for name in HEADS if name != "visits"), *study_tables()]


def is_of_a_form(name: str) -> bool:
    """Is it the table of a form, or of a repeating part?"""
    return name != "participants" and name not in HEADS and name not in study_tables()


def parts() -> dict[str, str]:
    """Of each table of rows the form to whose pages they belong."""
    return {table.code: form.code for form in all_forms() for table in form.tables() if table.rows}


def table_items(name: str) -> dict[str, Item]:
    """The items of a form's or a repeating part's table that leave the house: no identifiers."""
    return {key: item for key, item in table_of(name).items.items() if not item.identifies}


def withheld(name: str) -> set[str]:
    """The columns of a table in a data cut that never leave the house."""
    return table_of(name).items.keys() - table_items(name).keys() if is_of_a_form(name) else set()


def columns_of(name: str) -> dict[str, Column | Item]:
    """The columns of a table, keys first; the same whether it has rows or not."""
    if name == "participants":
        return _columns(name, participant_columns())
    if name in HEADS:
        return _columns(name, HEADS[name])
    if table := study_tables().get(name):
        own = {code: Column(column.label, column.kind, column.codes) for code, column in table.columns.items()}
        return _columns(name, KEYS) | own
    row = ("ROW",) if table_of(name).rows else ()
    return _columns(name, (*PAGE_COLUMNS, *row)) | table_items(name) | _columns(name, REMARKS)


def cells_of(rows: Sequence[Row], column: str) -> list[Any]:
    """The values of a column, a cell for each row: several codes are separated by semicolons."""
    values = [row[column] for row in rows]
    return [";".join(value) if isinstance(value, list) else value for value in values]


def _columns(table: str, names: Iterable[str]) -> dict[str, Column | Item]:
    return {name: COLUMNS.get(f"{table}.{name}") or COLUMNS[name] for name in names}
