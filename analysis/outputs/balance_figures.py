"""The figures of balance and overlap, each with its table. Pure but for the reader's language.

Standardised differences as a love plot (Austin & Stuart, Stat Med 2015;34:3661), propensity scores as a mirrored
histogram.
"""

from collections.abc import Sequence

from analysis.outputs.number_texts import COLUMNS, SCHEMES, arm_text, number
from analysis.outputs.output import Panel, Row, Table, Text, View
from analysis.survival.results import OverlapBar, WeightedSummary, Weighting
from prtras.labels import T
from prtras.ui.charts import love_plot, mirrored_histogram
from prtras.ui.charts.frame import Size

#: A standardised difference above it is called imbalance.
LIMIT = 0.1
BEFORE = T("加权前", "Before weighting")
LOVE = T("均衡：标准化均数差的绝对值", "Balance: absolute standardised mean differences")
OVERLAP = T("倾向评分的重叠", "Overlap of the propensity scores")
SCORE_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def sizes(view: View) -> tuple[Size, ...]:
    """Paper has one size of a figure, a screen two."""
    return ("wide",) if view is View.REPORT else ("wide", "narrow")


def panels(weighting: Weighting, view: View) -> tuple[Panel, ...]:
    """Both figures; none without a propensity score."""
    if not weighting.effects:
        return ()
    bars = weighting.propensity.overlap
    key = T("虚线：0.1", "dotted line: 0.1")
    drawn = tuple(_love(weighting.effects, size) for size in sizes(view))
    mirrored = tuple(_mirror(weighting, bars, size) for size in sizes(view))
    note = T(
        "治疗组由研究者与受试者选择；倾向评分为选择联合治疗的概率（年龄、BCLC分期、基线HBsAg）。",
        "The arm is chosen; the propensity score is the probability of choosing the combination, from age, BCLC stage"
        " and baseline HBsAg.",
    )
    return (
        Panel("love", LOVE, drawn, key, table=_love_table(weighting.effects), main=True),
        Panel("overlap", OVERLAP, mirrored, caption=note, table=_overlap_table(weighting, bars), main=True),
    )


def _distances(effects: Sequence[WeightedSummary]) -> list[tuple[str, list[float | None]]]:
    """Of each covariate, the differences before and under every scheme."""
    shown = [effect for effect in effects if effect.scheme in SCHEMES]
    return [
        (line.column, [line.smd_before, *(effect.balance[i].smd_after for effect in shown)])
        for i, line in enumerate(shown[0].balance)
    ]


def _names(effects: Sequence[WeightedSummary]) -> list[T]:
    return [BEFORE, *(SCHEMES[effect.scheme] for effect in effects if effect.scheme in SCHEMES)]


def _love(effects: Sequence[WeightedSummary], size: Size) -> str:
    rows = [
        love_plot.Balanced(str(COLUMNS.get(column, column)), tuple(None if d is None else abs(d) for d in distances))
        for column, distances in _distances(effects)
    ]
    described = "; ".join(f"{row.name}: {number(row.distances[0], 2)}, {number(row.distances[1], 2)}" for row in rows)
    desc = T("加权前与重叠权重后：{rows}", "Before weighting and under overlap weights: {rows}").format(rows=described)
    words = love_plot.Words(
        str(LOVE), str(desc), str(T("标准化均数差的绝对值", "Absolute standardised difference")), "0.1"
    )
    return love_plot.love_plot(rows, [str(name) for name in _names(effects)], LIMIT, words, size=size, ident="love")


def _love_table(effects: Sequence[WeightedSummary]) -> Table:
    rows = tuple(
        Row(COLUMNS.get(column, column), tuple(number(distance, 3) for distance in distances))
        for column, distances in _distances(effects)
    )
    heads: tuple[Text, ...] = (T("协变量", "Covariate"), *_names(effects))
    return Table(T("标准化均数差", "Standardised mean differences"), heads, rows)


def _mirror(weighting: Weighting, bars: Sequence[OverlapBar], size: Size) -> str:
    score = weighting.propensity
    desc = T("倾向评分 {low}–{high}，c统计量 {c}", "Propensity scores {low}–{high}, c statistic {c}").format(
        low=number(score.minimum, 2), high=number(score.maximum, 2), c=number(score.c_statistic, 3)
    )
    words = mirrored_histogram.Words(
        str(OVERLAP), str(desc), str(T("倾向评分", "Propensity score")), str(T("人数", "Participants")),
        str(arm_text(weighting.treated)), str(arm_text(weighting.control)),
    )  # fmt: skip
    drawn = [mirrored_histogram.Bar(bar.lower, bar.upper, bar.treated, bar.control) for bar in bars]
    keys = (weighting.treated, weighting.control)
    return mirrored_histogram.mirrored(drawn, keys, SCORE_TICKS, words, size=size, ident="overlap")


def _overlap_table(weighting: Weighting, bars: Sequence[OverlapBar]) -> Table:
    heads: tuple[Text, ...] = (
        T("倾向评分", "Propensity score"), arm_text(weighting.control), arm_text(weighting.treated)
    )  # fmt: skip
    rows = tuple(
        Row(f"{bar.lower:.2f}–{bar.upper:.2f}", (bar.control, bar.treated)) for bar in bars if bar.control + bar.treated
    )
    return Table(OVERLAP, heads, rows)
