"""What an output is, and the parts from which dashboard and report are set. Pure but for the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from analysis.survival.results import Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

R = TypeVar("R", bound=Result)
Text = T | str


class View(Enum):
    """Where results are read: the two dashboards, and the report, which is by arm too."""

    POOLED = "pooled dashboard"
    BY_ARM = "dashboard by arm"
    REPORT = "report"

    @property
    def by_arm(self) -> bool:
        """Only who may see results by arm gets this view."""
        return self is not View.POOLED


@dataclass(frozen=True)
class Tile:
    """One key number (or one per arm) of the strip at the top."""

    label: Text
    values: tuple[str, ...]
    unit: Text = ""
    note: Text = ""


@dataclass(frozen=True)
class Share:
    """A count with its percentage."""

    n: int
    percent: str

    def __str__(self) -> str:
        return f"{self.n} ({self.percent}%)"


@dataclass(frozen=True)
class Row:
    """One line of a table: its head, its cells (a line break in a cell stays), and small bars behind them.

    `instead` stands over the rest of the line when it has fewer cells than the table: why there are no numbers.
    """

    head: Text
    cells: tuple[Text | Share | int, ...]
    bars: str = ""
    instead: Text = ""


@dataclass(frozen=True)
class Table:
    """A table of numbers; without rows it says `empty`, with them `note` stands below.

    `output` is the code of its output, `plan` the numbers of the items of the plan that it answers, `population` says
    of whom it is. A `listing` has a line for each participant or event, and goes on over pages of paper.
    """

    caption: Text
    heads: tuple[Text, ...]
    rows: tuple[Row, ...]
    empty: Text = "NE"
    note: Text = ""
    plan: str = ""
    population: Text = ""
    output: str = ""
    listing: bool = False

    @property
    def rows_with_room(self) -> list[tuple[Row, int]]:
        """The rows, each with the number of columns that it leaves free."""
        return [(row, len(self.heads) - 1 - len(row.cells)) for row in self.rows]


@dataclass(frozen=True)
class Panel:
    """A drawing in one or more sizes, or a small table, under a heading of its own.

    `table` holds the numbers of a drawing for who cannot see it; `main` is for the wide column.
    """

    ident: str
    title: Text
    drawings: tuple[str, ...] = ()
    key: Text = ""
    caption: Text = ""
    table: Table | None = None
    main: bool = False
    plan: str = ""
    population: Text = ""
    output: str = ""

    @property
    def under(self) -> Text:
        """What is printed below a drawing: its caption, else its key."""
        return self.caption or self.key


@dataclass(frozen=True)
class Shown:
    """What one or all outputs contribute to a view, each kind in the order of the list.

    `facts` stand at the head of the view beside those of the data cut, each with what it is called.
    """

    tiles: tuple[Tile, ...] = ()
    panels: tuple[Panel, ...] = ()
    tables: tuple[Table, ...] = ()
    facts: tuple[tuple[Text, Text], ...] = ()

    def of(self, output: str, plan: str, population: Text) -> Shown:
        """The same, each figure and table with its output, the items of the plan that it answers, and of whom it is."""
        return Shown(
            self.tiles,
            tuple(replace(panel, output=output, plan=plan, population=population) for panel in self.panels),
            tuple(replace(table, output=output, plan=plan, population=population) for table in self.tables),
            self.facts,
        )

    def __add__(self, other: Shown) -> Shown:
        return Shown(
            self.tiles + other.tiles,
            self.panels + other.panels,
            self.tables + other.tables,
            self.facts + other.facts,
        )


def _nothing(_result: Any) -> tuple[Text, ...]:
    return ()


def pooled_only(show: Callable[[R, View], Shown]) -> Callable[[R, View], Shown]:
    """Show on the pooled dashboard alone: where the arms are seen, an output of theirs stands instead."""
    return lambda result, view: show(result, view) if view is View.POOLED else Shown()


@dataclass(frozen=True)
class Output(Generic[R]):
    """One table or figure of the analysis.

    `result` is stored under `code` with every run. An output `by_arm` is not even read for a pooled view. `warn` says
    what the reader must know beside the numbers; `expected` gives every number that is shown, by its place: the
    bundle's programs compute them again (`expectations`). `places` are the words and phrases of these places that are
    not common to all outputs (`number_places.place_text`).
    """

    code: str
    title: T
    by_arm: bool
    result: type[R]
    compute: Callable[[AnalysisData], R]
    show: Callable[[R, View], Shown]
    warn: Callable[[R], tuple[Text, ...]] = _nothing
    expected: Callable[[R], Mapping[str, float | None]] | None = None
    places: Mapping[str, T] = field(default_factory=dict)
