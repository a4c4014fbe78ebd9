"""The formats of a bundle: one module and one line each; what was written is counted by reading it again."""

import json
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from importlib import import_module
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import Row, Snapshot
from prtras.exports import building, formats
from prtras.exports.formats import registry
from prtras.exports.formats.csv import CSV
from prtras.exports.formats.registry import Files, Format
from prtras.exports.models import ExportJob
from prtras.exports.read_back import RowsMissing
from prtras.labels import T
from tests.exports.releases import FIELDS, OWN


def write(picture: Snapshot) -> Files:
    """A line of JSON for every row."""
    return {
        f"rows/{name}.jsonl": "\n".join(json.dumps(dict(row)) for row in rows).encode()
        for name, rows in picture.tables.items()
    }


def read(files: Mapping[str, bytes]) -> dict[str, list[Row]]:
    return {
        name.removeprefix("rows/").removesuffix(".jsonl"): [Row(json.loads(line)) for line in content.splitlines()]
        for name, content in files.items()
        if name.startswith("rows/")
    }


JSON_LINES = Format("made-up", T("JSON 行", "JSON lines"), write, read, T("每行一个对象。", "One object a line."))
WHOSE = {"SITEID": "01", "SUBJID": "01-001", "VISIT": "W12", "VISITSEQ": 0, "REPEAT": 0, "PAGEVERSION": 1}


@pytest.fixture
def json_lines() -> Iterator[None]:
    registry.register_format(JSON_LINES)
    yield
    del registry._formats["made-up"]


@pytest.fixture
def picture(monkeypatch) -> Snapshot:
    monkeypatch.setattr(building, "_contributors", [])
    return Snapshot("2026-01-01T00:00:00+00:00", "-", {"consent": [json.dumps(WHOSE | {"icf_date": "2026-01-05"})]})


CUT = DataCut(cutoff=date(2026, 1, 1), sha256="0" * 64, head_seal="-")


def test_a_bundle_is_written_in_the_format_that_was_requested(picture):
    with zipfile.ZipFile(BytesIO(building.bundle(CUT, picture, JSON_LINES))) as archive:
        consents = [json.loads(line) for line in archive.read("rows/consent.jsonl").splitlines()]
        assert "One object a line." in archive.read("README.txt").decode()
    assert consents == [WHOSE | {"icf_date": "2026-01-05"}]


def test_the_same_files_give_the_same_bytes_whenever_they_are_packed(monkeypatch):
    first = building.zipped({"a.csv": b"1"})
    later = time.struct_time((2031, 5, 6, 7, 8, 10, 1, 126, 0))
    monkeypatch.setattr(time, "localtime", lambda *seconds: later)
    assert building.zipped({"a.csv": b"1"}) == first


def test_a_format_that_loses_a_row_fails_loudly(picture):
    lossy = replace(JSON_LINES, read=lambda files: {"consent": []})
    with pytest.raises(RowsMissing, match="consent: 0 of 1 rows"):
        building.bundle(CUT, picture, lossy)


def test_a_format_that_forgets_a_table_fails_loudly(picture):
    lossy = replace(JSON_LINES, read=lambda files: {})
    with pytest.raises(RowsMissing, match="consent: 0 of 1 rows"):
        building.bundle(CUT, picture, lossy)


def test_every_format_is_offered_once_there_are_several(client_of, chen, json_lines):
    page = client_of(chen).get(reverse("exports:ask")).content.decode()
    assert "JSON lines" in page
    assert client_of(chen).post(reverse("exports:ask"), FIELDS | {"format": "made-up"}).status_code == 302
    assert ExportJob.objects.get().format == "made-up"


def test_one_format_needs_no_choice(client_of, chen, monkeypatch):
    monkeypatch.setattr(registry, "_formats", {"csv": CSV})
    assert 'name="format"' not in client_of(chen).get(reverse("exports:ask")).content.decode()


def test_an_unknown_format_does_not_exist(client_of, chen):
    assert client_of(chen).post(reverse("exports:ask"), FIELDS | {"format": "xls"}).status_code == 404
    assert not ExportJob.objects.exists()


def test_every_module_of_the_folder_is_registered():
    folder = Path(formats.__file__).parent
    modules = [import_module(f"prtras.exports.formats.{path.stem}") for path in folder.glob("[!_]*")]
    written = [each for module in modules for each in vars(module).values() if isinstance(each, Format)]
    assert sorted(each.code for each in written) == sorted(each.code for each in registry.all_formats())
    assert len(modules) == len(written) + 1, "each module but the registry is one format"


def test_a_code_is_registered_once():
    with pytest.raises(ValueError, match="csv is registered twice"):
        registry.register_format(CSV)


def test_who_may_not_export_requests_nothing(lin):
    with pytest.raises(PermissionDenied):
        building.request_export(OWN, "csv", user=lin)


NARRATIVE = '=Two\nlines,\r\n"quoted"; \'中文\r' + "x" * 200_000


@pytest.mark.parametrize("format", registry.all_formats(), ids=lambda format: format.code)
def test_every_format_holds_every_cell_and_writes_the_same_bytes_again(picture, format):
    rows = {
        "participants": [{"SITEID": "01", "SUBJID": "01-001"}, {"SITEID": "01", "SUBJID": "01-002", "ARMCD": "A1"}],
        "mriobs": [WHOSE | {"ROW": 1, "size_mm": "28", "obs_seg": ["S6", "S7"]}],
        "ae": [WHOSE | {"ae_term": NARRATIVE, "missing": {"ae_end": "UNK"}, "reported": {"a": "5;6\\", "b": "=1"}}],
        "death": [],
    }
    picture.lines.update({name: [json.dumps(row) for row in listed] for name, listed in rows.items()})
    building.bundle(CUT, picture, format)
    assert format.write(picture) == format.write(picture)


@pytest.mark.parametrize(
    ("language", "title"), [("zh-hans", "CSV 与 CDISC ODM 1.3.2（XML）"), ("en", "CSV and CDISC ODM 1.3.2 (XML)")]
)
def test_odm_can_be_chosen_in_both_languages(client_of, chen, settings, language, title):
    client = client_of(chen)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert title in client.get(reverse("exports:ask")).content.decode()
