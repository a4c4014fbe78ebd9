"""A bundle is read back from its bytes before it is offered, and compared with the data cut cell by cell."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import Row, Snapshot
from prtras.exports import building, read_back
from prtras.exports.formats.csv import CSV
from prtras.exports.formats.registry import Files
from prtras.exports.read_back import NotTheCut

CUT = DataCut(cutoff=date(2026, 1, 1), sha256="0" * 64, head_seal="-")
WHOSE = {"SITEID": "01", "SUBJID": "01-001", "VISIT": "W12", "VISITSEQ": 0, "REPEAT": 0, "PAGEVERSION": 1}
EVENT = WHOSE | {"ae_term": "=1+1; it's -2", "ae_grade": "3", "missing": {"ae_end": "UNK"}, "reported": {"a": "1;2\\"}}


def picture(**tables: list[dict[str, object]]) -> Snapshot:
    return Snapshot("2026-01-01T00:00:00+00:00", "-", {name: [*map(json.dumps, rows)] for name, rows in tables.items()})


def damaged(change: dict[str, tuple[bytes, bytes]], **tables: list[dict[str, object]]) -> bytes:
    """A bundle by a writer that changes some bytes of its files."""

    def write(cut: Snapshot) -> Files:
        files = CSV.write(cut)
        for name, (before, after) in change.items():
            assert before in files[name], files[name]
            files[name] = files[name].replace(before, after, 1)
        return files

    return building.bundle(CUT, picture(**tables), replace(CSV, write=write))


@pytest.fixture(autouse=True)
def _the_platform_alone(monkeypatch):
    monkeypatch.setattr(building, "_contributors", [])


def test_it_works():
    content = building.bundle(CUT, picture(ae=[EVENT], death=[]), CSV)
    assert read_back.require_same(content, [CSV], picture(ae=[EVENT], death=[])) is None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert CSV.read(files) == {"ae": [Row(EVENT)], "death": []}


@pytest.mark.parametrize(("before", "after", "place"), [
    (b"W12,0", b"W24,0", "ae row 1 (01 01-001 W12 0 0 1), VISIT: 'W12' in the data cut, 'W24' in the bundle"),
    (b"01-001", b"", "SUBJID: '01-001' in the data cut, None in the bundle"),
    (b"=1+1", b"'=1+1", """ae_term: "=1+1; it's -2" in the data cut, "'=1+1; it's -2" in the bundle"""),
    (b"ae_end=UNK", b"ae_end=ND", "missing: {'ae_end': 'UNK'} in the data cut, {'ae_end': 'ND'} in the bundle"),
    (b"SITEID,SUBJID", b"SUBJID,SITEID", "SITEID: '01' in the data cut, '01-001' in the bundle"),
])  # fmt: skip
def test_a_changed_cell_is_named_with_both_values(before, after, place):
    with pytest.raises(NotTheCut) as refused:
        damaged({"data/ae.csv": (before, after)}, ae=[EVENT])
    assert place in str(refused.value)


def test_keys_are_compared_before_values():
    with pytest.raises(NotTheCut, match="PAGEVERSION"):
        damaged({"data/ae.csv": (b",1,", b",2,")}, ae=[EVENT | {"ae_no": 5}])


def test_rows_that_changed_places_are_found():
    second = EVENT | {"REPEAT": 1}
    with pytest.raises(NotTheCut, match=r"ae row 1 .*REPEAT: 0 in the data cut, 1 in the bundle"):
        damaged({"data/ae.csv": (b"W12,0,0", b"W12,0,1")}, ae=[EVENT, second])


def test_a_column_that_the_codebook_does_not_explain_stops_the_bundle():
    with pytest.raises(KeyError, match="page__participant__number"):
        damaged({"data/ae.csv": (b"SUBJID", b"page__participant__number")}, ae=[EVENT])


@pytest.mark.parametrize("key", ["SITEID", "SUBJID", "REPEAT", "PAGEVERSION"])
def test_a_data_cut_without_its_keys_stops_the_bundle(key):
    with pytest.raises(NotTheCut, match=f"ae row 1: {key} is empty in the data cut"):
        building.bundle(CUT, picture(ae=[{name: value for name, value in EVENT.items() if name != key}]), CSV)


def test_what_identifies_a_participant_must_not_be_in_the_bundle():
    identified = WHOSE | {"initials": "ZMLI"}
    building.bundle(CUT, picture(dm=[identified]), CSV)
    with pytest.raises(NotTheCut, match="initials: None in the data cut, 'ZMLI' in the bundle"):
        read_back.compare_tables({"dm": [Row(identified)]}, {"dm": [Row(identified)]})


def test_a_file_that_is_not_what_the_manifest_says_stops_the_bundle(monkeypatch):
    def damaging(files: Files) -> bytes:
        return packed(files | {"codebook.csv": b"damaged"})

    packed = building.zipped
    monkeypatch.setattr(building, "zipped", damaging)
    with pytest.raises(NotTheCut, match=r"codebook\.csv: SHA-256"):
        building.bundle(CUT, picture(ae=[EVENT]), CSV)


def test_a_table_that_the_cut_does_not_know_stops_the_bundle():
    with pytest.raises(NotTheCut, match="ghost: no table of the data cut"):
        read_back.compare_tables({"ghost": []}, {})
