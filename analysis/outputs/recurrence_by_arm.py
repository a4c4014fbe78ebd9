"""Cumulative recurrence by arm on nominal visit weeks: figure and table. Pure but for the reader's language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs import recurrence_figure
from analysis.outputs.expectations import Numbers, at, curve_numbers, time_numbers
from analysis.outputs.number_texts import FEW_NOTE, NE, arm_text, limits, number, rate
from analysis.outputs.output import Output, Row, Shown, Table, Text, View
from analysis.outputs.sentences import caution_texts
from analysis.survival.results import Result, StepCurve
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


@dataclass(frozen=True)
class RecurrenceByArm(Result):
    """One curve per arm, and why participants leave the risk set: {arm: {reason: participants}}."""

    curves: tuple[StepCurve, ...]
    reasons: dict[str, dict[str, int]]


def compute(data: AnalysisData) -> RecurrenceByArm:
    """Fit the curves of the arms in nominal weeks."""
    from analysis.survival.fits import curves

    reasons = {str(arm): dict(sorted(Counter(rows["EVNTDESC"]).items())) for arm, rows in data.primary.groupby("ARMCD")}
    fitted = curves(data.primary, "NOMWEEK", "EVENT", "ARMCD", plan.TICKS, float(plan.READ_WEEK))
    return RecurrenceByArm(fitted, reasons)


def show(result: RecurrenceByArm, view: View) -> Shown:
    """Figure and table; on the dashboard a tile too."""
    panel = recurrence_figure.panel(result.curves, OUTPUT.title, view)
    tiles = () if view is View.REPORT else (recurrence_figure.tile(result.curves),)
    return Shown(tiles, (panel,), (_table(result), _times(result)))


def _table(result: RecurrenceByArm) -> Table:
    weeks = (plan.INTERIM_WEEK, plan.READ_WEEK)
    heads: list[Text] = [T("治疗组（非随机）", "Arm (chosen, not randomized)"), "n", T("复发", "Events")]
    for w in weeks:
        heads += [T("第{w}周", "Week {w}").format(w=w), "95% CI", T("风险人数", "At risk")]
    caption = T(
        "累积复发率（未调整；计划访视周，Kaplan–Meier，log-log 95% CI）",
        "Cumulative recurrence, unadjusted (nominal visit weeks, Kaplan–Meier, log-log 95% CI)",
    )
    rows = (
        Row(arm_text(curve.group), (curve.n, curve.n_events, *(cell for w in weeks for cell in _at(curve, w))))
        for curve in result.curves
    )
    return Table(caption, tuple(heads), tuple(rows), note=FEW_NOTE)


def _at(curve: StepCurve, week: int) -> tuple[Text, Text, int]:
    at = next(at for at in curve.at if at.time == week)
    return *rate(at), at.n_risk


def _times(result: RecurrenceByArm) -> Table:
    """Median and restricted mean time without recurrence."""
    heads: tuple[Text, ...] = (
        T("治疗组", "Arm"), T("中位无复发时间（周）", "Median time without recurrence, weeks"), "95% CI",
        T("至第{w}周的限制平均时间（周）", "Restricted mean to week {w}, weeks").format(w=plan.READ_WEEK), "95% CI",
    )  # fmt: skip
    caption = T("无复发时间（未调整）", "Time without recurrence, unadjusted")
    return Table(caption, heads, tuple(Row(arm_text(curve.group), _summary(curve)) for curve in result.curves))


def _summary(curve: StepCurve) -> tuple[str, ...]:
    median = next((q for q in curve.quantiles if q.p == 0.5), None)
    low, high = (median.lo_loglog, median.hi_loglog) if median else (None, None)
    mean = curve.rmst
    return (
        number(median.time if median else None, 0), limits(low, high, 0),
        number(mean.rmst if mean else None, 1), limits(mean.lower, mean.upper, 1) if mean else NE,
    )  # fmt: skip


def warn(result: RecurrenceByArm) -> tuple[Text, ...]:
    """The cautions of every curve."""
    return tuple(text for curve in result.curves for text in caution_texts(curve.cautions, arm_text(curve.group)))


def expected(result: RecurrenceByArm) -> Numbers:
    """The curves, the times, and why participants leave the risk set."""
    numbers: Numbers = {"curves": len(result.curves)}
    for curve in result.curves:
        numbers |= curve_numbers(curve) | time_numbers(curve)
    for arm, reasons in result.reasons.items():
        numbers |= at(f"{arm} left by", reasons)
    return numbers


OUTPUT = Output(
    code="recurrence_by_arm",
    title=T("按治疗组的累积复发率（未调整）", "Cumulative recurrence by arm, unadjusted"),
    by_arm=True,
    result=RecurrenceByArm,
    compute=compute,
    show=show,
    warn=warn,
    expected=expected,
    places=plan.REASONS | {"left by": T("结束原因", "left by")},
)
