"""Acts of restoring: a chain of backups, the WAL behind it and the stored files, into a folder of its own.

What is damaged is named before anything is decrypted, as far as checksums tell, and otherwise while it is used. Then
the server is started on a private socket, recovers, and its content is proven (`prtras.operations.proof`).
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from prtras import env
from prtras.exports import signing
from prtras.files import storing
from prtras.operations import encrypted_files, manifests
from prtras.operations.backing_up import PG_MANIFEST, WAL, BackupRefused, encrypted_file, on_record
from prtras.operations.encrypted_files import SUFFIX, WrongKey, sha256_of
from prtras.operations.manifests import BadManifest, Manifest
from prtras.operations.postgres_tools import run_tool
from prtras.operations.scratch_server import NotRecovered, running
from prtras.operations.wal_receiver import PARTIAL

POSTGRES, STORED, REPLAYED = "postgres", "files", "wal"


class Damaged(Exception):
    """The backup cannot be restored; what is wrong, line by line."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__("; ".join(findings))
        self.findings = list(findings)


@dataclass
class Restored:
    """What was restored, what is wrong with its content, and how much there is."""

    manifest: Manifest
    findings: list[str] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)


def restore(
    into: Path,
    identity: str,
    *,
    source: Path | None = None,
    name: str = "",
    at: datetime | None = None,
    signed_by: Ed25519PublicKey | None = None,
) -> Restored:
    """Restore the newest backup (or that of this name) with all WAL behind it, or up to a moment; prove its content.

    `into` becomes a folder with `postgres` (a data folder of the server) and `files`. Raises Damaged and ToolFailed;
    what its content lacks stands in `findings`.
    """
    folder = source or Path(settings.BACKUP_FOLDER)
    if into.exists() and any(into.iterdir()):
        raise BackupRefused(f"{into} is not empty.")
    chain = _chain(folder, name, at, signed_by or signing.verifying_key())
    segments = _segments(folder, chain[-1])
    into.mkdir(parents=True, exist_ok=True)
    try:
        _lay_out(folder, chain, segments, into, identity)
        lost = _files(folder, chain[-1], into / STORED, identity)
    except WrongKey as wrong:
        raise Damaged([str(wrong)]) from wrong
    _configure(into, at)
    restored = Restored(chain[-1])
    try:
        with running(into / POSTGRES) as socket:
            lacking, restored.facts = _prove(into, socket, chain[-1])
    except NotRecovered as failed:
        raise Damaged([f"the server does not recover: {failed}"]) from failed
    (into / POSTGRES / "pg_hba.conf.restored").replace(into / POSTGRES / "pg_hba.conf")
    restored.findings = [*lost, *lacking]
    return restored


def prove_by_restoring() -> Restored:
    """Restore the newest backup into a scratch folder, prove it by content, and put the result on record."""
    if not settings.BACKUP_IDENTITY:
        raise BackupRefused("PRTRAS_BACKUP_IDENTITY is not set on this machine: nothing can be decrypted here.")
    with on_record("restore") as record, tempfile.TemporaryDirectory(prefix="prtras-restore-") as scratch:
        Path(scratch).chmod(0o711)  # for the server's own user
        restored = restore(Path(scratch) / "restored", settings.BACKUP_IDENTITY)
        record.backup, record.findings = restored.manifest.name, restored.findings
    return restored


# -- What there is, and is it whole ---------------------------------------------------------------


def _chain(folder: Path, name: str, at: datetime | None, key: Ed25519PublicKey) -> list[Manifest]:
    """The backups that a restore begins with, the full one first. Raises Damaged."""
    listed = [path.name for path in manifests.backups_in(folder)]
    if at is not None:
        listed = [each for each in listed if each < f"{at.astimezone(UTC):%Y%m%dT%H%M%S%f}Z"]
    if name and name not in listed:
        raise Damaged([f"{name}: no such backup in {folder}" + (" before that moment" if at else "")])
    if not listed:
        raise Damaged([f"no finished backup in {folder}" + (" before that moment" if at else "")])
    try:
        chain = manifests.chain_of(folder, name or listed[-1], key)
    except BadManifest as bad:
        raise Damaged([str(bad)]) from None
    if findings := [finding for manifest in chain for finding in _differing(folder / manifest.name, manifest)]:
        raise Damaged(findings)
    if len({manifest.system for manifest in chain}) > 1:
        raise Damaged([f"{chain[-1].name}: its chain holds backups of two servers"])
    return chain


def _differing(folder: Path, manifest: Manifest) -> Iterator[str]:
    for name, stored in manifest.files.items():
        path = folder / name
        if not path.is_file():
            yield f"{manifest.name}/{name}: missing"
        elif path.stat().st_size != stored.size:
            yield f"{manifest.name}/{name}: {path.stat().st_size} bytes instead of {stored.size}"
        elif sha256_of(path) != stored.sha256:
            yield f"{manifest.name}/{name}: its content was changed"


def _segments(folder: Path, last: Manifest) -> list[Path]:
    """The WAL segments behind a backup, in order; of the last one perhaps only a part. Raises Damaged for a gap."""
    by_name = {path.name.removesuffix(SUFFIX): path for path in (folder / WAL).glob(f"*{SUFFIX}")}
    segments = [by_name[name] for name in sorted(by_name) if len(name) == 24 and name >= last.wal]
    names = [path.name.removesuffix(SUFFIX) for path in segments]
    for before, after in pairwise(names):
        if before[:8] == after[:8] and _number(after) != _number(before) + 1:
            raise Damaged([f"wal: segments between {before} and {after} are missing"])
    histories = [path for name, path in by_name.items() if name.endswith(".history")]
    unfinished = [path for name, path in sorted(by_name.items()) if name.endswith(PARTIAL) and name[:24] not in names]
    return histories + segments + [path for path in unfinished[-1:] if path.name[:24] >= last.wal]


def _number(segment: str) -> int:
    """The place of a segment of 16 MB in its timeline."""
    return int(segment[8:16], 16) * 256 + int(segment[16:24], 16)


# -- Putting it together ---------------------------------------------------------------------------


def _lay_out(folder: Path, chain: list[Manifest], segments: list[Path], into: Path, identity: str) -> None:
    """Decrypt, unpack and combine into `postgres`; WAL into `wal`. Raises WrongKey, ToolFailed."""
    parts = []
    for manifest in chain:
        part = into / manifest.name
        _unpack(folder / manifest.name, "base.tar.gz", part, identity)
        shutil.copyfile(folder / manifest.name / PG_MANIFEST, part / PG_MANIFEST)
        parts.append(part)
    if len(parts) > 1:
        run_tool("pg_combinebackup", *parts, "-o", into / POSTGRES, reach_server=False)
        for part in parts:
            shutil.rmtree(part)
    else:
        parts[0].rename(into / POSTGRES)
    _unpack(folder / chain[-1].name, "pg_wal.tar.gz", into / POSTGRES / "pg_wal", identity)
    (into / REPLAYED).mkdir()
    for segment in segments:
        name = segment.name.removesuffix(SUFFIX).removesuffix(PARTIAL)
        encrypted_files.decrypt(segment, into / REPLAYED / name, identity)


def _unpack(folder: Path, name: str, into: Path, identity: str) -> None:
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    packed = into.with_name(f".{into.name}.tar.gz")
    encrypted_files.decrypt(folder / f"{name}{SUFFIX}", packed, identity)
    with tarfile.open(packed) as archive:
        archive.extractall(into, filter="fully_trusted")  # noqa: S202 - signed by us, and links inside are PostgreSQL's
    packed.unlink()


def _files(folder: Path, manifest: Manifest, into: Path, identity: str) -> list[str]:
    """Decrypt the stored files; which are missing or not what their name says."""
    findings = []
    for sha256, size in manifest.stored_files.items():
        target = storing.path_of(sha256, into)
        try:
            encrypted_files.decrypt(encrypted_file(folder, sha256), target, identity)
        except FileNotFoundError:
            findings.append(f"files/{sha256}: missing in the backup")
            continue
        except WrongKey:
            findings.append(f"files/{sha256}: cannot be decrypted, or is damaged")
            continue
        if target.stat().st_size != size or sha256_of(target) != sha256:
            findings.append(f"files/{sha256}: another file stands in its place")
    return findings


def _configure(into: Path, at: datetime | None) -> None:
    """Let the server replay the WAL, up to a moment if one is named, and listen to nobody but us."""
    data = into / POSTGRES
    (data / "recovery.signal").touch()
    (data / "pg_hba.conf").rename(data / "pg_hba.conf.restored")
    (data / "pg_hba.conf").write_text("local all all trust\n")
    target = [f"recovery_target_time = '{at.isoformat()}'", "recovery_target_action = 'promote'"] if at else []
    lines = [f'restore_command = \'cp "{into / REPLAYED}/%f" "%p"\'', "recovery_target_timeline = 'latest'", *target]
    with (data / "postgresql.auto.conf").open("a") as configuration:
        configuration.write("\n".join(["", "# restored", *lines, "archive_mode = off", "summarize_wal = off", ""]))


def _prove(into: Path, host: str, manifest: Manifest) -> tuple[list[str], dict[str, object]]:
    """What the content says, in a process of its own whose database is the restored one."""
    database = settings.DATABASES["default"]["NAME"]
    url = f"postgresql://{{}}@/{database}?host={host}"
    restored = {
        "DATABASE_URL": url.format(settings.APP_ROLE),
        "DATABASE_READER_URL": url.format(settings.READER_ROLE),
        "PRTRAS_DB_ROLE": "app",
        "PRTRAS_FILES_FOLDER": str(into / STORED),
        "PRTRAS_BACKUP_FOLDER": "",
    }
    command = [sys.executable, "-W", "ignore", "manage.py", "prove_restored", "--head", manifest.head_seal]
    done = subprocess.run(  # noqa: S603 - our own words
        [*command, "--last-event", str(manifest.last_event)],
        cwd=env.ROOT, env=os.environ | restored, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return [f"the content could not be looked at: {done.stderr.strip()[-600:]}"], {}
    proven = json.loads(done.stdout)
    return proven["findings"], proven["facts"]
