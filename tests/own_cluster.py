"""Loaded before the settings: every worker of the suite has a PostgreSQL of its own.

Transactions of one worker would otherwise hold back the seals of another: a seal waits for every transaction of the
whole server that is older.
"""

import os
from pathlib import Path

_worker = os.environ.get("PYTEST_XDIST_WORKER")
if _worker:
    _base = os.environ.get("PRTRAS_VAR", str(Path(__file__).resolve().parents[1] / "var"))
    os.environ["PRTRAS_VAR"] = str(Path(_base) / f"test-{_worker}")
