"""Two data cuts compared value by value. Pure.

A row is known by its keys; of rows with the same keys (two queries at one place) the first is compared with the first.
What identifies a participant is not compared: it never leaves the house.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

KEYS = ("SITEID", "SUBJID", "VISIT", "VISITSEQ", "FORM", "REPEAT", "ROW", "PLACE")
#: Says how often a page was saved, not what is on it.
COUNTED = "PAGEVERSION"
NEW, CHANGED, REMOVED = "new", "changed", "removed"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One value that is not the same: of which table and row, which column, and what stands in both (None: nothing)."""

    table: str
    keys: tuple[Any, ...]
    column: str
    change: str
    before: Any
    after: Any

    @property
    def participant(self) -> str:
        """Whose value it is."""
        return str(self.keys[KEYS.index("SUBJID")])


def differences(
    before: Mapping[str, Iterable[Row]],
    after: Mapping[str, Iterable[Row]],
    hidden: Callable[[str], Collection[str]] = lambda _: (),
) -> Iterator[Difference]:
    """Every value that differs, by table in the order of the later cut; `hidden` gives the columns to leave out."""
    for table in dict.fromkeys((*after, *before)):
        left_out = {*hidden(table), COUNTED}
        old, new = (_by_keys(each.get(table, ())) for each in (before, after))
        for keys in dict.fromkeys((*new, *old)):
            yield from _of_a_row(table, keys, old.get(keys, {}), new.get(keys, {}), left_out)


def _by_keys(rows: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    """Each row by its keys and its number among those with the same keys."""
    seen: Counter[tuple[Any, ...]] = Counter()
    known: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        keys = tuple(row.get(name) for name in KEYS)
        seen[keys] += 1
        known[*keys, seen[keys]] = row
    return known


def _of_a_row(table: str, keys: tuple[Any, ...], old: Row, new: Row, left_out: Collection[str]) -> Iterator[Difference]:
    was, now = _values(old, left_out), _values(new, left_out)
    for column in dict.fromkeys((*now, *was)):
        if was.get(column) != now.get(column):
            change = NEW if column not in was else REMOVED if column not in now else CHANGED
            yield Difference(table, keys[:-1], column, change, was.get(column), now.get(column))
    if bool(old) != bool(new) and not was and not now:  # a row without a value is still there, or gone
        yield Difference(table, keys[:-1], "", NEW if new else REMOVED, None, None)


def _values(row: Row, left_out: Collection[str]) -> dict[str, Any]:
    """What is filled in, beside the keys; reasons and other units of a value under the name of their item."""
    values: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            values |= {f"{name}.{item}": text for item, text in value.items() if item not in left_out}
        elif name not in KEYS and name not in left_out and value not in (None, "", []):
            values[name] = value
    return values


def counted(differing: Iterable[Difference]) -> dict[str, dict[str, int]]:
    """How many values of each table are new, changed and removed."""
    counts: dict[str, dict[str, int]] = {}
    for each in differing:
        of_table = counts.setdefault(each.table, {NEW: 0, CHANGED: 0, REMOVED: 0})
        of_table[each.change] += 1
    return counts
