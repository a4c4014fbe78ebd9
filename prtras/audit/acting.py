"""Who acts, in which role, why and from where: said once, around every write."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from django.db import connection, transaction


class Actor(Protocol):
    """Whoever the trail can name."""

    pk: int

    def get_username(self) -> str: ...


SETTINGS = ("actor", "actor_name", "role", "reason", "reasons", "source")
_SET = "SELECT " + ", ".join(f"set_config('prtras.{name}', %s, true)" for name in SETTINGS)
_REASONS = "SELECT set_config('prtras.reason', %s, true), set_config('prtras.reasons', %s, true)"
#: One round trip: what was said before (for the way out of a nested block), then what is said now.
_SAY = (
    "WITH before AS MATERIALIZED (SELECT "  # noqa: S608 - names from the list above
    + ", ".join(f"coalesce(current_setting('prtras.{name}', true), '') AS {name}" for name in SETTINGS)
    + ") SELECT before.*, "
    + ", ".join(f"set_config('prtras.{name}', %s, true)" for name in SETTINGS)
    + " FROM before"
)


@contextmanager
def giving_reasons(reason: str, reasons: Mapping[str, str]) -> Iterator[None]:
    """Inside `acting`: the same person, now with reasons for what follows. Two short statements, no savepoint."""
    said = json.dumps(dict(reasons), ensure_ascii=False) if reasons else ""
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, [reason, said])
        yield
        cursor.execute(_REASONS, ["", ""])


@contextmanager
def acting(
    user: Actor, *, role: str = "", reason: str = "", reasons: Mapping[str, str] | None = None, source: str = "screen"
) -> Iterator[None]:
    """One transaction in which `user` changes data.

    `reason` holds for every change inside, `reasons` names one per item. The database refuses a write to an
    audited table outside such a block. Blocks nest: the inner one speaks for itself, then the outer one again.
    """
    role = role or getattr(user, "acting_role", "") or "none"
    said = json.dumps(dict(reasons), ensure_ascii=False) if reasons else ""
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SAY, [str(user.pk), user.get_username(), role, reason, said, source])
        before = cursor.fetchone()[: len(SETTINGS)]
        yield
        if nested:  # else the end of the transaction takes back what was said
            cursor.execute(_SET, before)
