"""Difference of the arms at the read week and in restricted mean time. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs import sentences
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.number_texts import NE, limits, number, p_value
from analysis.outputs.output import Output, Row, Shown, Table, Text, View
from analysis.survival.results import Refusal, Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData
    from analysis.survival.contrasts import Difference

MEAN_RATIO = T("限制平均时间之比", "Ratio of the restricted means")


@dataclass(frozen=True)
class Contrast(Result):
    """Combination minus NA, with limits and p; None where one of the arms is not followed so long."""

    difference: float | None
    lower: float | None
    upper: float | None
    p: float | None


@dataclass(frozen=True)
class Contrasts(Result):
    """Cumulative recurrence at the read week (limits by Wald, p by Klein), restricted mean, and their ratio."""

    recurrence: Contrast | None
    restricted_mean: Contrast | None
    mean_ratio: float | None
    comparable: bool
    refused: tuple[Refusal, ...]


def compute(data: AnalysisData) -> Contrasts:
    """Compare the curves of the arms in nominal weeks."""
    from analysis.survival.contrasts import survival_contrast
    from analysis.survival.fits import attempt

    refused: list[Refusal] = []
    week = float(plan.READ_WEEK)
    fitted = attempt(
        "contrasts", refused, lambda: survival_contrast(data.primary, "NOMWEEK", "EVENT", "ARMCD", t0=week, tau=week)
    )
    if fitted is None:
        return Contrasts(None, None, None, data.comparable, tuple(refused))
    mean = fitted.rmst.estimates
    ratio = mean[1] / mean[0] if mean[0] and mean[1] else None
    recurrence = _turned(fitted.surv, fitted.loglog_p)
    rmst = Contrast(fitted.rmst.difference, fitted.rmst.lower, fitted.rmst.upper, fitted.rmst.p)
    return Contrasts(recurrence, rmst, ratio, data.comparable, tuple(refused))


def _turned(surv: Difference, p: float | None) -> Contrast:
    """Recurrence is what survival leaves: the difference changes its sign, the limits their places."""
    if surv.difference is None or surv.lower is None or surv.upper is None:
        return Contrast(None, None, None, None)
    return Contrast(-surv.difference, -surv.upper, -surv.lower, p)


def show(result: Contrasts, _view: View) -> Shown:
    """A table; nothing while no adjusted estimate stands beside it."""
    heads: tuple[Text, ...] = (T("联合 − 单药", "NA + Peg-IFN minus NA"), T("差值", "Difference"), "95% CI", "p")
    if not result.comparable:
        why = T(
            "无调整或加权估计，故不显示未调整的差值。",
            "Without an adjusted or a weighted estimate no unadjusted difference is shown.",
        )
        return Shown(tables=(Table(OUTPUT.title, heads, (), empty=why),))
    week = plan.READ_WEEK
    at_week = T(
        "第{w}周累积复发率（百分点；p：Klein log(-log)检验）",
        "Cumulative recurrence at week {w}, percentage points (p: Klein's log(-log) test)",
    )
    mean = T("至第{w}周的限制平均无复发时间（周）", "Restricted mean time without recurrence to week {w}, weeks")
    rows = (
        Row(at_week.format(w=week), _cells(result.recurrence, 100, 1)),
        Row(mean.format(w=week), _cells(result.restricted_mean, 1, 1)),
        Row(MEAN_RATIO, (number(result.mean_ratio, 2), "–", "–")),
    )
    reasons = sentences.refusal_texts(result.refused)
    return Shown(tables=(Table(OUTPUT.title, heads, () if reasons else rows, empty=reasons[0] if reasons else NE),))


def _cells(contrast: Contrast | None, scale: int, digits: int) -> tuple[str, str, str]:
    if contrast is None or contrast.difference is None or contrast.lower is None or contrast.upper is None:
        return NE, NE, NE
    between = limits(scale * contrast.lower, scale * contrast.upper, digits)
    return number(scale * contrast.difference, digits), between, p_value(contrast.p)


def expected(result: Contrasts) -> Numbers:
    """Both differences and the ratio; None while no adjusted estimate stands beside them."""
    shown = result.comparable and not result.refused
    differences = {"recurrence": result.recurrence, "restricted mean": result.restricted_mean}
    numbers: Numbers = {"mean ratio": result.mean_ratio if shown else None}
    for name, each in differences.items():
        known = each if shown and each and each.lower is not None else None
        values = (known.difference, known.lower, known.upper, known.p) if known else (None,) * 4
        numbers |= at(name, dict(zip(("difference", "lower", "upper", "p"), values, strict=True)))
    return numbers


OUTPUT = Output(
    code="contrasts",
    title=T("治疗组之差（未调整）", "Difference of the arms, unadjusted"),
    by_arm=True,
    result=Contrasts,
    compute=compute,
    show=show,
    warn=lambda result: sentences.refusal_texts(result.refused),
    expected=expected,
    places={
        "recurrence": T("累积复发率", "cumulative recurrence"),
        "difference": T("差值", "difference"),
        "mean ratio": MEAN_RATIO,
    },
)
