"""Seals: whatever is changed below one is named, and no row slips in below it."""

from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from prtras import embedded
from prtras.accounts.managing import create_site, create_system_user
from prtras.accounts.models import Site
from prtras.audit import replay, sealing
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent, AuditSeal
from tests.audit.conftest import SUPERUSER, connect_to


@pytest.fixture
def system(throwaway):
    return create_system_user()


@pytest.fixture
def sealed(system):
    """Three seals over three changes each; the rows of the second."""
    seals = []
    for batch in range(3):
        for n in range(3):
            create_site(f"{batch}{n}", "站", "Site", user=system)
        seals.append(sealing.seal())
    return list(AuditEvent.objects.filter(transaction__gte=seals[1].from_transaction,
                                          transaction__lt=seals[1].until_transaction).order_by("id"))  # fmt: skip


def tamper(database: str, *statements: str) -> None:
    """As a superuser, who can switch the triggers off, and does."""
    with closing(connect_to(database, SUPERUSER)) as server, server, server.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)


def test_it_works(sealed):
    assert [seal.events for seal in AuditSeal.objects.order_by("id")] == [4, 3, 3]
    assert sealing.verify() is None
    assert sealing.head_seal() == AuditSeal.objects.latest("id").sha256


def test_there_is_a_dash_before_the_first_seal_and_nothing_to_seal_is_no_seal(system):
    assert sealing.head_seal() == "-"
    assert sealing.seal().events == 1
    assert sealing.seal() is None
    assert AuditSeal.objects.count() == 1


def test_a_seal_is_chained_to_the_one_before(sealed):
    seals = list(AuditSeal.objects.order_by("id"))
    assert [s.from_transaction for s in seals[1:]] == [s.until_transaction for s in seals[:-1]]
    assert len({s.sha256 for s in seals}) == 3


CHANGES = {
    "a reason": "UPDATE audit_auditevent SET reason = 'better' WHERE id = {id}",
    "who it was": "UPDATE audit_auditevent SET actor_name = 'wang' WHERE id = {id}",
    "a value": """UPDATE audit_auditevent SET new = jsonb_set(new, '{{code}}', '"99"') WHERE id = {id}""",
    "the time by a microsecond": "UPDATE audit_auditevent SET at = at + interval '1 microsecond' WHERE id = {id}",
    "a row less": "DELETE FROM audit_auditevent WHERE id = {id}",
    "a row more": "INSERT INTO audit_auditevent SELECT (jsonb_populate_record(e, '{{\"id\": 100000000}}')).* "
                  "FROM audit_auditevent e WHERE id = {id}",
    "a row moved out of the seal": "UPDATE audit_auditevent SET transaction = 9999999 WHERE id = {id}",
    "two rows exchanged": "UPDATE audit_auditevent SET id = id - 2 * {id} - 1 WHERE id IN ({id}, {id} + 1);"
                          "UPDATE audit_auditevent SET id = -id WHERE id < 0",
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_row_that_a_superuser_altered_is_named(throwaway, sealed, what):
    second = AuditSeal.objects.order_by("id")[1]
    connection.close()
    tamper(throwaway, CHANGES[what].format(id=sealed[1].id))
    broken = sealing.verify()
    assert broken is not None
    assert broken.seal == second.id
    assert broken.first_event <= sealed[2].id
    assert broken.last_event >= sealed[2].id
    with pytest.raises(CommandError, match=f"Seal {second.id} does not match: check audit rows"):
        call_command("verify_audit")


def test_a_seal_recomputed_over_doctored_rows_breaks_the_next_one(throwaway, sealed):
    first, second, third = AuditSeal.objects.order_by("id")
    tamper(throwaway, f"UPDATE audit_auditevent SET reason = 'x' WHERE id = {sealed[0].id}")
    forged, *_ = sealing._digest(second.from_transaction, second.until_transaction, first.sha256)
    tamper(throwaway, f"UPDATE audit_auditseal SET sha256 = '{forged}' WHERE id = {second.id}")
    broken = sealing.verify()
    assert broken is not None
    assert broken.seal == third.id


def test_a_seal_that_is_gone_breaks_the_next_one(throwaway, sealed):
    _, second, third = AuditSeal.objects.order_by("id")
    tamper(throwaway, f"DELETE FROM audit_auditseal WHERE id = {second.id}")
    broken = sealing.verify()
    assert broken is not None
    assert broken.seal == third.id


def test_the_command_seals_verifies_and_prints_the_head_seal(sealed, system, capsys):
    create_site("99", "站", "Site", user=system)
    call_command("verify_audit")
    assert AuditSeal.objects.count() == 4
    assert sealing.head_seal() in capsys.readouterr().out


WRITE = """
SELECT set_config('prtras.actor', '{{"id": {id}, "name": "system", "role": "system", "reason": "",
                                  "source": "test"}}', true);
INSERT INTO accounts_site (code, name_zh, name_en) VALUES ('{code}', '站', 'Site');
"""


def test_no_row_slips_below_a_seal_when_an_older_transaction_commits_late(throwaway, system):
    sealing.seal()
    with closing(connect_to(throwaway, embedded.APP)) as slow, slow.cursor() as cursor:
        cursor.execute(WRITE.format(id=system.pk, code="S"))
        create_site("F", "快", "Fast", user=system)
        assert sealing.seal() is None, "the fast row is younger than a transaction that still runs"
        slow.commit()
    made = sealing.seal()
    assert made.events == 2
    assert sealing.verify() is None
    assert AuditEvent.objects.filter(transaction__gte=made.until_transaction).count() == 0


def test_what_was_rolled_back_is_neither_in_the_trail_nor_missed(throwaway, system):
    with closing(connect_to(throwaway, embedded.APP)) as other, other.cursor() as cursor:
        cursor.execute(WRITE.format(id=system.pk, code="R"))
        other.rollback()
    assert sealing.seal().events == AuditEvent.objects.count() == 1
    assert sealing.verify() is None


def test_outside_a_transaction_the_actor_is_forgotten_with_the_block(system):
    with acting(system):
        Site.objects.create(code="1", name_zh="站", name_en="Site")
    with pytest.raises(ProgrammingError, match="without an acting user is refused"):
        Site.objects.update(name_en="x")


# -- What seals alone do not show -------------------------------------------------------------------


GAPS = {
    "a value changed while the trigger was off": (
        "UPDATE accounts_site SET name_en = 'Better' WHERE code = '11'", "accounts_site", ("name_en",)),
    "a row put in while the trigger was off": (
        "INSERT INTO accounts_site (code, name_zh, name_en) VALUES ('99', '站', 'Site')", "accounts_site", ()),
    "a row taken away": ("DELETE FROM accounts_site WHERE code = '22'", "accounts_site", ()),
    "a value taken away": ("UPDATE accounts_user SET display_name = '' WHERE username = 'system'",
                           "accounts_user", ("display_name",)),
}  # fmt: skip


@pytest.mark.parametrize("what", GAPS)
def test_a_gap_left_by_a_trigger_that_was_off_is_named(throwaway, sealed, what):
    statement, table, columns = GAPS[what]
    connection.close()
    with closing(connect_to(throwaway, SUPERUSER)) as server, server, server.cursor() as cursor:
        for name in ("accounts_site", "accounts_user"):
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER ALL")
        cursor.execute(statement)
        for name in ("accounts_site", "accounts_user"):
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER ALL")
    assert sealing.verify() is None, "the seals are whole: the trail itself was not touched"
    (actual,) = replay.unexplained()
    assert (actual.table, actual.columns) == (table, columns)
    with pytest.raises(CommandError, match=f"does not account for.*{table}"):
        call_command("verify_audit")
    call_command("verify_audit", "--seals-only")


def test_the_last_row_deleted_before_a_seal_took_it_in_is_missed(throwaway, sealed, system):
    create_site("77", "站", "Site", user=system)
    connection.close()
    tamper(throwaway, "DELETE FROM audit_auditevent WHERE id = (SELECT max(id) FROM audit_auditevent)")
    assert sealing.verify() is None
    with pytest.raises(CommandError, match="accounts_site"):
        call_command("verify_audit")


def test_the_sealed_last_row_deleted_breaks_the_last_seal(throwaway, sealed):
    last = AuditSeal.objects.latest("id")
    connection.close()
    tamper(throwaway, "DELETE FROM audit_auditevent WHERE id = (SELECT max(id) FROM audit_auditevent)")
    assert sealing.verify().seal == last.id


def test_one_changed_old_value_is_named(throwaway, sealed, system):
    with acting(system):
        Site.objects.filter(code="00").update(name_en="Other")
    made = sealing.seal()
    connection.close()
    tamper(throwaway, """UPDATE audit_auditevent SET old = '{"name_en": "Never"}' WHERE old IS NOT NULL""")
    assert sealing.verify().seal == made.id


def test_two_rows_whose_contents_are_swapped_are_named(throwaway, sealed):
    one, other = sealed[0].id, sealed[1].id
    connection.close()
    tamper(throwaway, f"""UPDATE audit_auditevent a SET new = b.new, "row" = b."row" FROM audit_auditevent b
                          WHERE (a.id, b.id) IN (({one}, {other}), ({other}, {one}))""")  # fmt: skip
    assert sealing.verify().seal == AuditSeal.objects.order_by("id")[1].id


def test_what_the_trail_explains_is_quiet(sealed, system):
    with acting(system):
        Site.objects.filter(code="00").update(name_en="", name_zh="别")
        Site.objects.filter(code="00").update(name_en="Again")
    assert replay.unexplained() == []
