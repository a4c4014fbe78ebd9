"""Tests of proportional hazards for the adjusted Cox model. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.outputs.output import Output, Row, Shown, Table, View
from analysis.outputs.texts import COLUMNS, number, p_value
from analysis.survival.results import Result, TransformTest
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

#: The transform of time whose tests are shown.
SHOWN = "km"
TERMS = COLUMNS | {"GLOBAL": T("整体", "Global")}


@dataclass(frozen=True)
class ProportionalHazards(Result):
    """The tests under every transform of time; `estimable` when both arms have events enough to show them."""

    estimable: bool
    tests: tuple[TransformTest, ...]


def compute(data: AnalysisData) -> ProportionalHazards:
    """The tests that come with the adjusted model."""
    return ProportionalHazards(data.estimable, data.adjusted.ph)


def show(result: ProportionalHazards, _view: View) -> Shown:
    """A table of one test per covariate and the global one."""
    chosen = [test for test in result.tests if test.transform == SHOWN and result.estimable]
    rows = tuple(
        Row(TERMS.get(test.term, test.term), (number(test.chi2, 2), p_value(test.p)))
        for transform in chosen
        for test in transform.tests
    )
    return Shown(tables=(Table(OUTPUT.title, (T("协变量", "Covariate"), "χ²", "p"), rows),))


OUTPUT = Output(
    code="proportional_hazards",
    title=T("比例风险检验（Grambsch–Therneau，KM 变换）", "Proportional hazards test (score test, KM transform)"),
    by_arm=True,
    result=ProportionalHazards,
    compute=compute,
    show=show,
)
