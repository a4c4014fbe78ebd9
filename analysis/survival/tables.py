"""Reading any table for `manage.py analyse`. Pure.

Every cell is read as its text, so that no level is lost whatever its spelling (`NA`, `None`, `01`); what a column is
for decides how its texts are taken.
"""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.survival.survival_data import BadTable
from prtras.clinical.printed_number import Ambiguous, NotANumber, read_number

#: How programs write a number that is not there.
NO_NUMBER = ("", "NA", "NaN", "nan", ".", "#N/A")
TRUTHS = {"true": 1.0, "false": 0.0}


class UnreadableTable(ValueError):
    """The file is no table; the message says why."""


def read(path: Path) -> pd.DataFrame:
    """A CSV (comma, semicolon or tab; UTF-8 or GB18030), TSV, XLSX or JSON table as texts. Raises UnreadableTable."""
    try:
        if path.suffix.lower() in (".xlsx", ".xls"):
            frame = _headed(pd.read_excel(path, header=None, dtype=str, keep_default_na=False))
        elif path.suffix.lower() == ".json":
            frame = pd.DataFrame(
                json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str), dtype=object
            )
        else:
            frame = _headed(_read_csv(path))
    except (ValueError, TypeError, OSError, pd.errors.ParserError) as refused:
        raise UnreadableTable(f"{path.name}: {refused}") from refused
    return frame.apply(lambda column: pd.Series([_text(cell) for cell in column], dtype=object))


def _read_csv(path: Path) -> pd.DataFrame:
    content = path.read_bytes()
    try:
        content.decode("utf-8")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "gb18030"
    first = content.decode(encoding).split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    return pd.read_csv(
        path, sep=separator, encoding=encoding, skipinitialspace=True, header=None, dtype=str, keep_default_na=False
    )


def _headed(lines: pd.DataFrame) -> pd.DataFrame:
    """The first line as the names of the columns, as they stand: a doubled name stays doubled."""
    if lines.empty:
        raise ValueError("the table is empty")
    frame = lines.iloc[1:].reset_index(drop=True)
    frame.columns = pd.Index([_text(cell) for cell in lines.iloc[0]])
    return frame


def _text(cell: Any) -> str:
    return "" if cell is None or cell != cell else str(cell).strip()  # NaN is what is not equal to itself


def numbers(column: pd.Series) -> pd.Series:
    """A column as numbers; what is not there is missing. Raises BadTable for text."""
    return pd.Series([_number(text, str(column.name)) for text in column], dtype=float, name=column.name)


def _number(text: str, column: str) -> float:
    if text in NO_NUMBER:
        return float("nan")
    if text.lower() in TRUTHS:
        return TRUTHS[text.lower()]
    try:
        return float(read_number(text))
    except Ambiguous:
        raise BadTable(f"Column '{column}': the comma in “{text}” is ambiguous.", column) from None
    except NotANumber:
        raise BadTable(f"Column '{column}' must hold numbers only; it holds “{text}”.", column) from None


def values(column: pd.Series) -> pd.Series:
    """A covariate: numbers if every text in it is one, else levels as they are spelled, `NA` among them."""
    try:
        return numbers(column)
    except BadTable:
        return levels(column)


def levels(column: pd.Series) -> pd.Series:
    """A column of groups: every spelling a level of its own, blanks missing; whole numbers in their order."""
    spelled = {text for text in column if text}
    if all(text.isascii() and text.isdecimal() and len(text) < 16 and str(int(text)) == text for text in spelled):
        return pd.Series([float(text) if text else float("nan") for text in column], name=column.name)
    return pd.Series([text or None for text in column], dtype=object, name=column.name)


def events(column: pd.Series, value: str | None) -> pd.Series:
    """1 for an event, 0 for none, missing where nothing is known. `value` is the text of an event, if it is not 0/1.

    Raises BadTable for a value that never occurs.
    """
    if value is None:
        return numbers(column)
    known = sorted({text for text in column if text not in NO_NUMBER})
    meant = {text for text in known if _same(text, value.strip())}
    if not meant:
        listed = ", ".join(known[:20])
        raise BadTable(f"No row has the value “{value}” in column {column.name}; it holds {listed}.", str(column.name))
    coded = [float("nan") if text in NO_NUMBER else float(text in meant) for text in column]
    return pd.Series(coded, dtype=float, name=column.name)


def _same(text: str, value: str) -> bool:
    """The same text, or the same number: 2 and 2.0."""
    try:
        return text == value or read_number(text) == read_number(value)
    except NotANumber:
        return False
