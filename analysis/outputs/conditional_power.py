"""Conditional and predictive power of the adjusted comparison, and bounds as information. Pure but for the language.

The B-value comes from the adjusted Cox model alone (rule 4): where its term is refused, not estimable or has fewer
than five events in an arm, nothing of it is computed. No interim analysis is planned: a bound here decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, erfc, sqrt
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs import sentences
from analysis.outputs.number_texts import NE, is_estimate, number, p_value, percent
from analysis.outputs.output import Output, Row, Shown, Table, Text, View
from analysis.survival.design import Outlook, outlook, required_information
from analysis.survival.results import Refusal, Result, finite
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

HEADS: tuple[Text, ...] = (T("项目", "Quantity"), T("数值", "Value"))
STEERING = T(
    "本研究为非随机研究，未计划正式期中分析；表中界值仅供参考，不构成停止或修改研究的依据。反复查看分组结果会影响治疗组的选择、随访和判读，从而左右研究。",
    "The arms are chosen, and no formal interim analysis is planned: the bounds are information and no reason to stop "
    "or change the study. Repeated looks at results by arm steer a non-randomized study: they change which arm is "
    "chosen, how participants are followed and how scans are read.",
)


@dataclass(frozen=True)
class Bounds(Result):
    """|Z| that this look, and after it the last, would have to reach; None where no alpha is left for it."""

    now: float | None
    final: float | None


@dataclass(frozen=True)
class ConditionalPower(Result):
    """What follows from the adjusted Wald statistic; None, and why, where there is no adjusted estimate.

    `per_event` is the information (1 / SE^2) of an event in the adjusted comparison; equal arms without covariates
    give 0.25. The bounds are those of a single look now and one at the end.
    """

    events: int
    needed: int
    per_event: float | None
    outlook: Outlook | None
    obrien_fleming: Bounds | None
    pocock: Bounds | None
    refused: tuple[Refusal, ...]
    arm_events: dict[str, int]


def compute(data: AnalysisData) -> ConditionalPower:
    """Take the arm's term of the adjusted model; without it, its reasons."""
    model, by_arm = data.adjusted.cox, data.arm_events
    term = model.terms[0] if model else None
    events = model.n_events if model else 0
    if not (data.estimable and is_estimate(term) and term and term.z is not None and term.se):
        refused = tuple(each for each in data.adjusted.refused if each.step == "Cox")
        return ConditionalPower(events, plan.EVENTS_NEEDED, None, None, None, None, refused, by_arm)
    per_event = 1 / term.se**2 / events
    chances = outlook(-term.z, events, plan.EVENTS_NEEDED, plan.HAZARD_RATIO, per_event, plan.ALPHA)
    return ConditionalPower(
        events, plan.EVENTS_NEEDED, per_event, chances, *_bounds(chances.fraction), refused=(), arm_events=by_arm
    )


def _bounds(fraction: float) -> tuple[Bounds, Bounds]:
    """O'Brien-Fleming and Pocock type bounds of a look now, the only one before the end."""
    from analysis.survival.group_sequential import CLOSEST, obrien_fleming_spending, pocock_spending, spending_bounds

    looks = [fraction, 1.0] if fraction <= 1 - CLOSEST else [1.0]
    first, second = (
        [finite(bound) for bound in spending_bounds(looks, spending, plan.ALPHA)]
        for spending in (obrien_fleming_spending, pocock_spending)
    )
    return Bounds(first[0], first[-1]), Bounds(second[0], second[-1])


def show(result: ConditionalPower, _view: View) -> Shown:
    """A table; where no adjusted estimate stands, the reason."""
    rows = () if result.outlook is None else tuple(_rows(result, result.outlook))
    return Shown(tables=(Table(OUTPUT.title, HEADS, rows, empty=_why(result), note=STEERING),))


def _why(result: ConditionalPower) -> T:
    """Why there is nothing."""
    reasons = list(sentences.refusal_texts(result.refused))
    if result.arm_events.keys() != plan.ARMS.keys() or min(result.arm_events.values()) < plan.FEWEST_EVENTS:
        reasons.append(sentences.few_events(result.arm_events))
    reasons = reasons or [sentences.REFUSALS["no_term"]]
    rule = T("无调整后估计，故不显示条件把握度。", "Without an adjusted estimate no conditional power is shown.")
    return T("".join(each.zh for each in (*reasons, rule)), " ".join(each.en for each in (*reasons, rule)))


def _rows(result: ConditionalPower, chances: Outlook) -> Iterator[Row]:
    share = f"{result.events} / {result.needed} = {percent(chances.fraction)} %"
    yield Row(T("信息分数（模型内事件）", "Information fraction (events in the model)"), (share,))
    yield Row(T("每例事件的信息量（设计0.25）", "Information per event (design 0.25)"), (number(result.per_event, 3),))
    if result.per_event:
        equal = ceil(required_information(plan.HAZARD_RATIO, plan.ALPHA, plan.POWER) / result.per_event)
        yield Row(
            T("按此信息量，达到设计信息需要的事件数", "Events that at this rate give the design's information"),
            (equal,),
        )
    wald = T("调整后Wald统计量Z（正值有利于联合组）", "Adjusted Wald statistic Z (positive favours NA + Peg-IFN)")
    yield Row(wald, (number(chances.z, 2),))
    yield Row(T("B值 = Z√t", "B-value = Z√t"), (number(chances.b, 2),))
    for head, power in (
        (T("条件把握度：设计HR {hr}", "Conditional power: HR {hr} of the design"), chances.design),
        (T("条件把握度：当前趋势", "Conditional power: current trend"), chances.trend),
        (T("条件把握度：无效应", "Conditional power: no effect"), chances.null),
        (T("预测把握度（平坦先验）", "Predictive power (flat prior)"), chances.predictive),
    ):
        yield Row(head.format(hr=f"{plan.HAZARD_RATIO:g}"), (_power(power),))
    for head, bounds in (
        (T("O'Brien–Fleming型界值", "O'Brien–Fleming type bound"), result.obrien_fleming),
        (T("Pocock型界值", "Pocock type bound"), result.pocock),
    ):
        if bounds:
            yield Row(T("{head}：本次，末次", "{head}: now, at the end").format(head=head), (_limits(bounds),))


def _power(power: float | None) -> Text:
    if power is None:
        return T("NE：已达到所需事件数", "NE: the events needed are reached")
    return f"{percent(power)} %"


def _limits(bounds: Bounds) -> str:
    return f"|Z| {_bound(bounds.now)}, {_bound(bounds.final)}"


def _bound(z: float | None) -> str:
    """A bound with the two-sided p-value that it means."""
    return NE if z is None else f"{number(z, 3)} (p {p_value(erfc(z / sqrt(2)))})"


OUTPUT = Output(
    code="conditional_power",
    title=T("条件把握度与序贯界值（仅供参考）", "Conditional power and sequential bounds, as information"),
    by_arm=True,
    result=ConditionalPower,
    compute=compute,
    show=show,
)
