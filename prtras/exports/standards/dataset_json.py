"""CDISC Dataset-JSON 1.1: the same rows in UTF-8, with their Chinese texts; one file each, or line by line (NDJSON)."""

import gzip
import json
from datetime import datetime
from typing import Any

from prtras.exports.standards.dataset import Dataset, Variable

_TYPES: dict[str, dict[str, str]] = {
    "text": {"dataType": "string"},
    "integer": {"dataType": "integer"},
    "float": {"dataType": "double"},
    "date": {"dataType": "date", "targetDataType": "integer"},
}


def write(dataset: Dataset, study: str, created: datetime, define: str) -> tuple[bytes, bytes]:
    """A dataset as one JSON document and as gzipped lines: first what it is, then a line a row.

    `define` is the path of its Define-XML in the bundle.
    """
    about = json.dumps(_about(dataset, study, created, define), ensure_ascii=False)
    lines = [
        json.dumps(row, ensure_ascii=False, allow_nan=False)
        for row in zip(*(dataset.column(name) for name in dataset.names), strict=True)
    ]
    document = f'{about[:-1]}, "rows": [\n' + ",\n".join(lines) + "\n]}\n"
    by_line = "\n".join((about, *lines)) + "\n"
    return document.encode(), gzip.compress(by_line.encode(), compresslevel=5, mtime=0)


def _about(dataset: Dataset, study: str, created: datetime, define: str) -> dict[str, Any]:
    return {
        "datasetJSONCreationDateTime": f"{created:%Y-%m-%dT%H:%M:%S}",
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"{study}.{dataset.name}",
        "originator": "PRTRAS EDC",
        "studyOID": f"ST.{study}",
        "metaDataVersionOID": "MDV.1",
        "metaDataRef": define,
        "itemGroupOID": f"IG.{dataset.name}",
        "records": len(dataset.rows),
        "name": dataset.name,
        "label": dataset.label.en,
        "columns": [_column(dataset, variable) for variable in dataset.variables],
    }


def _column(dataset: Dataset, variable: Variable) -> dict[str, Any]:
    column: dict[str, Any] = {
        "itemOID": f"IT.{dataset.name}.{variable.name}",
        "name": variable.name,
        "label": variable.label.en,
        **_TYPES[variable.kind],
    }
    if variable.kind == "text":
        column["length"] = dataset.lengths[variable.name]
    if variable.kind == "date":
        column["displayFormat"] = "DATE9."
    if variable.name in dataset.keys:
        column["keySequence"] = dataset.keys.index(variable.name) + 1
    return column
