"""Who acts, in which role, why and from where: said once, around every write."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Protocol

from django.db import connection, transaction


class Actor(Protocol):
    """Whoever the trail can name."""

    pk: int

    def get_username(self) -> str: ...


#: What the trigger writes into every row: one setting, which ends with the transaction.
_SAY = "SET LOCAL prtras.said = %s"
_said: ContextVar[dict[str, object]] = ContextVar("said", default={})  # noqa: B039 - never changed in place


@contextmanager
def acting(
    user: Actor, *, role: str = "", reason: str = "", reasons: Mapping[str, str] | None = None, source: str = "screen"
) -> Iterator[None]:
    """One transaction in which `user` changes data.

    `reason` holds for every change inside, `reasons` names one per item. The database refuses a write to an
    audited table outside such a block. Blocks nest: the inner one speaks for itself, then the outer one again.
    """
    said = {
        "actor": user.pk,
        "actor_name": user.get_username(),
        "role": role or getattr(user, "acting_role", "") or "none",
        "reason": reason,
        "reasons": dict(reasons or {}) or None,
        "source": source,
    }
    nested = connection.in_atomic_block
    with transaction.atomic(), _saying(said, take_back=nested):  # the end of a transaction takes it back by itself
        yield


@contextmanager
def giving_reasons(reason: str, reasons: Mapping[str, str]) -> Iterator[None]:
    """Inside `acting`: the same person, now with reasons for what follows. Two short statements, no savepoint."""
    with _saying(_said.get() | {"reason": reason, "reasons": dict(reasons) or None}, take_back=True):
        yield


@contextmanager
def _saying(said: dict[str, object], *, take_back: bool) -> Iterator[None]:
    before = _said.set(said)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_SAY, [json.dumps(said, ensure_ascii=False)])
            yield
            if take_back:
                outer = before.old_value if before.old_value is not Token.MISSING else {}
                cursor.execute(_SAY, [json.dumps(outer, ensure_ascii=False) if outer else ""])
    finally:
        _said.reset(before)
