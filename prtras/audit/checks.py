"""The start-up check: is the trail in force, and can the serving role not get round it?"""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.utils import CursorWrapper

from prtras.audit.installing import TRAIL, audited_models
from prtras.audit.rules import Function, trigger_functions

#: Tables with a trigger that runs our function, unconditionally, at (at least) these events (pg_trigger.tgtype), and
#: what it passes to the function.
_TRIGGERS = """
SELECT c.relname, t.tgargs FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'public'::regnamespace AND t.tgfoid = to_regprocedure(%s)
  AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr = '' AND t.tgtype & %s = %s
"""
ROW, BEFORE, INSERT, DELETE, UPDATE, TRUNCATE = 1, 2, 4, 8, 16, 32
WATCH, KEEP, FREEZE = ROW | INSERT | UPDATE, BEFORE | DELETE | TRUNCATE, BEFORE | DELETE | TRUNCATE | UPDATE
_FUNCTIONS = """
SELECT proname, prosrc, prosecdef, coalesce(proconfig, '{}') FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
#: The last column: may it write to the trail or its seals, by itself or through a function that runs with the owner's
#: rights? The one that makes a seal takes no word from its caller.
_RIGHTS = """
SELECT r.rolsuper, r.rolreplication OR r.rolbypassrls,
  (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND pg_has_role(current_user, c.relowner, 'USAGE')),
  EXISTS (SELECT FROM unnest(%s) AS trail
      WHERE has_table_privilege(current_user, trail, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER'))
    OR EXISTS (SELECT FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      AND oid IS DISTINCT FROM to_regprocedure('public.prtras_seal()')
      AND (prosecdef OR prorettype = 'trigger'::regtype) AND has_function_privilege(current_user, oid, 'EXECUTE'))
FROM pg_roles r WHERE r.rolname = current_user
"""


def audit_is_in_force(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Errors when a table goes unwatched, a rule is not this release's, or the connection could change the trail.

    Runs with `check --database default`, and not for the owner, who is about to migrate.
    """
    if "default" not in (databases or ()) or settings.DB_ROLE == "owner":
        return []
    with connections["default"].cursor() as cursor:
        return [*_table_errors(cursor), *function_errors(cursor), *_role_errors(cursor)]


def _table_errors(cursor: CursorWrapper) -> list[CheckMessage]:
    audited = {model._meta.db_table: model.trigger_arguments() for model in audited_models()}
    watched = _with_trigger(cursor, "public.prtras_audit()", WATCH)
    undeletable = _with_trigger(cursor, "public.prtras_refuse()", KEEP).keys()
    frozen = _with_trigger(cursor, "public.prtras_refuse()", FREEZE).keys()
    unwatched = sorted(audited.keys() - watched.keys())
    deletable = sorted((audited.keys() - undeletable) | (TRAIL - frozen))
    unruled = sorted(table for table in audited.keys() & watched.keys() if audited[table] != watched[table])
    return [
        *(Error(f"{table} is not written to the audit trail.", id="audit.E001") for table in unwatched),
        *(Error(f"Rows of {table} could be deleted.", id="audit.E002") for table in deletable),
        *(Error(f"The trigger of {table} does not keep this release's rules.", id="audit.E006") for table in unruled),
    ]


def _with_trigger(cursor: CursorWrapper, function: str, events: int) -> dict[str, tuple[str, ...]]:
    cursor.execute(_TRIGGERS, [function, events, events])
    return {table: tuple(bytes(arguments).decode().split("\0")[:-1]) for table, arguments in cursor.fetchall()}


def function_errors(cursor: CursorWrapper) -> list[CheckMessage]:
    """An error for each function of the trail that is not this release's."""
    cursor.execute(_FUNCTIONS)
    installed = {Function(name, body, definer, tuple(options)) for name, body, definer, options in cursor.fetchall()}
    different = sorted(function.name for function in trigger_functions() if function not in installed)
    return [Error(f"The function {name} is not the one of this release.", id="audit.E005") for name in different]


def _role_errors(cursor: CursorWrapper) -> list[CheckMessage]:
    cursor.execute(_RIGHTS, [sorted(TRAIL)])
    superuser, powerful, owned, may_change_trail = cursor.fetchone()
    errors: list[CheckMessage] = []
    if superuser or powerful or owned:
        errors.append(Error("The serving database role owns tables or is a superuser.", id="audit.E003"))
    if may_change_trail:
        errors.append(Error("The serving database role may change the audit trail.", id="audit.E004"))
    return errors
