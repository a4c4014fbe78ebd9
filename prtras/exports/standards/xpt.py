"""SAS XPORT version 5: ASCII, names of 8 and labels of 40 bytes, texts of 200; the same dataset, the same bytes.

The writer beneath cuts what is too long and writes any byte; so everything is looked at before (`refuse`).
Format: SAS technical note TS-140.
"""

import re
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from prtras.exports.standards.dataset import Dataset, Variable, ascii_text

if TYPE_CHECKING:
    import pandas as pd

NAME = re.compile("[A-Z][A-Z0-9_]{0,7}")
LABEL_BYTES, TEXT_BYTES = 40, 200
SAS_EPOCH = date(1960, 1, 1)
_STAMP = re.compile(r"[0-9]{2}[A-Z]{3}[0-9]{2}:[0-9]{2}:[0-9]{2}:[0-9]{2}")


class NotTransportable(ValueError):
    """An XPT file cannot hold this: the dataset, the variable, and why."""


def refuse(dataset: Dataset) -> None:
    """Raises NotTransportable for what the format cannot hold."""
    _refuse_name(dataset.name, dataset.name)
    _refuse_label(dataset.name, dataset.label.en)
    if len(set(dataset.names)) < len(dataset.names):
        raise NotTransportable(f"{dataset.name}: a variable stands there twice")
    for variable in dataset.variables:
        where = f"{dataset.name}.{variable.name}"
        _refuse_name(where, variable.name)
        _refuse_label(where, variable.label.en)
        if dataset.lengths.get(variable.name, 1) > TEXT_BYTES:
            raise NotTransportable(f"{where}: a text is {dataset.lengths[variable.name]} bytes long")
    if unknown := {name for row in dataset.rows for name in row} - set(dataset.names):
        raise NotTransportable(f"{dataset.name}: no variable {', '.join(sorted(unknown))}")


def _refuse_name(where: str, name: str) -> None:
    if not NAME.fullmatch(name):
        raise NotTransportable(f"{where}: no name of 8 capitals and digits")


def _refuse_label(where: str, label: str) -> None:
    if not (label.isascii() and 0 < len(label) <= LABEL_BYTES):
        raise NotTransportable(f"{where}: the label is empty, no ASCII, or longer than 40 bytes: {label!r}")


def write(dataset: Dataset, created: datetime) -> bytes:
    """The file, with `created` as its time. Raises NotTransportable."""
    import pandas as pd
    import pyreadstat

    refuse(dataset)
    columns = {variable.name: _column(dataset, variable) for variable in dataset.variables}
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{dataset.name.lower()}.xpt"
        pyreadstat.write_xport(
            pd.DataFrame(columns),
            str(path),
            file_label=dataset.label.en,
            column_labels=[variable.label.en for variable in dataset.variables],
            table_name=dataset.name,
            file_format_version=5,
            variable_format={variable.name: "DATE9." for variable in dataset.variables if variable.kind == "date"},
        )
        return _stamped(path.read_bytes(), created)


def _column(dataset: Dataset, variable: Variable) -> "pd.Series[Any]":
    import pandas as pd

    values = dataset.column(variable.name)
    if variable.kind == "text":
        written = {value: ascii_text(value) for value in dataset.values(variable.name)}
        return pd.Series([written.get(value, "") for value in values], dtype=object)
    if variable.kind == "date":
        values = [value and (date.fromisoformat(value) - SAS_EPOCH).days for value in values]
    return pd.Series([None if value is None else float(value) for value in values], dtype="float64")


def _stamped(content: bytes, created: datetime) -> bytes:
    """The bytes with the four times of the header set: of file and dataset, when made and when changed."""
    head, names, rest = content.partition(b"HEADER RECORD*******NAMESTR")
    text, changed = _STAMP.subn(f"{created:%d%b%y:%H:%M:%S}".upper(), head.decode("latin-1"))
    if changed != 4:
        raise NotTransportable(f"{changed} times in the header of an XPT file")
    return text.encode("latin-1") + names + rest
