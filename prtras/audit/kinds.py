"""Kinds of act in the audit trail, for people: each app registers the tables in which its acts leave a row."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from prtras.labels import T


@dataclass(frozen=True)
class Kind:
    """A kind of act and its tables.

    `conduct`: about people's work, not about a participant. `every_site`: rows about no participant concern every site.
    """

    code: str
    title: T
    tables: tuple[str, ...]
    order: int
    conduct: bool = False
    every_site: tuple[str, ...] = ()


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Add a kind of act. Raises ValueError for a code used twice."""
    if kind.code in _kinds:
        raise ValueError(f"kind {kind.code} is registered twice")
    _kinds[kind.code] = kind


def register_tables(code: str, *tables: str) -> None:
    """Add tables to a kind that another app registered. Raises KeyError."""
    kind = _kinds[code]
    _kinds[code] = replace(kind, tables=(*kind.tables, *tables))


def all_kinds() -> Iterator[Kind]:
    """Every kind, in the order in which people read them."""
    yield from sorted(_kinds.values(), key=lambda kind: kind.order)


def tables_of_every_site() -> list[str]:
    """Tables whose rows concern every site when they are about no participant."""
    return [table for kind in _kinds.values() for table in kind.every_site]
