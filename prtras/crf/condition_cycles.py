"""Conditions of one page that wait for each other: they could never be settled. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from prtras.crf.expressions import AnyRecord, Count, Exists, Expression, Reduced, Reference

if TYPE_CHECKING:
    from prtras.crf.registry import Table


def cycle_of(tables: "Sequence[Table]") -> list[str]:
    """Items of a form whose conditions form a cycle, as `table.item`; empty when they can be settled."""
    by_code = {table.code: table for table in tables}
    waits = {
        f"{table.code}.{name}": set(_looked_at(item.show, by_code))
        for table in tables
        for name, item in table.items.items()
        if item.show is not None
    }
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as cycle:
        return list(cycle.args[1])
    return []


def _looked_at(condition: Expression, tables: "Mapping[str, Table]") -> Iterator[str]:
    """The items of the same page that a condition looks at; every item of a table whose records it counts."""
    match condition:
        case Reference(form=code, item=name, at=None) if code in tables:
            yield _named(code, name, tables)
        case Exists(form=code) | Count(form=code) | Reduced(form=code) | AnyRecord(form=code) if code in tables:
            yield from (f"{code}.{name}" for name in tables[code].items)
    for part in condition.parts():
        yield from _looked_at(part, tables)


def _named(code: str, name: str, tables: "Mapping[str, Table]") -> str:
    """The item of a name; in a panel, `key_item` is an item of its rows."""
    key, _, part = name.rpartition("_")
    panels = (table.code for table in tables.values() if table.rows and key in table.rows.keys)
    return f"{code}.{name}" if name in tables[code].items else f"{next(panels, code)}.{part or name}"
