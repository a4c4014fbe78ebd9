"""Of how many a hazard ratio is, where covariates of somebody are missing. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs.output import Text
from analysis.survival.results import Result
from prtras.labels import T

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ModelSize(Result):
    """Those of whom every covariate of the plan is known: participants and events."""

    n: int
    events: int


def model_size(rows: pd.DataFrame) -> ModelSize:
    """The size of the planned model of these rows."""
    known = rows[rows[[covariate.column for covariate in plan.COVARIATES]].notna().all(axis=1)]
    return ModelSize(len(known), int(known["EVENT"].sum()))


def of_so_many(effect: Text, model: ModelSize | None, analysed: int | None) -> Text:
    """An estimate, and below it the size of its model where that is not everybody analysed."""
    if model is None or model.n == analysed:
        return effect
    text = T("{effect}\nn = {n}，事件{e}", "{effect}\nn = {n}, {e} events")
    return text.format(effect=effect, n=model.n, e=model.events)
