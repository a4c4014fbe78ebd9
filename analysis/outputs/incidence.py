"""A curve of cumulative incidence from any estimator, stored and drawn in the same way. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs import recurrence_figure
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.number_texts import FEW, NE, arm_text, limits, percent
from analysis.outputs.output import Panel, View
from analysis.outputs.recurrence_figure import RECURRENCE, Subject
from analysis.survival.results import Result
from prtras.labels import T
from prtras.ui.charts import kaplan_meier as km

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Incidence(Result):
    """The incidence from one time on with its limits (None where there are none)."""

    time: float
    value: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Reading(Result):
    """The numbers below one tick, and the estimate there; None where nobody is followed so long."""

    time: float
    n_risk: int
    censored: int
    events: int
    value: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class IncidenceCurve(Result):
    """One group: `points` where the curve steps, `at` at the ticks of the plan."""

    group: str
    n: int
    n_events: int
    last_time: float
    points: tuple[Incidence, ...]
    at: tuple[Reading, ...]
    censored: tuple[float, ...]


def curve_of(group: str, rows: pd.DataFrame, points: Sequence[Incidence]) -> IncidenceCurve:
    """Put the points of an estimator beside the counts of its rows (NOMWEEK, EVENT)."""
    times, events = rows["NOMWEEK"], rows["EVENT"] == 1
    last = float(times.max())
    return IncidenceCurve(
        group, len(rows), int(events.sum()), last, tuple(points),
        tuple(_reading(tick, times, events, last, points) for tick in plan.TICKS),
        tuple(sorted({float(t) for t in times[~events] if t > 0})),
    )  # fmt: skip


def _reading(
    tick: float, times: pd.Series[float], events: pd.Series[bool], last: float, points: Sequence[Incidence]
) -> Reading:
    passed = [point for point in points if point.time <= tick]
    value, lower, upper = (passed[-1].value, passed[-1].lower, passed[-1].upper) if passed else (0.0, None, None)
    if tick > last:
        value, lower, upper = None, None, None  # type: ignore[assignment]
    until = times <= tick
    counts = int((times >= tick).sum()), int((until & ~events).sum()), int((until & events).sum())
    return Reading(float(tick), *counts, value, lower, upper)


def panel(
    curves: Sequence[IncidenceCurve], ident: str, title: T, caption: T, view: View, subject: Subject = RECURRENCE
) -> Panel:
    """The figure with its heading, as `recurrence_figure.panel` has it."""
    sizes: tuple[km.Size, ...] = ("wide",) if view is View.REPORT else ("wide", "narrow")
    drawn = [_curve(curve) for curve in curves]
    described = "; ".join(
        str(recurrence_figure.described(each.group, each.n, each.n_events, rate(each, plan.READ_WEEK)[0], subject))
        for each in curves
    )
    drawings = tuple(recurrence_figure.draw_curves(drawn, described, size, ident, subject) for size in sizes)
    return Panel(
        ident,
        title,
        drawings,
        caption=caption,
        table=recurrence_figure.counts_table(
            [(each.group, _counts(each), [_rate(at) for at in each.at]) for each in curves], subject
        ),
        main=True,
    )


def _counts(curve: IncidenceCurve) -> tuple[km.RiskCounts, ...]:
    return tuple(km.RiskCounts(at.n_risk, at.censored, at.events) for at in curve.at)


def _curve(curve: IncidenceCurve) -> km.Curve:
    points = tuple(km.StepPoint(each.time, each.value, each.lower, each.upper) for each in curve.points)
    rows = _counts(curve)
    few = next((at.time for at in curve.at if at.n_risk < plan.FEW_AT_RISK), None)
    last = curve.points[-1].value if curve.points else 0.0
    beside = recurrence_figure.at_the_end(curve.last_time, last, rate(curve, plan.READ_WEEK)[0])
    key = curve.group if curve.group in plan.ARMS else "all"
    return km.Curve(str(arm_text(curve.group)), key, points, curve.censored, rows, few, str(beside))


def rate(curve: IncidenceCurve, week: float) -> tuple[str, str]:
    """The estimate at a week and its limits, in words; marked where fewer than ten are at risk."""
    return _rate(next((at for at in curve.at if at.time == week), None))


def _rate(at: Reading | None) -> tuple[str, str]:
    if at is None or at.value is None:
        return NE, NE
    known = at.lower is not None and at.upper is not None
    between = limits(100 * at.lower, 100 * at.upper, 1) if known else NE  # type: ignore[operator]
    return f"{percent(at.value)} %{FEW if at.n_risk < plan.FEW_AT_RISK else ''}", between


def incidence_numbers(curve: IncidenceCurve) -> Numbers:
    """The curve at every tick and at every step that is drawn."""
    numbers = at(curve.group, {"n": curve.n, "events": curve.n_events, "last week": curve.last_time})
    for read in curve.at:
        counts = {"at risk": read.n_risk, "censored": read.censored, "events": read.events}
        values = {"value": read.value, "lower": read.lower, "upper": read.upper}
        numbers |= at(f"{curve.group} week {read.time:g}", {**counts, **values})
    for point in curve.points:
        drawn = {"value": point.value, "lower": point.lower, "upper": point.upper}
        numbers |= at(f"{curve.group} step {point.time:g}", drawn)
    return numbers
