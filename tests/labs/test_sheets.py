"""A photographed sheet, as a coordinator uses it: upload, look, confirm value by value; then an import like any other.

What reads the picture is stood in for: the sheet is drawn as text at places.
"""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse

from labs import importing, sheet_reading
from labs.models import LabImport, LabResult, LabSheet
from labs.sheets import recogniser
from prtras.accounts.rights import Role
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.files.models import StoredFile
from tests.access.test_bad_files import reads
from tests.labs.sheet_boxes import photograph, sheet_of

ALT = ("谷丙转氨酶", "35.2", "", "U/L", "9-50")
TBIL = ("总胆红素", "31.5", "↑", "umol/L", "0-26")
UNREAD = ("白蛋白(ALB)", "3?.2", "", "g/L", "40-55")
NAME = "张三 lab 01-001.jpg"


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recogniser, "is_installed", lambda: True)
    monkeypatch.setattr(recogniser, "recognise", lambda picture: sheet_of(ALT, TBIL, UNREAD))


def pictures(settings: Any) -> list[Path]:
    folder = Path(settings.SHEETS_FOLDER)
    return sorted(folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def sheet(reader: None, enrolled: Any, lin: Any) -> LabSheet:
    requested = sheet_reading.request_reading(enrolled, photograph(), user=lin)
    done = sheet_reading.run(requested.pk)
    assert done is not None
    return done


#: What a person sends who ticked the two results that were read, and typed the third.
SENT = {
    "date": "2025-08-25", "value.0": "35.2", "unit.0": "U/L", "range.0": "9-50", "sure.0": "1",
    "value.1": "31.5", "unit.1": "umol/L", "range.1": "0-26", "sure.1": "1",
    "value.2": "38.2", "unit.2": "g/L", "range.2": "40-55", "sure.2": "1",
}  # fmt: skip


def run_last() -> LabImport:
    done = importing.run(LabImport.objects.latest("requested_at").pk)
    assert done is not None
    return done


def test_it_works(reader, client_of, lin, enrolled, settings):
    client = reads(client_of(lin), "en")
    assert reverse("labs:sheets") in client.get(reverse("labs:import")).content.decode()
    picture = SimpleUploadedFile(NAME, photograph())
    address = client.post(reverse("labs:sheets"), {"participant": "01-001", "picture": picture}).headers["Location"]
    sheet = LabSheet.objects.get()
    sheet_reading.run(sheet.pk)
    shown = client.get(address).context["shown"]
    assert [(row.text, row.sure) for row in shown.rows] == [("35.2", False), ("31.5", False), ("", False)]
    assert client.get(reverse("labs:sheet_picture", args=[sheet.pk])).headers["Content-Type"] == "image/jpeg"
    report = client.post(address, SENT).headers["Location"]
    tried = run_last()
    assert (tried.dry_run, tried.report["cells"], tried.report["problems"]) == (True, {"new": 3}, [])
    assert not LabResult.objects.exists()
    client.post(report, {"part": "all"})
    assert run_last().applied
    stored = {row.analyte: row for row in LabResult.objects.all()}
    assert {code: (row.orres, row.orresu, row.ornrhi) for code, row in stored.items()} == {
        "alt": ("35.2", "U/L", 50), "tbil": ("31.5", "umol/L", 26), "alb": ("38.2", "g/L", 55),
    }  # fmt: skip
    assert (stored["tbil"].nrind, stored["alb"].nrind) == ("HIGH", "LOW")


def test_the_picture_is_encrypted_and_gone_once_the_values_are_confirmed(sheet, client_of, lin, settings):
    (path,) = pictures(settings)
    assert not path.read_bytes().startswith(b"\xff\xd8")
    assert path.stat().st_mode & 0o077 == 0
    assert sheet_reading.picture_of(sheet).startswith(b"\xff\xd8\xff")
    client = client_of(lin)
    with_commit(client, sheet, SENT)
    assert pictures(settings) == []
    assert client.get(reverse("labs:sheet_picture", args=[sheet.pk])).status_code == 404
    sheet.refresh_from_db()
    assert (sheet.outcome, sheet.became) == ("confirmed", LabImport.objects.get())


def with_commit(client: Any, sheet: LabSheet, sent: dict[str, str]) -> Any:
    """A post whose transaction is committed: what waits for that happens."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(reverse("labs:sheet", args=[sheet.pk]), sent)


def test_a_sheet_that_is_discarded_leaves_nothing(sheet, client_of, lin, settings):
    client = client_of(lin)
    assert with_commit(client, sheet, {"act": "discard"}).headers["Location"] == reverse("labs:sheets")
    assert pictures(settings) == []
    assert not LabImport.objects.exists()
    again = client.post(reverse("labs:sheet", args=[sheet.pk]), SENT)
    assert again.status_code == 302
    assert not LabImport.objects.exists()


def test_neither_picture_nor_the_name_of_the_file_is_in_the_trail_or_a_stored_file(sheet, client_of, lin):
    with_commit(client_of(lin), sheet, SENT)
    rows = [str(event.new) + str(event.old) for event in AuditEvent.objects.filter(table="labs_labsheet")]
    assert rows
    assert "张三" not in "".join(rows)
    assert "虚构甲" not in "".join(rows)
    assert max(map(len, rows)) < 2000
    assert StoredFile.objects.count() == 1  # the confirmed values
    assert LabImport.objects.get().name == "sheet 01-001 2025-08-25.csv"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"date": ""}, "Enter the date"),
        ({"date": "yesterday"}, "not a date"),
        ({"time": "8 o'clock"}, "not a time"),
        ({"report": "x" * 41}, "At most 40"),
        ({"laboratory": "x" * 61}, "at most 60"),
        ({"sure.0": None}, "tick it, or clear"),
        ({"unit.0": ""}, "Select the unit"),
        ({"unit.0": "mg/dL"}, "Select the unit"),
        ({"range.0": "low"}, "not a range"),
        ({"value.0": "3" * 41}, "At most 40"),
        ({"sure.0": None, "sure.1": None, "sure.2": None}, "tick at least one"),
    ],
)
def test_nothing_goes_on_that_nobody_confirmed(sheet, client_of, lin, settings, change, words):
    client = reads(client_of(lin), "en")
    sent = {name: value for name, value in (SENT | change).items() if value is not None}
    answer = client.post(reverse("labs:sheet", args=[sheet.pk]), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode().replace("&#x27;", "'")
    assert 'value="38.2"' in answer.content.decode()  # what was typed is still there
    assert not LabImport.objects.exists()
    assert len(pictures(settings)) == 1


def test_a_result_that_is_cleared_is_left_out(sheet, client_of, lin):
    with_commit(client_of(lin), sheet, {**SENT, "value.1": ""})
    assert run_last().report["cells"] == {"new": 2}


def test_a_typed_value_meets_the_checks_of_every_import(sheet, client_of, lin):
    with_commit(client_of(lin), sheet, {**SENT, "value.0": "99999"})
    assert run_last().report["problem_count"] == 1


@pytest.mark.parametrize("number", ["", "01-999", "02-001"])
def test_a_participant_of_another_site_does_not_exist(reader, client_of, eve, enrolled, number, settings):
    sent = {"participant": number or "01-001", "picture": SimpleUploadedFile("a.jpg", photograph())}
    assert client_of(eve).post(reverse("labs:sheets"), sent).status_code == 422
    assert pictures(settings) == []
    assert not LabSheet.objects.exists()


def test_a_sheet_of_another_site_does_not_exist(sheet, client_of, eve):
    client = client_of(eve)
    assert list(client.get(reverse("labs:sheets")).context["waiting"]) == []
    for name in ("labs:sheet", "labs:sheet_picture"):
        assert client.get(reverse(name, args=[sheet.pk])).status_code == 404
    assert client.post(reverse("labs:sheet", args=[sheet.pk]), {"act": "discard"}).status_code == 404


def test_who_may_not_import_may_do_nothing_of_it(sheet, wang, eve, enrolled):
    for person in (wang, eve):
        with pytest.raises(PermissionDenied):
            sheet_reading.request_reading(enrolled, photograph(), user=person)
        with pytest.raises(PermissionDenied):
            sheet_reading.discard(sheet, user=person)


def test_the_worker_asks_for_the_right_again(reader, enrolled, lin, site, system):
    requested = sheet_reading.request_reading(enrolled, photograph(), user=lin)
    with acting(system):
        lin.memberships.update(role=Role.MONITOR)
    with pytest.raises(PermissionDenied):
        sheet_reading.run(requested.pk)
    assert LabSheet.objects.get().status == "failed"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a,b\n1,2\n"])
def test_what_is_no_picture_is_refused_whatever_its_name(reader, client_of, lin, enrolled, content, settings):
    sent = {"participant": "01-001", "picture": SimpleUploadedFile("sheet.jpg", content)}
    assert client_of(lin).post(reverse("labs:sheets"), sent).status_code == 422
    assert pictures(settings) == []


def test_after_some_days_a_sheet_that_nobody_confirmed_is_closed(
    sheet, settings, django_capture_on_commit_callbacks
):  # fmt: skip
    assert (sheet_reading.forget_old(), len(pictures(settings))) == (0, 1)
    settings.SHEET_DAYS = -1  # as if those days had gone by
    with django_capture_on_commit_callbacks(execute=True):
        sheet_reading.forget_old()
    sheet.refresh_from_db()
    assert (sheet.outcome, pictures(settings)) == ("expired", [])


def test_pictures_without_an_open_sheet_are_swept_up(sheet, settings):
    folder = Path(settings.SHEETS_FOLDER)
    (folder / "broken-off").write_text("x")
    assert sheet_reading.forget_old() == 0  # it may be of an upload that is under way
    os.utime(folder / "broken-off", (time.time() - sheet_reading.BROKEN_OFF - 1,) * 2)
    assert sheet_reading.forget_old() == 1
    assert [path.name for path in pictures(settings)] == [str(sheet.pk)]


def test_a_sheet_that_was_discarded_before_its_turn_is_not_read(reader, enrolled, lin):
    requested = sheet_reading.request_reading(enrolled, photograph(), user=lin)
    sheet_reading.discard(requested, user=lin)
    done = sheet_reading.run(requested.pk)
    assert done is not None
    assert (done.status, done.reading) == ("done", None)


@pytest.mark.parametrize("person", ["lin", "wang", "eve", None])
def test_without_the_extra_nothing_of_it_is_there(monkeypatch, client_of, lin, wang, eve, client, person):
    monkeypatch.setattr(recogniser, "find_spec", lambda name: None)
    browser = client_of({"lin": lin, "wang": wang, "eve": eve}[person]) if person else client
    some = LabSheet().pk
    for address in (
        reverse("labs:sheets"),
        *(reverse(f"labs:{name}", args=[some]) for name in ("sheet", "sheet_picture")),
    ):
        assert browser.get(address).status_code == browser.post(address).status_code == 404
    if person == "lin":
        assert reverse("labs:sheets") not in browser.get(reverse("labs:import")).content.decode()


def test_values_that_were_imported_before_are_recognised_and_the_sheet_stays_open(
    sheet, reader, client_of, lin, enrolled
):
    client = client_of(lin)
    report = with_commit(client, sheet, SENT).headers["Location"]
    run_last()
    client.post(report, {"part": "all"})
    assert run_last().complete
    again = sheet_reading.request_reading(enrolled, photograph(), user=lin)
    sheet_reading.run(again.pk)
    address = with_commit(client, again, SENT).headers["Location"]
    assert address == reverse("labs:sheet", args=[again.pk])
    assert "imported on" in reads(client, "en").get(address).content.decode()
    again.refresh_from_db()
    assert again.outcome == ""
