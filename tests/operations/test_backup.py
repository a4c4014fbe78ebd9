"""A backup is good when it was restored and its content proven; whatever is damaged in it is named."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prtras.operations import encrypted_files, manifests
from prtras.operations.restoring import Damaged, restore
from tests.operations.conftest import Installation, events, register

pytestmark = pytest.mark.xdist_group("operations")
Damage = Callable[[Path], None]


@pytest.fixture
def copied(installation: Installation, tmp_path: Path) -> Path:
    """The backups, to be damaged."""
    return shutil.copytree(installation.backups, tmp_path / "copied")


def newest(folder: Path) -> Path:
    return manifests.backups_in(folder)[-1]


def full(folder: Path) -> Path:
    return manifests.backups_in(folder)[0]


def test_a_full_and_an_incremental_backup_are_restored_together_and_proven(installation: Installation) -> None:
    printed = installation.manage("restore", "--verify")
    assert "-incremental: restored and proven by content" in printed
    assert events(printed) == int(installation.sql("SELECT count(*) FROM audit_auditevent"))
    recorded = installation.sql("SELECT kind, ok, backup <> '' FROM operations_operationrecord ORDER BY id")
    assert recorded.split() == ["backup|True|True", "backup|True|True", "restore|True|True"]


def test_what_was_saved_after_the_backup_comes_from_the_wal_and_a_moment_can_be_chosen(
    installation: Installation, tmp_path: Path
) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):  # PostgreSQL's own user has to come through
        folder.chmod(0o711)
    before = int(installation.sql("SELECT count(*) FROM audit_auditevent"))
    moment = installation.sql("SELECT clock_timestamp()").replace(" ", "T")
    register(installation)
    after = int(installation.sql("SELECT count(*) FROM audit_auditevent"))
    installation.manage("receive_wal", "--until", installation.sql("SELECT pg_current_wal_flush_lsn()"))
    assert after > before
    assert events(installation.manage("restore", "--into", str(tmp_path / "now"))) == after
    printed = installation.manage("restore", "--into", str(tmp_path / "then"), "--at", moment)
    assert events(printed) == before
    assert (tmp_path / "then" / "postgres" / "PG_VERSION").is_file()


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _rewritten(folder: Path) -> None:
    facts = json.loads((folder / "manifest.json").read_text())
    facts["head_seal"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(facts))


def _of_the_full_one(folder: Path, other: Path) -> None:
    for name in ("manifest.json", "manifest.sig"):
        shutil.copyfile(other / name, folder / name)


DAMAGES: dict[str, tuple[Damage, str]] = {
    "a byte of the database": (
        lambda f: _flip(newest(f) / "base.tar.gz.age"),
        "base.tar.gz.age: its content was changed",
    ),
    "a byte of the full one": (lambda f: _flip(full(f) / "base.tar.gz.age"), "-full/base.tar.gz.age: its content"),
    "a byte of the WAL in it": (lambda f: _flip(newest(f) / "pg_wal.tar.gz.age"), "pg_wal.tar.gz.age: its content"),
    "PostgreSQL's own manifest": (lambda f: _flip(newest(f) / "backup_manifest"), "backup_manifest: its content"),
    "a file that is gone": (lambda f: (newest(f) / "base.tar.gz.age").unlink(), "base.tar.gz.age: missing"),
    "a file cut short": (
        lambda f: (newest(f) / "base.tar.gz.age").write_bytes((newest(f) / "base.tar.gz.age").read_bytes()[:-1]),
        "bytes instead of",
    ),
    "files of two backups exchanged": (
        lambda f: shutil.copyfile(full(f) / "base.tar.gz.age", newest(f) / "base.tar.gz.age") and None,
        "base.tar.gz.age: ",
    ),
    "a manifest rewritten": (lambda f: _rewritten(newest(f)), "manifest.json was changed"),
    "a manifest without its signature": (lambda f: (newest(f) / "manifest.sig").unlink(), "manifest.sig is missing"),
    "the manifest of the other one": (lambda f: _of_the_full_one(newest(f), full(f)), "manifest.json is that of"),
    "the full one gone": (lambda f: shutil.rmtree(full(f)), "manifest.json or manifest.sig is missing"),
    "all of them gone": (
        lambda f: [shutil.rmtree(each) for each in manifests.backups_in(f)] and None,
        "no finished backup",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damage_is_named_before_anything_is_restored(
    installation: Installation, copied: Path, tmp_path: Path, damage: str
) -> None:
    do, words = DAMAGES[damage]
    do(copied)
    with pytest.raises(Damaged) as named:
        restore(tmp_path / "into", installation.identity, source=copied, signed_by=installation.signed_by)
    assert words in str(named.value)
    assert not (tmp_path / "into").exists()


def test_a_missing_segment_of_the_wal_is_named(installation: Installation, copied: Path, tmp_path: Path) -> None:
    wal = manifests.read(newest(copied), installation.signed_by).wal
    place = int(wal[16:], 16)
    for further in (0, 9):
        (copied / "wal" / f"{wal[:16]}{place + further:08X}.age").write_bytes(b"x")
    with pytest.raises(Damaged, match="segments between"):
        restore(tmp_path / "into", installation.identity, source=copied, signed_by=installation.signed_by)


def test_another_key_opens_nothing(installation: Installation, copied: Path, tmp_path: Path) -> None:
    other, _ = encrypted_files.new_identity()
    for identity in (other, "no key", ""):
        with pytest.raises(Damaged, match="identity"):
            restore(tmp_path / f"into{len(identity)}", identity, source=copied, signed_by=installation.signed_by)


def test_nothing_was_there_before_the_first_backup(installation: Installation, copied: Path, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="before that moment"):
        restore(
            tmp_path / "into", installation.identity, source=copied, signed_by=installation.signed_by,
            at=datetime(2020, 1, 1, tzinfo=UTC),
        )  # fmt: skip


def test_stored_files_that_are_gone_swapped_or_damaged_are_named(installation: Installation, copied: Path) -> None:
    first, second, third = sorted((copied / "files").rglob("*.age"))[:3]
    encrypted_files.encrypt(Path(__file__), first, installation.recipient)
    second.unlink()
    _flip(third)
    refused = installation.manage("restore", "--verify", fails=True, PRTRAS_BACKUP_FOLDER=str(copied))
    assert f"files/{first.stem}: another file stands in its place" in refused
    assert f"files/{second.stem}: missing in the backup" in refused
    assert f"files/{third.stem}: cannot be decrypted, or is damaged" in refused


def test_a_row_that_was_changed_past_the_trail_is_found_by_the_proof(
    installation: Installation, tmp_path: Path
) -> None:
    elsewhere = str(tmp_path / "elsewhere")
    changed = "SET session_replication_role = replica; UPDATE enrollment_consent SET icf_version = '{}'"
    before = installation.sql("SELECT min(icf_version) FROM enrollment_consent")
    installation.sql(changed.format("V9"))
    installation.manage("backup", PRTRAS_BACKUP_FOLDER=elsewhere)
    installation.sql(changed.format(before))
    refused = installation.manage("restore", "--verify", fails=True, PRTRAS_BACKUP_FOLDER=elsewhere)
    assert "the trail does not account for icf_version" in refused
    assert "failed" not in refused.split("but:")[0]


def test_the_copy_at_the_second_place_is_a_backup_too_and_a_folder_that_is_not_empty_is_refused(
    installation: Installation, tmp_path: Path
) -> None:
    second, into = tmp_path / "second", tmp_path / "into"
    installation.manage("backup", "--full", PRTRAS_BACKUP_COPY=str(second))
    assert [path.name for path in manifests.backups_in(second)] == [
        path.name for path in manifests.backups_in(installation.backups)
    ]
    into.mkdir()
    (into / "mine").touch()
    refused = installation.manage("restore", "--into", str(into), "--from", str(second), fails=True)
    assert "is not empty" in refused


def test_nothing_is_written_unencrypted(installation: Installation) -> None:
    known = (b"01-001", "化验单".encode(), b"enrollment_consent")
    for path in installation.backups.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(word in content for word in known), path


def test_without_folder_or_key_a_backup_is_refused(installation: Installation) -> None:
    refused = installation.manage("backup", fails=True, PRTRAS_BACKUP_RECIPIENT="")
    assert "PRTRAS_BACKUP_RECIPIENT" in refused
    assert "age1" in installation.manage("backup", fails=True, PRTRAS_BACKUP_RECIPIENT="x")
