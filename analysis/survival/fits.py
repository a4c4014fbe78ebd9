"""The planned fits over any table with named columns. Pure: a frame in, frozen results out.

The night run and `manage.py analyse` call these same functions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analysis.survival.cox import cox
from analysis.survival.kaplan_meier import GroupCurve, kaplan_meier
from analysis.survival.logrank import logrank
from analysis.survival.proportional_hazards import proportional_hazards
from analysis.survival.results import (
    Comparison,
    CoxSummary,
    CurveSummary,
    LogRank,
    PropensitySummary,
    StepCurve,
    StepLine,
    TransformTest,
    WeightedSummary,
    Weighting,
    part_of,
)
from analysis.survival.survival_data import BadTable
from analysis.survival.weighting import weighted_comparison


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
    refused: list[str] = []
    if arm is not None and options.robust:
        refused.append("log-rank: not computed, it has no robust variance and no clusters")
    elif arm is not None:
        try:
            tested = logrank(frame, time, event, arm, strata=options.strata, rho=options.rho, entry=options.entry)
        except BadTable as wrong:
            refused.append(f"log-rank: {wrong}")
    if covariates:
        try:
            fitted = cox(
                frame, time, event, list(covariates), strata=options.strata, ties=options.ties, entry=options.entry,
                robust=options.robust, cluster=options.cluster, reference=options.reference,
            )  # fmt: skip
        except BadTable as wrong:
            refused.append(f"Cox: {wrong}")
        else:
            model = part_of(fitted, CoxSummary)
            ph = proportional_hazards(fitted.fit) if options.ties == "efron" else ()
            if not ph:
                refused.append(f"PH test: not computed with {options.ties} ties")
    return Comparison(tested, model, ph, tuple(refused))


def weighting(
    frame: pd.DataFrame,
    time: str,
    event: str,
    arm: str,
    covariates: Sequence[str],
    control: str,
    reference: Mapping[str, str],
) -> Weighting:
    """The arms compared under every weighting scheme, without the weighted curves. Raises BadTable."""
    compared = weighted_comparison(frame, time, event, arm, covariates, control=control, reference=reference)
    parts = vars(compared) | {
        "propensity": part_of(compared.propensity, PropensitySummary),
        "effects": tuple(part_of(effect, WeightedSummary) for effect in compared.effects),
    }
    return Weighting(**parts)
