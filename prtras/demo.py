"""The demo: `python -m prtras.demo [--port 8000]`. One process that starts all the others and ends them with itself.

Composition root, like the settings: imported by nobody. Where DATABASE_URL or REDIS_URL is set, that server is used
instead of the one from the wheel.
"""

import argparse
import ctypes
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from prtras import embedded, env

HOST = "127.0.0.1"
#: How long the page may take to answer, and how long a child may take to end.
START_SECONDS, END_SECONDS = 60, 15
PR_SET_PDEATHSIG = 1


class DemoError(SystemExit):
    """The demo cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class Child:
    """A process that the demo started, and where it writes what it has to say."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def ended(self) -> bool:
        """Has it ended, though nobody asked it to?"""
        return self.process.poll() is not None

    def last_words(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the demo until Ctrl-C, or until one of its processes ends."""
    parser = argparse.ArgumentParser(prog="python -m prtras.demo", description="Runs PRTRAS EDC with invented participants.")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args(arguments).port
    if env.environment() != "demo":
        raise DemoError("The demo makes up participants, so it runs with PRTRAS_ENV=demo only (or unset).")
    refuse_taken_port(port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(port)
    except KeyboardInterrupt:
        say("已停止。 / Ended.")


def run(port: int) -> None:
    """Servers, data, children, page; then watch. Whatever happens, the way out is the way in, backwards."""
    say("正在启动数据库…… / Starting the database ...")
    with ExitStack() as running:
        settings = django_settings()
        running.enter_context(only_demo(settings.VAR))
        if "DATABASE_URL" not in os.environ:
            running.callback(forget_ended_processes, settings.VAR / "postgres")
        if "REDIS_URL" not in os.environ:
            end_orphaned_redis(settings.VAR / "redis")
            running.enter_context(embedded.redis_server(settings.VAR / "redis"))
        prepare()
        children = start_children(running, settings.VAR, port)
        wait_for_page(port, children)
        say_welcome(port)
        watch(children)


def say(text: str) -> None:
    """One line on the terminal, at once."""
    print(text, flush=True)


# -- Before anything starts -----------------------------------------------------------------------


def refuse_taken_port(port: int) -> None:
    """Stop when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise DemoError(
                f"端口 {port} 不可用,请换一个端口:make demo PORT={port + 1}\n"
                f"Port {port} cannot be used ({error.strerror}). Choose another: make demo PORT={port + 1}"
            ) from error


def django_settings():  # type: ignore[no-untyped-def]  # noqa: ANN201 - Django's settings object has no useful type
    """Django, made ready in this process. Reading the settings starts the embedded PostgreSQL and holds it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "prtras.settings"
    os.chdir(env.ROOT)
    import django  # noqa: PLC0415 - only after the checks above
    from django.conf import settings  # noqa: PLC0415

    django.setup()
    return settings


@contextmanager
def only_demo(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. The system lets go of it when this process ends, however it ends."""
    with (folder / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DemoError(
                "另一个演示正在使用这些数据,请先停止它。\nAnother demo is running on the same data: end it first."
            ) from error
        yield


def end_orphaned_redis(folder: Path) -> None:
    """End a Redis whose demo was killed: two on one file would spoil it. We hold the lock, so nobody uses it."""
    import redis  # noqa: PLC0415 - not needed where REDIS_URL is set

    path = embedded.redis_socket(folder)
    if path.exists():
        with suppress(redis.ConnectionError):
            redis.Redis(unix_socket_path=str(path)).shutdown(save=False)


def forget_ended_processes(folder: Path) -> None:
    """Take killed processes off the wheel's list of users: it would wait for them, and PostgreSQL would stay."""
    users = folder / ".handle_pids.json"
    if users.exists():
        listed = json.loads(users.read_text() or "[]")
        users.write_text(json.dumps([pid for pid in listed if Path(f"/proc/{pid}").exists()]))


def prepare() -> None:
    """Tables, accounts, participants, first analysis; each does nothing when it is there already."""
    from django.core.management import CommandError, call_command  # noqa: PLC0415 - Django is ready only now
    from django.core.management.base import SystemCheckError  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    say("正在检查数据表…… / Checking the tables ...")
    migrated = subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=False)
    if migrated.returncode:
        raise DemoError("数据表未能建立,原因见上。 / The tables could not be made; the reason is above.")
    try:
        call_command("demo_cohort")
        call_command("night_run", if_none=True)
        call_command("check", databases=["default"], stdout=subprocess_null())
    except (CommandError, SystemCheckError) as error:
        raise DemoError(str(error)) from error
    finally:
        connections.close_all()


def subprocess_null():  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Swallows a command's good news."""
    import io  # noqa: PLC0415

    return io.StringIO()
