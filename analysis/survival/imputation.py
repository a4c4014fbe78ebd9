"""Multiple imputation of missing covariates by chained equations, and the pooling of estimates.

Chained equations with predictive mean matching: van Buuren, Flexible Imputation of Missing Data, 2nd ed. (2018),
sections 3.4 (algorithm 3.3) and 4.5. The imputation model has the event and the cumulative hazard at its time: White &
Royston (Stat Med 2009;28:1982). Pooling: Rubin, Multiple Imputation for Nonresponse in Surveys (1987), section 3.1,
with the degrees of freedom of Barnard & Rubin (Biometrika 1999;86:948).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.survival.results import Result
from analysis.survival.survival_data import BadTable, Flags, Floats

ROUNDS = 10
DONORS = 5
RIDGE = 1e-5  # share of the information that is added, so that a constant or a collinear predictor does no harm
SAME = 10  # decimals to which two predictions are told apart: matching does not depend on rounding


@dataclass(frozen=True)
class Pooled(Result):
    """One estimate from several imputations, with limits and p by Student's t on `df` degrees of freedom.

    `fraction` is the share of information that is missing.
    """

    estimate: float
    se: float
    df: float
    within: float
    between: float
    fraction: float
    lower: float
    upper: float
    p: float


def nelson_aalen(time: Floats, event: Flags) -> Floats:
    """The cumulative hazard of everybody together at each one's time, sum of d / n (Aalen, Ann Stat 1978;6:701)."""
    times = np.unique(time)
    deaths = np.array([np.sum(event & (time == t)) for t in times], dtype=np.float64)
    at_risk = np.array([np.sum(time >= t) for t in times], dtype=np.float64)
    return np.asarray(np.cumsum(deaths / at_risk)[np.searchsorted(times, time)], dtype=np.float64)


def impute(
    columns: Mapping[str, Floats], predictors: Floats, *, imputations: int, seed: int
) -> list[dict[str, Floats]]:
    """Fill the missing values (NaN) of `columns` (n,), so many times; a value is always one that somebody has.

    `predictors` (n, q) are complete and go into every model with the other columns. The same seed gives the same
    values. Raises BadTable for a column in which nobody has a value.
    """
    for name, values in columns.items():
        if np.isnan(values).all():
            raise BadTable(f"Nobody has a value in column '{name}'.", name, code="nothing_observed")
    draw = np.random.default_rng(seed)
    return [_filled(columns, predictors, draw) for _ in range(imputations)]


def _filled(columns: Mapping[str, Floats], predictors: Floats, draw: np.random.Generator) -> dict[str, Floats]:
    missing = {name: np.isnan(values) for name, values in columns.items()}
    filled = {name: values.copy() for name, values in columns.items()}
    for name, lost in missing.items():
        filled[name][lost] = draw.choice(columns[name][~lost], int(lost.sum()))
    for _ in range(ROUNDS):
        for name, lost in missing.items():
            if lost.any():
                others = [values for other, values in filled.items() if other != name]
                x = np.column_stack([predictors, *others])
                filled[name][lost] = _matched(x, columns[name], lost, draw)
    return filled


def _matched(x: Floats, values: Floats, lost: Flags, draw: np.random.Generator) -> Floats:
    """For each missing value that of one of the nearest donors by predicted mean."""
    spread = x.std(axis=0)
    scaled = (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    design = np.column_stack([np.ones(len(x)), scaled])
    known, y = design[~lost], values[~lost]
    information = known.T @ known + RIDGE * len(known) * np.eye(design.shape[1])
    inverse = np.linalg.inv(information)
    fitted = inverse @ known.T @ y
    residual = y - known @ fitted
    freedom = max(len(y) - design.shape[1], 1)
    sigma = math.sqrt(float(residual @ residual) / draw.chisquare(freedom))
    drawn = fitted + sigma * np.linalg.cholesky(inverse) @ draw.standard_normal(design.shape[1])
    distance = np.abs(np.round(design[lost] @ drawn, SAME)[:, None] - np.round(known @ fitted, SAME)[None, :])
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :DONORS]
    chosen = nearest[np.arange(len(nearest)), draw.integers(0, nearest.shape[1], len(nearest))]
    return np.asarray(y[chosen], dtype=np.float64)


def pooled(estimates: Sequence[float], variances: Sequence[float], *, complete_df: float) -> Pooled:
    """One estimate by Rubin's rules; `complete_df` are the degrees of freedom without missing values.

    ValueError for fewer than two imputations or no degree of freedom.
    """
    from scipy.special import stdtr, stdtrit  # only here: it costs a tenth of a second at start-up

    m = len(estimates)
    if m < 2 or complete_df <= 0:
        raise ValueError("Pooling takes two imputations at least, and degrees of freedom.")
    estimate, within = math.fsum(estimates) / m, math.fsum(variances) / m
    between = math.fsum((each - estimate) ** 2 for each in estimates) / (m - 1)
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    df = observed if share == 0 else 1 / (share**2 / (m - 1) + 1 / observed)
    ratio = (1 + 1 / m) * between / within
    se, width = math.sqrt(total), float(stdtrit(df, 0.975))
    return Pooled(
        estimate=estimate,
        se=se,
        df=df,
        within=within,
        between=between,
        fraction=(ratio + 2 / (df + 3)) / (1 + ratio),
        lower=estimate - width * se,
        upper=estimate + width * se,
        p=float(2 * stdtr(df, -abs(estimate / se))),
    )
