"""The start-up check: does the role that takes pictures only read?"""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connections

from prtras.datacut.snapshot import CONNECTION

#: Whatever could change a row or a right: of its own, or of a role that it could become.
_MAY_WRITE = """
SELECT r.rolsuper OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls
    OR EXISTS (SELECT FROM pg_roles other WHERE other.oid <> r.oid AND pg_has_role(r.oid, other.oid, 'MEMBER'))
    OR EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND (c.relowner = r.oid
             OR has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
             OR has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE')))
    OR EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
        AND has_function_privilege(r.oid, p.oid, 'EXECUTE'))
FROM pg_roles r WHERE r.rolname = %s
"""


def pictures_are_only_read(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """An error when the role of the connection `snapshot` could write. Runs with `check --database default`."""
    if "default" not in (databases or ()) or settings.DB_ROLE == "owner":
        return []
    role = connections[CONNECTION].settings_dict["USER"]
    with connections["default"].cursor() as cursor:
        cursor.execute(_MAY_WRITE, [role])
        rights = cursor.fetchone()
    if rights is None:
        return [Error(f"There is no database role {role!r} for data cuts.", id="datacut.E001")]
    (may_write,) = rights
    return [Error(f"The database role {role!r} of data cuts may write.", id="datacut.E002")] if may_write else []
