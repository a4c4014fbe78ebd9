"""An installation of its own, with a PostgreSQL that can be copied: its commands run as an operator runs them."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from prtras.exports import keys
from prtras.operations.encrypted_files import new_identity
from tests.own_process import ROOT, environment


@dataclass
class Installation:
    """Its folder, its keys, and how to run something in it."""

    folder: Path
    identity: str
    recipient: str
    host: str = ""

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def signed_by(self) -> Ed25519PublicKey:
        return keys.private_of((self.folder / "var" / "signing-key.pem").read_text()).public_key()

    def environment(self, **settings: str) -> dict[str, str]:
        """What an operator has set."""
        own = {
            "PRTRAS_ENV": "demo", "PRTRAS_BACKUP_FOLDER": str(self.backups),
            "PRTRAS_BACKUP_RECIPIENT": self.recipient, "PRTRAS_BACKUP_IDENTITY": self.identity,
        }  # fmt: skip
        return environment(self.folder / "var", **own | settings)

    def run(self, *arguments: str, fails: bool = False, **settings: str) -> str:
        """What a command prints; with `fails` what it says when it refuses."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *arguments], cwd=ROOT, env=self.environment(**settings),
            capture_output=True, text=True,
        )  # fmt: skip
        assert bool(done.returncode) == fails, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stderr if fails else done.stdout

    def manage(self, *arguments: str, fails: bool = False, **settings: str) -> str:
        return self.run("manage.py", *arguments, fails=fails, **settings)

    def sql(self, statement: str) -> str:
        """As the superuser of the server, whom no trigger stops if it is told not to."""
        with closing(psycopg2.connect(host=self.host, user="postgres", dbname="prtras")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return "\n".join("|".join(str(value) for value in row) for row in rows)


@contextmanager
def served(made: Installation) -> Iterator[None]:
    """Its server stays up between two commands, as a hospital's does."""
    code = "from prtras import settings; print(settings.DATABASES['default']['HOST'], flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, env=made.environment(), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdout
    made.host = holder.stdout.readline().strip()
    yield
    holder.communicate("\n", timeout=60)


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A small study with a run, a full backup of its first day, a change, and an incremental one."""
    identity, recipient = new_identity()
    made = Installation(tmp_path_factory.mktemp("installation"), identity, recipient)
    with served(made):
        _first_day(made)
        yield made


def _first_day(made: Installation) -> None:
    made.manage("migrate", "--verbosity", "0")
    made.sql("ALTER SYSTEM SET summarize_wal = on")
    made.sql("SELECT pg_reload_conf()")
    made.run("-m", "tests.operations.a_study")
    made.manage("night_run")
    assert "-full:" in made.manage("backup")
    made.manage("receive_wal", "--until", made.sql("SELECT pg_current_wal_lsn()"))
    register(made)
    assert "-incremental:" in made.manage("backup")


def register(made: Installation) -> None:
    """One participant more."""
    made.run("-m", "tests.operations.a_study", "participant")


def events(printed: str) -> int:
    """How many audit rows a proof counted."""
    counted = re.search(r"events (\d+)", printed)
    assert counted
    return int(counted[1])
