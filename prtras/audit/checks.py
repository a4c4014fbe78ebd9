"""The start-up check: is the trail in force, and can the serving role not get round it?"""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.utils import CursorWrapper

from prtras.audit.installing import audited_models
from prtras.audit.models import AuditEvent, AuditSeal

#: Tables with a trigger that runs our function, unconditionally, at (at least) these events (pg_trigger.tgtype).
_TRIGGERS = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'public'::regnamespace AND t.tgfoid = to_regprocedure(%s)
  AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr = '' AND t.tgtype & %s = %s
"""
ROW, BEFORE, INSERT, DELETE, UPDATE, TRUNCATE = 1, 2, 4, 8, 16, 32
WATCH, KEEP, FREEZE = ROW | INSERT | UPDATE, BEFORE | DELETE | TRUNCATE, BEFORE | DELETE | TRUNCATE | UPDATE
_RIGHTS = """
SELECT r.rolsuper, r.rolreplication OR r.rolbypassrls,
  (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND pg_has_role(current_user, c.relowner, 'USAGE')),
  has_table_privilege(current_user, %s, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
    OR coalesce(has_function_privilege(current_user, to_regprocedure('public.prtras_audit()'), 'EXECUTE'), false)
FROM pg_roles r WHERE r.rolname = current_user
"""


def _with_trigger(cursor: CursorWrapper, function: str, events: int) -> set[str]:
    cursor.execute(_TRIGGERS, [function, events, events])
    return {name for (name,) in cursor.fetchall()}


def audit_is_in_force(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Errors when a table goes unwatched or the connection could change the trail.

    Runs with `check --database default`, and not for the owner, who is about to migrate.
    """
    if "default" not in (databases or ()) or settings.DB_ROLE == "owner":
        return []
    with connections["default"].cursor() as cursor:
        watched = _with_trigger(cursor, "public.prtras_audit()", WATCH)
        kept = _with_trigger(cursor, "public.prtras_refuse()", KEEP)
        frozen = _with_trigger(cursor, "public.prtras_refuse()", FREEZE)
        cursor.execute(_RIGHTS, [AuditEvent._meta.db_table])
        superuser, powerful, owned, may_change_trail = cursor.fetchone()
    expected = {model._meta.db_table for model in audited_models()}
    trail = {AuditEvent._meta.db_table, AuditSeal._meta.db_table}
    found = [
        Error(f"{table} is not written to the audit trail.", id="audit.E001") for table in sorted(expected - watched)
    ]
    open_tables = sorted((expected - kept) | (trail - frozen))
    found += [Error(f"Rows of {table} could be deleted.", id="audit.E002") for table in open_tables]
    if superuser or powerful or owned:
        found.append(Error("The serving database role owns tables or is a superuser.", id="audit.E003"))
    if may_change_trail:
        found.append(Error("The serving database role may change the audit trail.", id="audit.E004"))
    return found
