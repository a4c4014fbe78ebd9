"""Accrual: participants with a chosen arm against the planned number. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs.output import Output, Panel, Shown, View
from analysis.survival.results import Result
from prtras.labels import T
from prtras.ui.charts.accrual import CountOnDay, Texts, cumulative_accrual
from prtras.ui.charts.scales import DateTick, month_starts

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


@dataclass(frozen=True)
class Accrual(Result):
    """Day 0 of every participant up to the cut-off, in order."""

    cutoff: date
    days: tuple[date, ...]


def compute(data: AnalysisData) -> Accrual:
    """Collect Day 0 of all participants."""
    days = [date.fromisoformat(person["DAY0"]) for person in data.tables["participants"] if person["DAY0"]]
    return Accrual(data.cutoff, tuple(sorted(day for day in days if day <= data.cutoff)))


def show(result: Accrual, view: View) -> Shown:
    """A small figure."""
    key = "" if view is View.REPORT else T("目标 {n}", "target {n}").format(n=plan.PLANNED)
    return Shown(panels=(Panel("ac", OUTPUT.title, (_draw(result),), key),))


def _draw(result: Accrual) -> str:
    first = result.days[0] if result.days else result.cutoff
    until = date(first.year + 2, first.month, 1)
    status = T("已入组 {n} / {target}", "{n} of {target} enrolled").format(n=len(result.days), target=plan.PLANNED)
    return cumulative_accrual(
        [CountOnDay(day, n) for n, day in enumerate(result.days, start=1)],
        [],
        target=plan.PLANNED,
        today=result.cutoff,
        axis=[DateTick(day, f"{day:%Y-%m}") for day in month_starts(first, until, 6)],
        texts=Texts(
            title=str(OUTPUT.title),
            desc=str(status),
            today=str(T("今天", "Today")),
            target=str(T("目标", "target")),
            plan=str(T("计划", "plan")),
            status=str(status),
        ),
        size="narrow",
    )


OUTPUT = Output(
    code="accrual",
    title=T("入组进度", "Accrual"),
    by_arm=False,
    result=Accrual,
    compute=compute,
    show=show,
)
