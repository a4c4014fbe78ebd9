"""Values that a later version of the protocol changes: which one holds for the page in hand. Pure.

A visit keeps the version of the protocol it was planned by (docs/decisions/0024): what is judged on its pages is
judged by the values of that version, whenever that happens.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

V = TypeVar("V")
#: Versions of the protocol, oldest first; None: all of them, so that the newest value holds.
Versions = Sequence[str] | None
#: The versions that made another value of something, oldest first, each with the value from then on.
Amended = tuple[tuple[str, V], ...]
_IN_FORCE: ContextVar[Versions] = ContextVar("versions of the protocol in force", default=None)


def in_force() -> Versions:
    """The versions under which something is judged just now."""
    return _IN_FORCE.get()


@contextmanager
def under(versions: Versions) -> Iterator[None]:
    """Judge by these versions within the block."""
    token = _IN_FORCE.set(versions)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def value_under(versions: Versions, original: V, amended: Amended[V]) -> V:
    """The value that holds when these versions of the protocol are in force."""
    values = [value for version, value in amended if versions is None or version in versions]
    return values[-1] if values else original
