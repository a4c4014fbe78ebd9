"""Every sensitivity estimate of the comparison side by side in one figure. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.outputs import forest_figure
from analysis.outputs.estimates import PLACES, Estimate, estimate_numbers, in_order
from analysis.outputs.expectations import Numbers
from analysis.outputs.forest_figure import Drawn
from analysis.outputs.output import Output, Shown, View
from analysis.outputs.treatment_timing import GROUPS
from analysis.survival.results import Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

#: The comparison that is biased by immortal time has no place beside the others.
BIASED = "ever"
CAPTION = T(
    "均为调整（年龄、BCLC、HBsAg）或加权的估计；方块面积与事件数成比例，箭头为超出坐标轴的区间。界标与时依分析比较是否"
    "已用聚乙二醇干扰素，其余比较所选治疗组；治疗组为选择，非随机。",
    "All adjusted (age, BCLC, HBsAg) or weighted; area of a square by events, arrows: limits beyond the axis. Landmarks"
    " and time-dependent treatment compare Peg-IFN started or not, the others the arm chosen (not randomized).",
)


@dataclass(frozen=True)
class Forest(Result):
    """The estimates by the names of ANALYSES."""

    estimates: dict[str, Estimate]


def compute(data: AnalysisData) -> Forest:
    """Take all but the biased one; imputed where something was missing."""
    return Forest({name: each for name, each in data.estimates.items() if name != BIASED})


def show(result: Forest, view: View) -> Shown:
    """The figure with its table."""
    drawn = tuple(Drawn(text, each) for text, _, each in in_order(result.estimates))
    return Shown(panels=(forest_figure.panel(drawn, "forest", OUTPUT.title, CAPTION, view),))


def expected(result: Forest) -> Numbers:
    """Every line."""
    numbers: Numbers = {}
    for name, each in result.estimates.items():
        numbers |= estimate_numbers(name, each)
    return numbers


OUTPUT = Output(
    code="forest",
    title=T("各敏感性分析并列", "Sensitivity analyses side by side"),
    by_arm=True,
    result=Forest,
    compute=compute,
    show=show,
    expected=expected,
    places=PLACES | GROUPS,
)
