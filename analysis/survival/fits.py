"""The planned fits over any table with named columns. Pure: a frame in, plain results out.

The night run and `manage.py analyse` call these same functions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.survival.cox import cox
from analysis.survival.kaplan_meier import GroupCurve, kaplan_meier
from analysis.survival.logrank import logrank
from analysis.survival.proportional_hazards import proportional_hazards
from analysis.survival.survival_data import BadTable

Plain = dict[str, Any]


def curves(
    frame: pd.DataFrame,
    time: str,
    event: str,
    group: str | None,
    times: Sequence[float],
    tau: float | None = None,
    entry: str | None = None,
) -> list[Plain]:
    """Kaplan-Meier per group, with everything that the figure, the risk table and the report print."""
    if frame.empty:
        return []
    fitted = kaplan_meier(frame, time, event, group, entry=entry, times=times, tau=tau)
    return [_curve(curve) for curve in fitted.groups]


def _curve(curve: GroupCurve) -> Plain:
    plain = curve.to_dict()
    steps = plain.pop("curve")
    plain["steps"] = {
        "time": steps["time"],
        "surv": steps["surv"],
        "lower": steps["loglog"]["lower"],
        "upper": steps["loglog"]["upper"],
        "n_risk": steps["n_risk"],
        "events": steps["events"],
        "censored": steps["censored"],
    }
    return plain


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
) -> Plain:
    """Log-rank by arm, and Cox of the covariates with the tests of proportional hazards; refusals are results."""
    result: Plain = {"logrank": None, "cox": None, "ph": [], "refused": []}
    if arm is not None:
        try:
            tested = logrank(frame, time, event, arm, strata=options.strata, rho=options.rho)
            result["logrank"] = tested.to_dict()
        except BadTable as refused:
            result["refused"].append(f"log-rank: {refused}")
    if covariates:
        try:
            fitted = cox(
                frame, time, event, list(covariates), strata=options.strata, ties=options.ties, entry=options.entry,
                robust=options.robust, cluster=options.cluster, reference=options.reference,
            )  # fmt: skip
        except BadTable as refused:
            result["refused"].append(f"Cox: {refused}")
        else:
            result["cox"] = fitted.to_dict()
            if options.ties == "efron":
                result["ph"] = [test.to_dict() for test in proportional_hazards(fitted.fit)]
    return result
