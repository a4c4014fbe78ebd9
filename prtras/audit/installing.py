"""Puts the trail into the database: functions, triggers, and what the application role may do.

Run by `manage.py migrate` after the migrations, as the owner, and safe to run again. One generic trigger function
serves every table; nothing a session can set switches it off (see docs/decisions/0003-audit-trigger.md).
"""

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model

from prtras.audit.models import Audited, AuditEvent, AuditSeal

FUNCTIONS = """
CREATE OR REPLACE FUNCTION prtras_difference(one jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(one) WHERE value IS DISTINCT FROM other->key
$$;

CREATE OR REPLACE FUNCTION prtras_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    said jsonb := nullif(current_setting('prtras.said', true), '')::jsonb;
    after jsonb := to_jsonb(NEW);
    before jsonb;
    on_page uuid;
    concerns bigint := coalesce(after->>'participant_id',
        CASE WHEN TG_TABLE_NAME = 'crf_participant' THEN after->>'id' END)::bigint;
BEGIN
    IF said->>'actor' IS NULL THEN
        RAISE EXCEPTION 'PRTRAS: a write to % without an acting user is refused', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        before := to_jsonb(OLD);
        IF before IS NOT DISTINCT FROM after THEN RETURN NULL; END IF;
    END IF;
    on_page := (after->>'page_id')::uuid;
    IF TG_TABLE_NAME = 'crf_crfpage' THEN on_page := (after->>'id')::uuid; END IF;
    IF concerns IS NULL AND on_page IS NOT NULL THEN
        SELECT participant_id INTO concerns FROM crf_crfpage WHERE id = on_page;
    END IF;
    INSERT INTO audit_auditevent (at, transaction, "table", "row", operation, page, participant, actor, actor_name,
        role, reason, reasons, source, old, new)
    VALUES (clock_timestamp(), pg_current_xact_id()::text::bigint, TG_TABLE_NAME,
        coalesce(after->>'id', after->>'page_id', after->>'token'), TG_OP,
        on_page, concerns, (said->>'actor')::bigint, said->>'actor_name', said->>'role', said->>'reason',
        nullif(said->'reasons', 'null'), said->>'source',
        CASE WHEN TG_OP = 'UPDATE' THEN prtras_difference(before, after) END,
        CASE WHEN TG_OP = 'UPDATE' THEN prtras_difference(after, before) ELSE jsonb_strip_nulls(after) END);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION prtras_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'PRTRAS: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

#: What the application may delete: nothing that says anything about a participant.
MAY_DELETE = {"django_session", "axes_accessattempt", "axes_accesslog", "axes_accessattemptexpiration",
              "entry_draft", "entry_parkedpost"}  # fmt: skip


def audited_models() -> list[type[Model]]:
    """Every concrete table under the trail."""
    return [model for model in apps.get_models() if issubclass(model, Audited) and not model._meta.proxy]


def install() -> None:
    """Create or renew everything that makes the trail unavoidable. The connection must be the owner's."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        cursor.execute("REVOKE ALL ON FUNCTION prtras_audit(), prtras_refuse() FROM PUBLIC")  # no trigger of others
        for model in audited_models():
            cursor.execute(_watch(model._meta.db_table))
        for model in (AuditEvent, AuditSeal):
            cursor.execute(_freeze(model._meta.db_table))
        for statement in _grants(connection.introspection.table_names(cursor)):
            cursor.execute(statement)


def _watch(table: str) -> str:
    return f"""
    CREATE OR REPLACE TRIGGER prtras_audit AFTER INSERT OR UPDATE ON "{table}"
        FOR EACH ROW EXECUTE FUNCTION prtras_audit();
    CREATE OR REPLACE TRIGGER prtras_keep BEFORE DELETE OR TRUNCATE ON "{table}"
        FOR EACH STATEMENT EXECUTE FUNCTION prtras_refuse();
    """


def _freeze(table: str) -> str:
    return f"""
    CREATE OR REPLACE TRIGGER prtras_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"
        FOR EACH STATEMENT EXECUTE FUNCTION prtras_refuse();
    """


def _grants(tables: list[str]) -> list[str]:
    role = settings.APP_ROLE
    trail = {AuditEvent._meta.db_table}
    seals = {AuditSeal._meta.db_table}
    statements = [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ]
    for table in tables:
        rights = "SELECT" if table in trail else "SELECT, INSERT" if table in seals else "SELECT, INSERT, UPDATE"
        if table in MAY_DELETE:
            rights += ", DELETE"
        statements.append(f'REVOKE ALL ON "{table}" FROM {role}')
        statements.append(f'GRANT {rights} ON "{table}" TO {role}')
    return statements
