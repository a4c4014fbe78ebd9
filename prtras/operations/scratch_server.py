"""A restored server on a private socket, as long as somebody looks at it."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from prtras.operations.postgres_tools import tool

#: Seconds that a recovery may take before it is given up.
RECOVERY = 4 * 3600
#: PostgreSQL does not run as root: started by root, the server is the first of these that the machine knows.
USERS = ("postgres", "pgserver", "nobody")


class NotRecovered(Exception):
    """The server does not start, or stops while it recovers; its last words."""


@contextmanager
def running(data: Path) -> Iterator[str]:
    """The folder of its socket, once it has recovered and takes writes. Raises NotRecovered."""
    as_user = _as_user(data.parent)
    with tempfile.TemporaryDirectory(prefix="prtras-pg-") as socket:  # a socket's path is short
        if as_user:
            shutil.chown(socket, as_user["user"])
        listening = f"-h '' -k {socket} -p 5432"
        started = _control("-l", data / "log.restored", "-o", listening, "-t", RECOVERY, "start", data=data, **as_user)
        try:
            if started.returncode:
                raise NotRecovered(_last_words(data) or started.stderr.strip()[-300:])
            _wait(socket, data)
            yield socket
        finally:
            _control("-m", "fast", "stop", data=data, **as_user)


def _as_user(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    there = {each.pw_name for each in pwd.getpwall()}
    user = next(name for name in USERS if name in there)
    shutil.chown(folder, user)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            shutil.chown(path, user)
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _control(*arguments: object, data: Path, **as_user: Any) -> "subprocess.CompletedProcess[str]":
    """pg_ctl; what the server itself prints goes to its log, or this would wait for the server's end."""
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(  # noqa: S603 - our own words
            [str(tool("pg_ctl")), "-w", "-D", str(data), *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=data, check=False, **as_user,
        )  # fmt: skip
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, "", output.read())


def _wait(socket: str, data: Path) -> None:
    deadline = time.monotonic() + RECOVERY
    while time.monotonic() < deadline:
        try:
            probe = psycopg2.connect(host=socket, user="postgres", dbname="postgres")
            with closing(probe), probe.cursor() as cursor:
                cursor.execute("SELECT pg_is_in_recovery()")
                if cursor.fetchone() == (False,):
                    return
        except psycopg2.OperationalError as gone:
            if not (data / "postmaster.pid").exists():
                raise NotRecovered(_last_words(data) or str(gone)) from gone
        time.sleep(0.1)
    raise NotRecovered(f"the recovery took longer than {RECOVERY} s")


def _last_words(data: Path) -> str:
    """The errors in the server's log."""
    log = data / "log.restored"
    lines = log.read_text(errors="replace").splitlines() if log.is_file() else []
    return " | ".join(line.split("] ")[-1] for line in lines if "FATAL" in line or "PANIC" in line)[-600:]
