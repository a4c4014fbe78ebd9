"""Does the trail explain what the tables hold, and did people who exist write it? Reads only.

Seals show that the trail itself was not altered. This shows the rest: a change made while a trigger was off, a row that
is there without ever having been written, one that is gone, and a last event that was deleted before a seal took it in.
"""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import connection

from prtras.audit.installing import audited_models


@dataclass(frozen=True)
class Unexplained:
    """A row whose present state does not follow from the trail; the columns that differ, none if the row as a whole."""

    table: str
    row: str
    columns: tuple[str, ...]


#: What a row held when a column came that is younger than it stands in audit_auditcolumn; all else is in the events. An
#: empty column is in neither, so NULL differs from 0, from false and from an empty text.
_COMPARE = """
WITH replayed AS (
    SELECT e."row" AS key, min(e.id) AS first, jsonb_object_agg(kv.key, kv.value ORDER BY e.id) AS state
    FROM audit_auditevent e CROSS JOIN LATERAL jsonb_each(e.new) kv
    WHERE e."table" = %(table)s AND kv.key IN (
        SELECT attname FROM pg_attribute WHERE attrelid = %(table)s::regclass AND NOT attisdropped) GROUP BY e."row"
), expected AS (
    SELECT key, jsonb_strip_nulls(coalesce((
        SELECT jsonb_object_agg(c."column", c.value) FROM audit_auditcolumn c
        WHERE c."table" = %(table)s AND c.since >= replayed.first), '{{}}') || state) AS state FROM replayed
), stored AS (
    SELECT coalesce(j.state->>'id', j.state->>'page_id', j.state->>'token') AS key, jsonb_strip_nulls(j.state) AS state
    FROM (SELECT to_jsonb(t) AS state FROM {table} t) j
)
SELECT coalesce(expected.key, stored.key) AS key, array(
    SELECT jsonb_object_keys(prtras_difference(stored.state, expected.state)
                             || prtras_difference(expected.state, stored.state))
    WHERE expected.key = stored.key ORDER BY 1)
FROM expected FULL JOIN stored ON expected.key = stored.key WHERE expected.state IS DISTINCT FROM stored.state
ORDER BY key LIMIT %(limit)s
"""

#: A name counts that the account has now, or had by its own events.
_STRANGERS = """
SELECT e.id FROM audit_auditevent e LEFT JOIN {users} u ON u.{key} = e.actor
WHERE u.{key} IS NULL OR e.actor_name <> u.{name} AND NOT EXISTS (
    SELECT FROM audit_auditevent named WHERE named."table" = %(users)s AND named."row" = u.{key}::text
    AND e.actor_name IN (named.old->>%(name)s, named.new->>%(name)s))
ORDER BY e.id LIMIT %(limit)s
"""


def unexplained(limit: int = 20) -> list[Unexplained]:
    """The first rows of each table that the trail does not explain."""
    rows: list[Unexplained] = []
    with connection.cursor() as cursor:
        for table in sorted(model._meta.db_table for model in audited_models()):
            statement = _COMPARE.format(table=connection.ops.quote_name(table))
            cursor.execute(statement, {"table": table, "limit": limit})
            rows += [Unexplained(table, key, tuple(columns)) for key, columns in cursor.fetchall()]
    return rows


def strangers(limit: int = 20) -> list[int]:
    """The first events whose actor is no account, or an account that never had this name."""
    users = get_user_model()._meta
    name = get_user_model().USERNAME_FIELD
    quoted = {"users": users.db_table, "key": users.pk.attname, "name": name}
    with connection.cursor() as cursor:
        statement = _STRANGERS.format(**{word: connection.ops.quote_name(text) for word, text in quoted.items()})
        cursor.execute(statement, {"users": users.db_table, "name": name, "limit": limit})
        return [event for (event,) in cursor.fetchall()]
