"""The adjusted Cox model with all its covariates. Pure but for the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.outputs import sentences
from analysis.outputs.expectations import Numbers, term_numbers
from analysis.outputs.number_texts import COLUMNS, COVARIATES, NE, hazard_with_events, number
from analysis.outputs.output import Output, Row, Shown, Table, Text, View
from analysis.survival.results import CoxSummary, Refusal, Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


@dataclass(frozen=True)
class CoxModel(Result):
    """The fitted model, None when it was `refused`; `estimable` when both arms have events enough to show it."""

    estimable: bool
    model: CoxSummary | None
    refused: tuple[Refusal, ...] = ()
    arm_events: dict[str, int] = field(default_factory=dict)


def compute(data: AnalysisData) -> CoxModel:
    """The model of the plan."""
    refused = tuple(each for each in data.adjusted.refused if each.step == "Cox")
    return CoxModel(data.estimable, data.adjusted.cox, refused, data.arm_events)


def show(result: CoxModel, _view: View) -> Shown:
    """A table of hazard ratios."""
    model, caption = result.model, OUTPUT.title
    if model:
        text = T(
            "{title} · n = {n}，事件 {events}，剔除 {dropped} · c指数 {c}",
            "{title} · n = {n}, {events} events, dropped {dropped} · c index {c}",
        )
        facts = {"n": model.n, "events": model.n_events, "dropped": model.n_dropped, "c": number(model.concordance, 3)}
        caption = text.format(title=caption, **facts)
    rows = tuple(
        Row(COVARIATES.get(term.covariate, term.covariate), hazard_with_events(term))
        for term in (model.terms if model and result.estimable else ())
    )
    heads: tuple[Text, ...] = (T("协变量", "Covariate"), "HR", "95% CI", "p")
    return Shown(
        tables=(Table(caption, heads, rows, empty=why_not(result.estimable, result.arm_events, result.refused)),)
    )


def why_not(estimable: bool, arm_events: Mapping[str, int], refused: Sequence[Refusal]) -> Text:
    """Why a table of the adjusted model is empty."""
    if not estimable:
        return sentences.few_events(arm_events)
    reasons = sentences.refusal_texts(refused)
    return reasons[0] if reasons else NE


def expected(result: CoxModel) -> Numbers:
    """The sizes of the model; while it is shown, its concordance and every term."""
    model = result.model
    if model is None:
        return dict.fromkeys(("n", "events", "dropped", "concordance"))
    numbers: Numbers = {"n": model.n, "events": model.n_events, "dropped": model.n_dropped}
    numbers["concordance"] = model.concordance if result.estimable else None
    for term in model.terms if result.estimable else ():
        numbers |= term_numbers(term.name, term)
    return numbers


OUTPUT = Output(
    code="cox_model",
    title=T("Cox 模型（Efron）", "Cox model (Efron ties)"),
    by_arm=True,
    result=CoxModel,
    compute=compute,
    show=show,
    warn=lambda result: sentences.caution_texts(result.model.cautions if result.model else ()),
    expected=expected,
    places=COLUMNS | {"concordance": T("一致性指数", "concordance")},
)
