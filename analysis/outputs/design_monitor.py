"""The design against the data so far: events, accrual, and when both will be complete. Pure but for the language.

Of everybody together: no arm and no comparison is in it, so that everybody who sees dashboards may see it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs import sentences
from analysis.outputs.follow_up import DAYS_PER_MONTH
from analysis.outputs.number_texts import NE, percent
from analysis.outputs.output import Output, Row, Shown, Table, Text, Tile, View
from analysis.survival.results import Refusal, Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData
    from analysis.survival.projection import Forecast, Projection

HEADS: tuple[Text, ...] = (
    T("项目", "Quantity"),
    T("当前或预测中位数", "Now, or median projected"),
    T("95%预测区间", "95% prediction interval"),
)


@dataclass(frozen=True)
class Range(Result):
    """Median and limits of a projected number; None beyond what is simulated."""

    median: int | None
    lower: int | None
    upper: int | None


@dataclass(frozen=True)
class Days(Result):
    """The same of a day, and the share of the simulated courses that reach it."""

    median: date | None
    lower: date | None
    upper: date | None
    share: float


@dataclass(frozen=True)
class Rate(Result):
    """Recurrences and participant-years from this day of follow-up on."""

    from_day: int
    events: int
    years: float


@dataclass(frozen=True)
class DesignMonitor(Result):
    """Counts, and what is projected from them; a projection is None with its reason in `refused`.

    `recent` were enrolled in the last `days`. `full` is the day on which the planned number has an arm, `reached` that
    of the event the design needs, `last_visit` week 156 of the last participant, `final_events` the events by then.
    """

    cutoff: date
    events: int
    needed: int
    enrolled: int
    planned: int
    recent: int
    days: int
    rates: tuple[Rate, ...]
    lost: int
    full: Days | None
    reached: Days | None
    last_visit: Days | None
    final_events: Range | None
    refused: tuple[Refusal, ...]

    @property
    def fraction(self) -> float:
        """The information fraction: events observed over events needed."""
        return self.events / self.needed


def compute(data: AnalysisData) -> DesignMonitor:
    """Count, and take what the simulation says."""
    projected = data.projection
    return DesignMonitor(
        cutoff=data.cutoff,
        events=int(data.primary["EVENT"].sum()),
        needed=plan.EVENTS_NEEDED,
        enrolled=len(data.courses),
        planned=plan.PLANNED,
        recent=projected.recent,
        days=projected.days,
        rates=tuple(Rate(each.from_day, each.events, each.years) for each in projected.stretches),
        lost=projected.lost,
        full=full_day(projected),
        reached=_days(projected.reached),
        last_visit=_days(projected.last_visit),
        final_events=_range(projected.events),
        refused=projected.refused,
    )


def full_day(projected: Projection) -> Days | None:
    """The day on which the planned number has an arm."""
    return _days(projected.full)


def _range(forecast: Forecast | None) -> Range | None:
    return Range(forecast.median, forecast.lower, forecast.upper) if forecast else None


def _days(forecast: Forecast | None) -> Days | None:
    if forecast is None:
        return None
    median, lower, upper = (
        None if each is None else date.fromordinal(each) for each in (forecast.median, forecast.lower, forecast.upper)
    )
    return Days(median, lower, upper, forecast.share)


def show(result: DesignMonitor, view: View) -> Shown:
    """A table, and on the pooled dashboard a tile with the day that people ask for."""
    note = _method(result)
    table = Table(OUTPUT.title, HEADS, tuple(_rows(result)), note=note)
    tile = Tile(
        T("预计第{n}例复发", "Event {n} projected").format(n=result.needed), (_day(result.reached, "median"),),
        note=T("95%区间 {limits}", "95% interval {limits}").format(limits=_limits(result.reached)),
    )  # fmt: skip
    return Shown(tiles=(tile,) if view is View.POOLED else (), tables=(table,))


def _rows(result: DesignMonitor) -> Iterator[Row]:
    events = T("复发事件／设计所需", "Recurrence events / needed by the design")
    yield Row(events, (f"{result.events} / {result.needed}", "–"))
    yield Row(T("信息分数", "Information fraction"), (f"{percent(result.fraction)} %", "–"))
    enrolled = T("已选择治疗组／计划人数", "Arm chosen / planned")
    yield Row(enrolled, (f"{result.enrolled} / {result.planned}", "–"))
    pace = T("最近{days}天平均每月入组人数", "Enrolled per month, last {days} days").format(days=result.days)
    yield Row(pace, (f"{result.recent / result.days * DAYS_PER_MONTH:.1f}" if result.days else NE, "–"))
    full = T("入组满{n}人的日期", "Day on which {n} have an arm").format(n=result.planned)
    yield _day_row(full, result, result.full, "slow_accrual")
    reached = T("第{n}例复发的日期", "Day of event {n}").format(n=result.needed)
    yield _day_row(reached, result, result.reached)
    last = T("末例受试者第{w}周", "Week {w} of the last participant").format(w=plan.READ_WEEK)
    yield _day_row(last, result, result.last_visit)
    final = T("届时复发事件总数", "Recurrence events by then")
    if result.final_events is None:
        yield Row(final, (), instead=_why(result))
    else:
        yield Row(final, (f"{result.final_events.median}", f"{result.final_events.lower}–{result.final_events.upper}"))
    chance = T("届时达到{n}例的概率", "Chance that {n} events are reached by then").format(n=result.needed)
    if result.reached is None:
        yield Row(chance, (), instead=_why(result))
    else:
        yield Row(chance, (f"{percent(result.reached.share, 0)} %", "–"))


def _day_row(head: T, result: DesignMonitor, days: Days | None, code: str = "") -> Row:
    """A day with its interval; one that more than half of the courses do not reach is none."""
    if days is None:
        return Row(head, (), instead=_why(result, code))
    if days.median is None:
        return Row(head, (), instead=T("NE：多数模拟病程未达到", "NE: most of the simulated courses do not reach it"))
    return Row(head, (_day(days, "median"), _limits(days)))


def _why(result: DesignMonitor, code: str = "") -> T:
    """The reason with this code, or the first."""
    chosen = [each for each in result.refused if not code or each.code == code] or list(result.refused)
    return sentences.refusal_text(chosen[0]) if chosen else T(NE, NE)


def _day(days: Days | None, which: str) -> str:
    day: date | None = getattr(days, which) if days else None
    return day.isoformat() if day else NE


def _limits(days: Days | None) -> str:
    """The interval; known days have none."""
    if days is None or days.median is None:
        return NE
    return "–" if days.lower == days.upper else f"{_day(days, 'lower')} – {_day(days, 'upper')}"


def _method(result: DesignMonitor) -> T:
    """How it is projected: the rates per 100 participant-years and the assumptions."""
    single = len(result.rates) < 2
    parts = [
        T("第{w}周起{rate}", "{rate} from week {w}").format(w=each.from_day // 7, rate=_per_hundred(each))
        for each in result.rates
    ]
    rates = T("，".join(each.zh for each in parts), ", ".join(each.en for each in parts))
    kind = T("恒定风险", "a constant hazard") if single else T("分段恒定风险", "a hazard constant in stretches")
    return T(
        "两组合并，按截至数据截止日的数据模拟（{kind}；每百人年复发：{rates}；脱落{lost}人；各率取伽马后验分布；"
        "按计划影像检查发现复发）。假定复发、脱落和入组速度保持不变；连续缺失两次影像者不再计入。",
        "All participants together, simulated from the data up to the cut-off ({kind}; recurrences per 100 "
        "participant-years: {rates}; {lost} lost; rates from their Gamma posteriors; a recurrence is seen at the next "
        "planned scan). Assumes that the rates of recurrence, loss and accrual stay; who missed two scans is no longer "
        "followed.",
    ).format(kind=kind, rates=rates if parts else NE, lost=result.lost)


def _per_hundred(rate: Rate) -> str:
    return f"{100 * rate.events / rate.years:.1f}" if rate.years else NE


OUTPUT = Output(
    code="design_monitor",
    title=T("设计监测：事件、入组与预测", "Design monitor: events, accrual and projection"),
    by_arm=False,
    result=DesignMonitor,
    compute=compute,
    show=show,
)
