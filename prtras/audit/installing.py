"""Puts the trail into the database: functions, triggers, and what the application and the reading role may do.

Run by `manage.py migrate` after the migrations, as the owner, and safe to run again. One trigger function serves every
table; nothing a session can set switches it off (docs/decisions/0003-audit-trigger.md). The functions stand in `.sql`
files of the rooms whose rules they are (`rules.py`, docs/decisions/0014-trigger-in-three-files.md).
"""

from collections.abc import Callable, Iterable, Mapping

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from prtras.audit.models import AuditColumn, Audited, AuditEvent, AuditSeal
from prtras.audit.rules import trigger_sql

#: What the application may delete: nothing that says anything about a participant.
MAY_DELETE = {"django_session", "entry_draft", "entry_unsentpost", "entry_idempotencykey", "accounts_livesession",
              "api_answer"}  # fmt: skip
#: The trail, its seals and its register of columns: the application reads them.
TRAIL = {model._meta.db_table for model in (AuditEvent, AuditSeal, AuditColumn)}
_readable: list[Callable[[], Iterable[type[models.Model]]]] = []
_views: list[Callable[[], Mapping[str, str]]] = []


def register_readable(read: Callable[[], Iterable[type[models.Model]]]) -> None:
    """Let the reading role see the tables of these models; called when the rights are granted."""
    _readable.append(read)


def register_views(views: Callable[[], Mapping[str, str]]) -> None:
    """Let the reading role see of the trail what these views show, by their names (from `AS` on), and no more."""
    _views.append(views)


def audited_models() -> list[type[Audited]]:
    """Every concrete table under the trail."""
    return [model for model in apps.get_models() if issubclass(model, Audited) and not model._meta.proxy]


def install() -> None:
    """Create or renew everything that makes the trail unavoidable. The connection must be the owner's."""
    with connection.cursor() as cursor:
        cursor.execute(trigger_sql())
        for model in audited_models():
            cursor.execute(_watch(model._meta.db_table, model.trigger_arguments()))
        for table in sorted(TRAIL):
            cursor.execute(_freeze(table))
        for model in audited_models():
            cursor.execute(_register_columns(model._meta.db_table))
        for statement in (*_grants(connection.introspection.table_names(cursor)), *_shown()):
            cursor.execute(statement)


def _watch(table: str, arguments: tuple[str, ...]) -> str:
    quoted = ", ".join(f"'{argument}'" for argument in arguments)
    return f"""
    CREATE OR REPLACE TRIGGER prtras_audit AFTER INSERT OR UPDATE ON "{table}"
        FOR EACH ROW EXECUTE FUNCTION prtras_audit({quoted});
    CREATE OR REPLACE TRIGGER prtras_keep BEFORE DELETE OR TRUNCATE ON "{table}"
        FOR EACH STATEMENT EXECUTE FUNCTION prtras_refuse();
    """


def _freeze(table: str) -> str:
    return f"""
    CREATE OR REPLACE TRIGGER prtras_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"
        FOR EACH STATEMENT EXECUTE FUNCTION prtras_refuse();
    """


def _register_columns(table: str) -> str:
    """A column that is not registered came after the last event. What most rows hold in it without an event came along.

    In a new database there is no event, no row and no value.
    """
    return f"""
    INSERT INTO audit_auditcolumn ("table", "column", since, value)
    SELECT '{table}', attname, (SELECT coalesce(max(id), 0) FROM audit_auditevent), (
        SELECT state->attname FROM (SELECT to_jsonb(t) AS state FROM "{table}" t) AS rows
        WHERE NOT EXISTS (SELECT FROM audit_auditevent e WHERE e."table" = '{table}' AND e.new ? attname
            AND e."row" = coalesce(state->>'id', state->>'page_id', state->>'token'))
        GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)
    FROM pg_attribute WHERE attrelid = 'public."{table}"'::regclass AND attnum > 0 AND NOT attisdropped
        AND attname NOT IN (SELECT "column" FROM audit_auditcolumn WHERE "table" = '{table}');
    """  # noqa: S608 - our own tables


def _grants(tables: list[str]) -> list[str]:
    role, reader = settings.APP_ROLE, settings.READER_ROLE
    readable = {model._meta.db_table for read in _readable for model in read()}
    statements = [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {role}, {reader}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"GRANT EXECUTE ON FUNCTION prtras_seal() TO {role}",
    ]
    for table in tables:
        rights = "SELECT" if table in TRAIL else "SELECT, INSERT, UPDATE"
        if table in MAY_DELETE:
            rights += ", DELETE"
        statements.append(f'REVOKE ALL ON "{table}" FROM {role}, {reader}')
        statements.append(f'GRANT {rights} ON "{table}" TO {role}')
        if table in readable:
            statements.append(f'GRANT SELECT ON "{table}" TO {reader}')
    return statements


def _shown() -> list[str]:
    """The views of the trail, made anew.

    Rebuilding the past takes temporary tables, which hold nobody's data but the session's own.
    """
    role, reader = settings.APP_ROLE, settings.READER_ROLE
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    statements = [f"GRANT TEMPORARY ON DATABASE {database} TO {reader}"]
    for views in _views:
        for name, definition in views().items():
            statements.append(f'DROP VIEW IF EXISTS "{name}"')
            statements.append(f'CREATE VIEW "{name}" {definition}')
            statements.append(f'GRANT SELECT ON "{name}" TO {role}, {reader}')
    return statements
