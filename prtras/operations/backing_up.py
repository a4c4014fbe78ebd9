"""Acts of backing up: the database as a full or an incremental base backup, the stored files, and what they are of.

A full backup each week, an incremental one each night between (PostgreSQL 17 or newer with `summarize_wal`), and the
WAL continuously (`wal_receiver`). Everything is encrypted before it stays anywhere; stored files once, under their
checksum. Works while people save.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from prtras.audit import sealing
from prtras.audit.models import AuditEvent
from prtras.exports import signing
from prtras.files import storing
from prtras.files.models import StoredFile
from prtras.operations import encrypted_files, manifests
from prtras.operations.encrypted_files import SUFFIX, sha256_of
from prtras.operations.manifests import FULL, INCREMENTAL, BadManifest, Manifest, Stored
from prtras.operations.models import OperationRecord
from prtras.operations.postgres_tools import ToolFailed, run_tool
from prtras.operations.recipe import recipe

#: A full backup is made when the last one is older; a few hours less than a week, so that it falls on the same night.
FULL_EVERY = timedelta(days=6, hours=12)
PG_MANIFEST = "backup_manifest"
FILES, WAL = "files", "wal"


class BackupRefused(Exception):
    """A backup cannot be made: not set up, or one is being made."""


def is_set_up() -> bool:
    """Are a folder and a key for backups configured?"""
    return bool(settings.BACKUP_FOLDER and settings.BACKUP_RECIPIENT)


def can_be_proven() -> bool:
    """May this machine decrypt what it backs up?"""
    return is_set_up() and bool(settings.BACKUP_IDENTITY)


def require_set_up() -> None:
    """Raises BackupRefused."""
    if not is_set_up():
        raise BackupRefused("PRTRAS_BACKUP_FOLDER and PRTRAS_BACKUP_RECIPIENT are not set.")


@contextmanager
def on_record(kind: str) -> Iterator[OperationRecord]:
    """Say that something goes on, and how it ended: with what is set on the record, or with what was raised."""
    record = OperationRecord.objects.create(kind=kind, began_at=timezone.now())
    try:
        yield record
        record.ok = not record.findings
    except Exception as failed:
        record.ok = False
        record.findings = getattr(failed, "findings", [f"{type(failed).__name__}: {failed}"])
        raise
    finally:
        record.ended_at = timezone.now()
        record.save()


def encrypted_file(folder: Path, sha256: str) -> Path:
    """Where a stored file lies in the folder of the backups."""
    return folder / FILES / sha256[:2] / f"{sha256}{SUFFIX}"


def back_up(*, full: bool = False) -> Manifest:
    """Make a backup and copy it to the second place; what it is. Raises BackupRefused and ToolFailed.

    Incremental where one can be continued; `full` starts anew.
    """
    require_set_up()
    folder = Path(settings.BACKUP_FOLDER)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(folder), on_record("backup") as record:
        made = _make(folder, full)
        keep_by_rule(folder)
        _copy(folder)
        record.backup, record.size = made.name, sum(each.size for each in made.files.values())
    return made


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupRefused("Another backup is being made.") from None
        yield


def _make(folder: Path, full: bool) -> Manifest:
    sealing.seal()
    now = timezone.now()
    previous = None if full else _to_continue(folder, now)
    spool = Path(settings.BACKUP_SPOOL) / f"base-{os.getpid()}"
    spool.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        if previous is not None:
            try:
                return _make_one(folder, spool, now, previous)
            except ToolFailed:  # such as WAL summaries that are gone: a full one needs none
                shutil.rmtree(spool, ignore_errors=True)
        return _make_one(folder, spool, now, None)
    finally:
        shutil.rmtree(spool, ignore_errors=True)


def _to_continue(folder: Path, now: datetime) -> Manifest | None:
    """The newest backup, if an incremental one may follow it: of this server, and its full one is young enough."""
    listed = manifests.backups_in(folder)
    try:
        chain = manifests.chain_of(folder, listed[-1].name, signing.verifying_key()) if listed else []
    except BadManifest:
        return None
    if not chain or now - chain[0].at > FULL_EVERY or chain[-1].system != _server()[0]:
        return None
    return chain[-1] if (folder / chain[-1].name / PG_MANIFEST).is_file() else None


def _make_one(folder: Path, spool: Path, now: datetime, previous: Manifest | None) -> Manifest:
    kind = INCREMENTAL if previous else FULL
    name = f"{now:%Y%m%dT%H%M%S%f}Z-{kind}"
    head, last_event = sealing.head_seal(), AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    continued = [f"--incremental={folder / previous.name / PG_MANIFEST}"] if previous else []
    wal = _segment_now()
    run_tool("pg_basebackup", "-D", spool, "-Ft", "-z", "-X", "stream", "-c", "fast", "--no-password",
             "--manifest-checksums=SHA256", *continued)  # fmt: skip
    unfinished = folder / f".{name}"
    unfinished.mkdir(mode=0o700)
    files = {}
    for path in sorted(spool.iterdir()):
        if path.name == PG_MANIFEST:  # names and checksums only; the next incremental backup begins with it
            stored = unfinished / PG_MANIFEST
            shutil.copyfile(path, stored)
        else:
            stored = unfinished / f"{path.name}{SUFFIX}"
            encrypted_files.encrypt(path, stored, settings.BACKUP_RECIPIENT)
            path.unlink()
        files[stored.name] = Stored(stored.stat().st_size, sha256_of(stored))
    system, version = _server()
    made = Manifest(
        name, kind, previous.name if previous else "", now.isoformat(), system, version, wal, head, last_event, files,
        _keep_files(folder), recipe(),
    )  # fmt: skip
    manifests.write(unfinished, made, signing.sign(made.content()))
    unfinished.rename(folder / name)
    return made


def _server() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier::text, current_setting('server_version') FROM pg_control_system()")
        system, version = cursor.fetchone()
    return system, version


def _segment_now() -> str:
    """The WAL segment that is written now: a restore of what follows needs none before it."""
    return run_tool("psql", "-XAtc", "SELECT pg_walfile_name(pg_current_wal_lsn())").strip()


def _keep_files(folder: Path) -> dict[str, int]:
    """Encrypt the stored files that are not kept yet; all there are, by checksum, with their size."""
    there = dict(StoredFile.objects.values_list("sha256", "size"))
    for sha256 in there:
        target, source = encrypted_file(folder, sha256), storing.path_of(sha256)
        if not target.exists() and source.exists():  # one that is gone is found by the restore, and named
            encrypted_files.encrypt(source, target, settings.BACKUP_RECIPIENT)
    return there


def keep_by_rule(folder: Path) -> list[str]:
    """Delete chains of backups whose full one and last one are older than `BACKUP_DAYS`, and the WAL before the first
    that stays; the newest chain always stays. Which backups went.
    """
    oldest = timezone.now() - timedelta(days=settings.BACKUP_DAYS)
    chains: list[list[Path]] = []
    for path in manifests.backups_in(folder):
        if path.name.endswith(f"-{FULL}") or not chains:
            chains.append([])
        chains[-1].append(path)
    gone = [path for chain in chains[:-1] if _begun(chain[-1]) < oldest for path in chain]
    for path in gone:
        shutil.rmtree(path)
    first = next(iter(manifests.backups_in(folder)), None)
    if first is not None and gone:
        needed = manifests.read(first, signing.verifying_key()).wal
        for segment in (folder / WAL).glob(f"*{SUFFIX}"):
            if segment.name[:24] < needed and not segment.name.endswith(f".history{SUFFIX}"):
                segment.unlink()
    return [path.name for path in gone]


def _begun(path: Path) -> datetime:
    return datetime.strptime(path.name.split("Z-")[0] + "+0000", "%Y%m%dT%H%M%S%f%z")


def _copy(folder: Path) -> None:
    """Bring the second place up to date: what is new is copied, what went by the rule goes there too."""
    if not settings.BACKUP_COPY:
        return
    second = Path(settings.BACKUP_COPY)
    here = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and not _hidden(path, folder)}
    for path in sorted(here):
        target = second / path
        if not target.exists() or target.stat().st_size != (folder / path).stat().st_size:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            unfinished = target.with_name(f".{target.name}.{os.getpid()}")
            shutil.copyfile(folder / path, unfinished)
            unfinished.replace(target)
    for left in second.rglob("*"):
        if left.is_file() and not _hidden(left, second) and left.relative_to(second) not in here:
            left.unlink()


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
