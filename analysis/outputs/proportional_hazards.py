"""Tests of proportional hazards for the adjusted Cox model. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.outputs.cox_model import why_not
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.output import Output, Row, Shown, Table, Text, View
from analysis.outputs.texts import COLUMNS, number, p_value
from analysis.survival.results import Refusal, Result, TransformTest
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

#: The transforms of time, in the order of the columns; the plan reads the first.
TRANSFORMS = {
    "km": T("KM", "KM"), "rank": T("秩", "rank"), "identity": T("原时间", "identity"), "log": T("对数", "log"),
}  # fmt: skip
TERMS = COLUMNS | {"GLOBAL": T("整体", "Global")}


@dataclass(frozen=True)
class ProportionalHazards(Result):
    """The tests under every transform of time; `estimable` when both arms have events enough to show them."""

    estimable: bool
    tests: tuple[TransformTest, ...]
    refused: tuple[Refusal, ...] = ()
    arm_events: dict[str, int] = field(default_factory=dict)


def compute(data: AnalysisData) -> ProportionalHazards:
    """The tests that come with the adjusted model."""
    refused = tuple(each for each in data.adjusted.refused if each.step in ("PH test", "Cox"))
    return ProportionalHazards(data.estimable, data.adjusted.ph, refused, data.arm_events)


def show(result: ProportionalHazards, _view: View) -> Shown:
    """A table of one test per covariate and the global one: the statistic of the plan, and p under each transform."""
    by_transform = {test.transform: {each.term: each for each in test.tests} for test in result.tests}
    shown = [name for name in TRANSFORMS if name in by_transform]
    heads: tuple[Text, ...] = (T("协变量", "Covariate"), "χ²")
    for name in shown:
        heads = (*heads, T("p（{t}）", "p ({t})").format(t=TRANSFORMS[name]))
    rows = tuple(
        Row(
            TERMS.get(term, term),
            (number(first.chi2, 2), *(p_value(by_transform[name][term].p) for name in shown)),
        )
        for term, first in (by_transform[shown[0]].items() if shown and result.estimable else ())
    )
    empty = why_not(result.estimable, result.arm_events, result.refused)
    return Shown(tables=(Table(OUTPUT.title, heads, rows, empty=empty),))


def expected(result: ProportionalHazards) -> Numbers:
    """Every test under every transform, while they are shown."""
    shown = result.tests if result.estimable else ()
    numbers: Numbers = {"transforms": len(shown)}
    for test in shown:
        for each in test.tests:
            numbers |= at(f"{test.transform} {each.term}", {"chi2": each.chi2, "p": each.p})
    return numbers


OUTPUT = Output(
    code="proportional_hazards",
    title=T("比例风险检验（Grambsch–Therneau）", "Proportional hazards test (score test)"),
    by_arm=True,
    result=ProportionalHazards,
    compute=compute,
    show=show,
    expected=expected,
)
