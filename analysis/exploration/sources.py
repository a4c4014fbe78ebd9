"""The table that a person gives by its path, every cell as its text and under the line where it stands. Pure.

Text files and workbooks are read as hospital files are (`labs.files.workbooks`): the same encodings, separators and
bounds. What would have to be guessed (which sheet, which of two headings, where a short line belongs) is refused.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.exploration.cells import LISTED
from labs.files.refusals import FileRefused
from labs.files.workbooks import Sheet, read_sheets


class UnreadableTable(ValueError):
    """The file is no table that can be read without guessing; the message says why."""


def read(path: Path, sheet: str = "") -> pd.DataFrame:
    """The table as texts; the index holds the lines of the file, its name what they are. Raises UnreadableTable."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableTable(f"There is no file {path}.") from None
    except (OSError, ValueError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else str(wrong)
        raise UnreadableTable(f"{path} cannot be read: {reason}.") from None
    if path.suffix.lower() == ".json":
        if sheet:
            raise UnreadableTable(f"--sheet has no effect: {path.name} has no sheets.")
        return _json_table(content, path.name)
    try:
        sheets = read_sheets(content, path.name)
    except FileRefused as refused:
        raise UnreadableTable(f"{path.name}: {refused.text.en}") from None
    return _sheet_table(_chosen(sheets, sheet, path.name), path.name)


def _chosen(sheets: Sequence[Sheet], name: str, file: str) -> Sheet:
    """The only sheet that holds anything, or the one that is named."""
    if sheets[0].ragged and name:
        raise UnreadableTable(f"--sheet has no effect: {file} has no sheets.")
    filled = [sheet for sheet in sheets if any(cell.strip() for line in sheet.lines for cell in line)]
    listed = ", ".join(sheet.name for sheet in filled)
    if name:
        named = [sheet for sheet in filled if sheet.name == name]
        if not named:
            empty = name in [sheet.name for sheet in sheets]
            reason = f"The sheet {name} is empty" if empty else f"There is no sheet {name}"
            raise UnreadableTable(f"{reason} in {file}; choose from {listed}.")
        return named[0]
    if len(filled) > 1:
        raise UnreadableTable(f"{file} has {len(filled)} sheets: {listed}. Name one with --sheet.")
    return filled[0]


def _sheet_table(sheet: Sheet, file: str) -> pd.DataFrame:
    """The first line that holds anything is the heading; every other line has its cells below it."""
    lines = [(number, line) for number, line in enumerate(sheet.lines, start=1) if any(cell.strip() for cell in line)]
    heading = [_unquoted(cell) for cell in lines[0][1]]
    while heading and not heading[-1]:
        heading.pop()
    width = len(heading)
    wide = [number for number, line in lines[1:] if any(cell.strip() for cell in line[width:])]
    narrow = [number for number, line in lines[1:] if sheet.ragged and len(line) < width]
    for numbers, relation in ((wide, "more"), (narrow, "fewer")):
        if numbers:
            raise UnreadableTable(
                f"{file}: the heading (line {lines[0][0]}) names {width} column{'s' if width > 1 else ''}; "
                f"{_lines(numbers)} {relation} cells than that. Is a comma part of a number or of a text, or is "
                "the first line no heading?"
            )
    if len(lines) == 1:
        raise UnreadableTable(f"{file}: there is no line below the heading.")
    cells = [[_unquoted(cell) for cell in (*line[:width], *[""] * (width - len(line)))] for _, line in lines[1:]]
    index = pd.Index([number for number, _ in lines[1:]], name="line")
    return pd.DataFrame(cells, index=index, columns=pd.Index(heading), dtype=object)


def _unquoted(cell: str) -> str:
    """A cell without the space around it, and without the quotation marks that a space before them made part of it."""
    cell = cell.strip()
    return cell[1:-1].replace('""', '"').strip() if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _lines(numbers: Sequence[int]) -> str:
    listed = ", ".join(map(str, numbers[:LISTED]))
    more = f" and {len(numbers) - LISTED} more" if len(numbers) > LISTED else ""
    return f"line {listed} has" if len(numbers) == 1 else f"lines {listed}{more} have"


def _json_table(content: bytes, file: str) -> pd.DataFrame:
    """A list of records, or an object of columns; numbers as they are spelled."""
    try:
        value = json.loads(
            content.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_unique
        )
    except UnreadableTable as doubled:
        raise UnreadableTable(f"{file}: {doubled}") from None
    except (ValueError, RecursionError) as wrong:
        raise UnreadableTable(f"{file} is no JSON: {wrong}.") from None
    if isinstance(value, list) and value and all(isinstance(record, dict) for record in value):
        columns = list(dict.fromkeys(name for record in value for name in record))
        rows = [[_cell(record.get(name), file) for name in columns] for record in value]
    elif isinstance(value, dict) and value and all(isinstance(column, list) for column in value.values()):
        if len({len(column) for column in value.values()}) > 1:
            raise UnreadableTable(f"{file}: the columns are not equally long.")
        columns = list(value)
        rows = [[_cell(cell, file) for cell in row] for row in zip(*value.values(), strict=True)]
    else:
        raise UnreadableTable(f"{file} is no table: write a list of records, or an object of columns.")
    if not rows:
        raise UnreadableTable(f"{file}: the table is empty.")
    index = pd.RangeIndex(1, len(rows) + 1, name="record")
    return pd.DataFrame(rows, index=index, columns=pd.Index([name.strip() for name in columns]), dtype=object)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        doubled = next(name for name in names if names.count(name) > 1)
        raise UnreadableTable(f"A record names {doubled} twice.")
    return dict(pairs)


def _cell(value: Any, file: str) -> str:
    if isinstance(value, dict | list):
        raise UnreadableTable(f"{file}: a cell holds a list or a record; a table has one value in each cell.")
    return "" if value is None else str(value).strip()
