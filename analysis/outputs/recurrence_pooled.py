"""Cumulative recurrence of all participants on nominal visit weeks. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs import recurrence_figure
from analysis.outputs.expectations import Numbers, curve_numbers
from analysis.outputs.number_texts import NE, rate_at, rate_in_words
from analysis.outputs.output import Output, Shown, Tile, View
from analysis.survival.results import Result, StepCurve
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


@dataclass(frozen=True)
class RecurrencePooled(Result):
    """The curve of everybody; None without participants."""

    curve: StepCurve | None


def compute(data: AnalysisData) -> RecurrencePooled:
    """Fit the pooled curve in nominal weeks."""
    from analysis.survival.fits import curves

    fitted = curves(data.primary, "NOMWEEK", "EVENT", None, plan.TICKS, float(plan.READ_WEEK))
    return RecurrencePooled(next(iter(fitted), None))


def show(result: RecurrencePooled, view: View) -> Shown:
    """Figure and tile of the pooled dashboard, where by arm there is a figure by arm; in the report a tile."""
    if view is View.REPORT:
        estimate, limits = rate_at(result.curve, plan.READ_WEEK)
        note = limits if estimate != NE else rate_in_words(result.curve, plan.READ_WEEK)
        return Shown(tiles=(Tile(T("合并3年累积复发率", "pooled 3-year recurrence"), (estimate,), note=note),))
    if view is View.BY_ARM:
        return Shown()
    curves = [result.curve] if result.curve else []
    panel = recurrence_figure.panel(curves, OUTPUT.title, view)
    return Shown(tiles=(recurrence_figure.tile([result.curve]),), panels=(panel,))


def expected(result: RecurrencePooled) -> Numbers:
    """The curve."""
    return curve_numbers(result.curve) if result.curve else {"all n": 0}


OUTPUT = Output(
    code="recurrence_pooled",
    title=T("累积复发率（合并）", "Cumulative recurrence, pooled"),
    by_arm=False,
    result=RecurrencePooled,
    compute=compute,
    show=show,
    expected=expected,
)
