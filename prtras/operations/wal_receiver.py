"""Receives WAL: every change leaves the machine's database within a minute, encrypted.

`manage.py receive_wal` runs beside the database and streams as a standby would. A finished segment (16 MB) is encrypted
and kept; of the one that is being written a copy is kept every minute, so that a restore loses a minute at most.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

from django.conf import settings

from prtras.operations import encrypted_files
from prtras.operations.backing_up import WAL, require_set_up
from prtras.operations.encrypted_files import SUFFIX
from prtras.operations.postgres_tools import run_tool, server, tool

#: The replication slot: the server keeps what was not received yet.
SLOT = "prtras_backup"
#: Seconds between two looks, and between two copies of the segment that is being written.
LOOK, COPY = 1.0, 60.0
PARTIAL = ".partial"
#: Touched at every look: by it one sees that the receiver goes on.
ALIVE = ".alive"


def receive(*, until: str = "") -> None:
    """Receive WAL until stopped (or up to the position `until`). Raises BackupRefused and ToolFailed."""
    require_set_up()
    spool = Path(settings.BACKUP_SPOOL) / "wal"
    spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    run_tool("pg_receivewal", "--slot", SLOT, "--create-slot", "--if-not-exists", "--no-password")
    if until:
        run_tool("pg_receivewal", "-D", spool, "--slot", SLOT, "--endpos", until, "--no-loop", "--no-password")
        keep(spool, partial=True)
        return
    receiver = subprocess.Popen(  # noqa: S603 - our own words
        [str(tool("pg_receivewal")), "-D", str(spool), "--slot", SLOT, "--synchronous", "--no-password"],
        env=os.environ | server(), stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        copied = 0.0
        while receiver.poll() is None:
            (spool / ALIVE).touch()
            now = time.monotonic()
            keep(spool, partial=now - copied >= COPY)
            copied = now if now - copied >= COPY else copied
            time.sleep(LOOK)
    finally:
        receiver.send_signal(signal.SIGINT)
        receiver.wait(timeout=30)
        keep(spool, partial=True)


def keep(spool: Path, *, partial: bool) -> list[str]:
    """Encrypt finished segments and delete them here; with `partial` also what is there of the unfinished one."""
    folder, done = Path(settings.BACKUP_FOLDER) / WAL, []
    for path in sorted(spool.iterdir()):
        target = folder / f"{path.name}{SUFFIX}"
        unchanged = target.exists() and target.stat().st_mtime >= path.stat().st_mtime
        if path.name.startswith(".") or (path.name.endswith(PARTIAL) and (not partial or unchanged)):
            continue
        encrypted_files.encrypt(path, target, settings.BACKUP_RECIPIENT)
        done.append(path.name)
        if not path.name.endswith(PARTIAL):
            (folder / f"{path.name}{PARTIAL}{SUFFIX}").unlink(missing_ok=True)
            path.unlink()
    return done
