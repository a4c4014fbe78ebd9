"""The arms under other adjusted models: strata, robust errors, time from radical treatment; and their log-rank tests.

A log-rank test is unadjusted: it stands below the adjusted model of the same participants or not at all (rule 4). Pure
but for the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs.estimates import PLACES, Estimate, estimate_numbers, heads, in_order, left_out_text, row
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.number_texts import number, p_value
from analysis.outputs.output import Output, Row, Shown, Table, Text, View
from analysis.survival.results import LogRank, Refusal, Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

NAMES = ("planned", "robust", "stratified", "truncated")
#: The log-rank tests by the model below which they stand.
TESTS = {
    "stratified": T("Log-rank，按BCLC分期分层（双侧）", "Log-rank, stratified by BCLC stage (two-sided)"),
    "truncated": T("Log-rank，自根治性治疗起（双侧）", "Log-rank, from radical treatment (two-sided)"),
}
NOTE = T(
    "计划、稳健与分层模型用计划访视周；自根治性治疗起的模型用实际日数，受试者自第0天起计入风险集。"
    "Log-rank检验未调整，与其上同一人群的模型并列。",
    "Planned, robust and stratified models on nominal visit weeks; from radical treatment on actual days, at risk from"
    " Day 0 on. Log-rank tests are unadjusted and stand below the model of the same participants.",
)


@dataclass(frozen=True)
class AdjustedModels(Result):
    """The estimates by the names of ANALYSES, and the tests of TESTS, None where a test was refused."""

    estimates: dict[str, Estimate]
    tests: dict[str, LogRank | None]

    def test_below(self, name: str) -> LogRank | None:
        """The test that may be shown below a model."""
        test = self.tests.get(name)
        return test if test and test.chi2 is not None and self.estimates[name].shown else None


def compute(data: AnalysisData) -> AdjustedModels:
    """Take the models, and test the same participants."""
    from analysis.outputs.sensitivity_fits import complete
    from analysis.survival.fits import attempt
    from analysis.survival.logrank import logrank

    primary, origin = complete(data.primary), complete(data.endpoint("TTRRAD"))
    refused: list[Refusal] = []
    tests = {
        "stratified": attempt(
            "log-rank", refused, lambda: logrank(primary, "NOMWEEK", "EVENT", "ARMCD", strata="BCLC")
        ),
        "truncated": attempt("log-rank", refused, lambda: logrank(origin, "AVAL", "EVENT", "ARMCD", entry="ENTRY")),
    }
    return AdjustedModels({name: data.estimates[name] for name in NAMES}, tests)


def show(result: AdjustedModels, _view: View) -> Shown:
    """A table with a line per model, and the tests below theirs."""
    rows: list[Row] = []
    for text, name, each in in_order(result.estimates):
        rows.append(row(text, each, tuple(plan.ARMS)))
        test = result.test_below(name)
        if test:
            rows.append(_tested(name, each, test))
    return Shown(
        tables=(Table(OUTPUT.title, heads(T("模型", "Model"), tuple(plan.ARMS.values())), tuple(rows), note=NOTE),)
    )


def _tested(name: str, below: Estimate, test: LogRank) -> Row:
    counted = [f"{group.n} ({group.events})" for group in below.groups]
    sizes: tuple[Text | int, ...] = (below.n, below.events, *counted, left_out_text(below.left_out))
    return Row(TESTS[name], (*sizes, f"χ² {number(test.chi2, 3)}", f"df {test.df}", p_value(test.p)))


def expected(result: AdjustedModels) -> Numbers:
    """Every line."""
    numbers: Numbers = {}
    for name, each in result.estimates.items():
        numbers |= estimate_numbers(name, each)
    for name in TESTS:
        test = result.test_below(name)
        numbers |= at(f"{name} logrank", {"chi2": test.chi2 if test else None, "p": test.p if test else None})
    return numbers


OUTPUT = Output(
    code="adjusted_models",
    title=T("其他调整模型", "Other adjusted models"),
    by_arm=True,
    result=AdjustedModels,
    compute=compute,
    show=show,
    expected=expected,
    places=PLACES,
)
