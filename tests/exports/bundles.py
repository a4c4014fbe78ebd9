"""A whole bundle of an invented study, and ways to make another one of its files."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from analysis import bundle
from prtras.crf.numbers import plain
from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import Snapshot
from prtras.exports import building, keys
from prtras.exports.columns import HEADS, columns_of, tables
from prtras.exports.formats.csv import CSV
from prtras.exports.formats.registry import Format
from prtras.exports.keys import MANIFEST, SIGNATURE, SIGNING_KEY
from prtras.exports.verify.manifest import BESIDE, SUMS, sums
from tests.analysis.studies import CUTOFF, cohort, on, study

Files = dict[str, bytes]
WHOSE = {"REPEAT": 0, "PAGEVERSION": 1, "SITEID": "01"}
AE = {
    "SUBJID": "01-001",
    "ae_term": "=1+1; it's\n-2",
    "ae_start": "2024-03",
    "ae_grade": "2",
    "missing": {"ae_end": "UNK"},
}


def picture(events: int = 3) -> Snapshot:
    """Forty participants with every table, most of them empty; texts of two lines among the adverse events."""
    people = cohort()
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in tables()}
    for name, those in study(people, ae=[AE | {"REPEAT": n, "ae_no": n} for n in range(events)]).items():
        rows[name] = [dict(row) for row in those]
    visits = {(row["SUBJID"], row["VISIT"]) for name in rows for row in rows[name] if row.get("VISIT")}
    rows["visits"] = [
        {
            "SUBJID": who,
            "VISIT": visit,
            "OPENS": on(11),
            "CLOSES": on(13),
            "STATE": "planned",
            "SITEID": "01",
            "VISITSEQ": 0,
        }
        for who, visit in sorted(visits)
    ]
    first = rows["mri"][0]
    rows["mriobs"] = [{name: first[name] for name in ("SUBJID", "VISIT", "REPEAT")} | {"ROW": 1, "size_mm": "28"}]
    for name in rows.keys() - HEADS.keys() - {"participants"}:
        rows[name] = [_page(row) for row in rows[name]]
    lines = {name: [json.dumps(_as_cut(name, row)) for row in each] for name, each in rows.items()}
    return Snapshot("2027-06-30T00:00:00+00:00", "-", lines)


def _as_cut(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row with its decimals as a data cut writes them: without zeros at the end."""
    decimals = [name for name, column in columns_of(table).items() if column.kind == "decimal" and row.get(name)]
    return row | {name: plain(Decimal(str(row[name]))) for name in decimals}


def _page(row: Mapping[str, Any]) -> dict[str, Any]:
    """With the keys of every page; one of no visit has no number of one."""
    sequence = {"VISITSEQ": 0} if row.get("VISIT") else {}
    return WHOSE | sequence | {item: _as_stored(value) for item, value in row.items()}


def _as_stored(value: Any) -> Any:
    """Decimals are texts in a data cut."""
    return str(value) if isinstance(value, float) else value


def whole(format: Format = CSV) -> bytes:
    """The bundle with its numbers and programs, signed by the key of this installation."""
    cut = DataCut(cutoff=CUTOFF, sha256="0" * 64, head_seal="-")
    before = building._contributors
    building._contributors = [bundle.files]
    try:
        return building.bundle(cut, picture(), format)
    finally:
        building._contributors = before


def files_of(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def listed_anew(files: Files) -> Files:
    """With a manifest and sums that fit the files, whatever these say; the signature is the old one."""
    facts = json.loads(files[MANIFEST])
    facts["files"] = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        | ({"rows": _rows(content)} if name.endswith(".csv") else {})
        for name, content in files.items()
        if name not in BESIDE
    }
    files = files | {MANIFEST: json.dumps(facts, indent=1, sort_keys=True).encode()}
    return files | {SUMS: sums(files)}


def _rows(content: bytes) -> int:
    try:
        return building.count_rows(content)
    except (csv.Error, UnicodeDecodeError):
        return 0


def signed_anew(files: Files) -> Files:
    """By somebody else, who made everything fit again."""
    own = keys.private_of(keys.new_private())
    files = listed_anew(files | {SIGNING_KEY: keys.pem_of(own.public_key())})
    return files | {SIGNATURE: own.sign(files[MANIFEST])}


def replaced(files: Files, name: str, before: bytes, after: bytes) -> Files:
    """With the first of these bytes changed."""
    assert before in files[name], files[name][:2000]
    return files | {name: files[name].replace(before, after, 1)}
