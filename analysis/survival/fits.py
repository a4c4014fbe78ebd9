"""The planned fits over any table with named columns. Pure: a frame in, frozen results out.

The night run calls them; `manage.py analyse` fits step by step (`analysis.exploration`).
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pandas as pd

from analysis.survival.cox import CoxRegression, cox
from analysis.survival.kaplan_meier import GroupCurve, kaplan_meier
from analysis.survival.logrank import logrank
from analysis.survival.proportional_hazards import proportional_hazards
from analysis.survival.results import (
    FAILED,
    Comparison,
    CoxSummary,
    CurveSummary,
    LogRank,
    PropensitySummary,
    Refusal,
    StepCurve,
    StepLine,
    TransformTest,
    WeightedSummary,
    Weighting,
    part_of,
)
from analysis.survival.survival_data import BadTable
from analysis.survival.weighting import WeightedComparison

R = TypeVar("R")
logger = logging.getLogger(__name__)


def curves(
    frame: pd.DataFrame,
    time: str,
    event: str,
    group: str | None,
    times: Sequence[float],
    tau: float | None = None,
    entry: str | None = None,
) -> tuple[StepCurve, ...]:
    """Kaplan-Meier per group, with everything that the figure, the risk table and the report print."""
    if frame.empty:
        return ()
    fitted = kaplan_meier(frame, time, event, group, entry=entry, times=times, tau=tau)
    return tuple(_curve(curve) for curve in fitted.groups)


def _curve(curve: GroupCurve) -> StepCurve:
    drawn, limits = curve.curve, curve.curve.loglog
    line = StepLine(drawn.time, drawn.surv, limits.lower, limits.upper, drawn.n_risk, drawn.events, drawn.censored)
    return StepCurve(**vars(part_of(curve, CurveSummary)), steps=line)


@dataclass(frozen=True)
class Options:
    """How the comparison is fitted; the plan uses the defaults."""

    strata: tuple[str, ...] = ()
    ties: str = "efron"
    rho: float = 0
    robust: bool | None = None
    cluster: str | None = None
    entry: str | None = None
    reference: Mapping[str, str] = field(default_factory=dict)


def comparison(
    frame: pd.DataFrame, time: str, event: str, arm: str | None, covariates: Sequence[str], options: Options
) -> Comparison:
    """Log-rank by arm, and Cox of the covariates with the tests of proportional hazards; refusals are results."""
    tested: LogRank | None = None
    model: CoxSummary | None = None
    ph: tuple[TransformTest, ...] = ()
    refused: list[Refusal] = []
    if arm is not None and options.robust:
        refused.append(Refusal("log-rank", "not_robust", "not computed, it has no robust variance and no clusters"))
    elif arm is not None:
        tested = attempt(
            "log-rank", refused,
            lambda: logrank(frame, time, event, arm, strata=options.strata, rho=options.rho, entry=options.entry),
        )  # fmt: skip
    if covariates:
        fitted = attempt("Cox", refused, lambda: _cox(frame, time, event, covariates, options))
        model = part_of(fitted, CoxSummary) if fitted else None
        if fitted and options.ties != "efron":
            refused.append(Refusal("PH test", "not_efron", f"not computed with {options.ties} ties"))
        elif fitted and not fitted.n_events:
            refused.append(Refusal("PH test", "no_event", "not computed, there is no event"))
        elif fitted:
            ph = attempt("PH test", refused, lambda: proportional_hazards(fitted.fit)) or ()
    return Comparison(tested, model, ph, tuple(refused))


def _cox(frame: pd.DataFrame, time: str, event: str, covariates: Sequence[str], options: Options) -> CoxRegression:
    return cox(
        frame, time, event, list(covariates), strata=options.strata, ties=options.ties, entry=options.entry,
        robust=options.robust, cluster=options.cluster, reference=options.reference,
    )  # fmt: skip


def result_of(step: str, fit: Callable[[], R]) -> R | Refusal:
    """What a fit gives, or why it failed, for whatever reason: a failing fit never takes the others with it.

    What is not the table's fault is logged with its traceback.
    """
    try:
        return fit()
    except Exception as failed:
        return refusal(step, failed)


def attempt(step: str, refused: list[Refusal], fit: Callable[[], R]) -> R | None:
    """The same; None, and the reason among `refused`, when it fails."""
    result = result_of(step, fit)
    if isinstance(result, Refusal):
        refused.append(result)
        return None
    return result


def refusal(step: str, failed: Exception) -> Refusal:
    """Why a step failed, as a result."""
    if isinstance(failed, BadTable):
        return Refusal(step, failed.code, failed.message, failed.facts)
    logger.error("%s could not be computed", step, exc_info=failed)
    kind = type(failed).__name__
    return Refusal(step, FAILED, f"The computation failed ({kind}).", {"kind": kind})


def weighting(compared: WeightedComparison) -> Weighting:
    """The arms compared under every weighting scheme, without scores and weighted curves: what a run stores."""
    parts = vars(compared) | {
        "propensity": part_of(compared.propensity, PropensitySummary),
        "effects": tuple(part_of(effect, WeightedSummary) for effect in compared.effects),
    }
    return Weighting(**parts)
