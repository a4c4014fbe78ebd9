"""Hazard ratios side by side in one figure, with the table behind it. Pure but for the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import plan
from analysis.outputs.estimates import Estimate
from analysis.outputs.number_texts import NE, hazard
from analysis.outputs.output import Panel, Row, Table, Text, View
from enrollment.codelists.arm import COMBINATION
from prtras.labels import T
from prtras.ui.charts import forest
from prtras.ui.charts.frame import Size

COUNTS = T("事件/人数", "Events/n")


@dataclass(frozen=True)
class Drawn:
    """A line of the figure: an estimate under its name, or a name that heads those below."""

    label: T
    estimate: Estimate | None = None


def panel(lines: Sequence[Drawn], ident: str, title: T, caption: T, view: View) -> Panel:
    """The figure with its heading: for the screen in two sizes with its table, for paper in one."""
    sizes: tuple[Size, ...] = ("wide",) if view is View.REPORT else ("wide", "narrow")
    drawings = tuple(draw(lines, title, size, ident) for size in sizes)
    return Panel(ident, title, drawings, caption=caption, table=_table(lines, title), main=True)


def draw(lines: Sequence[Drawn], title: T, size: Size, ident: str) -> str:
    """Every line on one axis."""
    combined = plan.ARMS[COMBINATION]
    alone = next(text for arm, text in plan.ARMS.items() if arm != COMBINATION)
    favours = T("支持{arm}", "favours {arm}")
    drawn = [_line(each) for each in lines]
    words = forest.Words(
        title=str(title),
        desc="; ".join(f"{each.label}: {each.behind}" for each in drawn if not each.heads),
        axis=str(T("风险比（95% CI），对数刻度", "Hazard ratio (95% CI), log scale")),
        before=str(COUNTS),
        behind="HR (95% CI)",
        below=str(favours.format(arm=combined)),
        above=str(favours.format(arm=alone)),
    )
    return forest.forest(drawn, words=words, size=size, ident=ident)


def _table(lines: Sequence[Drawn], title: T) -> Table:
    """The figure for who cannot see it."""
    drawn = [_line(each) for each in lines]
    heads: tuple[Text, ...] = (T("分析", "Analysis"), COUNTS, "HR (95% CI)")
    rows = (Row(each.label, () if each.heads else (each.before, each.behind)) for each in drawn)
    return Table(title, heads, tuple(rows))


def _line(each: Drawn) -> forest.Line:
    label, estimate = str(each.label), each.estimate
    if estimate is None:
        return forest.Line(label)
    counts = f"{estimate.events}/{estimate.n}"
    term = estimate.term
    if not estimate.shown or term is None:
        return forest.Line(label, before=counts, behind=NE)
    ratio, limits, _ = hazard(term)
    return forest.Line(
        label, term.hr, term.lower, term.upper, estimate.events, counts, f"{ratio} ({limits})" if term.lower else ratio
    )
