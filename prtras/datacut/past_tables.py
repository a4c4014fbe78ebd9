"""The tables of a picture as they were at a moment, rebuilt from the audit trail beside the tables of now.

Where a table was changed since, a temporary one of the same name takes its place until the transaction ends: what is
read over the connection finds it first, and reads the past without knowing. The role that reads sees the trail through
two views only (docs/decisions/0025-a-cut-as-the-database-was.md).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, Q, QuerySet

from prtras.audit.installing import TRAIL
from prtras.audit.models import Audited, AuditEvent

#: Which event came when, of the whole trail, without what it says; and what the events of these tables say.
MOMENTS, CHANGES = "datacut_moments", "datacut_changes"


class NotAudited(Exception):
    """A table is not in the trail, so nobody can say what it held; the names of such tables."""


class Unexplained(Exception):
    """A table holds rows that the trail does not know; the names of such tables."""


@dataclass(frozen=True)
class Moment:
    """What of the trail a picture saw: up to `last_event`, without the transactions that were not over then.

    These are the ones in `open_transactions` and all from `unbegun` on (as PostgreSQL's own snapshots have it).
    """

    last_event: int
    open_transactions: tuple[int, ...]
    unbegun: int


def views(tables: Iterable[str]) -> dict[str, str]:
    """The two views of the trail. The one that leaves rows out is a barrier: no function of a reader sees those."""
    listed = ", ".join(f"'{table}'" for table in sorted(set(tables)))
    return {
        MOMENTS: 'AS SELECT id, at, "transaction" FROM audit_auditevent',
        CHANGES: 'WITH (security_barrier) AS SELECT id, "transaction", "table", "row", operation, old, new '  # noqa: S608
                 f'FROM audit_auditevent WHERE "table" IN ({listed})',
    }  # fmt: skip


#: What the transaction that asks sees of the trail.
_SEEN = f"""
SELECT coalesce((SELECT id FROM {MOMENTS} ORDER BY id DESC LIMIT 1), 0),
    ARRAY(SELECT running::text::bigint FROM pg_snapshot_xip(pg_current_snapshot()) AS running),
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""  # noqa: S608 - our names

#: After a restore transactions are counted anew: `floor` is the last event before the last restore that lay before the
#: moment, `ceiling` that before the next one, and `unfinished` the first transaction that was not over there.
_RESTORES = """
openings AS (
    SELECT seal.made_at, before.last_event, before.unfinished
    FROM audit_auditseal seal JOIN audit_auditseal before ON before.id = seal.id - 1 WHERE seal.epoch <> before.epoch
), bounds AS (
    SELECT coalesce((SELECT max(last_event) FROM openings WHERE made_at <= %(at)s), 0) AS floor,
        coalesce(next.last_event, 9223372036854775807) AS ceiling, coalesce(next.unfinished, 0) AS unfinished
    FROM (SELECT) AS one
    LEFT JOIN (SELECT * FROM openings WHERE made_at > %(at)s ORDER BY made_at LIMIT 1) AS next ON true
)
"""
_FLOOR = f"WITH {_RESTORES} SELECT floor FROM bounds"  # noqa: S608 - our names
_LAST = f"SELECT id FROM {MOMENTS} WHERE at <= %s ORDER BY id DESC LIMIT 1"  # noqa: S608 - our names
#: Transactions that had written before the moment and went on writing after it.
_STRADDLING = f"""
WITH {_RESTORES}, later AS (
    SELECT "transaction", min(id) AS first FROM {MOMENTS} WHERE id > %(last)s GROUP BY 1
)
SELECT DISTINCT "transaction" FROM {MOMENTS} event JOIN later USING ("transaction") CROSS JOIN bounds
WHERE event.id <= %(last)s AND event.id > floor AND (later.first <= ceiling OR "transaction" >= unfinished)
"""  # noqa: S608 - our names

#: Of each row that was touched since: did it come since, and what was in the columns that changed, before they did?
_CHANGED = f"""
CREATE TEMPORARY TABLE datacut_changed ON COMMIT DROP AS
WITH {_RESTORES}, since AS (
    SELECT * FROM {CHANGES} WHERE id > %(last)s
    UNION ALL
    SELECT event.* FROM {CHANGES} event CROSS JOIN bounds WHERE id <= %(last)s AND id > floor
        AND "transaction" >= %(oldest)s AND ("transaction" >= %(unbegun)s OR "transaction" = ANY(%(open)s))
)
SELECT "table", "row", bool_or(operation = 'INSERT') AS is_new, min(id) AS first,
    jsonb_object_agg(each.key, each.value ORDER BY id DESC) FILTER (WHERE each.key IS NOT NULL) AS old
FROM since LEFT JOIN LATERAL jsonb_each(since.old) AS each ON true GROUP BY 1, 2
"""  # noqa: S608 - our names

#: A table as it was: what nobody touched since, and what was changed since with what it held before.
_AS_IT_WAS = """
CREATE TEMPORARY TABLE "{table}" ON COMMIT DROP AS
SELECT now.* FROM public."{table}" AS now
WHERE NOT EXISTS (SELECT FROM datacut_changed c WHERE c."table" = '{table}' AND c."row" = now."{key}"::text)
UNION ALL
SELECT past.* FROM datacut_changed c JOIN public."{table}" AS now ON c."row" = now."{key}"::text
CROSS JOIN LATERAL jsonb_populate_record(now, c.old) AS past
WHERE c."table" = '{table}' AND NOT c.is_new
"""
#: Rows that are gone though nothing can delete them: what their events up to the moment say, in the columns of then.
_BRING_BACK = f"""
INSERT INTO pg_temp."{{table}}" SELECT past.* FROM (
    SELECT "row", jsonb_object_agg(each.key, each.value ORDER BY id) AS state, min(id) AS first
    FROM {CHANGES} event CROSS JOIN LATERAL jsonb_each(event.new) AS each
    WHERE event."table" = '{{table}}' AND id <= %(last)s
        AND NOT EXISTS (SELECT FROM public."{{table}}" now WHERE now."{{key}}"::text = event."row")
        AND NOT EXISTS (SELECT FROM datacut_changed c
            WHERE c."table" = '{{table}}' AND c."row" = event."row" AND (c.is_new OR event.id >= c.first))
    GROUP BY 1
) AS gone CROSS JOIN LATERAL jsonb_populate_record(NULL::public."{{table}}", coalesce((
    SELECT jsonb_object_agg("column", value) FROM audit_auditcolumn
    WHERE "table" = '{{table}}' AND since >= gone.first AND since <= %(last)s), '{{{{}}}}') || gone.state) AS past
"""  # noqa: S608 - our names
#: How many rows of each table the trail knows at the moment: every row came with one event.
_ENTERED = f"""
SELECT "table", count(*) - (SELECT count(*) FROM datacut_changed c
    WHERE c."table" = event."table" AND c.is_new AND c.first <= %(last)s)
FROM {CHANGES} event WHERE operation = 'INSERT' AND id <= %(last)s GROUP BY 1
"""  # noqa: S608 - our names
#: Columns that came later and may be empty: they were not there.
_LATER_COLUMNS = """
SELECT later."table", later."column" FROM audit_auditcolumn later JOIN pg_attribute a
    ON a.attrelid = to_regclass('public.' || quote_ident(later."table")) AND a.attname = later."column"
WHERE later.since > %s AND NOT a.attnotnull AND NOT a.attisdropped AND later."table" = ANY(%s) ORDER BY 1, 2
"""


def seen(cursor: CursorWrapper) -> Moment:
    """What this transaction sees of the trail."""
    cursor.execute(_SEEN)
    last, running, unbegun = cursor.fetchone()
    return Moment(last, tuple(sorted(running)), unbegun)


def resolve(cursor: CursorWrapper, at: datetime) -> Moment:
    """The moment of a time: up to the last event at or before it, without transactions that went on writing after it.

    What is open still was open then.
    """
    now = seen(cursor)
    cursor.execute(_LAST, [at])
    (last,) = cursor.fetchone() or (0,)
    cursor.execute(_STRADDLING, {"at": at, "last": last})
    straddling = {transaction for (transaction,) in cursor.fetchall()}
    return Moment(last, tuple(sorted(straddling.union(now.open_transactions))), now.unbegun)


def events(at: datetime, moment: Moment) -> QuerySet[AuditEvent]:
    """Everything in the trail that a picture of this moment saw, oldest first; over the application's connection."""
    with connection.cursor() as cursor:
        cursor.execute(_FLOOR, {"at": at})
        (floor,) = cursor.fetchone()
    unfinished = Q(id__gt=floor) & (
        Q(transaction__gte=moment.unbegun) | Q(transaction__in=moment.open_transactions)
    )  # numbers of transactions begin anew after a restore
    return AuditEvent.objects.filter(id__lte=moment.last_event).exclude(unfinished).order_by("id")


def refuse_unaudited(models: Sequence[type[Model]]) -> None:
    """Raises NotAudited for tables whose past nobody wrote down."""
    unaudited = [m._meta.db_table for m in models if not issubclass(m, Audited) and m._meta.db_table not in TRAIL]
    if unaudited:
        raise NotAudited(", ".join(sorted(unaudited)))


def use_past_tables(cursor: CursorWrapper, models: Sequence[type[Model]], at: datetime, moment: Moment) -> None:
    """Put the tables of these models as they were in the place of those of now, until the transaction ends.

    Call it in a transaction that may make temporary tables. Raises NotAudited, Unexplained.
    """
    refuse_unaudited(models)
    keys = {m._meta.db_table: str(m._meta.pk.column) for m in models if issubclass(m, Audited)}
    known: dict[str, Any] = {
        "at": at, "last": moment.last_event, "open": list(moment.open_transactions), "unbegun": moment.unbegun,
        "oldest": min((*moment.open_transactions, moment.unbegun)),
    }  # fmt: skip
    cursor.execute(_CHANGED, known)
    cursor.execute('CREATE INDEX ON datacut_changed ("table", "row")')
    cursor.execute("ANALYZE datacut_changed")
    cursor.execute('SELECT DISTINCT "table" FROM datacut_changed')
    changed = {table for (table,) in cursor.fetchall()}
    cursor.execute(_LATER_COLUMNS, [moment.last_event, list(keys)])
    later: list[tuple[str, str]] = cursor.fetchall()
    laid = changed | {table for table, _ in later}
    for table in sorted(laid):
        cursor.execute(_AS_IT_WAS.format(table=table, key=keys[table]))
    _bring_back(cursor, keys, laid, known)
    for table, column in later:
        cursor.execute(f'UPDATE pg_temp."{table}" SET "{column}" = NULL')  # noqa: S608 - our own tables
    for table in sorted(laid):
        cursor.execute(f'CREATE INDEX ON pg_temp."{table}" ("{keys[table]}")')
        cursor.execute(f'ANALYZE pg_temp."{table}"')


def _bring_back(cursor: CursorWrapper, keys: dict[str, str], laid: set[str], known: dict[str, Any]) -> None:
    """Every row that came by the trail is there, and no other; adds to `laid`. Raises Unexplained."""
    cursor.execute(_ENTERED, known)
    entered = dict(cursor.fetchall())
    unexplained = []
    for table, key in keys.items():
        rows = _count(cursor, table)
        if rows < entered.get(table, 0):
            if table not in laid:
                cursor.execute(_AS_IT_WAS.format(table=table, key=key))
                laid.add(table)
            cursor.execute(_BRING_BACK.format(table=table, key=key), known)
            rows = _count(cursor, table)
        if rows != entered.get(table, 0):
            unexplained.append(table)
    if unexplained:
        raise Unexplained(", ".join(sorted(unexplained)))


def _count(cursor: CursorWrapper, table: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - our own tables
    (rows,) = cursor.fetchone()
    return int(rows)
