"""The role that takes data cuts: it reads one unmoving moment, also where every transaction gets another session."""

from contextlib import closing

import psycopg2
import pytest
from django.apps import apps
from django.db import DatabaseError, connections, transaction

from prtras import embedded
from prtras.accounts.managing import create_site
from prtras.accounts.models import Site
from prtras.audit import sealing
from prtras.datacut import snapshot
from prtras.datacut.checks import pictures_are_only_read
from tests.audit.conftest import connect_to

#: What Django sets in every session of PostgreSQL: a pooler keeps watch over these itself.
OF_EVERY_SESSION = {"TimeZone", "client_encoding", "datestyle"}


def ask(statement: str) -> list[tuple[object, ...]]:
    with connections["snapshot"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def codes() -> list[str]:
    return list(Site.objects.using("snapshot").order_by("code").values_list("code", flat=True))


def test_it_works(committed):
    create_site("01", "站", "Site", user=committed)
    sealing.seal()
    picture = snapshot.take()
    assert picture.head_seal == sealing.head_seal()
    assert {"participants", "visits", "queries", "mri"} <= set(picture.tables)
    assert ask("SELECT current_user") == [(embedded.READER,)]


def test_a_picture_stands_still_and_the_next_one_moves_on(committed):
    create_site("01", "站", "Site", user=committed)
    with transaction.atomic(using="snapshot"):
        before = codes()
        create_site("02", "站", "Site", user=committed)
        assert codes() == before
    assert codes() == ["01", "02"]


def test_every_transaction_is_guarded_though_its_session_knows_nothing(committed):
    ask("SELECT 1")
    ask_guards = "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
    for _ in range(2):
        with closing(connections["snapshot"].connection.cursor()) as cursor:
            cursor.execute("DISCARD ALL")  # as a pooler hands it to whoever is next
        with transaction.atomic(using="snapshot"):
            assert ask(ask_guards) == [("repeatable read", "on")]
            with transaction.atomic(using="snapshot"):
                assert ask(ask_guards) == [("repeatable read", "on")]


def test_a_picture_leaves_nothing_in_the_session(committed):
    snapshot.take()
    left = {str(name) for (name,) in ask("SELECT name FROM pg_settings WHERE source = 'session'")}
    assert {name for name in left if not name.startswith("transaction_")} <= OF_EVERY_SESSION
    assert "options" not in connections["snapshot"].get_connection_params()


def test_what_is_left_out_of_a_transaction_may_not_write_either(committed):
    assert ask("SHOW transaction_read_only") == [("on",)]


@pytest.mark.parametrize("alias", ["default", "snapshot"])
def test_no_cursor_is_left_on_the_server(committed, alias):
    for code in ("01", "02", "03"):
        create_site(code, "站", "Site", user=committed)
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        rows = Site.objects.using(alias).iterator(chunk_size=1)
        next(rows)
        cursor.execute("SELECT count(*) FROM pg_cursors")
        assert cursor.fetchone() == (0,)


ATTACKS = {
    "write": "UPDATE crf_participant SET arm = 'A2'",
    "add": "INSERT INTO accounts_site (code, name_zh, name_en) VALUES ('1', '', '')",
    "delete": "DELETE FROM entry_draft",
    "seal": "SELECT prtras_seal()",
    "make a table": "CREATE TABLE mine (id int)",
    "become the application": f"SET ROLE {embedded.APP}",
    "become the owner": f"SET ROLE {embedded.OWNER}",
}


@pytest.mark.parametrize("what", ATTACKS)
def test_the_reader_cannot_though_it_sets_the_guards_aside(committed, what):
    ask("SELECT 1")
    with closing(connections["snapshot"].connection.cursor()) as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg2.Error) as refused:
            cursor.execute(ATTACKS[what])
    assert refused.value.pgcode == "42501"


def test_the_reader_sees_what_a_picture_is_made_of_and_nothing_else(committed):
    readable = {model._meta.db_table for model in snapshot.models_read()}
    for table in sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True)):
        if table in readable:
            ask(f'SELECT * FROM "{table}" LIMIT 1')
        else:
            with pytest.raises(DatabaseError, match="permission denied"):
                ask(f'SELECT * FROM "{table}" LIMIT 1')
    assert readable.isdisjoint({"accounts_user", "accounts_secondfactor", "django_session", "entry_draft"})


def errors() -> list[str | None]:
    return [error.id for error in pictures_are_only_read(None, databases=["default"])]


def test_the_start_up_check_is_content(committed):
    assert errors() == []


@pytest.mark.parametrize("weakened", [
    f"GRANT INSERT ON crf_participant TO {embedded.READER}",
    f"GRANT UPDATE (arm) ON crf_participant TO {embedded.READER}",
    f"GRANT TRUNCATE ON entry_draft TO {embedded.READER}",
    f"GRANT EXECUTE ON FUNCTION prtras_seal() TO {embedded.READER}",
])  # fmt: skip
def test_the_start_up_check_notices_a_reader_that_may_write(committed, weakened):
    with closing(connect_to(connections["default"].settings_dict["NAME"], embedded.OWNER)) as owner, owner:
        owner.cursor().execute(weakened)
    assert errors() == ["datacut.E002"]


@pytest.mark.parametrize(("role", "id"), [(embedded.APP, "E002"), (embedded.OWNER, "E002"), ("nobody", "E001")])
def test_the_start_up_check_refuses_another_role_in_its_place(committed, monkeypatch, role, id):
    monkeypatch.setitem(connections["snapshot"].settings_dict, "USER", role)
    assert errors() == [f"datacut.{id}"]
