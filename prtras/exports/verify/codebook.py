"""The codebook and the value labels of a bundle: which columns a table has, and what may stand in each."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from prtras.exports.verify.findings import Report
from prtras.exports.verify.records import Unreadable, records

CODEBOOK, LABELS, FOLDER = "codebook.csv", "value_labels.csv", "data/"
CODEBOOK_HEAD = ("TABLE", "COLUMN", "LABEL_ZH", "LABEL_EN", "TYPE", "UNIT", "NEED", "HARD_RANGE", "SOFT_RANGE",
                 "CODELIST", "CDASH", "SDTM")  # fmt: skip
LABELS_HEAD = ("CODELIST", "CODE", "TEXT_ZH", "TEXT_EN", "STANDARD")
REMARK = re.compile(r"(?:[^;\\]|\\.)+", re.DOTALL)


def _any(cell: str) -> bool:
    return True


def _integer(cell: str) -> bool:
    return bool(re.fullmatch(r"-?\d+", cell, re.ASCII))


def _decimal(cell: str) -> bool:
    try:
        return Decimal(cell).is_finite()
    except InvalidOperation:
        return False


def _date(cell: str) -> bool:
    """A whole day as `2026-03-05`."""
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def _partial(cell: str) -> bool:
    """A day, a month or a year: `2026-03-05`, `2026-03`, `2026`."""
    return _date(cell + {4: "-01-01", 7: "-01"}.get(len(cell), ""))


def _time(cell: str) -> bool:
    return bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", cell, re.ASCII))


def _datetime(cell: str) -> bool:
    try:
        return datetime.fromisoformat(cell).tzinfo is not None
    except ValueError:
        return False


def _remarks(cell: str) -> bool:
    return all("=" in part for part in REMARK.findall(cell)) and REMARK.sub("", cell).strip(";") == ""


#: Is it a value of the type? Empty cells are no values.
TYPES: Mapping[str, Callable[[str], bool]] = {
    "text": _any, "long": _any, "code": _any, "codes": _any, "integer": _integer,
    "decimal": _decimal, "date": _date, "partial": _partial, "time": _time,
    "datetime": _datetime, "remarks": _remarks,
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a table: its type, and the name of its code list or ''."""

    kind: str
    codes: str


@dataclass(frozen=True)
class Codebook:
    """By table its columns in their order; by code list its codes."""

    tables: Mapping[str, Mapping[str, Column]]
    codes: Mapping[str, frozenset[str]]


def codebook_of(files: Mapping[str, bytes], report: Report) -> Codebook:
    """What both files say; what they say twice or wrongly is reported."""
    codes = _codes(files.get(LABELS, b""), report)
    tables: dict[str, dict[str, Column]] = {}
    for line, cells in _body(CODEBOOK, CODEBOOK_HEAD, files.get(CODEBOOK, b""), report):
        table, column, kind, listed = cells[0], cells[1], cells[4], cells[9]
        if column in tables.setdefault(table, {}):
            report.add("column_twice", CODEBOOK, line, column=column)
        if kind not in TYPES:
            report.add("unknown_type", CODEBOOK, line, column=column)
        if listed and listed not in codes:
            report.add("no_code_list", CODEBOOK, line, column=column)
        tables[table][column] = Column(kind if kind in TYPES else "text", listed if listed in codes else "")
    return Codebook(tables, {name: frozenset(listed) for name, listed in codes.items()})


def _codes(content: bytes, report: Report) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for line, (name, code, *_texts) in _body(LABELS, LABELS_HEAD, content, report):
        if code in codes.setdefault(name, set()):
            report.add("code_twice", LABELS, line)
        codes[name].add(code)
    return codes


def _body(name: str, head: tuple[str, ...], content: bytes, report: Report) -> list[tuple[int, list[str]]]:
    """The records under this very head, each as long as it is."""
    try:
        lines = list(records(content))
    except Unreadable as unreadable:
        report.add("unreadable", name, unreadable.line, why=unreadable.why)
        return []
    if not lines or tuple(lines[0][1]) != head:
        report.add("other_head", name, 1)
        return []
    for line, cells in lines[1:]:
        if len(cells) != len(head):
            report.add("other_length", name, line)
    return [(line, cells) for line, cells in lines[1:] if len(cells) == len(head)]
