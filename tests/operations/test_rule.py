"""Which backups stay, and when a full one is due: by their moments alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from prtras.exports import signing
from prtras.operations import backing_up, manifests
from prtras.operations.backing_up import FULL_EVERY, PG_MANIFEST, keep_by_rule
from prtras.operations.manifests import FULL, INCREMENTAL, Manifest

SYSTEM = "7"


@pytest.fixture(autouse=True)
def _one_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backing_up, "_server", lambda: (SYSTEM, "18.0"))


def made(folder: Path, days_ago: float, kind: str, previous: str = "", *, wal: str = "0" * 24) -> str:
    """A finished backup with nothing in it."""
    at = timezone.now().astimezone(UTC) - timedelta(days=days_ago)
    name = f"{at:%Y%m%dT%H%M%S%f}Z-{kind}"
    (folder / name).mkdir(parents=True)
    (folder / name / PG_MANIFEST).touch()
    manifest = Manifest(name, kind, previous, at.isoformat(), SYSTEM, "18.0", wal, "-", 0)
    manifests.write(folder / name, manifest, signing.sign(manifest.content()))
    return name


def continued(folder: Path, now: datetime | None = None) -> str:
    previous = backing_up._to_continue(folder, now or timezone.now())
    return previous.name if previous else ""


def test_an_incremental_backup_continues_the_newest(tmp_path: Path) -> None:
    assert continued(tmp_path) == ""
    first = made(tmp_path, 2, FULL)
    second = made(tmp_path, 1, INCREMENTAL, first)
    assert continued(tmp_path) == second


def test_a_full_backup_is_made_when_the_last_one_is_a_week_old(tmp_path: Path) -> None:
    first = made(tmp_path, 6, FULL)
    second = made(tmp_path, 0.5, INCREMENTAL, first)
    assert continued(tmp_path) == second
    assert continued(tmp_path, timezone.now() + FULL_EVERY - timedelta(days=5)) == ""


def test_what_is_of_another_server_damaged_or_without_its_manifest_is_not_continued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = made(tmp_path, 1, FULL)
    monkeypatch.setattr(backing_up, "_server", lambda: ("8", "18.0"))
    assert continued(tmp_path) == ""
    monkeypatch.undo()
    monkeypatch.setattr(backing_up, "_server", lambda: (SYSTEM, "18.0"))
    (tmp_path / name / PG_MANIFEST).unlink()
    assert continued(tmp_path) == ""
    (tmp_path / name / "manifest.sig").write_bytes(b"x" * 64)
    assert continued(tmp_path) == ""


def test_chains_stay_for_their_days_and_the_newest_always(tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_DAYS = 35
    old = made(tmp_path, 60, FULL)
    older = made(tmp_path, 55, INCREMENTAL, old)
    young = made(tmp_path, 40, FULL, wal="0" * 23 + "5")
    later = made(tmp_path, 34, INCREMENTAL, young)
    (tmp_path / "wal").mkdir()
    for segment in ("4", "5", "6"):
        (tmp_path / "wal" / f"{'0' * 23}{segment}.age").touch()
    (tmp_path / "wal" / "00000002.history.age").touch()
    newest = made(tmp_path, 1, FULL)
    assert keep_by_rule(tmp_path) == [old, older]
    assert [path.name for path in manifests.backups_in(tmp_path)] == [young, later, newest]
    assert sorted(path.name[-6:] for path in (tmp_path / "wal").iterdir()) == ["05.age", "06.age", "ry.age"]


def test_the_only_chain_stays_however_old_it_is(tmp_path: Path) -> None:
    name = made(tmp_path, 400, FULL)
    assert keep_by_rule(tmp_path) == []
    assert [path.name for path in manifests.backups_in(tmp_path)] == [name]
