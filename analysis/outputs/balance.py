"""Balance of the arms at baseline, before and after weighting. Pure but for the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.outputs import balance_figures
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.number_texts import COLUMNS, NE, SCHEMES, number
from analysis.outputs.output import Output, Row, Shown, Table, Text, View
from analysis.outputs.sentences import caution_texts, refusal_text
from analysis.survival.results import Refusal, Result, WeightedSummary, Weighting
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

#: The weighting scheme whose balance is shown.
SHOWN = "ato"
#: What is shown of the propensity score, and the E-values.
SCORE = ("score minimum", "score maximum", "c statistic", "E-value", "E-value limit")

#: The other words of the places.
PLACES = {
    "score": T("倾向评分", "propensity score"), "score minimum": T("倾向评分最小值", "lowest propensity score"),
    "score maximum": T("倾向评分最大值", "highest propensity score"), "(Intercept)": T("截距", "intercept"),
    "control": T("对照组人数", "participants, control"), "treated": T("联合组人数", "participants, treated"),
    "c statistic": T("c统计量", "c statistic"), "E-value": T("E值", "E-value"),
    "E-value limit": T("E值（置信限）", "E-value of the limit"),
    "control size": T("对照组有效样本量", "effective size, control"),
    "treated size": T("联合组有效样本量", "effective size, treated"), "sum": T("权重之和", "sum of weights"),
    "largest": T("最大权重", "largest weight"), "truncated": T("截尾人数", "weights truncated"),
    "SMD before": T("加权前标准化差", "standardised difference before"),
    "SMD after": T("加权后标准化差", "standardised difference after"),
    "variance ratio before": T("加权前方差比", "variance ratio before"),
    "variance ratio after": T("加权后方差比", "variance ratio after"),
}  # fmt: skip


@dataclass(frozen=True)
class BaselineBalance(Result):
    """Propensity score and balance under every scheme, or why the weighting was refused."""

    weighting: Weighting | None
    refused: Refusal | None


def compute(data: AnalysisData) -> BaselineBalance:
    """Balance of the weighted comparison."""
    weighting = data.weighting
    return BaselineBalance(None, weighting) if isinstance(weighting, Refusal) else BaselineBalance(weighting, None)


def show(result: BaselineBalance, view: View) -> Shown:
    """Balance and overlap as figures, and tables of the balance under overlap weights and of the weights."""
    weighting = result.weighting
    effects = weighting.effects if weighting else ()
    empty = refusal_text(result.refused) if result.refused else NE
    rows = tuple(
        Row(
            COLUMNS.get(line.column, line.column),
            (
                number(line.smd_before, 3), number(line.smd_after, 3),
                number(line.variance_ratio_before, 2), number(line.variance_ratio_after, 2),
            ),
        )
        for effect in effects
        if effect.scheme == SHOWN
        for line in effect.balance
    )  # fmt: skip
    heads: tuple[Text, ...] = (
        T("协变量", "Covariate"), T("SMD 加权前", "SMD before"), T("SMD 加权后", "SMD after"),
        T("方差比 加权前", "Variance ratio before"), T("方差比 加权后", "Variance ratio after"),
    )  # fmt: skip
    table = Table(OUTPUT.title, heads, rows, empty=empty, note=_score(weighting) if weighting else "")
    if not weighting or not effects:
        return Shown(tables=(table,))
    return Shown(panels=balance_figures.panels(weighting, view), tables=(table, _weights(effects)))


def _score(weighting: Weighting) -> T:
    """The propensity score, and how strong an unmeasured confounder had to be (VanderWeele & Ding 2017)."""
    score, e = weighting.propensity, weighting.evalue
    text = T(
        "倾向评分：{low}–{high}，c统计量 {c}，n = {n}，剔除 {dropped}。"
        "E值（稳定化IPTW，常见结局）：点估计 {point}，置信限 {limit}。",
        "Propensity score {low}–{high}, c statistic {c}, n = {n}, dropped {dropped}. E-value (stabilised IPTW, common"
        " outcome): point {point}, limit {limit}.",
    )
    return text.format(
        low=number(score.minimum, 2), high=number(score.maximum, 2), c=number(score.c_statistic, 3), n=weighting.n,
        dropped=weighting.n_dropped, point=number(e.point_common, 2), limit=number(e.limit_common, 2),
    )  # fmt: skip


def _weights(effects: Sequence[WeightedSummary]) -> Table:
    """What each scheme does with the weights."""
    heads: tuple[Text, ...] = (
        T("权重", "Weights"), T("有效样本量（单药 + 联合）", "Effective sample size (NA + combination)"),
        T("最大权重", "Largest"), T("截尾", "Truncated"), T("最大|SMD|", "Largest |SMD|"),
    )  # fmt: skip
    rows = tuple(
        Row(
            SCHEMES[effect.scheme],
            (
                " + ".join(f"{size:.0f}" for size in effect.ess), f"{effect.max_weight:.2f}", effect.n_truncated,
                number(max((abs(b.smd_after) for b in effect.balance if b.smd_after is not None), default=None), 3),
            ),
        )
        for effect in effects
        if effect.scheme in SCHEMES
    )  # fmt: skip
    return Table(T("倾向评分权重", "Propensity score weights"), heads, rows)


WEIGHTED = T("倾向评分加权", "Propensity score weights")


def expected(result: BaselineBalance) -> Numbers:
    """The score, and under every scheme the weights and the balance."""
    weighting = result.weighting
    if weighting is None:
        return dict.fromkeys(("n", "dropped", *SCORE))
    score, e = weighting.propensity, weighting.evalue
    values = (score.minimum, score.maximum, score.c_statistic, e.point_common, e.limit_common)
    numbers: Numbers = {"n": weighting.n, "dropped": weighting.n_dropped, **dict(zip(SCORE, values, strict=True))}
    for term in () if score.not_estimable else score.terms:
        numbers |= at(f"score {term.name}", {"coef": term.coef, "se": term.se})
    for bar in score.overlap:
        numbers |= at(f"score {bar.lower:.2f}", {"control": bar.control, "treated": bar.treated})
    for effect in weighting.effects:
        numbers |= _weight_numbers(effect)
    return numbers


def _weight_numbers(effect: WeightedSummary) -> Numbers:
    control, treated = effect.ess
    weights: Numbers = {
        "control size": control, "treated size": treated, "sum": effect.sum_weights, "largest": effect.max_weight,
        "truncated": effect.n_truncated,
    }  # fmt: skip
    numbers = at(effect.scheme, weights)
    for line in effect.balance:
        numbers |= at(f"{effect.scheme} {line.column}", {
            "SMD before": line.smd_before, "SMD after": line.smd_after,
            "variance ratio before": line.variance_ratio_before, "variance ratio after": line.variance_ratio_after,
        })  # fmt: skip
    return numbers


OUTPUT = Output(
    code="balance",
    title=T(
        "基线均衡：标准化均数差（重叠权重前后）",
        "Baseline balance: standardised mean difference before and after overlap weights",
    ),
    by_arm=True,
    result=BaselineBalance,
    compute=compute,
    show=show,
    warn=lambda result: caution_texts(result.weighting.cautions if result.weighting else (), WEIGHTED),
    expected=expected,
    places=COLUMNS | SCHEMES | PLACES,
)
