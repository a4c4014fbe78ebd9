"""The tables of a bundle once more, with the texts of every code in both languages beside it. Pure."""

from collections.abc import Sequence
from typing import Any

from prtras.codelists import CodeList
from prtras.datacut.snapshot import Row, Snapshot
from prtras.exports.columns import REMARKS, cells_of, columns_of
from prtras.files.tables import csv_bytes

FOLDER = "decoded/"


def decoded(picture: Snapshot) -> dict[str, bytes]:
    """A CSV for each table: where a column holds codes, `_ZH` and `_EN` follow it. Remarks stand in data/ only."""
    return {f"{FOLDER}{name}.csv": _table(name, rows) for name, rows in picture.tables.items()}


def _table(name: str, rows: Sequence[Row]) -> bytes:
    head, cells = list[str](), list[list[Any]]()
    for column, each in columns_of(name).items():
        if column in REMARKS:
            continue
        written = cells_of(rows, column)
        head.append(column)
        cells.append(written)
        if each.codes:
            head += [f"{column}_ZH", f"{column}_EN"]
            cells += _texts(written, each.codes)
    return csv_bytes(head, zip(*cells, strict=True))


def _texts(written: Sequence[Any], codes: CodeList) -> list[list[Any]]:
    """The Chinese and the English texts of a column of codes."""
    texts = {cell: [codes.text(code) for code in cell.split(";")] for cell in set(written) if cell}
    both = ({cell: "; ".join(getattr(each, language) for each in listed) for cell, listed in texts.items()}
            for language in ("zh", "en"))  # fmt: skip
    return [[words.get(cell) for cell in written] for words in both]
