"""Puts the trail into the database: functions, triggers, and what the application role may do.

Run by `manage.py migrate` after the migrations, as the owner, and safe to run again. One generic trigger function
serves every table; nothing a session can set switches it off (see docs/decisions/0003-audit-trigger.md). The same
function keeps what is frozen or locked as it is, and ends verification and signature when what they saw changes
(docs/decisions/0011-holds-and-signatures.md).
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

CREATE OR REPLACE FUNCTION prtras_touched(before jsonb, after jsonb, key text, computed text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    -- The places (`item` or `row:item`) whose typed value or missing reason is another.
    SELECT array_agg(DISTINCT coalesce(nullif(CASE WHEN key = '' THEN '' ELSE after->>key END, '') || ':', '') || place)
    FROM (
        SELECT jsonb_object_keys(prtras_difference(after, before)) AS place
        UNION ALL
        SELECT jsonb_object_keys(prtras_difference(after->'missing', before->'missing')
                                 || prtras_difference(before->'missing', after->'missing'))
    ) AS changed WHERE place <> 'missing' AND place <> ALL(computed)
$$;

CREATE OR REPLACE FUNCTION prtras_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    said jsonb := nullif(current_setting('prtras.said', true), '')::jsonb;
    after jsonb := to_jsonb(NEW);
    before jsonb;
    on_page uuid;
    page_hold text;
    page_verified text;
    page_signed boolean;
    is_held text;
    about text := coalesce(TG_ARGV[0], '');
    touched text[];
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
    IF TG_TABLE_NAME = 'crf_crfpage' THEN on_page := (after->>'id')::uuid;
    ELSIF TG_TABLE_NAME = 'review_querymessage' THEN
        SELECT page_id INTO on_page FROM review_query WHERE id = (after->>'query_id')::bigint;
    END IF;
    IF on_page IS NOT NULL AND (concerns IS NULL OR about <> '') THEN
        SELECT participant_id, hold, verified, signed INTO concerns, page_hold, page_verified, page_signed
            FROM crf_crfpage WHERE id = on_page;
    END IF;
    IF about <> '' THEN
        is_held := CASE about
            WHEN 'data' THEN page_hold
            WHEN 'visit' THEN (SELECT hold FROM crf_participant WHERE id = concerns)
            ELSE CASE TG_OP
                WHEN 'UPDATE' THEN CASE WHEN before - '{hold,held_by_id,verified,signed}'::text[]
                    IS DISTINCT FROM after - '{hold,held_by_id,verified,signed}'::text[] THEN before->>'hold' END
                ELSE CASE about WHEN 'page' THEN (SELECT hold FROM crf_participant WHERE id = concerns)
                    WHEN 'participant' THEN (SELECT max(hold) FROM crf_study) END
            END
        END;
        IF is_held <> '' THEN
            RAISE EXCEPTION 'PRTRAS: a change of % is refused, it is %', TG_TABLE_NAME, is_held
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF about NOT IN ('data', 'visit') AND coalesce(before->>'hold', '') <> after->>'hold'
            AND (said->>'role' <> ALL(TG_ARGV) OR coalesce(said->>'reason', '') = '') THEN
            RAISE EXCEPTION 'PRTRAS: to freeze, lock or release takes the right to do so and a reason'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF about = 'data' AND page_verified <> '' THEN
            touched := prtras_touched(coalesce(before, '{"missing": {}}'), after, TG_ARGV[1], TG_ARGV[2:]);
        END IF;
        IF about = 'data' AND page_signed OR about = 'page' AND (before->>'signed')::boolean
            AND before->>'state' <> after->>'state' THEN
            UPDATE review_signature SET broken_at = clock_timestamp() WHERE page_id = on_page AND broken_at IS NULL;
            UPDATE crf_crfpage SET signed = false WHERE id = on_page;
        END IF;
        IF touched IS NOT NULL OR about = 'page' AND before->>'verified' <> ''
            AND before->>'state' <> after->>'state' THEN
            UPDATE review_verification v SET dropped_at = clock_timestamp() WHERE page_id = on_page
                AND dropped_at IS NULL AND (about = 'page' OR v.place = '' OR v.place = ANY(touched));
            IF FOUND THEN
                UPDATE crf_crfpage SET verified = CASE WHEN EXISTS (SELECT FROM review_verification
                    WHERE page_id = on_page AND dropped_at IS NULL) THEN 'part' ELSE '' END WHERE id = on_page;
            END IF;
        END IF;
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
              "entry_draft", "entry_parkedpost", "accounts_livesession"}  # fmt: skip


def audited_models() -> list[type[Model]]:
    """Every concrete table under the trail."""
    return [model for model in apps.get_models() if issubclass(model, Audited) and not model._meta.proxy]


def install() -> None:
    """Create or renew everything that makes the trail unavoidable. The connection must be the owner's."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        cursor.execute("REVOKE ALL ON FUNCTION prtras_audit(), prtras_refuse() FROM PUBLIC")  # no trigger of others
        for model in audited_models():
            cursor.execute(_watch(model._meta.db_table, model.trigger_told()))
        for model in (AuditEvent, AuditSeal):
            cursor.execute(_freeze(model._meta.db_table))
        for statement in _grants(connection.introspection.table_names(cursor)):
            cursor.execute(statement)


def _watch(table: str, told: tuple[str, ...]) -> str:
    words = ", ".join(f"'{word}'" for word in told)
    return f"""
    CREATE OR REPLACE TRIGGER prtras_audit AFTER INSERT OR UPDATE ON "{table}"
        FOR EACH ROW EXECUTE FUNCTION prtras_audit({words});
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
