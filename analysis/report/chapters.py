"""The chapters of the report: the plan's groups, their items, and numbered tables, figures and listings. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Literal

from analysis import plan_items
from analysis.outputs import OUTPUTS
from analysis.outputs.output import Panel, Shown, Table, Text, View
from analysis.plan_items import Item
from analysis.results import Results
from prtras.labels import T

OUTPUT_OF = {output.code: output for output in OUTPUTS}
#: A table of more rows stands on a page of its own.
ROWS_BESIDE_OTHERS = 30
Kind = Literal["table", "figure", "listing"]
LABELS: dict[Kind, T] = {
    "table": T("表{n}", "Table {n}"), "figure": T("图{n}", "Figure {n}"), "listing": T("清单{n}", "Listing {n}"),
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A table, a figure or a listing with its number among its kind."""

    kind: Kind
    number: int
    title: Text
    plan: str
    table: Table | None = None
    panel: Panel | None = None

    @property
    def label(self) -> T:
        """Such as "Table 3"."""
        return LABELS[self.kind].format(n=self.number)

    @property
    def anchor(self) -> str:
        """Where the table of contents leads."""
        return f"{self.kind}-{self.number}"

    @property
    def is_long(self) -> bool:
        """A table of so many rows needs a page of its own."""
        return self.table is not None and len(self.table.rows) > ROWS_BESIDE_OTHERS


@dataclass(frozen=True)
class Section:
    """One item of the plan with what answers it."""

    item: Item
    parts: tuple[Part, ...]

    @property
    def is_long(self) -> bool:
        """It begins with a long table, and so on a new page."""
        return bool(self.parts) and self.parts[0].is_long


@dataclass(frozen=True)
class Chapter:
    """One group of the plan; `number` as it is printed."""

    number: str
    title: Text
    sections: tuple[Section, ...] = ()

    @property
    def label(self) -> Text:
        """The number as it stands before the title."""
        return self.number if self.number.isdigit() else T("附录{n}", "Appendix {n}").format(n=self.number)

    @property
    def anchor(self) -> str:
        """Where the table of contents leads."""
        return f"chapter-{self.number}"


SUMMARY = Chapter("1", T("摘要", "Summary"))
RULES = Chapter("A", T("规则与公式", "Rules and formulas"))
CAUTIONS = Chapter("B", T("提示与警告", "Cautions"))


def chapters(results: Results) -> list[Chapter]:
    """Every group of the plan from chapter 2 on, after the summary; an item without a table or figure has its rule."""
    numbers: dict[Kind, Iterator[int]] = {kind: count(1) for kind in LABELS}
    return [
        Chapter(str(n), title, tuple(Section(item, tuple(_parts(item, results, numbers))) for item in items))
        for n, (title, items) in enumerate(plan_items.GROUPS, start=2)
    ]


def _parts(item: Item, results: Results, numbers: dict[Kind, Iterator[int]]) -> Iterator[Part]:
    for code in item.outputs:
        for kind, title, plan, table, panel in _drawn(results.show_output(OUTPUT_OF[code], View.REPORT)):
            yield Part(kind, next(numbers[kind]), title, plan, table, panel)


def _drawn(shown: Shown) -> Iterator[tuple[Kind, Text, str, Table | None, Panel | None]]:
    """Figures and the tables that stand in their place, then tables and listings."""
    for panel in shown.panels:
        if panel.drawings:
            yield "figure", panel.title, panel.plan, None, panel
        elif panel.table:
            yield "table", panel.title, panel.plan, panel.table, None
    for table in shown.tables:
        yield "listing" if table.listing else "table", table.caption, table.plan, table, None
