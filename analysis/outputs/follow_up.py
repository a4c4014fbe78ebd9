"""Median follow-up by reverse Kaplan-Meier, on actual dates. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.outputs.expectations import Numbers
from analysis.outputs.number_texts import NE
from analysis.outputs.output import Output, Shown, Tile, View
from analysis.survival.results import Result, StepCurve
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

DAYS_PER_MONTH = 30.4375


@dataclass(frozen=True)
class FollowUp(Result):
    """The curve of everybody in days since Day 0; None without participants."""

    curve: StepCurve | None


def compute(data: AnalysisData) -> FollowUp:
    """Fit the pooled curve in days."""
    from analysis.survival.fits import curves

    return FollowUp(next(iter(curves(data.primary, "AVAL", "EVENT", None, ())), None))


def show(result: FollowUp, view: View) -> Shown:
    """A tile, in months."""
    days = result.curve.median_followup_reverse_km if result.curve else None
    months = (NE if days is None else f"{days / DAYS_PER_MONTH:.1f}",)
    if view is View.REPORT:
        return Shown(tiles=(Tile(T("中位随访（月，反向KM）", "median follow-up, months (reverse KM)"), months),))
    note = T("纳入分析 {n} 人", "{n} analysed").format(n=result.curve.n if result.curve else 0)
    return Shown(tiles=(Tile(OUTPUT.title, months, T("月", "months"), note),))


def expected(result: FollowUp) -> Numbers:
    """Participants, and the median in days and in months."""
    days = result.curve.median_followup_reverse_km if result.curve else None
    months = None if days is None else days / DAYS_PER_MONTH
    return {"n": result.curve.n if result.curve else 0, "median days": days, "median months": months}


OUTPUT = Output(
    code="follow_up",
    title=T("中位随访（反向KM）", "Median follow-up (reverse KM)"),
    by_arm=False,
    result=FollowUp,
    compute=compute,
    show=show,
    expected=expected,
    places={"median days": T("中位天数", "median days"), "median months": T("中位月数", "median months")},
)
