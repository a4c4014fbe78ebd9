"""The adjusted Cox model with all its covariates. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.outputs.output import Output, Row, Shown, Table, View
from analysis.outputs.texts import COVARIATES, caution_texts, hazard_with_events
from analysis.survival.results import CoxSummary, Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


@dataclass(frozen=True)
class CoxModel(Result):
    """The fitted model, None when it was refused; `estimable` when both arms have events enough to show it."""

    estimable: bool
    model: CoxSummary | None


def compute(data: AnalysisData) -> CoxModel:
    """The model of the plan."""
    return CoxModel(data.estimable, data.adjusted.cox)


def show(result: CoxModel, _view: View) -> Shown:
    """A table of hazard ratios."""
    model, caption = result.model, OUTPUT.title
    if model:
        text = T("{title} · n = {n}, 剔除 {dropped}", "{title} · n = {n}, dropped {dropped}")
        caption = text.format(title=caption, n=model.n, dropped=model.n_dropped)
    rows = tuple(
        Row(COVARIATES.get(term.covariate, term.covariate), hazard_with_events(term))
        for term in (model.terms if model and result.estimable else ())
    )
    return Shown(tables=(Table(caption, (T("协变量", "Covariate"), "HR", "95% CI", "p"), rows),))


def expected(result: CoxModel) -> dict[str, Any]:
    """The model as the R script prints its own."""
    if result.model is None:
        return {"cox": None}
    coef = {term.name: term.coef for term in result.model.terms}
    return {"cox": {"n": result.model.n, "coef": coef, "se": {term.name: term.se for term in result.model.terms}}}


OUTPUT = Output(
    code="cox_model",
    title=T("Cox 模型（Efron）", "Cox model (Efron ties)"),
    by_arm=True,
    result=CoxModel,
    compute=compute,
    show=show,
    warn=lambda result: caution_texts(result.model.cautions if result.model else ()),
    expected=expected,
)
