"""Seals: checksums of the trail that leave the machine with every report, export and backup."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from prtras.audit.models import AuditEvent, AuditSeal

COLUMNS = ("id", "at", "transaction", "table", "row", "operation", "page", "participant", "actor", "actor_name",
           "role", "reason", "reasons", "source", "old", "new")  # fmt: skip
_LOCK = 72_001_001


@dataclass(frozen=True)
class Broken:
    """The first seal that does not fit its rows, and the first and last row it covers."""

    seal: int
    first_event: int | None
    last_event: int


def seal() -> AuditSeal | None:
    """Seal all finished transactions since the last seal; None when there is nothing new.

    Only transactions older than the oldest one still running are taken, so no row can slip in below a seal.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (until,) = cursor.fetchone()
        previous = AuditSeal.objects.order_by("-id").first()
        start = previous.until_transaction if previous else 0
        digest, events, _first, last = _digest(start, until, previous.sha256 if previous else "")
        if events == 0:
            return None
        return AuditSeal.objects.create(
            from_transaction=start, until_transaction=until, last_event=last, events=events, sha256=digest
        )


def head_seal() -> str:
    """The newest seal's checksum, or a dash before the first."""
    newest = AuditSeal.objects.order_by("-id").values_list("sha256", flat=True).first()
    return newest or "-"


def verify() -> Broken | None:
    """Recompute every seal from the rows; the first that does not fit, or None."""
    previous, start = "", 0
    for made in AuditSeal.objects.order_by("id"):
        digest, events, first, last = _digest(start, made.until_transaction, previous)
        if (made.from_transaction, made.sha256, made.events) != (start, digest, events):
            return Broken(made.id, first, last)
        previous, start = made.sha256, made.until_transaction
    return None


def _digest(start: int, until: int, previous: str) -> tuple[str, int, int | None, int]:
    digest = hashlib.sha256(previous.encode())
    count, last = 0, 0
    first: int | None = None
    for row in _rows(start, until):
        digest.update(json.dumps(row, sort_keys=True, ensure_ascii=False, default=str).encode() + b"\n")
        count, last = count + 1, max(last, row["id"])
        first = row["id"] if first is None else min(first, row["id"])
    return digest.hexdigest(), count, first, last


def _rows(start: int, until: int) -> Iterator[Mapping[str, Any]]:
    events = AuditEvent.objects.filter(transaction__gte=start, transaction__lt=until).order_by("transaction", "id")
    yield from events.values(*COLUMNS).iterator(chunk_size=2000)
