"""One participant's casebook as the trail tells it: state by state, from events alone. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from prtras.crf.items import Item
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.crf.numbers import plain
from prtras.crf.registry import Rows, all_forms
from prtras.datacut.snapshot import VISIT_COLUMNS, participant_columns
from prtras.review.models import Query, Signature, Verification

PARTICIPANT, VISIT, PAGE, QUERY, SIGNATURE, VERIFICATION = (
    model._meta.db_table for model in (Participant, Visit, CrfPage, Query, Signature, Verification)
)
#: A visit and its number, a form, and which of its pages. Participant and visits have a form of their own.
Place = tuple[str | None, int | None, str, int]
#: A row of the database: its table and key.
Key = tuple[str, str]
Raw = dict[str, Any]
Cells = dict[str, "Cell"]
#: A row of a data cut: table, visit and its number, repeat, row.
CutKey = tuple[str, str | None, int | None, int, int]
#: Tables whose rows say something of a page beside its data.
ABOUT_PAGES = (PAGE, QUERY, SIGNATURE, VERIFICATION)
#: What says where a row belongs.
_PLACES = ("SITEID", "SUBJID", "VISIT", "VISITSEQ")


@dataclass(frozen=True)
class Cell:
    """What stands at an item: its value, why there is none, and how the source gives it in another unit."""

    value: Any = None
    reason: str | None = None
    reported: str | None = None

    @property
    def text(self) -> str:
        """The value as a text; several codes with semicolons between them."""
        return ";".join(self.value) if isinstance(self.value, list) else "" if self.value is None else str(self.value)

    def __bool__(self) -> bool:
        return bool(self.text or self.reason or self.reported)


@dataclass(frozen=True)
class Event:
    """One event of the trail; `new` holds the columns that came or changed."""

    id: int
    at: datetime
    transaction: int
    table: str
    row: str
    page: UUID | None
    actor: int
    role: str
    reason: str
    reasons: Mapping[str, str] | None
    new: Raw

    @property
    def key(self) -> Key:
        return self.table, self.row


@dataclass(frozen=True)
class Step:
    """What one transaction did on a page: an act on the page as a whole, or its data, or both."""

    act: Event | None
    data: tuple[Event, ...] = ()

    @property
    def first(self) -> Event:
        """The event that stands for the step."""
        return self.act or self.data[0]


@dataclass(frozen=True)
class TrailTable:
    """A table of the database that is one of the data cut: its name there, and its items by column.

    `withheld` are the items that never leave the house.
    """

    name: str
    items: Mapping[str, Item | None]
    columns: Mapping[str, str]
    rows: Rows | None = None
    withheld: frozenset[str] = frozenset()


#: By their names in the database and the form of the page ("" for what has none): forms may share a table.
Tables = Mapping[str, Mapping[str, TrailTable]]


def trail_tables() -> Tables:
    """The tables of participants, visits and forms."""
    tables: dict[str, dict[str, TrailTable]] = defaultdict(dict)
    for name, own_table, columns in (
        ("participants", PARTICIPANT, participant_columns()),
        ("visits", VISIT, VISIT_COLUMNS),
    ):
        own = {item: str(column) for item, column in columns.items() if item not in _PLACES}
        tables[own_table][""] = TrailTable(name, dict.fromkeys(own), own)
    for form in all_forms():
        for table in form.tables():
            fields = {name: str(item.column) for name, item in table.items.items()}
            identifying = frozenset(name for name, item in table.items.items() if item.identifies)
            tables[table.model._meta.db_table][form.code] = TrailTable(
                table.code, table.items, fields, table.rows, identifying
            )
    return tables


class Casebook:
    """The rows of the database that concern a participant, after some of the events."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._rows: dict[Key, Raw] = {}
        self._of_page: dict[str, list[Key]] = defaultdict(list)

    def apply(self, event: Event) -> None:
        """Let one event happen."""
        if event.key not in self._rows and event.table in self.tables and event.page is not None:
            self._of_page[str(event.page)].append(event.key)
        self._rows[event.key] = self._rows.get(event.key, {}) | event.new

    def table(self, key: Key) -> TrailTable:
        """The table of the data cut to which a row belongs."""
        page = self._rows[key].get("page_id")
        return self.tables[key[0]]["" if page is None else self._rows[PAGE, page]["form"]]

    def raw(self, key: Key) -> Raw:
        """A row of the database; empty while it is not there."""
        return self._rows.get(key, {})

    def place(self, event: Event) -> Place | None:
        """Where an event belongs; None for one that no file speaks of."""
        if event.table == PARTICIPANT:
            return None, None, "participants", 0
        if event.table == VISIT:
            return *self._visit(event.row), "visits", 0
        if event.page is None or event.table not in (*self.tables, *ABOUT_PAGES):
            return None
        page = self._rows[PAGE, str(event.page)]
        return *self._visit(page.get("visit_id")), page["form"], page["repeat"]

    def _visit(self, identity: object) -> tuple[str | None, int | None]:
        if identity is None:
            return None, None
        visit = self._rows[VISIT, str(identity)]
        return visit["code"], visit["sequence"]

    def state(self, page: UUID | None) -> str:
        """How a page stands; empty for what is no page."""
        return str(self.raw((PAGE, str(page))).get("state", ""))

    def rows_of(self, page: UUID | str) -> list[Key]:
        """The rows of a page, its own first."""
        return self._of_page[str(page)]

    def pages(self) -> list[Key]:
        """Every page, expected ones too."""
        return [key for key in self._rows if key[0] == PAGE]

    def cut_key(self, key: Key) -> CutKey:
        """Where a row stands in a data cut."""
        table, raw = self.table(key), self._rows[key]
        if key[0] == PARTICIPANT:
            return table.name, None, None, 0, 0
        if key[0] == VISIT:
            return table.name, *self._visit(key[1]), 0, 0
        page = self._rows[PAGE, raw["page_id"]]
        return table.name, *self._visit(page.get("visit_id")), page["repeat"], raw["row"] if table.rows else 0

    def data(self) -> list[Key]:
        """Every row of a table of the data cut."""
        return [key for key in self._rows if key[0] in self.tables]

    def cells(self, key: Key) -> Cells | None:
        """What stands at the items of a row; None if it does not count: not submitted, or entered in error."""
        raw = self._rows.get(key)
        if raw is None:
            return None
        page = raw.get("page_id")
        if page is not None and (self.state(page) != "submitted" or raw.get("void_reason")):
            return None
        return self.stored(key)

    def stored(self, key: Key) -> Cells:
        """What stands at the items of a row, whether it counts or not."""
        table, raw = self.table(key), self._rows[key]
        reasons, reported = raw.get("missing") or {}, raw.get("reported") or {}
        cells = {}
        for name in dict.fromkeys((*table.columns, *reasons, *reported)):
            value = None if name in table.withheld else raw.get(table.columns.get(name, ""))
            cell = Cell(_as_in_a_cut(table.items.get(name), value), reasons.get(name), reported.get(name))
            if cell:
                cells[name] = cell
        return cells


def _as_in_a_cut(item: Item | None, value: Any) -> Any:
    """A value of the trail as a data cut has it: decimals as text without trailing zeros."""
    return plain(Decimal(value)) if item is not None and item.kind == "decimal" and value is not None else value


def steps(events: Iterable[Event], data_tables: Collection[str]) -> Iterator[Step]:
    """The events of one page (in the order of the trail), those of a transaction together.

    The act that submits the page, or any other on the page as a whole, stands with the data that came with it.
    """
    for _transaction, together in groupby(events, key=lambda event: event.transaction):
        data: list[Event] = []
        acts: list[Event] = []
        for event in together:
            (data if event.table in data_tables else acts).append(event)
        main = next((act for act in acts if act.new.get("state") == "submitted" and act.table == PAGE), None)
        main = main or next((act for act in acts if act.table == PAGE), None)
        if data and main is None:
            yield Step(None, tuple(data))
        for act in acts:
            yield Step(act, tuple(data) if act is main else ())
