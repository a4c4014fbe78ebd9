"""The demo: `python -m prtras.demo [--port 8000] [--stage readout]`. One process that starts and ends all the others.

Composition root, like the settings: imported by nobody. Where DATABASE_URL or REDIS_URL is set, that server is used
instead of the one from the wheel.
"""

import argparse
import ctypes
import fcntl
import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from prtras import embedded, env

HOST = "127.0.0.1"
#: How long the page may take to answer, and how long a program may take to end before it is killed.
START_SECONDS, END_SECONDS = 60, 15
PR_SET_PDEATHSIG = 1


class DemoError(SystemExit):
    """The demo cannot start or go on; the message says why and what to do."""


@dataclass(frozen=True)
class Program:
    """A program that the demo needs: is it still there, and where does it write what it has to say."""

    name: str
    alive: Callable[[], bool]
    log: Path


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the demo until Ctrl-C, or until one of its programs ends."""
    parser = argparse.ArgumentParser(prog="python -m prtras.demo", description="PRTRAS EDC with invented participants.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--stage", default="", help="accrual, followup or readout: how far the study is")
    options = parser.parse_args(arguments)
    port = options.port
    if env.environment() != "demo":
        raise DemoError("The demo uses invented participants: it runs only with PRTRAS_ENV=demo (or unset).")
    refuse_port_in_use(port)
    os.chdir(env.ROOT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "prtras.settings"
    for end_requested in (signal.SIGINT, signal.SIGTERM):
        signal.signal(end_requested, signal.default_int_handler)
    try:
        run(port, options.stage)
    except KeyboardInterrupt:
        say("已全部停止。 / Everything has stopped.")


def run(port: int, stage: str = "") -> None:
    """Servers, data, programs, page; then watch. Whatever happens, the way out is the way in, backwards."""
    started = time.monotonic()
    with ExitStack() as running:
        try:
            programs = start_servers(running)
            prepare(stage)
            programs.append(start_web(running, port))
            wait_for_page(port, programs)
            programs += start_celery(running)
            say_welcome(port, time.monotonic() - started)
            watch(programs)
        finally:
            for end_requested_again in (signal.SIGINT, signal.SIGTERM):
                signal.signal(end_requested_again, signal.SIG_IGN)
            say("正在停止…… / Stopping ...")


def say(text: str) -> None:
    """One message on the terminal, at once."""
    print(text, flush=True)


def refuse_port_in_use(port: int) -> None:
    """Stop before anything starts when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise DemoError(
                f"端口 {port} 不可用，请换一个：make demo PORT={port + 1}\n"
                f"Port {port} cannot be used ({error.strerror}). Use another: make demo PORT={port + 1}"
            ) from error


# -- The servers from the wheels ------------------------------------------------------------------


def start_servers(running: ExitStack) -> list[Program]:
    """PostgreSQL and Redis, unless the environment names servers. Reading the settings starts PostgreSQL."""
    say("正在启动数据库…… / Starting the database ...")
    import django  # a taken port is told before the second that this takes
    from django.conf import settings

    django.setup()
    running.enter_context(only_demo(settings.VAR))
    servers = []
    if "DATABASE_URL" not in os.environ:
        folder = settings.VAR / "postgres"
        running.callback(embedded.forget_ended_processes, folder)
        pid = (folder / "postmaster.pid").read_text().splitlines()[0]
        servers.append(Program("PostgreSQL", Path("/proc", pid).exists, folder / "log"))
    if "REDIS_URL" not in os.environ:
        folder = settings.VAR / "redis"
        end_orphaned_redis(folder)
        running.enter_context(embedded.redis_server(folder))
        path = embedded.redis_socket(folder)
        servers.append(Program("Redis", lambda: accepts(path), folder / "redis.log"))
    return servers


@contextmanager
def only_demo(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. The system lets go of it when this process ends, however it ends."""
    with (folder / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DemoError(
                "另一个演示正在使用这些数据，请先停止它。\nAnother demo is running on the same data: stop it first."
            ) from error
        yield


def end_orphaned_redis(folder: Path) -> None:
    """End a Redis whose demo was killed: two on one file would spoil it. We hold the lock, so nobody uses it."""
    import redis  # not needed where REDIS_URL is set

    path = embedded.redis_socket(folder)
    if path.exists():
        with suppress(redis.ConnectionError):
            redis.Redis(unix_socket_path=str(path)).shutdown()


def accepts(path: Path) -> bool:
    """Does a server listen on this unix socket?"""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


# -- The data -------------------------------------------------------------------------------------


def prepare(stage: str = "") -> None:
    """Tables, participants, first analysis: each step does nothing where it was done before."""
    from django.core.management import CommandError, call_command  # Django is ready only now
    from django.db import connections

    say("正在检查数据表…… / Checking the tables ...")
    migrated = subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=False)
    if migrated.returncode:
        raise DemoError("数据表未能建立，原因见上。 / The tables could not be created; see the reason above.")
    try:
        call_command("demo_cohort", *(["--stage", stage] if stage else []))
        call_command("night_run", "--if-none", "--replicate")
        call_command("check", "--database", "default", stdout=io.StringIO())
    except CommandError as error:
        raise DemoError(str(error)) from error
    finally:
        connections.close_all()


# -- The programs ---------------------------------------------------------------------------------


def start_web(running: ExitStack, port: int) -> Program:
    """The web server; first and alone, so that the page comes soon."""
    command = ["gunicorn", "prtras.wsgi:application", "--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "4"]
    return start(running, "web", [*command, "--graceful-timeout", "5", "--no-control-socket"])


def start_celery(running: ExitStack) -> list[Program]:
    """Worker and timetable."""
    from django.conf import settings  # Django is ready only now

    for left in settings.VAR.glob("beat-schedule*"):  # one that was cut off while it was written stops the beat
        left.unlink()
    celery = ["celery", "--app", "prtras", "--quiet"]
    worker = [*celery, "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--schedule", str(settings.VAR / "beat-schedule"), "--pidfile="]
    return [start(running, "worker", worker), start(running, "beat", beat)]


def start(running: ExitStack, name: str, command: list[str]) -> Program:
    """Start one child in a session of its own, so that Ctrl-C reaches it through us and in order."""
    from django.conf import settings  # Django is ready only now

    log = settings.VAR / "log" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as file:
        child = subprocess.Popen(  # noqa: S603 - our own command lines
            [sys.executable, "-m", *command],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,  # safe here: no thread runs yet
        )
    running.callback(end, child)
    return Program(name, lambda: child.poll() is None, log)


def end_with_parent() -> None:
    """In a child on Linux: be told to end when the demo is killed and cannot say so itself."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end(child: "subprocess.Popen[bytes]") -> None:
    """Ask politely, wait, then kill the child with all of its own children."""
    child.terminate()
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


# -- The page -------------------------------------------------------------------------------------


def wait_for_page(port: int, programs: list[Program]) -> None:
    """Until the login page comes, all programs live and there is time. The last program is the web server."""
    from django.urls import reverse  # Django is ready only now

    page = reverse("accounts:sign_in")
    deadline = time.monotonic() + START_SECONDS
    while (status := page_status(port, page)) != http.client.OK:
        refuse_ended(programs)
        if status or time.monotonic() > deadline:
            raise DemoError(f"The page {page} does not open (status {status}).\n{last_words(programs[-1])}")
        time.sleep(0.1)


def page_status(port: int, page: str) -> int | None:
    """The status of the answer, or nothing while nobody listens or who listens does not answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
    try:
        connection.request("GET", page)
        return connection.getresponse().status
    except (ConnectionError, TimeoutError):
        return None
    finally:
        connection.close()


def watch(programs: list[Program]) -> None:
    """Look after the programs until Ctrl-C."""
    while True:
        refuse_ended(programs)
        time.sleep(0.5)


def refuse_ended(programs: list[Program]) -> None:
    """Stop, with its last words, when one of the programs is gone."""
    for program in programs:
        if not program.alive():
            raise DemoError(f"{program.name} 意外停止。 / {program.name} stopped unexpectedly.\n{last_words(program)}")


def last_words(program: Program) -> str:
    """The end of a program's log, and where the rest is."""
    lines = program.log.read_text(errors="replace").splitlines()[-20:]
    return "\n".join([f"{program.log}:", *lines])


def say_welcome(port: int, seconds: float) -> None:
    """Where to go and who to be."""
    from prtras.accounts.rights import ROLE_TITLES
    from prtras.demo.cohort.people import DEMO_LOGINS  # Django is ready only now

    rows = [("角色", "Role", "账号 Name", "密码 Password")]
    for login in DEMO_LOGINS:
        title = ROLE_TITLES[login.role]
        rows.append((title.zh, title.en, login.username, login.password))
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    say(f"\n  PRTRAS EDC   http://{HOST}:{port}/   ({seconds:.1f} s)\n")
    for row in rows:
        say("  " + "   ".join(cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)))
    say("\n  数据均为虚构。按 Ctrl-C 停止。 / All data are invented. Press Ctrl-C to stop.\n")


def columns(text: str) -> int:
    """How many columns a text takes on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


if __name__ == "__main__":
    main()
