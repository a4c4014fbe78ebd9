"""What each database role may do to the trail: the application role nothing, the owner nothing while it stands."""

import psycopg2
import pytest
from django.db import connections, transaction

from prtras import embedded
from prtras.audit.acting import acting
from prtras.audit.checks import audit_is_in_force
from prtras.audit.models import AuditEvent
from tests.audit.conftest import start_up_errors

EVENT = "(at, transaction, \"table\", \"row\", operation, actor, actor_name, role, reason, source) VALUES " \
        "(now(), 1, 'x', '1', 'INSERT', 1, 'lin', 'coordinator', '', 'forged')"  # fmt: skip
WATCHED = (
    "crf_participant",
    "crf_crfpage",
    "enrollment_consent",
    "accounts_user",
    "accounts_membership",
    "labs_labresult",
)


def test_it_works(connect):
    with connect(embedded.APP).cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditevent")
        assert cursor.fetchone() == (0,)


TAMPERING = {
    "change the trail": "UPDATE audit_auditevent SET reason = 'x'",
    "delete from the trail": "DELETE FROM audit_auditevent",
    "empty the trail": "TRUNCATE audit_auditevent",
    "change the register of columns": "UPDATE audit_auditcolumn SET since = 10",
    "change a seal": "UPDATE audit_auditseal SET sha256 = 'x'",
    "delete a seal": "DELETE FROM audit_auditseal",
    "empty the seals": "TRUNCATE audit_auditseal",
    **{f"delete from {table}": f"DELETE FROM {table}" for table in WATCHED},
    **{f"empty {table}": f"TRUNCATE {table} CASCADE" for table in WATCHED},
}


@pytest.mark.parametrize("role", [embedded.APP, embedded.OWNER])
@pytest.mark.parametrize("what", TAMPERING)
def test_the_trail_and_what_it_watches_are_not_taken_back(connect, role, what):
    with connect(role).cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege) as refused:
        cursor.execute(TAMPERING[what])
    assert role == embedded.APP or "is refused" in str(refused.value)


ATTACKS = {
    "write a seal": "INSERT INTO audit_auditseal (id, sha256) VALUES (1, 'x')",
    "register a column": "INSERT INTO audit_auditcolumn (since) VALUES (1)",
    "write into the trail": f"INSERT INTO audit_auditevent {EVENT}",
    "copy into the trail": "COPY audit_auditevent FROM STDIN",
    "switch one trigger off": "ALTER TABLE enrollment_consent DISABLE TRIGGER prtras_audit",
    "switch all triggers off": "ALTER TABLE enrollment_consent DISABLE TRIGGER ALL",
    "drop a trigger": "DROP TRIGGER prtras_audit ON enrollment_consent",
    "replace a trigger": "CREATE OR REPLACE TRIGGER prtras_audit AFTER INSERT ON enrollment_consent "
                         "FOR EACH ROW EXECUTE FUNCTION prtras_refuse()",
    "play the replica": "SET session_replication_role = replica",
    "play the replica by set_config": "SELECT set_config('session_replication_role', 'replica', false)",
    "replace our function": "CREATE OR REPLACE FUNCTION prtras_audit() RETURNS trigger LANGUAGE plpgsql "
                            "AS 'BEGIN RETURN NULL; END'",
    "add a function": "CREATE FUNCTION public.jsonb_each(x jsonb) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "change our function": "ALTER FUNCTION prtras_audit() SECURITY INVOKER",
    "add a table": "CREATE TABLE public.audit_auditevent2 (id int)",
    "add a schema": "CREATE SCHEMA evil",
    "drop a table": "DROP TABLE enrollment_consent CASCADE",
    "rename a table": "ALTER TABLE audit_auditevent RENAME TO old",
    "add a rule": "CREATE RULE nothing AS ON INSERT TO audit_auditevent DO INSTEAD NOTHING",
    "become the owner": f"SET ROLE {embedded.OWNER}",
    "become the superuser": "SET ROLE postgres",
    "change the session's user": "SET SESSION AUTHORIZATION postgres",
    "take over": f"REASSIGN OWNED BY {embedded.OWNER} TO {embedded.APP}",
    "grant itself a right": f"GRANT UPDATE ON audit_auditevent TO {embedded.APP}; "
                            "UPDATE audit_auditevent SET reason = 'x'",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'cat'",
    "write a file": "COPY (SELECT 1) TO '/tmp/prtras-attack'",
    "read a file of the server": "SELECT pg_read_file('/etc/passwd')",
    "watch every command": "CREATE EVENT TRIGGER evil ON ddl_command_start EXECUTE FUNCTION prtras_refuse()",
    "make a stronger role": "CREATE ROLE evil SUPERUSER",
    "turn a sequence back": "SELECT setval('audit_auditevent_id_seq', 1)",
    "borrow our trigger function to forge rows": "CREATE TEMP TABLE enrollment_consent (id int); CREATE TRIGGER forge "
        "AFTER INSERT ON pg_temp.enrollment_consent FOR EACH ROW EXECUTE FUNCTION public.prtras_audit()",
}  # fmt: skip


@pytest.mark.parametrize("what", ATTACKS)
def test_the_application_role_cannot(connect, what):
    with connect(embedded.APP).cursor() as cursor, pytest.raises(psycopg2.Error) as refused:
        cursor.execute(ATTACKS[what])
    assert refused.value.pgcode in ("42501", "0LP01", "42704"), refused.value


def test_the_application_role_owns_nothing(connect):
    with connect(embedded.APP).cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE pg_has_role(current_user, relowner, 'USAGE')")
        assert cursor.fetchall() == []
        cursor.execute("SELECT proname FROM pg_proc WHERE pg_has_role(current_user, proowner, 'USAGE')")
        assert cursor.fetchall() == []
        cursor.execute("SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles "
                       "WHERE rolname = current_user")  # fmt: skip
        assert cursor.fetchone() == (False,) * 5


SHADOWS = (
    "CREATE TEMP TABLE audit_auditevent (LIKE public.audit_auditevent INCLUDING ALL)",
    "CREATE TEMP TABLE crf_crfpage (id uuid, participant_id bigint)",
    "CREATE FUNCTION pg_temp.prtras_difference(one jsonb, other jsonb) RETURNS jsonb LANGUAGE sql "
    "AS $$SELECT '{}'::jsonb$$",
    "CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$SELECT 'epoch'::timestamptz$$",
    "SET LOCAL search_path = pg_temp, public",
)


def test_what_the_application_role_hides_behind_its_own_names_reaches_the_trail_all_the_same(participant, lin):
    with connections["default"].cursor() as cursor, transaction.atomic():
        for shadow in SHADOWS:
            cursor.execute(shadow)
        with acting(lin):
            cursor.execute("UPDATE public.crf_participant SET arm = 'A2' WHERE id = %s", [participant.pk])
        cursor.execute("DROP TABLE pg_temp.audit_auditevent")
        event = AuditEvent.objects.latest("id")
        transaction.set_rollback(True)
    assert (event.table, event.new, event.participant) == ("crf_participant", {"arm": "A2"}, participant.pk)
    assert event.at.year > 2000


def test_the_start_up_check_is_content(owner):
    assert start_up_errors(owner) == []


UNWATCHED = "audit.E001 enrollment_consent is not written to the audit trail."
DELETABLE = "audit.E002 Rows of enrollment_consent could be deleted."
OTHER_FUNCTION = "audit.E005 The function prtras_audit is not the one of this release."
OTHER_RULES = "audit.E006 The trigger of enrollment_consent does not keep this release's rules."
TRAIL_DELETABLE = "audit.E002 Rows of audit_auditevent could be deleted."
CHANGEABLE = "audit.E004 The serving database role may change the audit trail."
WEAKENED = {
    "DROP TRIGGER prtras_audit ON enrollment_consent": UNWATCHED,
    "ALTER TABLE enrollment_consent DISABLE TRIGGER prtras_audit": UNWATCHED,
    "ALTER TABLE enrollment_consent ENABLE REPLICA TRIGGER prtras_audit": UNWATCHED,
    "CREATE OR REPLACE TRIGGER prtras_audit AFTER INSERT OR UPDATE ON enrollment_consent FOR EACH ROW WHEN (false) "
    "EXECUTE FUNCTION prtras_audit()": UNWATCHED,
    "CREATE OR REPLACE TRIGGER prtras_audit AFTER INSERT ON enrollment_consent FOR EACH ROW "
    "EXECUTE FUNCTION prtras_audit()": UNWATCHED,
    "CREATE OR REPLACE TRIGGER prtras_audit AFTER INSERT OR UPDATE OF missing ON enrollment_consent FOR EACH ROW "
    "EXECUTE FUNCTION prtras_audit()": UNWATCHED,
    "CREATE OR REPLACE TRIGGER prtras_audit AFTER INSERT OR UPDATE ON enrollment_consent FOR EACH ROW "
    "EXECUTE FUNCTION prtras_audit()": OTHER_RULES,
    "CREATE OR REPLACE TRIGGER prtras_audit AFTER INSERT OR UPDATE ON enrollment_consent FOR EACH ROW "
    "EXECUTE FUNCTION prtras_audit('visit')": OTHER_RULES,
    "ALTER FUNCTION prtras_audit() SECURITY INVOKER": OTHER_FUNCTION,
    "ALTER FUNCTION prtras_audit() RESET search_path": OTHER_FUNCTION,
    "ALTER FUNCTION prtras_audit() SET search_path = pg_temp, public": OTHER_FUNCTION,
    "DROP TRIGGER prtras_keep ON enrollment_consent": DELETABLE,
    "ALTER TABLE audit_auditevent DISABLE TRIGGER prtras_keep": TRAIL_DELETABLE,
    "CREATE OR REPLACE TRIGGER prtras_keep BEFORE DELETE OR TRUNCATE ON audit_auditevent FOR EACH STATEMENT "
    "EXECUTE FUNCTION prtras_refuse()": TRAIL_DELETABLE,
    f"GRANT INSERT ON audit_auditevent TO {embedded.APP}": CHANGEABLE,
    f"GRANT UPDATE ON audit_auditevent TO {embedded.APP}": CHANGEABLE,
    f"GRANT INSERT ON audit_auditseal TO {embedded.APP}": CHANGEABLE,
    f"GRANT UPDATE ON audit_auditcolumn TO {embedded.APP}": CHANGEABLE,
    f"GRANT EXECUTE ON FUNCTION prtras_audit() TO {embedded.APP}": CHANGEABLE,
    "GRANT EXECUTE ON FUNCTION prtras_refuse() TO PUBLIC": CHANGEABLE,
    f"ALTER TABLE enrollment_consent OWNER TO {embedded.APP}":
        "audit.E003 The serving database role owns tables or is a superuser.",
}  # fmt: skip


@pytest.mark.parametrize("weakened", WEAKENED)
def test_the_start_up_check_names_what_is_weakened(owner, weakened):
    if "OWNER TO" in weakened:
        owner.execute(f"GRANT CREATE ON SCHEMA public TO {embedded.APP}")
    owner.execute(weakened)
    assert start_up_errors(owner) == [WEAKENED[weakened]]


def test_the_start_up_check_refuses_to_serve_as_the_owner(owner):
    assert [error.id for error in audit_is_in_force(None, databases=["default"])] == ["audit.E003", "audit.E004"]


def test_the_start_up_check_is_not_for_the_owner_who_migrates(owner, settings):
    settings.DB_ROLE = "owner"
    owner.execute("DROP TRIGGER prtras_audit ON enrollment_consent")
    assert audit_is_in_force(None, databases=["default"]) == []
