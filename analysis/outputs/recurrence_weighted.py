"""Cumulative recurrence by arm under overlap weights: before any unadjusted curve.

Pure but for the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.outputs.expectations import Numbers
from analysis.outputs.incidence import Incidence, IncidenceCurve, curve_of, incidence_numbers, panel
from analysis.outputs.output import Output, Panel, Shown, Table, View
from analysis.outputs.sentences import few_events, refusal_text
from analysis.survival.results import Refusal, Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData
    from analysis.survival.weighting import ArmSurvival

#: The weighting scheme of the figure.
SCHEME = "ato"
CAPTION = T(
    "重叠权重（年龄、BCLC、HBsAg）加权的累积复发率，稳健95% CI（log(-log)）；"
    "风险人数为未加权人数。治疗组由研究者与受试者选择。",
    "Cumulative recurrence under overlap weights (age, BCLC, HBsAg), robust 95% CI, log(-log); numbers at risk are"
    " persons, not weights. The arm is chosen.",
)


@dataclass(frozen=True)
class RecurrenceWeighted(Result):
    """One weighted curve per arm, or why there is none."""

    curves: tuple[IncidenceCurve, ...]
    refused: Refusal | None
    estimable: bool
    arm_events: dict[str, int]


def compute(data: AnalysisData) -> RecurrenceWeighted:
    """Take the weighted curves of the propensity score comparison."""
    from analysis.outputs.data import TERMS

    compared, events = data.weighted, data.arm_events
    if isinstance(compared, Refusal):
        return RecurrenceWeighted((), compared, data.estimable, events)
    arms = next((effect.survival for effect in compared.effects if effect.scheme == SCHEME), ())
    rows = data.primary.dropna(subset=list(TERMS))
    curves = tuple(curve_of(each.arm, rows[rows["ARMCD"] == each.arm], _points(each)) for each in arms)
    return RecurrenceWeighted(curves, data.score_refused, data.estimable, events)


def _points(arm: ArmSurvival) -> list[Incidence]:
    """Recurrence is what survival leaves; its limits change places."""
    return [
        Incidence(
            at.time, 1 - at.surv,
            None if at.hi_loglog is None else 1 - at.hi_loglog, None if at.lo_loglog is None else 1 - at.lo_loglog,
        )
        for at in arm.curve
        if at.surv is not None
    ]  # fmt: skip


def show(result: RecurrenceWeighted, view: View) -> Shown:
    """A figure; why there is none in its place."""
    if result.refused or not result.estimable or not result.curves:
        why = refusal_text(result.refused) if result.refused else few_events(result.arm_events)
        table = Table(OUTPUT.title, (T("结果", "Result"),), (), empty=why)
        return Shown(panels=(Panel("kw", OUTPUT.title, table=table, main=True),))
    return Shown(panels=(panel(result.curves, "kw", OUTPUT.title, CAPTION, view),))


def expected(result: RecurrenceWeighted) -> Numbers:
    """The curves, as far as they are shown."""
    curves = () if result.refused or not result.estimable else result.curves
    numbers: Numbers = {"curves": len(curves)}
    for curve in curves:
        numbers |= incidence_numbers(curve)
    return numbers


OUTPUT = Output(
    code="recurrence_weighted",
    title=T("按治疗组的累积复发率（重叠权重）", "Cumulative recurrence by arm, overlap weights"),
    by_arm=True,
    result=RecurrenceWeighted,
    compute=compute,
    show=show,
    expected=expected,
)
