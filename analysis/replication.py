"""A number is believed when a second program agrees: every run is computed again with lifelines.

lifelines 0.30.3 is right for Kaplan-Meier, log-log limits, log-rank and Cox coefficients (statistics rule 1); our own
fits give what it lacks (robust errors, tests of proportional hazards, baseline hazard). The largest difference is a
result of the run, and one beyond the tolerance is a warning.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.outputs import cox_model, hazard_ratios, recurrence_by_arm
from analysis.results import Results
from analysis.survival.results import CoxSummary, LogRank, StepCurve

TOLERANCE = 1e-8
EXACT = {"precision": 1e-20, "r_precision": 1e-20, "max_steps": 60}


def compare(frame: pd.DataFrame, ours: Results) -> dict[str, Any]:
    """Largest absolute differences between our curves, log-rank and Cox and those of lifelines.

    `frame` holds the rows of the primary endpoint.
    """
    import lifelines

    differences: dict[str, Any] = {
        "program": f"lifelines {lifelines.__version__}",
        "curves": _curves(lifelines, frame, ours[recurrence_by_arm.OUTPUT].curves),
        "logrank": _logrank(frame, ours[hazard_ratios.OUTPUT].unadjusted.logrank),
        "cox": _cox(lifelines, frame, ours[cox_model.OUTPUT].model),
        "tolerance": TOLERANCE,
    }
    known = [differences[name] for name in ("curves", "logrank", "cox") if differences[name] is not None]
    return differences | {"agrees": bool(known) and max(known) <= TOLERANCE}


def _curves(lifelines: Any, frame: pd.DataFrame, curves: Sequence[StepCurve]) -> float:
    worst = 0.0
    for curve in curves:
        rows = frame[frame["ARMCD"] == curve.group]
        fitted = lifelines.KaplanMeierFitter().fit(rows["NOMWEEK"], rows["EVENT"])
        theirs = fitted.survival_function_at_times(curve.steps.time).to_numpy()
        worst = max([worst, *(abs(a - b) for a, b in zip(theirs, curve.steps.surv, strict=True))])
    return float(worst)


def _logrank(frame: pd.DataFrame, ours: LogRank | None) -> float | None:
    from lifelines.statistics import multivariate_logrank_test

    if ours is None or ours.chi2 is None:
        return None
    theirs = multivariate_logrank_test(frame["NOMWEEK"], frame["ARMCD"], frame["EVENT"])
    return float(abs(theirs.test_statistic - ours.chi2))


def _cox(lifelines: Any, frame: pd.DataFrame, ours: CoxSummary | None) -> float | None:
    if ours is None or not ours.converged or any(term.coef is None for term in ours.terms):
        return None
    numeric = pd.DataFrame({"time": frame["NOMWEEK"], "event": frame["EVENT"]})
    for term in ours.terms:
        column = frame[term.covariate]
        numeric[term.name] = column if term.level is None else (column == term.level).astype(float)
    complete = frame[[term.covariate for term in ours.terms]].notna().all(axis=1)
    fitted = lifelines.CoxPHFitter().fit(numeric[complete], "time", "event", fit_options=EXACT)
    return float(max(abs(fitted.params_[term.name] - term.coef) for term in ours.terms))
