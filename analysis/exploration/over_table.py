"""Every step that a request names, over one table; a step that fails does not stop the others. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from analysis.exploration.competing_steps import fine_gray_step, incidence_step
from analysis.exploration.curve_steps import check_tau, contrast_steps, kaplan_meier_step, logrank_step
from analysis.exploration.interval_steps import grouped_step, npmle_step, weibull_step
from analysis.exploration.model_steps import cox_step, weights_step
from analysis.exploration.request import Request
from analysis.exploration.rows import TypedTable, selected, typed
from analysis.exploration.steps import Step, attempt
from analysis.survival.results import plain


@dataclass(frozen=True)
class Exploration:
    """What was computed over so many `rows` of the `read` ones of a table; `notes` say how its cells were read."""

    read: int
    rows: int
    notes: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def refused(self) -> tuple[str, ...]:
        """The refusals, each with its step."""
        return tuple(f"{step.name}: {step.refused}" for step in self.steps if step.refused)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to know beside the numbers, and what was left out and why."""
        left_out = (f"{step.name}: not computed, {step.left_out}" for step in self.steps if step.left_out)
        cautions = (text for step in self.steps for text in step.cautions)
        return tuple(dict.fromkeys([*self.notes, *cautions, *left_out]))

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values with full precision; a step that was not requested or refused is missing."""
        values: dict[str, Any] = {"rows": self.rows, "logrank": None, "cox": None, "ph": []}
        for step in self.steps:
            values |= step.values
        counts = {step.name: step.counts.to_dict() for step in self.steps if step.counts}
        beside = {"counts": counts, "cautions": self.cautions, "refused": self.refused}
        return dict(plain(values | beside))

    def lines(self) -> list[str]:
        """Everything as a person reads it."""
        lines = [f"{self.rows} rows" + (f" of {self.read}" if self.rows < self.read else "")]
        for step in self.steps:
            lines += [f"{step.name}: refused: {step.refused}"] if step.refused else step.lines
        return [*lines, *(f"warning: {text}" for text in self.cautions)]


def explore(texts: pd.DataFrame, request: Request) -> Exploration:
    """Fit every step of the request. Raises BadTable and RequestRefused for a table or options that no step can use."""
    chosen = selected(texts, request)
    table = typed(chosen, request)
    check_tau(table.frame, request)
    return Exploration(len(texts), len(chosen), table.notes, tuple(_steps(table, request)))


def _steps(table: TypedTable, request: Request) -> Iterator[Step]:
    frame = table.frame
    if request.time:
        yield attempt("Kaplan-Meier", partial(kaplan_meier_step, frame, request))
        if request.arm:
            yield attempt("log-rank", partial(logrank_step, frame, request))
        if request.arm and (request.at or request.tau is not None):
            yield attempt("contrasts", partial(contrast_steps, frame, request))
        if request.covariates:
            yield attempt("Cox", partial(cox_step, frame, request))
        yield from _competing(table, request)
        if request.treatment:
            yield attempt("weights", partial(weights_step, frame, request))
    if request.interval:
        yield attempt("Turnbull", partial(npmle_step, frame, request))
        yield attempt("Weibull", partial(weibull_step, frame, request))
        if request.visits:
            yield attempt("grouped hazards", partial(grouped_step, frame, request))


def _competing(table: TypedTable, request: Request) -> Iterator[Step]:
    if table.causes is not None:
        yield attempt("cumulative incidence", partial(incidence_step, table.frame, table.causes, request))
        if request.covariates:
            yield attempt("Fine-Gray", partial(fine_gray_step, table.frame, table.causes, request))
