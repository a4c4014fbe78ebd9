"""The comparison of the arms: adjusted, weighted and unadjusted side by side, never the last alone (rule 4).

Without an adjusted or a weighted estimate nothing unadjusted is shown either, and the reason stands in its place. Every
line has its participants and events; a hazard ratio with fewer than five events in an arm is none (rule 6). Pure but
for the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.outputs import sentences
from analysis.outputs.expectations import Numbers, at, term_numbers
from analysis.outputs.number_texts import NE, SCHEMES, hazard_with_events, is_estimate, may_compare, number, p_value
from analysis.outputs.output import Output, Panel, Row, Shown, Table, Text, Tile, View
from analysis.survival.results import Comparison, Refusal, Result, Term
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

ADJUSTED = T("Cox 调整（年龄、BCLC、HBsAg）", "Cox, adjusted (age, BCLC, HBsAg)")
WEIGHTED = T("倾向评分加权", "Propensity score weights")
HEADS: tuple[Text, ...] = (
    T("方法", "Method"), "n", T("事件", "Events"), "HR", "95% CI", "p",
)  # fmt: skip


@dataclass(frozen=True)
class WeightedHazard(Result):
    """The hazard ratio under one weighting scheme, with the effective sample sizes of the arms."""

    scheme: str
    hazard: Term
    ess: tuple[float, float]


@dataclass(frozen=True)
class HazardRatios(Result):
    """The arm's term of each analysis; `estimable` when both arms have events enough to show one.

    `unadjusted` has the log-rank test; `refused` says why the log-rank test, the adjusted model or the weights could
    not be fitted. `sizes` are (participants, events) of `adjusted`, `weighted`, `unadjusted` and `logrank`, as far as
    they were fitted; `arm_events` are the events of each arm.
    """

    estimable: bool
    unadjusted: Comparison
    adjusted: Term | None
    weighted: tuple[WeightedHazard, ...]
    refused: tuple[Refusal, ...]
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    arm_events: dict[str, int] = field(default_factory=dict)

    @property
    def comparable(self) -> bool:
        """An adjusted or a weighted estimate may be shown, and beside it the unadjusted one."""
        return may_compare(self.estimable, [self.adjusted, *(effect.hazard for effect in self.weighted)])


def compute(data: AnalysisData) -> HazardRatios:
    """Take the arm's term from every fit."""
    adjusted, unadjusted, weighting = data.adjusted, data.unadjusted, data.weighting
    refused = [*adjusted.refused, *unadjusted.refused, *filter(None, [data.score_refused])]
    sizes: dict[str, tuple[int, int]] = {}
    weighted: tuple[WeightedHazard, ...] = ()
    if not isinstance(weighting, Refusal):
        sizes["weighted"] = weighting.n, weighting.n_events
        weighted = tuple(WeightedHazard(effect.scheme, effect.hazard, effect.ess) for effect in weighting.effects)
    for name, model in (("adjusted", adjusted.cox), ("unadjusted", unadjusted.cox)):
        if model:
            sizes[name] = model.n, model.n_events
    if unadjusted.logrank:
        sizes["logrank"] = sum(unadjusted.logrank.n), round(sum(unadjusted.logrank.observed))
    return HazardRatios(
        estimable=data.estimable,
        unadjusted=unadjusted,
        adjusted=adjusted.cox.terms[0] if adjusted.cox else None,
        weighted=weighted,
        refused=tuple({(each.step, each.code): each for each in refused}.values()),
        sizes=sizes,
        arm_events=data.arm_events,
    )


def show(result: HazardRatios, view: View) -> Shown:
    """The first panel of a view by arm, and on the dashboard its first number: before any curve of an arm."""
    panel = Panel("hr", OUTPUT.title, table=_table(result), main=True)
    return Shown(() if view is View.REPORT else (_tile(result),), (panel,))


def _tile(result: HazardRatios) -> Tile:
    label = T("调整后风险比", "Adjusted hazard ratio")
    if not is_estimate(result.adjusted) or not result.estimable:
        return Tile(label, (NE,), note=T("原因见比较表", "see the comparison for the reason"))
    assert result.adjusted
    ratio, limits, p = hazard_with_events(result.adjusted)
    return Tile(label, (ratio,), note=f"95% CI {limits} · p {p}")


def _table(result: HazardRatios) -> Table:
    if not result.comparable:
        return Table(OUTPUT.title, HEADS, (), empty=_why(result))
    note = T(
        "治疗组由研究者与受试者选择：未调整的比较会受混杂影响，仅与调整和加权结果并列。",
        "The arm is chosen: the unadjusted comparison is confounded; it stands beside the adjusted and weighted ones.",
    )
    return Table(OUTPUT.title, HEADS, tuple(_rows(result)), note=note)


def _why(result: HazardRatios) -> T:
    """Why there is no comparison at all."""
    reasons = [] if result.estimable else [sentences.few_events(result.arm_events)]
    reasons += sentences.refusal_texts(result.refused)
    if not reasons:
        reasons = [sentences.REFUSALS["no_term"]]
    rule = T(
        "无调整或加权估计，故不显示未调整的比较。",
        "Without an adjusted or a weighted estimate no unadjusted comparison is shown.",
    )
    every = [*reasons, rule]
    return T("".join(text.zh for text in every), " ".join(text.en for text in every))


def _rows(result: HazardRatios) -> Iterator[Row]:
    if is_estimate(result.adjusted):
        assert result.adjusted
        yield Row(ADJUSTED, (*_size(result, "adjusted"), *hazard_with_events(result.adjusted)))
    else:
        yield Row(ADJUSTED, (), instead=_reason(result, "Cox"))
    by_scheme = {effect.scheme: effect for effect in result.weighted}
    shown = [by_scheme[scheme] for scheme in SCHEMES if scheme in by_scheme]
    for effect in shown:
        yield Row(SCHEMES[effect.scheme], (*_size(result, "weighted"), *hazard_with_events(effect.hazard)))
    if not shown:
        yield Row(WEIGHTED, (), instead=_reason(result, "weights"))
    for term in result.unadjusted.cox.terms if result.unadjusted.cox else ():
        yield Row(T("Cox 未调整", "Cox, unadjusted"), (*_size(result, "unadjusted"), *hazard_with_events(term)))
    test = result.unadjusted.logrank
    if test and test.chi2 is not None:
        cells = (*_size(result, "logrank"), f"χ² {number(test.chi2, 3)}", f"df {test.df}", p_value(test.p))
        yield Row(T("Log-rank（双侧）", "Log-rank (two-sided)"), cells)


def _size(result: HazardRatios, name: str) -> tuple[Text, Text]:
    """Participants and events of an analysis; a dash for an older run, which did not store them."""
    n, events = result.sizes.get(name, ("–", "–"))
    return str(n), str(events)


def _reason(result: HazardRatios, step: str) -> T:
    reasons = sentences.refusal_texts(each for each in result.refused if each.step in (step, ""))
    return reasons[0] if reasons else sentences.REFUSALS["no_term"]


def warn(result: HazardRatios) -> tuple[Text, ...]:
    """What was refused, and why no hazard ratio is shown."""
    few = () if result.estimable else (sentences.few_events(result.arm_events),)
    cautions = sentences.caution_texts(result.unadjusted.logrank.cautions if result.unadjusted.logrank else ())
    return (*sentences.refusal_texts(result.refused), *few, *cautions)


def expected(result: HazardRatios) -> Numbers:
    """Every line of the table; None on a line that is not shown."""
    comparable, model, test = result.comparable, result.unadjusted.cox, result.unadjusted.logrank
    weighted = {effect.scheme: effect.hazard for effect in result.weighted}
    terms = {"adjusted": result.adjusted} | {scheme: weighted.get(scheme) for scheme in SCHEMES}
    terms["unadjusted"] = model.terms[0] if model else None
    numbers: Numbers = {}
    for name, term in terms.items():
        size = name if name in ("adjusted", "unadjusted") else "weighted"
        line = comparable and (term is not None if name != "adjusted" else is_estimate(term))
        numbers |= _sized(name, result.sizes.get(size) if line else None)
        numbers |= term_numbers(name, term, shown=comparable)
    known = test if comparable and test and test.chi2 is not None else None
    numbers |= _sized("logrank", result.sizes.get("logrank") if known else None)
    values = (known.chi2, known.df, known.p) if known else (None, None, None)
    return numbers | at("logrank", dict(zip(("chi2", "df", "p"), values, strict=True)))


def _sized(name: str, size: tuple[int, int] | None) -> Numbers:
    n, events = size or (None, None)
    return at(name, {"n": n, "events": events})


OUTPUT = Output(
    code="hazard_ratios",
    title=T(
        "治疗组比较：调整、加权与未调整并列", "Comparison of the arms: adjusted, weighted and unadjusted side by side"
    ),
    by_arm=True,
    result=HazardRatios,
    compute=compute,
    show=show,
    warn=warn,
    expected=expected,
    places=SCHEMES | {"adjusted": T("调整", "adjusted"), "unadjusted": T("未调整", "unadjusted")},
)
