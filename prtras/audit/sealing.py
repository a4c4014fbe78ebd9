"""Seals: checksums of the trail that leave the machine with every report, export and backup.

The database cuts and computes them (triggers/seals.sql); the application calls it and reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from prtras.audit.models import AuditSeal

#: How much of a head's 64 digits suffices to compare it: as much as the pages of the trail print.
HEAD_DIGITS = 16

_BROKEN = """
SELECT seal.id, lower(seal.covers[1]), upper(seal.covers[cardinality(seal.covers)]) - 1
FROM audit_auditseal AS seal
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS number, lag(sha256, 1, '') OVER (ORDER BY id) AS sha256
      FROM audit_auditseal) AS previous USING (id)
WHERE seal.id <> previous.number OR seal.sha256 <> prtras_seal_sha256(seal, previous.sha256) ORDER BY seal.id LIMIT 1
"""
_INTRUDERS = "SELECT event FROM prtras_unsealed() WHERE NOT in_order ORDER BY event"


@dataclass(frozen=True)
class Broken:
    """The first seal that does not fit its rows or the seal before it, and the first and last row it can mean."""

    seal: int
    first_event: int
    last_event: int


def seal() -> AuditSeal | None:
    """Seal every event that no seal covers yet; None when there is nothing new.

    What is still being written is covered by a later seal: each says which events are its own.
    """
    return next(iter(AuditSeal.objects.raw("SELECT * FROM prtras_seal()")), None)


def head_seal() -> str:
    """The newest seal's checksum, or a dash before the first."""
    newest = AuditSeal.objects.order_by("-id").values_list("sha256", flat=True).first()
    return newest or "-"


def verify() -> Broken | None:
    """Recompute every seal from the rows; the first that does not fit, or None."""
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN)
        broken = cursor.fetchone()
    return Broken(*broken) if broken else None


def intruders() -> list[int]:
    """Events behind the last seal that no transaction of then can have left there: put in past the trail."""
    with connection.cursor() as cursor:
        cursor.execute(_INTRUDERS)
        return [event for (event,) in cursor.fetchall()]


def seal_of(head: str) -> AuditSeal | None:
    """The seal with this checksum, or with one that begins so. Raises ValueError for what is no checksum."""
    head = head.strip().lower()
    if not HEAD_DIGITS <= len(head) <= 64 or set(head) - set("0123456789abcdef"):
        raise ValueError(f"a seal has 64 hexadecimal digits, of which at least {HEAD_DIGITS} are needed: {head!r}")
    return AuditSeal.objects.filter(sha256__startswith=head).first()


def openings() -> Iterator[AuditSeal]:
    """The first seal of every epoch but the first: each under the head that the restored database had."""
    epoch = 1
    for each in AuditSeal.objects.order_by("id").only("id", "epoch", "made_at"):
        if each.epoch != epoch:
            epoch = each.epoch
            yield each
