"""What becomes of the segments of the WAL, and of a recovery that does not end."""

import os
from pathlib import Path
from typing import Any

import pytest

from prtras.operations import encrypted_files, scratch_server, wal_receiver
from prtras.operations.scratch_server import NotRecovered

SEGMENT = "000000010000000000000003"


@pytest.fixture
def spool(tmp_path: Path, settings: Any) -> Path:
    _, settings.BACKUP_RECIPIENT = encrypted_files.new_identity()
    settings.BACKUP_FOLDER = str(tmp_path / "backups")
    (tmp_path / "spool").mkdir()
    return tmp_path / "spool"


def archived(spool: Path) -> list[str]:
    return sorted(path.name for path in (spool.parent / "backups" / "wal").glob("*"))


def test_a_finished_segment_replaces_what_there_was_of_it(spool: Path) -> None:
    (spool / f"{SEGMENT}.partial").write_bytes(b"begun")
    assert wal_receiver.keep(spool, partial=False) == []
    assert wal_receiver.keep(spool, partial=True) == [f"{SEGMENT}.partial"]
    assert wal_receiver.keep(spool, partial=True) == [], "nothing new in it"
    assert archived(spool) == [f"{SEGMENT}.partial.age"]
    (spool / f"{SEGMENT}.partial").rename(spool / SEGMENT)
    assert wal_receiver.keep(spool, partial=False) == [SEGMENT]
    assert (archived(spool), list(spool.iterdir())) == ([f"{SEGMENT}.age"], [])


def test_what_grew_is_copied_again(spool: Path) -> None:
    partial = spool / f"{SEGMENT}.partial"
    partial.write_bytes(b"begun")
    wal_receiver.keep(spool, partial=True)
    later = partial.stat().st_mtime + 60
    os.utime(partial, (later, later))
    assert wal_receiver.keep(spool, partial=True) == [partial.name]


def test_a_recovery_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch_server, "RECOVERY", 0)
    with pytest.raises(NotRecovered, match="longer than 0 s"):
        scratch_server._wait(str(tmp_path), tmp_path)
