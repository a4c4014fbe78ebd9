"""Cumulative recurrence by arm on nominal visit weeks: figure and table. Pure but for the reader's language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis import plan
from analysis.outputs import recurrence_figure
from analysis.outputs.output import Output, Row, Shown, Table, Text, View
from analysis.outputs.texts import arm_text, caution_texts, rate_at
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
    return Shown(tiles, (panel,), (_table(result),))


def _table(result: RecurrenceByArm) -> Table:
    week = T("第{w}周", "Week {w}")
    weeks = (plan.INTERIM_WEEK, plan.READ_WEEK)
    heads: list[Text] = [T("治疗组（非随机）", "Arm (chosen, not randomized)"), "n", T("复发", "Events")]
    for w in weeks:
        heads += [week.format(w=w), "95% CI"]
    return Table(
        T(
            "累积复发率（计划访视周，Kaplan–Meier，log-log 95% CI）",
            "Cumulative recurrence (nominal visit weeks, Kaplan–Meier, log-log 95% CI)",
        ),
        tuple(heads),
        tuple(
            Row(arm_text(curve.group), (curve.n, curve.n_events, *(cell for w in weeks for cell in rate_at(curve, w))))
            for curve in result.curves
        ),
    )


def warn(result: RecurrenceByArm) -> tuple[Text, ...]:
    """The cautions of every curve."""
    return tuple(text for curve in result.curves for text in caution_texts(curve.cautions, arm_text(curve.group)))


def expected(result: RecurrenceByArm) -> dict[str, Any]:
    """The curves as the R script prints its own."""
    return {
        "km": {
            curve.group: {
                "n": curve.n,
                "events": curve.n_events,
                "time": [at.time for at in curve.at],
                "n_risk": [at.n_risk for at in curve.at],
                "surv": [at.surv for at in curve.at],
                "lower": [at.lo_loglog for at in curve.at],
                "upper": [at.hi_loglog for at in curve.at],
            }
            for curve in result.curves
        }
    }


OUTPUT = Output(
    code="recurrence_by_arm",
    title=T("按治疗组的累积复发率", "Cumulative recurrence by arm"),
    by_arm=True,
    result=RecurrenceByArm,
    compute=compute,
    show=show,
    warn=warn,
    expected=expected,
)
