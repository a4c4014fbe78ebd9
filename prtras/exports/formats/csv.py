"""From rows to bytes. Pure. Independent of the reader's language: codes, with both languages in the codebook."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from prtras.codelists import CodeList
from prtras.crf.items import Item
from prtras.crf.registry import all_forms, table_of
from prtras.datacut.snapshot import PAGE_COLUMNS, WHERE, Row, Snapshot, participant_columns
from prtras.exports.formats.registry import Files, Format
from prtras.files.tables import csv_bytes
from prtras.labels import T

FOLDER = "data/"
#: What stands beside the values of a row: `item=code` and `item=text`, separated by semicolons.
REMARKS = ("MISSING", "REPORTED")
HEADS: dict[str, tuple[str, ...]] = {
    "visits": ("SITEID", "SUBJID", "VISIT", "VISITSEQ", "TARGET", "OPENS", "CLOSES", "SVSTDTC", "STATE", "SCHEDULE"),
    "queries": (*WHERE, "PLACE", "CHECKID", "STATE", "OPENED", "CHANGED", "DUE"),
    "verifications": (*WHERE, "PLACE", "VERIFIED", "DROPPED"),
    "signatures": (*WHERE, "SIGNED", "NAME", "ROLE", "MEANING", "SHA256", "BROKEN"),
}


def table_items(name: str) -> dict[str, Item]:
    """The items of a form's or a repeating part's table that leave the house: no identifiers."""
    return {key: item for key, item in table_of(name).items.items() if not item.identifies}


def columns_of(name: str) -> list[str]:
    """The columns of a table, the same whether it has rows or not."""
    if name == "participants":
        return list(participant_columns())
    if name in HEADS:
        return list(HEADS[name])
    row = ["ROW"] if table_of(name).rows else []
    return [*PAGE_COLUMNS, *row, *table_items(name), *REMARKS]


def csv_table(name: str, rows: Sequence[Row]) -> bytes:
    """A table as CSV (UTF-8 with byte order mark, RFC 4180): ISO dates, codes, nothing imputed."""
    columns = columns_of(name)
    return csv_bytes(columns, ([_cell(row, column) for column in columns] for row in rows))


def _cell(row: Row, column: str) -> Any:
    if column in REMARKS:
        return ";".join(f"{item}={text}" for item, text in sorted((row[column.lower()] or {}).items()))
    return row[column]


def files(picture: Snapshot) -> Files:
    """A CSV per table, the codebook and the value labels."""
    tables = {f"{FOLDER}{name}.csv": csv_table(name, rows) for name, rows in picture.tables.items()}
    return tables | {"codebook.csv": codebook(), "value_labels.csv": value_labels()}


def rows_by_table(files: Mapping[str, bytes]) -> dict[str, int]:
    """Data rows of each table, counted by reading the files."""
    return {
        name.removeprefix(FOLDER).removesuffix(".csv"): count_rows(content)
        for name, content in files.items()
        if name.startswith(FOLDER)
    }


def count_rows(content: bytes) -> int:
    """Data rows of a CSV, counted by reading it."""
    return sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) - 1


def codebook() -> bytes:
    """Every column of every table: both labels, type, unit, ranges, code list, CDASH and SDTM names."""
    head = ("TABLE", "COLUMN", "LABEL_ZH", "LABEL_EN", "TYPE", "UNIT", "NEED", "HARD_RANGE", "SOFT_RANGE", "CODELIST",
            "CDASH", "SDTM")  # fmt: skip
    lines: list[tuple[str, ...]] = []
    for form in all_forms():
        for table in form.tables():
            for name, item in table_items(table.code).items():
                lines.append((
                    table.code, name, item.label.zh, item.label.en, item.kind, item.unit, item.need,
                    str(item.hard or ""), str(item.soft or ""), item.codes.name if item.codes else "", item.cdash,
                    item.sdtm,
                ))  # fmt: skip
    return csv_bytes(head, lines)


def value_labels() -> bytes:
    """Every code of every code list with both texts."""
    lists: dict[str, CodeList] = {}
    for form in all_forms():
        for table in form.tables():
            lists |= {item.codes.name: item.codes for item in table.items.values() if item.codes}
    lines = [
        (name, code, text.zh, text.en, codelist.standard)
        for name, codelist in sorted(lists.items())
        for code, text in codelist.codes.items()
    ]
    return csv_bytes(("CODELIST", "CODE", "TEXT_ZH", "TEXT_EN", "STANDARD"), lines)


CSV = Format("csv", T("CSV，每表一个文件", "CSV, one file for each table"), files, rows_by_table)
