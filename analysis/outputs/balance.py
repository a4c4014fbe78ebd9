"""Balance of the arms at baseline, before and after weighting. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.outputs.output import Output, Row, Shown, Table, View
from analysis.outputs.texts import COLUMNS, caution_texts, number
from analysis.survival.results import Result, Weighting
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

#: The weighting scheme whose balance is shown.
SHOWN = "ato"


@dataclass(frozen=True)
class BaselineBalance(Result):
    """Propensity score and balance under every scheme, or why the weighting was refused."""

    weighting: Weighting | None
    refused: str | None


def compute(data: AnalysisData) -> BaselineBalance:
    """Balance of the weighted comparison."""
    weighting = data.weighting
    return BaselineBalance(None, weighting) if isinstance(weighting, str) else BaselineBalance(weighting, None)


def show(result: BaselineBalance, _view: View) -> Shown:
    """A table of standardised mean differences."""
    effects = result.weighting.effects if result.weighting else ()
    rows = tuple(
        Row(COLUMNS.get(line.column, line.column), (number(line.smd_before, 3), number(line.smd_after, 3)))
        for effect in effects
        if effect.scheme == SHOWN
        for line in effect.balance
    )
    heads = (T("协变量", "Covariate"), T("加权前", "Before"), T("加权后", "After"))
    return Shown(tables=(Table(OUTPUT.title, heads, rows),))


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
    warn=lambda result: caution_texts(result.weighting.cautions if result.weighting else ()),
)
