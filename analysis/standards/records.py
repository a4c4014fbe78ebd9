"""Records on their way to SDTM: parts of names with values, the row of the cut they come from, their qualifiers."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.standards.table_mappings import Placed
from prtras.labels import T

Row = Mapping[str, Any]
PAGE = ("SUBJID", "VISIT", "VISITSEQ", "REPEAT")


@dataclass(eq=False)
class DraftRecord:
    """One record: its domain, the parts of its variables, and the row of the cut that it comes from."""

    domain: str
    parts: dict[str, Any]
    table: str
    row: Row
    visit: str | None
    group: bool = False


@dataclass
class Qualifier:
    """A supplemental qualifier of a record, or of all findings of its group; without a parent it goes to the visit."""

    name: str
    label: T
    value: str
    parent: DraftRecord | None
    row: Row
    grouped: bool = False
    derived: bool = False


@dataclass
class Collected:
    """Everything that the rows of a cut became. `meanings` are the texts of coded values by domain and part."""

    records: dict[str, list[DraftRecord]] = field(default_factory=lambda: defaultdict(list))
    qualifiers: list[Qualifier] = field(default_factory=list)
    links: list[tuple[DraftRecord | None, Placed, Row]] = field(default_factory=list)
    meanings: dict[tuple[str, str], dict[str, T]] = field(default_factory=lambda: defaultdict(dict))
    common: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)


def page_of(row: Row) -> tuple[Any, ...]:
    """Which page a row stands on, within its form."""
    return tuple(row.get(name) for name in PAGE)
