"""What a proxy is told, and what the administrator sees: late, failed and missing things are never "works"."""

from collections import namedtuple
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from prtras.accounts.models import User
from prtras.audit import sealing
from prtras.audit.models import AuditEvent
from prtras.jobs.models import Due
from prtras.operations import health
from prtras.operations.health import FAILED, LATE, OFF, OK
from prtras.operations.models import OperationRecord

Disk = namedtuple("Disk", "total used free")


def sign(code: str) -> health.Sign:
    return next(each for each in health.signs() if each.code == code)


@pytest.fixture
def set_up(settings: Any) -> None:
    settings.BACKUP_FOLDER, settings.BACKUP_RECIPIENT, settings.BACKUP_IDENTITY = (
        "/backups",
        "age1x",
        "AGE-SECRET-KEY-1X",
    )


def record(kind: str, hours_ago: float, ok: bool | None, **more: object) -> None:
    began = timezone.now() - timedelta(hours=hours_ago)
    OperationRecord.objects.create(kind=kind, began_at=began, ended_at=None if ok is None else began, ok=ok, **more)


def test_a_process_that_answers_is_alive_without_a_database(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_it_is_ready_when_database_migrations_broker_and_disk_are(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(health._READY, "broker", lambda: OK)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200, {"ready": True, "database": OK, "migrations": OK, "broker": OK, "disk": OK}
    )  # fmt: skip


def test_without_a_broker_it_is_not_ready_and_says_no_more_than_that(db: None, client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["broker"]) == (503, "ConnectionError")


def test_a_disk_that_is_nearly_full_is_not_ready(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: Disk(1, 1, health.LEAST_FREE - 1))
    assert client.get("/readyz").json()["disk"] == "2047 MB free"
    assert sign("disk").state == FAILED


def test_rows_that_wait_for_a_seal_for_too_long_are_late(lin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert AuditEvent.objects.exists()
    assert sign("seals").state == OK
    monkeypatch.setattr(health, "SEAL_LATE", timedelta(seconds=-1))
    assert sign("seals").state == LATE
    sealing.seal()
    assert sign("seals").state == OK
    assert "0 rows are not sealed" in sign("seals").text.en


def test_work_that_nobody_takes_up_is_late(db: None) -> None:
    assert sign("waiting").state == OK
    Due.objects.create(name="x", due_at=timezone.now() - timedelta(minutes=16))
    assert sign("waiting").state == LATE
    Due.objects.update(due_at=timezone.now())
    assert sign("waiting").state == OK


@pytest.mark.usefixtures("db", "set_up")
@pytest.mark.parametrize("kind", ["backup", "restore"])
def test_a_backup_that_failed_or_is_old_is_seen(kind: str) -> None:
    assert sign(kind).state == LATE, "none yet"
    record(kind, 27, True, backup="a")
    assert sign(kind).state == LATE
    record(kind, 1, True, backup="b")
    assert sign(kind).state == OK
    record(kind, 0.5, None)
    assert sign(kind).state == OK, "one that goes on says nothing yet"
    record(kind, 0.2, False, findings=["wal: segments are missing"])
    assert (sign(kind).state, "segments are missing" in sign(kind).text.en) == (FAILED, True)


def test_what_is_not_set_up_is_off_and_not_fine(db: None, settings: Any) -> None:
    settings.BACKUP_FOLDER = ""
    assert (sign("backup").state, sign("restore").state) == (OFF, OFF)


def test_the_status_page_lists_the_newest_backups(
    set_up: None, adm: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prtras.operations.views.LISTED", 1)
    record("backup", 2, True, backup="20261130T002000Z-full")
    record("restore", 1, False, backup="20261201T002000Z-full", findings=["files/ab: missing in the backup"])
    browser = client_of(adm)
    browser.cookies["django_language"] = "en"
    page = browser.get("/status/").content.decode()
    assert "files/ab: missing in the backup" in page
    assert "20261130T002000Z-full" not in page.split("Backups and restores")[1]
