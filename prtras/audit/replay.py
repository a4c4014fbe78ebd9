"""Does the trail explain what the tables hold? Replays it and compares. Reads only.

Seals show that the trail itself was not altered. This shows the rest: a change made while a trigger was off, a row that
is there without ever having been written, one that is gone, and a last event that was deleted before a seal took it in.
"""

from dataclasses import dataclass

from django.db import connection

from prtras.audit.installing import audited_models


@dataclass(frozen=True)
class Unexplained:
    """A row whose present state does not follow from the trail; the columns that differ, none if the row as a whole."""

    table: str
    row: str
    columns: tuple[str, ...]


#: A column that came with a later migration holds its default without an event: only other values are a difference.
_COMPARE = """
WITH replayed AS (
    SELECT e."row" AS key, jsonb_strip_nulls(jsonb_object_agg(kv.key, kv.value ORDER BY e.id)) AS state
    FROM audit_auditevent e CROSS JOIN LATERAL jsonb_each(e.new) kv WHERE e."table" = %(table)s GROUP BY e."row"
), stored AS (
    SELECT coalesce(j.state->>'id', j.state->>'page_id', j.state->>'token') AS key, jsonb_strip_nulls(j.state) AS state
    FROM (SELECT to_jsonb(t) AS state FROM {table} t) j
), compared AS (
    SELECT coalesce(replayed.key, stored.key) AS key, replayed.state IS NULL OR stored.state IS NULL AS one_sided,
        array(SELECT d.key FROM jsonb_each(prtras_difference(stored.state, replayed.state)) d
              WHERE replayed.state ? d.key OR d.value NOT IN ('""', 'false', '0', '{{}}', '[]')
              UNION SELECT d.key FROM jsonb_each(prtras_difference(replayed.state, stored.state)) d
              WHERE NOT stored.state ? d.key AND d.value NOT IN ('""', '{{}}', '[]')) AS columns
    FROM replayed FULL JOIN stored ON replayed.key = stored.key WHERE replayed.state IS DISTINCT FROM stored.state
)
SELECT key, CASE WHEN one_sided THEN '{{}}' ELSE columns END FROM compared
WHERE one_sided OR cardinality(columns) > 0 ORDER BY key LIMIT %(limit)s
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
