"""Who acts, in which role, why and from where: named once, around every write."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Protocol

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse


class Actor(Protocol):
    """Whoever the trail can name."""

    pk: int

    def get_username(self) -> str: ...


#: What the trigger writes into every event (triggers/trail.sql): one setting, which ends with the transaction.
_SET_ACTOR = "SET LOCAL prtras.actor = %s"
#: How long the act of a person who waits for the answer waits for rows that another act is writing, such as an import
#: of a whole file; then the database refuses it (`prtras.ui.outage`). What works by itself waits as long as it takes.
LONGEST_WAIT = "10s"
_somebody_waits: ContextVar[bool] = ContextVar("somebody waits", default=False)
_actor: ContextVar[dict[str, object]] = ContextVar("actor", default={})  # noqa: B039 - never changed in place


def somebody_waits(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the acts of a request are those of somebody who waits for the answer."""

    def marked(request: HttpRequest) -> HttpResponse:
        before = _somebody_waits.set(True)
        try:
            return get_response(request)
        finally:
            _somebody_waits.reset(before)

    return marked


@contextmanager
def acting(
    user: Actor, *, role: str = "", reason: str = "", reasons: Mapping[str, str] | None = None, source: str = "screen"
) -> Iterator[None]:
    """One transaction in which `user` changes data.

    `reason` holds for every change inside, `reasons` names one per item. The database refuses a write to an
    audited table outside such a block. Blocks nest: the inner one names its own actor, then the outer one holds again.
    A person who acts `through` a token of the API is named with it, whatever the source.
    """
    actor = {
        "id": user.pk,
        "name": user.get_username(),
        "role": role or getattr(user, "acting_role", "") or "none",
        "reason": reason,
        "reasons": dict(reasons or {}) or None,
        "source": getattr(user, "through", "") or source,
    }
    nested = connection.in_atomic_block
    with transaction.atomic(), _named(actor, restore=nested):  # the end of a transaction restores it by itself
        yield


@contextmanager
def giving_reasons(reason: str, reasons: Mapping[str, str]) -> Iterator[None]:
    """Inside `acting`: the same person, now with reasons for what follows. Two short statements, no savepoint."""
    with _named(_actor.get() | {"reason": reason, "reasons": dict(reasons) or None}, restore=True):
        yield


@contextmanager
def _named(actor: dict[str, object], *, restore: bool) -> Iterator[None]:
    before = _actor.set(actor)
    patience = f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'; " if _somebody_waits.get() and not restore else ""
    try:
        with connection.cursor() as cursor:
            cursor.execute(patience + _SET_ACTOR, [json.dumps(actor, ensure_ascii=False)])
            yield
            if restore:
                outer = before.old_value if before.old_value is not Token.MISSING else {}
                cursor.execute(_SET_ACTOR, [json.dumps(outer, ensure_ascii=False) if outer else ""])
    finally:
        _actor.reset(before)
