"""The tables of a bundle once more, with the texts of every code in both languages beside it. Pure."""

from collections.abc import Iterator, Sequence

from prtras.codelists import CodeList
from prtras.datacut.snapshot import Row, Snapshot
from prtras.exports.columns import REMARKS, columns_of
from prtras.files.tables import csv_bytes

FOLDER = "decoded/"


def decoded(picture: Snapshot) -> dict[str, bytes]:
    """A CSV for each table: where a column holds codes, `_ZH` and `_EN` follow it. Remarks stand in data/ only."""
    return {f"{FOLDER}{name}.csv": _table(name, rows) for name, rows in picture.tables.items()}


def _table(name: str, rows: Sequence[Row]) -> bytes:
    columns = {column: each.codes for column, each in columns_of(name).items() if column not in REMARKS}
    head = [each for column, codes in columns.items() for each in _names(column, codes)]
    return csv_bytes(
        head, ([cell for column, codes in columns.items() for cell in _cells(row, column, codes)] for row in rows)
    )


def _names(column: str, codes: CodeList | None) -> list[str]:
    return [column, f"{column}_ZH", f"{column}_EN"] if codes else [column]


def _cells(row: Row, column: str, codes: CodeList | None) -> Iterator[object]:
    value = row[column]
    listed = value if isinstance(value, list) else [value] if value not in (None, "") else []
    yield ";".join(value) if isinstance(value, list) else value
    if codes:
        texts = [codes.text(code) for code in listed]
        yield "; ".join(text.zh for text in texts)
        yield "; ".join(text.en for text in texts)
