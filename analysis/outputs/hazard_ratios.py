"""The comparison of the arms: adjusted, weighted and unadjusted side by side, never the last alone (rule 4).

Pure but for the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.outputs.output import Output, Row, Shown, Table, Text, View
from analysis.outputs.texts import hazard, hazard_with_events, number, p_value
from analysis.survival.results import Comparison, Result, Term
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

#: The weighting schemes that are shown.
SCHEMES = {
    "ato": T("重叠权重 · ESS {ess}", "Overlap weights · ESS {ess}"),
    "sw": T("稳定化IPTW · ESS {ess}", "Stabilised IPTW · ESS {ess}"),
}


@dataclass(frozen=True)
class WeightedHazard(Result):
    """The hazard ratio under one weighting scheme, with the effective sample sizes of the arms."""

    scheme: str
    hazard: Term
    ess: tuple[float, float]


@dataclass(frozen=True)
class HazardRatios(Result):
    """The arm's term of each analysis; `estimable` when both arms have events enough to show one.

    `unadjusted` has the log-rank test; `refused` says why the log-rank test or the adjusted model could not be fitted.
    """

    estimable: bool
    unadjusted: Comparison
    adjusted: Term | None
    weighted: tuple[WeightedHazard, ...]
    refused: tuple[str, ...]


def compute(data: AnalysisData) -> HazardRatios:
    """Take the arm's term from every fit."""
    model, weighting = data.adjusted.cox, data.weighting
    effects = () if isinstance(weighting, str) else weighting.effects
    return HazardRatios(
        estimable=data.estimable,
        unadjusted=data.unadjusted,
        adjusted=model.terms[0] if model else None,
        weighted=tuple(WeightedHazard(effect.scheme, effect.hazard, effect.ess) for effect in effects),
        refused=data.adjusted.refused,
    )


def show(result: HazardRatios, _view: View) -> Shown:
    """A table; NE while an arm has too few events."""
    rows = _rows(result) if result.estimable else ()
    return Shown(tables=(Table(OUTPUT.title, (T("方法", "Method"), "HR", "95% CI", "p"), rows),))


def _rows(result: HazardRatios) -> tuple[Row, ...]:
    rows = []
    if result.adjusted:
        text = T("Cox 调整（年龄、BCLC、HBsAg）", "Cox, adjusted (age, BCLC, HBsAg)")
        rows.append(Row(text, hazard_with_events(result.adjusted)))
    for effect in result.weighted:
        if effect.scheme in SCHEMES:
            ess = " + ".join(f"{size:.0f}" for size in effect.ess)
            rows.append(Row(SCHEMES[effect.scheme].format(ess=ess), hazard(effect.hazard)))
    for term in result.unadjusted.cox.terms if result.unadjusted.cox else ():
        rows.append(Row(T("Cox 未调整", "Cox, unadjusted"), hazard_with_events(term)))
    test = result.unadjusted.logrank
    if test and test.chi2 is not None:
        cells = (f"χ² {number(test.chi2, 3)}", f"df {test.df}", p_value(test.p))
        rows.append(Row(T("Log-rank（双侧）", "Log-rank (two-sided)"), cells))
    return tuple(rows)


def warn(result: HazardRatios) -> tuple[Text, ...]:
    """What was refused, and why no hazard ratio is shown."""
    few = T("某治疗组复发少于5例：不显示风险比。", "Fewer than 5 events in one arm: hazard ratio not shown.")
    return result.refused if result.estimable else (*result.refused, few)


def expected(result: HazardRatios) -> dict[str, Any]:
    """The log-rank test as the R script prints its own."""
    test = result.unadjusted.logrank
    return {"logrank": test and {"chi2": test.chi2, "p": test.p}}


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
)
