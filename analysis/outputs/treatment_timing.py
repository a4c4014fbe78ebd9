"""Peginterferon by when it was started: the biased comparison beside a landmark and time-dependent treatment.

Source: statistics rules, section 4.6 and 6; landmark, Anderson, Cain & Gelber (J Clin Oncol 1983;1:710); immortal time,
Suissa (Am J Epidemiol 2008;167:492). Pure but for the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs.estimates import PLACES, Estimate, estimate_numbers, heads, in_order, row
from analysis.outputs.expectations import Numbers
from analysis.outputs.output import Output, Shown, Table, View
from analysis.survival.results import Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

GROUPS = {"0": T("未开始", "Not started"), "1": T("已开始", "Started")}
NAMES = ("ever", *(f"landmark_{week}" for week in plan.LANDMARKS), "time_dependent")
NOTE = T(
    "均按实际日数并调整年龄、BCLC、HBsAg。自第0天按是否曾用分组，把首次给药前的无事件时间算给用药组，偏向用药："
    "仅作对照，不用于结论。界标分析只含届时仍在险者，按届时是否已给药分组，时间自界标日起算；"
    "时依分析中首次给药前的时间属未开始组，同一人可计入两组。",
    "Actual days, adjusted for age, BCLC, HBsAg. Grouping from Day 0 by ever treated counts the event-free time before"
    " the first dose for the treated and favours treatment: for contrast, never for a conclusion. A landmark has who is"
    " still at risk then, grouped by a dose given by then, with time from that day. With time-dependent treatment the"
    " time before the first dose belongs to those who have not started; one person may be in both groups.",
)


@dataclass(frozen=True)
class TreatmentTiming(Result):
    """The estimates by the names of ANALYSES: started against not started."""

    estimates: dict[str, Estimate]


def compute(data: AnalysisData) -> TreatmentTiming:
    """Take the models by start of peginterferon."""
    return TreatmentTiming({name: data.estimates[name] for name in NAMES})


def show(result: TreatmentTiming, _view: View) -> Shown:
    """A table with a line per analysis."""
    rows = tuple(row(text, each, tuple(GROUPS)) for text, _, each in in_order(result.estimates))
    table = Table(OUTPUT.title, heads(T("分析", "Analysis"), tuple(GROUPS.values())), rows, note=NOTE)
    return Shown(tables=(table,))


def expected(result: TreatmentTiming) -> Numbers:
    """Every line."""
    numbers: Numbers = {}
    for name, each in result.estimates.items():
        numbers |= estimate_numbers(name, each)
    return numbers


OUTPUT = Output(
    code="treatment_timing",
    title=T("聚乙二醇干扰素起始时间与永恒时间", "Start of Peg-IFN against immortal time"),
    by_arm=True,
    result=TreatmentTiming,
    compute=compute,
    show=show,
    expected=expected,
    places=PLACES | GROUPS,
)
