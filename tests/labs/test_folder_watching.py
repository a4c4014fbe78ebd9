"""The folder of a laboratory's system: every file that lies there becomes a dry run, and none an import."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from labs import folder_watching, mapping_saving
from labs.files.refusals import FileRefused
from labs.models import LabImport, LabResult
from labs.tasks import read_folder

MAPPING = {"participant": "pid", "date": "date", "results": {"ALT": ["alt", "U/L"]}}
GOOD = b"pid,date,ALT\n01-001,2025-08-25,35\n"
ORU = (Path(__file__).parents[1] / "reference" / "labs" / "oru-r01.hl7").read_bytes()


@pytest.fixture
def folder(tmp_path: Path, settings: Any, site: Any, lin: Any, enrolled: Any) -> Path:
    settings.LAB_FOLDER, settings.LAB_USER = str(tmp_path), "lin"
    mapping_saving.save_mapping(site, "Central", MAPPING, user=lin)
    return tmp_path


def lay(folder: Path, name: str, content: bytes, *, mapping: str = "Central", seconds_ago: float = 120) -> Path:
    path = folder / "01" / mapping / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time.time() - seconds_ago,) * 2)
    return path


def test_it_works(folder):
    path = lay(folder, "today.csv", GOOD)
    read_folder()
    (tried,) = LabImport.objects.all()
    assert (tried.name, tried.dry_run, tried.status, tried.report["cells"]) == ("today.csv", True, "done", {"new": 1})
    assert not LabResult.objects.exists()
    assert not path.exists()
    assert [moved.read_bytes() for moved in (path.parent / "read").iterdir()] == [GOOD]


def test_messages_need_no_mapping(folder):
    lay(folder, "a.hl7", ORU, mapping="LIS")
    read_folder()
    assert LabImport.objects.get().report["problems"] == []


def test_a_file_that_is_still_being_written_waits(folder):
    path = lay(folder, "today.csv", GOOD, seconds_ago=10)
    assert folder_watching.read_folder() == []
    assert path.exists()


@pytest.mark.parametrize(
    ("content", "mapping", "words"),
    [
        (b"\x00\x01", "Central", "not a CSV"),
        (GOOD, "Unknown", "no saved mapping"),
        (b"a,b\n1,2\n", "Central", "Missing"),
    ],
)
def test_what_cannot_be_read_is_put_aside_with_the_reason_and_the_rest_goes_on(folder, content, mapping, words):
    bad = lay(folder, "bad.csv", content, mapping=mapping, seconds_ago=300)
    lay(folder, "good.csv", GOOD)
    read_folder()
    assert [tried.name for tried in LabImport.objects.all()] == ["good.csv"]
    texts = list((bad.parent / "refused").glob("*.txt"))
    assert words in texts[0].read_text("utf-8")


def test_no_link_leads_out_of_the_folder(folder, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.csv"
    secret.write_bytes(GOOD)
    (folder / "01" / "Central").mkdir(parents=True)
    (folder / "01" / "Central" / "link.csv").symlink_to(secret)
    os.utime(secret, (0, 0))
    assert folder_watching.read_folder() == []


def test_a_file_that_is_too_large_is_refused_unread(folder, settings):
    settings.UPLOAD_LIMIT = 10
    lay(folder, "huge.csv", GOOD)
    with pytest.raises(FileRefused, match="too large"):
        folder_watching._take_up(folder / "01" / "Central" / "huge.csv", None, None)  # type: ignore[arg-type]
    assert folder_watching.read_folder() == []


def test_without_a_folder_or_a_person_nothing_happens(folder, settings):
    lay(folder, "today.csv", GOOD)
    settings.LAB_USER = ""
    assert folder_watching.read_folder() == []


def test_who_may_not_import_has_nothing_tried(folder, settings, wang):
    lay(folder, "today.csv", GOOD)
    settings.LAB_USER = "wang"
    with pytest.raises(PermissionDenied):
        folder_watching.read_folder()
    assert not LabImport.objects.exists()
