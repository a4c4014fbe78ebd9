"""Reading any table for `manage.py analyse`. Pure."""

from pathlib import Path

import pandas as pd


class UnreadableTable(ValueError):
    """The file is no table; the message says why."""


def read(path: Path) -> pd.DataFrame:
    """A CSV (any of comma, semicolon, tab; UTF-8 or GB18030), TSV, XLSX or JSON table. Raises UnreadableTable."""
    try:
        if path.suffix.lower() in (".xlsx", ".xls"):
            return pd.read_excel(path)
        if path.suffix.lower() == ".json":
            return pd.read_json(path)
        return _read_csv(path)
    except (ValueError, OSError, pd.errors.ParserError) as refused:
        raise UnreadableTable(f"{path.name}: {refused}") from refused


def _read_csv(path: Path) -> pd.DataFrame:
    content = path.read_bytes()
    try:
        content.decode("utf-8")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "gb18030"
    first = content.decode(encoding).split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    return pd.read_csv(path, sep=separator, encoding=encoding, skipinitialspace=True)
