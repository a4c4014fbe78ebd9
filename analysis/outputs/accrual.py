"""Accrual: participants with a chosen arm against the planned number, with a forecast. Pure but for the language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs.design_monitor import Days, full_day
from analysis.outputs.expectations import Numbers
from analysis.outputs.output import Output, Panel, Row, Shown, Table, View
from analysis.survival.results import Result
from prtras.labels import T
from prtras.ui.charts.accrual import CountOnDay, Texts, cumulative_accrual
from prtras.ui.charts.scales import DateTick, month_starts

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


@dataclass(frozen=True)
class Accrual(Result):
    """Day 0 of every participant up to the cut-off, in order; `full` is when the planned number is reached.

    None where nobody can say, and in older runs.
    """

    cutoff: date
    days: tuple[date, ...]
    full: Days | None = None

    @property
    def forecast(self) -> date | None:
        """The day to which the forecast is drawn: one to come, not beyond five years."""
        day = self.full.median if self.full else None
        return day if day and self.cutoff < day < self.cutoff + timedelta(days=5 * 365) else None


def compute(data: AnalysisData) -> Accrual:
    """Collect Day 0 of all participants."""
    days = [date.fromisoformat(person["DAY0"]) for person in data.tables["participants"] if person["DAY0"]]
    return Accrual(data.cutoff, tuple(sorted(day for day in days if day <= data.cutoff)), full_day(data.projection))


def show(result: Accrual, view: View) -> Shown:
    """A small figure."""
    key = T("目标 {n}", "target {n}").format(n=plan.PLANNED)
    if result.forecast:
        key += T("，预计 {day} 达到", ", reached about {day}").format(day=result.forecast)
    below = "" if view is View.REPORT else key
    return Shown(panels=(Panel("ac", OUTPUT.title, (_draw(result),), below, table=_by_month(result)),))


def _by_month(result: Accrual) -> Table:
    """How many had an arm by the end of each month in which somebody was enrolled."""
    heads = (T("月份", "Month"), T("累计入组", "Enrolled by its end"))
    rows = (Row(month, (n,)) for month, n in _reached(result).items())
    return Table(OUTPUT.title, heads, tuple(rows))


def _reached(result: Accrual) -> dict[str, int]:
    return {f"{day:%Y-%m}": n for n, day in enumerate(result.days, start=1)}


def _draw(result: Accrual) -> str:
    first, last = result.days[0] if result.days else result.cutoff, result.forecast or result.cutoff
    every = 6 if (last - first).days < 6 * 365 else 12
    status = T("已入组 {n} / {target}", "{n} of {target} enrolled").format(n=len(result.days), target=plan.PLANNED)
    return cumulative_accrual(
        [CountOnDay(day, n) for n, day in enumerate(result.days, start=1)],
        _forecast(result),
        target=plan.PLANNED,
        today=result.cutoff,
        axis=[DateTick(day, f"{day:%Y-%m}") for day in month_starts(first, last, every)],
        texts=Texts(
            title=str(OUTPUT.title),
            desc=str(status),
            today=str(T("截止日", "Cut-off")),
            target=str(T("目标", "target")),
            plan=str(T("预测", "forecast")),
            status=str(status),
        ),
        size="narrow",
    )


def _forecast(result: Accrual) -> list[CountOnDay]:
    """A straight line from today's number to the planned one."""
    if not result.forecast:
        return []
    return [CountOnDay(result.cutoff, len(result.days)), CountOnDay(result.forecast, plan.PLANNED)]


def expected(result: Accrual) -> Numbers:
    """Enrolled, and how many were by the end of each month that has a new participant."""
    by_month = {f"until {month}": n for month, n in _reached(result).items()}
    return {"enrolled": len(result.days), **by_month}


OUTPUT = Output(
    code="accrual",
    title=T("入组进度", "Accrual"),
    by_arm=False,
    result=Accrual,
    compute=compute,
    show=show,
    expected=expected,
    places={"enrolled": T("已选择治疗组", "with an arm"), "until": T("至{n}", "until {n}")},
)
