"""Seals: whatever is changed below one is named, and no row slips in below it."""

import json
import threading
from contextlib import closing
from functools import reduce
from io import StringIO
from operator import or_

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection
from django.db.models import Q

from prtras import embedded
from prtras.accounts.managing import create_site, create_system_user, create_user
from prtras.accounts.models import Site, User
from prtras.audit import replay, sealing
from prtras.audit.acting import acting
from prtras.audit.installing import install
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
    return covered_by(seals[1])


def covered_by(seal: AuditSeal) -> list[AuditEvent]:
    """The rows of a seal, in the order of the trail."""
    ranges = [Q(id__gte=ids.lower, id__lt=ids.upper) for ids in seal.covers]
    return list(AuditEvent.objects.filter(reduce(or_, ranges)).order_by("id"))


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
    assert [s.id for s in seals] == [1, 2, 3]
    assert [s.epoch for s in seals] == [1, 1, 1]
    assert [[e.id for e in covered_by(s)][-1] for s in seals] == [s.last_event for s in seals]
    assert len({s.sha256 for s in seals}) == 3


CHANGES = {
    "a reason": "UPDATE audit_auditevent SET reason = 'better' WHERE id = {id}",
    "who it was": "UPDATE audit_auditevent SET actor_name = 'wang' WHERE id = {id}",
    "a value": """UPDATE audit_auditevent SET new = jsonb_set(new, '{{code}}', '"99"') WHERE id = {id}""",
    "the time by a microsecond": "UPDATE audit_auditevent SET at = at + interval '1 microsecond' WHERE id = {id}",
    "a row less": "DELETE FROM audit_auditevent WHERE id = {id}",
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


def copy_of(event: int, **changes: object) -> str:
    """A row of the trail once more, with another id or whatever else."""
    columns = json.dumps(changes)
    return ("INSERT INTO audit_auditevent SELECT (jsonb_populate_record(e, "
            f"'{columns}')).* FROM audit_auditevent e WHERE id = {event}")  # fmt: skip


def test_a_row_put_in_behind_the_seals_is_named_and_not_sealed(throwaway, sealed):
    tamper(throwaway, copy_of(sealed[1].id, id=100000000))
    assert sealing.seal() is None
    assert sealing.verify() is None
    assert sealing.intruders() == [100000000]
    with pytest.raises(CommandError, match="put in behind the seals: 100000000"):
        call_command("verify_audit")


def test_a_row_put_into_a_gap_of_the_numbers_is_named_whatever_transaction_it_claims(throwaway, system):
    with closing(connect_to(throwaway, embedded.APP)) as other, other.cursor() as cursor:
        cursor.execute(WRITE.format(id=system.pk, code="R"))
        other.rollback()
    create_site("1", "站", "Site", user=system)
    sealing.seal()
    last = AuditEvent.objects.latest("id")
    for claimed in (last.transaction, last.transaction + 1000):
        tamper(throwaway, copy_of(last.id, id=last.id - 1, transaction=claimed))
        assert sealing.intruders() == [last.id - 1]
        tamper(throwaway, f"DELETE FROM audit_auditevent WHERE id = {last.id - 1}")


def test_a_seal_recomputed_over_doctored_rows_breaks_the_next_one(throwaway, sealed):
    first, second, third = AuditSeal.objects.order_by("id")
    tamper(throwaway, f"UPDATE audit_auditevent SET reason = 'x' WHERE id = {sealed[0].id}",
           f"UPDATE audit_auditseal s SET sha256 = prtras_seal_sha256(s, '{first.sha256}') "
           f"WHERE id = {second.id}")  # fmt: skip
    assert sealing.verify().seal == third.id


SEAL_CHANGES = {
    "the time by a microsecond": "made_at = made_at + interval '1 microsecond'",
    "the epoch": "epoch = 2",
    "the database": "home = '1.2.3'",
    "the first transaction that was not over": "unfinished = unfinished - 1",
    "the first transaction that had not begun": "unbegun = NULL",
    "its number": "id = -id",
    "the last row": "last_event = last_event + 1",
    "how many rows": "events = events + 1",
    "which rows": "covers = covers || int8range(1000000, 1000001)",
}


@pytest.mark.parametrize("what", SEAL_CHANGES)
def test_whatever_a_superuser_alters_of_a_seal_breaks_it(throwaway, sealed, what):
    tamper(throwaway, f"UPDATE audit_auditseal SET {SEAL_CHANGES[what]} WHERE id = 3")
    assert sealing.verify().seal == (-3 if what == "its number" else 3)
    with pytest.raises(CommandError, match="does not match"):
        call_command("verify_audit")


def test_two_seals_exchanged_break_the_first(throwaway, sealed):
    tamper(throwaway, "UPDATE audit_auditseal SET id = CASE id WHEN 1 THEN -2 ELSE -1 END WHERE id IN (1, 2)",
           "UPDATE audit_auditseal SET id = -id WHERE id < 0")  # fmt: skip
    assert sealing.verify().seal == 1


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


# -- A head that left the machine ---------------------------------------------------------------------


def compare(head: str) -> str:
    out = StringIO()
    call_command("verify_audit", head=head, stdout=out)
    return out.getvalue()


def test_a_head_that_left_the_machine_is_found_in_the_chain(sealed):
    second = AuditSeal.objects.get(id=2)
    for written in (second.sha256, second.sha256.upper(), f" {second.sha256}\n", second.sha256[:16]):
        assert f"it is seal 2 of {second.made_at.isoformat()}" in compare(written)


@pytest.mark.parametrize("head", ["-", "abc", "0" * 15, "g" * 64, "0" * 65, "％" * 16])
def test_what_is_no_head_is_refused(sealed, head):
    with pytest.raises(CommandError, match="a seal has 64 hexadecimal digits"):
        compare(head)


def forget_the_last_seal(database: str) -> None:
    tamper(database, "DELETE FROM audit_auditevent WHERE id > (SELECT last_event FROM audit_auditseal WHERE id = 2)",
           "DELETE FROM audit_auditseal WHERE id = 3", "DELETE FROM accounts_site WHERE code LIKE '2_'")  # fmt: skip


def write_the_chain_anew(database: str) -> None:
    tamper(
        database,
        "UPDATE audit_auditevent SET reason = 'better' WHERE operation = 'INSERT'",
        *(
            f"UPDATE audit_auditseal s SET sha256 = prtras_seal_sha256(s, coalesce("
            f"(SELECT sha256 FROM audit_auditseal WHERE id = {n} - 1), '')) WHERE id = {n}"
            for n in (1, 2, 3)
        ),
    )


@pytest.mark.parametrize("what", [forget_the_last_seal, write_the_chain_anew])
def test_a_chain_that_is_whole_and_another_is_found_by_a_head_that_left_the_machine(throwaway, sealed, what):
    head = sealing.head_seal()
    what(throwaway)
    call_command("verify_audit")
    with pytest.raises(CommandError, match=f"No seal {head} is in the chain"):
        compare(head)


def test_functions_that_are_not_this_releases_are_not_believed(throwaway, sealed):
    tamper(throwaway, "CREATE OR REPLACE FUNCTION prtras_seal_sha256(seal audit_auditseal, previous text) RETURNS text "
                      "LANGUAGE sql STABLE SET search_path = public, pg_temp AS 'SELECT seal.sha256'")  # fmt: skip
    with pytest.raises(CommandError, match="prtras_seal_sha256 is not the one of this release"):
        call_command("verify_audit")


WRITE = """
SELECT set_config('prtras.actor', '{{"id": {id}, "name": "system", "role": "system", "reason": "",
                                  "source": "test"}}', true);
INSERT INTO accounts_site (code, name_zh, name_en) VALUES ('{code}', '站', 'Site');
"""


def test_a_row_whose_transaction_ends_late_is_in_the_next_seal_and_holds_up_nobody(throwaway, system):
    sealing.seal()
    with closing(connect_to(throwaway, embedded.APP)) as slow, slow.cursor() as cursor:
        cursor.execute(WRITE.format(id=system.pk, code="S"))
        create_site("F", "快", "Fast", user=system)
        fast = sealing.seal()
        assert [event.new["code"] for event in covered_by(fast)] == ["F"]
        create_site("G", "快", "Fast", user=system)
        assert [event.new["code"] for event in covered_by(sealing.seal())] == ["G"]
        slow.commit()
    late = sealing.seal()
    assert [event.new["code"] for event in covered_by(late)] == ["S"]
    assert covered_by(late)[0].id < fast.last_event
    assert (sealing.verify(), sealing.intruders()) == (None, [])


def test_two_at_once_seal_every_row_once(throwaway, system):
    sealing.seal()
    ended = threading.Event()

    def write(code: str) -> None:
        try:
            for n in range(40):
                create_site(f"{code}{n}", "站", "Site", user=system)
        finally:
            connection.close()

    def cut() -> None:
        try:
            while not ended.is_set():
                sealing.seal()
        finally:
            connection.close()

    writers, cutters = ([threading.Thread(target=do, args=args) for args in calls]
                        for do, calls in ((write, [("a",), ("b",)]), (cut, [(), ()])))  # fmt: skip
    for thread in (*writers, *cutters):
        thread.start()
    for thread in writers:
        thread.join()
    ended.set()
    for thread in cutters:
        thread.join()
    sealing.seal()
    rows = [event.id for seal in AuditSeal.objects.all() for event in covered_by(seal)]
    assert sorted(rows) == list(AuditEvent.objects.order_by("id").values_list("id", flat=True))
    assert len(rows) == 81
    assert (sealing.verify(), sealing.intruders()) == (None, [])


def test_who_wrote_may_seal_before_the_end(throwaway, system):
    with acting(system):
        Site.objects.create(code="1", name_zh="站", name_en="Site")
        assert sealing.seal().events == 2
    create_site("2", "站", "Site", user=system)
    assert sealing.seal().events == 1
    assert (sealing.verify(), sealing.intruders()) == (None, [])


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


def widen(database: str, *columns: str) -> None:
    """What a later release does: further columns for sites, then the rest of `migrate`."""
    connection.close()
    with closing(connect_to(database, embedded.OWNER)) as owner, owner, owner.cursor() as cursor:
        for column in columns:
            cursor.execute(f"ALTER TABLE accounts_site ADD {column}")
    connection.settings_dict["USER"] = embedded.OWNER
    try:
        install()
    finally:
        connection.close()
        connection.settings_dict["USER"] = embedded.APP


@pytest.fixture
def widened(throwaway, sealed, system):
    """Columns that came after nine sites, and a tenth site that knows them and leaves what it may empty."""
    widen(throwaway, "beds int", "open boolean", "note text", "scans int NOT NULL DEFAULT 0",
          "teaching boolean NOT NULL DEFAULT false", "floor int DEFAULT 3")  # fmt: skip
    with acting(system), connection.cursor() as cursor:
        cursor.execute("INSERT INTO accounts_site (code, name_zh, name_en, floor) VALUES ('new', '站', 'Site', NULL)")


def test_a_column_that_came_later_needs_no_event(widened, system):
    assert replay.unexplained() == []
    with acting(system), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_site SET beds = 0, scans = 5, floor = NULL WHERE code IN ('00', 'new')")
    assert replay.unexplained() == []


def test_a_column_that_a_release_took_away_is_not_missed(throwaway, sealed):
    with closing(connect_to(throwaway, SUPERUSER)) as server, server, server.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_site DROP COLUMN name_en")
    assert replay.unexplained() == []


@pytest.mark.parametrize("code", ["00", "new"])
@pytest.mark.parametrize("change", ["beds = 0", "open = false", "note = ''", "scans = 1", "scans = NULL",
                                    "teaching = NULL", "floor = 0", "name_en = NULL"])  # fmt: skip
def test_empty_zero_and_false_are_three_things(throwaway, widened, code, change):
    tamper(throwaway, "ALTER TABLE accounts_site ALTER scans DROP NOT NULL, ALTER teaching DROP NOT NULL, "
                      "ALTER name_en DROP NOT NULL",
           f"UPDATE accounts_site SET {change} WHERE code = '{code}'")  # fmt: skip
    (actual,) = replay.unexplained()
    assert (actual.table, actual.columns) == ("accounts_site", (change.split()[0],))


def test_a_row_under_another_key_is_named_and_the_key_it_had_too(throwaway, sealed):
    site = Site.objects.get(code="11")
    tamper(throwaway, f"UPDATE accounts_site SET id = 4711 WHERE id = {site.id}")
    assert {(u.row, u.columns) for u in replay.unexplained()} == {("4711", ()), (str(site.id), ())}


def test_two_rows_that_exchanged_their_keys_are_named(throwaway, sealed):
    one, other = Site.objects.filter(code__in=("11", "12")).order_by("code")
    tamper(throwaway, f"UPDATE accounts_site SET id = -({one.id} + {other.id} - id) WHERE id IN ({one.id}, {other.id})",
           "UPDATE accounts_site SET id = -id WHERE id < 0")  # fmt: skip
    assert {(u.row, u.columns) for u in replay.unexplained()} == {(str(s.id), ("code",)) for s in (one, other)}


@pytest.mark.parametrize("change", ["actor = 4711", "actor_name = 'nobody'", "actor_name = 'System'"])
def test_an_actor_who_is_no_account_is_named_in_an_unsealed_row_too(throwaway, sealed, system, change):
    create_site("77", "站", "Site", user=system)
    last = AuditEvent.objects.latest("id").id
    tamper(throwaway, f"UPDATE audit_auditevent SET {change} WHERE id = {last}")
    assert replay.strangers() == [last]
    with pytest.raises(CommandError, match=f"No account ever had the name in these audit rows: {last}"):
        call_command("verify_audit")


def test_an_account_may_have_had_another_name_when_it_acted(sealed, system):
    someone = create_user("lin", "Lin", None, user=system)
    create_site("77", "站", "Site", user=someone)
    with acting(system):
        User.objects.filter(pk=someone.pk).update(username="lin2")
    create_site("78", "站", "Site", user=User.objects.get(pk=someone.pk))
    assert replay.strangers() == []


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
