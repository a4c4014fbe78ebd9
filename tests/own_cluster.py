"""Loaded before the settings: every process of the suite has a folder, and so a PostgreSQL, of its own.

Transactions of one worker would otherwise hold back the seals of another: a seal waits for every transaction of the
whole server that is older. A folder is locked for as long as its process lives, so that two runs of the suite beside
each other, in one checkout, do not share any.
"""

import fcntl
import os
from itertools import count
from pathlib import Path
from typing import TextIO

_locks: list[TextIO] = []


def own_folder(base: Path, name: str) -> Path:
    """The first folder of this name, or with a number behind it, that no other process of a suite holds."""
    for number in count(1):
        folder = base / (name if number == 1 else f"{name}-{number}")
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "suite.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            _locks.append(lock)
            return folder
    raise AssertionError("unreachable")


_base = Path(os.environ.get("PRTRAS_VAR", Path(__file__).resolve().parents[1] / "var"))
os.environ["PRTRAS_VAR"] = str(own_folder(_base, f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"))
