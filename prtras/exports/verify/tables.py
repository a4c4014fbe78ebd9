"""Every table of a bundle against the codebook, and the tables against each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from prtras.exports.verify.codebook import CODEBOOK, FOLDER, TYPES, Codebook, Column
from prtras.exports.verify.findings import Report, line_of
from prtras.exports.verify.records import Unreadable, records

VISIT = ("SUBJID", "VISIT", "VISITSEQ")
PAGE = (*VISIT, "REPEAT")
#: Tables about pages that need not be submitted yet.
ABOUT_PAGES = ("queries", "verifications", "signatures", "codings")


@dataclass(frozen=True)
class Record:
    """A row with the line on which it begins."""

    line: int
    cells: Mapping[str, str]

    def key(self, *columns: str) -> tuple[str, ...]:
        """These cells; one that is no column is empty."""
        return tuple(self.cells.get(column, "") for column in columns)


Tables = Mapping[str, list[Record]]


def check_tables(files: Mapping[str, bytes], book: Codebook, parts: Mapping[str, Any], report: Report) -> int:
    """The number of rows that were checked. `parts` says which table of rows belongs to which form."""
    names = {name.removeprefix(FOLDER).removesuffix(".csv") for name in files if name.startswith(FOLDER)}
    for table in sorted(names - book.tables.keys()):
        report.add("unexplained_table", file_of(table))
    for table in sorted(book.tables.keys() - names):
        text = files[CODEBOOK].decode(errors="replace") if CODEBOOK in files else ""
        report.add("no_table", file_of(table), line_of(text, f"\n{table},"))
    tables = {table: list(_rows(table, files.get(file_of(table)), book, report)) for table in book.tables}
    _check_references(tables, parts, report)
    return sum(map(len, tables.values()))


def file_of(table: str) -> str:
    """The file of a table."""
    return f"{FOLDER}{table}.csv"


def _rows(table: str, content: bytes | None, book: Codebook, report: Report) -> Iterator[Record]:
    file, columns = file_of(table), book.tables[table]
    if content is None:  # that is reported
        return
    try:
        lines = records(content)
        _, head = next(lines, (1, []))
        if head != list(columns):
            report.add("other_head", file, 1)
            return
        for line, cells in lines:
            if len(cells) != len(head):
                report.add("other_length", file, line)
                continue
            for (name, column), cell in zip(columns.items(), cells, strict=True):
                if cell:
                    _check_cell(file, line, name, column, cell, book, report)
            yield Record(line, dict(zip(head, cells, strict=True)))
    except Unreadable as unreadable:
        report.add("unreadable", file, unreadable.line, why=unreadable.why)


def _check_cell(file: str, line: int, name: str, column: Column, cell: str, book: Codebook, report: Report) -> None:
    if not TYPES[column.kind](cell):
        report.add("no_value", file, line, column=name, kind=column.kind)
    if column.codes:
        chosen = cell.split(";") if column.kind == "codes" else [cell]
        if not book.codes[column.codes].issuperset(chosen):
            report.add("no_code", file, line, column=name, codes=column.codes)


def _check_references(tables: Tables, parts: Mapping[str, Any], report: Report) -> None:
    people = {row.key("SUBJID") for row in tables.get("participants", [])}
    visits = {row.key(*VISIT) for row in tables.get("visits", [])}
    pages = {table: {row.key(*PAGE) for row in rows} for table, rows in tables.items() if table not in parts}
    for table, rows in tables.items():
        file, of_pages = file_of(table), not rows or "PAGEVERSION" in rows[0].cells
        needed, unique = _never_empty(table, of_pages=of_pages), _key(table, parts, of_pages=of_pages)
        seen: set[tuple[str, ...]] = set()
        for row in rows:
            for column in (column for column in needed if not row.cells.get(column)):
                report.add("no_key", file, row.line, column=column)
            if unique and row.key(*unique) in seen:
                report.add("key_twice", file, row.line)
            seen.add(row.key(*unique))
            if row.key("SUBJID") not in people:
                report.add("no_participant", file, row.line)
            elif row.cells.get("VISIT") and row.key(*VISIT) not in visits:
                report.add("no_visit", file, row.line)
            if table in parts and row.key(*PAGE) not in pages.get(parts[table], set()):
                report.add("no_page", file, row.line, form=parts[table])
            if table in ABOUT_PAGES and row.cells.get("FORM") not in tables:
                report.add("no_form", file, row.line)


def _key(table: str, parts: Mapping[str, Any], *, of_pages: bool) -> tuple[str, ...]:
    """The columns that no two rows share; none for tables about pages and those that the study added."""
    if table in ABOUT_PAGES or not (of_pages or table in ("participants", "visits")):
        return ()
    if table == "participants":
        return ("SUBJID",)
    return VISIT if table == "visits" else (*PAGE, "ROW") if table in parts else PAGE


def _never_empty(table: str, *, of_pages: bool) -> tuple[str, ...]:
    """The keys that every row has; a page may belong to no visit."""
    if table == "visits":
        return "SITEID", *VISIT
    if table == "participants" or table in ABOUT_PAGES or not of_pages:
        return "SITEID", "SUBJID"
    return "SITEID", "SUBJID", "REPEAT", "PAGEVERSION"
