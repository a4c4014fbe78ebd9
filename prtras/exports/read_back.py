"""Is in a bundle what is in its data cut? Read again from the bytes that leave, every cell compared. Pure."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from prtras.datacut.snapshot import PAGE_COLUMNS, Row, Snapshot, sha256
from prtras.exports.columns import is_of_a_form, withheld
from prtras.exports.formats.registry import Format
from prtras.exports.keys import MANIFEST
from prtras.exports.verify.manifest import BESIDE

#: They say which row it is, and are compared first.
KEYS = ("SITEID", "SUBJID", "VISIT", "VISITSEQ", "FORM", "REPEAT", "ROW", "PLACE", "PAGEVERSION")


class NotTheCut(Exception):
    """The bundle says something else than its data cut: the place, and what stands in both."""


class RowsMissing(NotTheCut):
    """The bundle has not the rows of its data cut."""


def require_same(content: bytes, formats: Iterable[Format], picture: Snapshot) -> None:
    """Read a zip and compare it with the data cut: its files with the manifest, then all cells in each format.

    Raises NotTheCut.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    listed = {name: facts["sha256"] for name, facts in json.loads(files.pop(MANIFEST))["files"].items()}
    actual = {name: sha256(inside) for name, inside in files.items() if name not in BESIDE}
    for name in sorted(listed.keys() | actual.keys()):
        if listed.get(name) != actual.get(name):
            raise NotTheCut(f"{name}: SHA-256 {listed.get(name)} in the manifest, {actual.get(name)} in the bundle")
    for format in formats:
        compare_tables(format.read(files), picture.tables)


def compare_tables(written: Mapping[str, list[Row]], cut: Mapping[str, list[Row]]) -> None:
    """Every table, row and cell, keys first. Raises NotTheCut for the first difference."""
    if surplus := sorted(written.keys() - cut.keys()):
        raise NotTheCut(f"{surplus[0]}: no table of the data cut")
    for name, rows in cut.items():
        if name not in written or len(written[name]) != len(rows):
            raise RowsMissing(f"{name}: {len(written.get(name, []))} of {len(rows)} rows written")
        needed, hidden = _never_empty(name), withheld(name)
        for number, (stored, row) in enumerate(zip(rows, written[name], strict=True), start=1):
            expected = {column: value for column, value in _filled(stored).items() if column not in hidden}
            _compare_rows(f"{name} row {number}", expected, _filled(row), needed)


def _compare_rows(place: str, expected: Mapping[str, Any], row: Mapping[str, Any], needed: tuple[str, ...]) -> None:
    for column in needed:
        if column not in expected:
            raise NotTheCut(f"{place}: {column} is empty in the data cut")
    if row == expected:
        return
    columns = sorted(expected.keys() | row.keys(), key=lambda name: (name not in KEYS, name))
    column = next(name for name in columns if row.get(name) != expected.get(name))
    whose = " ".join(f"{expected[name]}" for name in KEYS if name in expected)
    raise NotTheCut(
        f"{place} ({whose}), {column}: {expected.get(column)!r} in the data cut, {row.get(column)!r} in the bundle"
    )


def _never_empty(table: str) -> tuple[str, ...]:
    """The keys that every row has; a page may belong to no visit."""
    if not is_of_a_form(table):
        return "SITEID", "SUBJID"
    return tuple(name for name in PAGE_COLUMNS if name not in ("VISIT", "VISITSEQ"))


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    """What holds a value: an empty text, list or remark is none."""
    return {column: value for column, value in row.items() if value not in (None, "", [], {})}
