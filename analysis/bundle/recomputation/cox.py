"""The proportional hazards model with Efron's ties, weighted or not, by Newton's method.

Efron (JASA 1977); score residuals and information, Therneau & Grambsch, Modeling Survival Data (2000), 3.1-3.3, 4.6;
robust variance, Lin & Wei (JASA 1989;84:1074); tests of proportional hazards as score tests with the full information,
Grambsch & Therneau (Biometrika 1994;81:515); concordance, Harrell (JAMA 1982).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .tables import Flags, Floats, Observed, observed

STEPS = 60
SINGULAR = 1e-10
ENDLESS = 1e-4
FLAT = 1e-12


@dataclass(frozen=True)
class Step:
    """One of the events tied at a time: at risk with Efron's shares, their mean and covariance of x."""

    time: float
    share: Floats
    mean: Floats
    spread: Floats
    hazard: float
    weight: float
    died: Flags


@dataclass(frozen=True)
class Fit:
    """The fitted model; coefficients that are not estimable are NaN, and so is their part of the model based `vcov`.

    `used` are the columns that entered.
    """

    coef: Floats
    se: Floats
    robust_se: Floats
    used: list[int]
    steps: list[Step]
    information: Floats
    predictor: Floats
    vcov: Floats


def steps_at(x: Floats, seen: Observed, beta: Floats) -> list[Step]:
    """The steps of the likelihood at beta."""
    risk = seen.weight * np.exp(x @ beta - (x @ beta).max(initial=0))
    steps = []
    for t, at_risk, died in seen.risk_sets():
        tied = int(died.sum())
        for k in range(tied):
            share: Floats = np.where(at_risk, np.where(died, 1 - k / tied, 1.0), 0.0)
            load = share * risk
            mean = load @ x / load.sum()
            spread = (x * load[:, None]).T @ x / load.sum() - np.outer(mean, mean)
            own = float(seen.weight[died].mean())
            steps.append(Step(t, share, mean, spread, own / load.sum(), own, died))
    return steps


def _loglik(x: Floats, seen: Observed, beta: Floats, steps: list[Step]) -> float:
    shift = float((x @ beta).max(initial=0))
    own = seen.weight[seen.event] @ (x[seen.event] @ beta - shift)
    return float(own + sum(step.weight * math.log(step.hazard / step.weight) for step in steps))


def _score(x: Floats, seen: Observed, steps: list[Step]) -> Floats:
    observed = (x[seen.event] * seen.weight[seen.event, None]).sum(axis=0)
    return np.asarray(observed - sum((step.weight * step.mean for step in steps), np.zeros(x.shape[1])))


def _information(steps: list[Step], size: int, g: Floats | None = None) -> Floats:
    total = np.zeros((size, size))
    for k, step in enumerate(steps):
        total += (1.0 if g is None else g[k]) * step.weight * step.spread
    return total


def _independent(x: Floats, seen: Observed) -> list[int]:
    """Columns that add something to those before: the later of a dependent set goes."""
    steps = steps_at(x, seen, np.zeros(x.shape[1]))
    total = _information(steps, x.shape[1])
    used: list[int] = []
    for j in range(x.shape[1]):
        size = sum(step.weight * (step.spread[j, j] + step.mean[j] ** 2) for step in steps)
        block, own = total[np.ix_(used, used)], total[used, j]
        if total[j, j] - own @ np.linalg.solve(block, own) > SINGULAR * size:
            used.append(j)
    return used


def cox(
    columns: Floats,
    time: Floats,
    event: Flags,
    weight: Floats | None = None,
    *,
    entry: Floats | None = None,
    stratum: npt.NDArray[Any] | None = None,
) -> Fit:
    """Fit the columns (n, p)."""
    seen = observed(time, event, weight, entry=entry, stratum=stratum)
    w = seen.weight
    spread = columns.std(axis=0)
    scale = np.where(spread > 1e-12 * np.abs(columns).max(axis=0), spread, 1.0)
    centred = (columns - columns.mean(axis=0)) / scale
    centred[:, spread <= 1e-12 * np.abs(columns).max(axis=0)] = 0.0
    used = _independent(centred, seen)
    x = centred[:, used]
    beta, endless = _maximum(x, seen)
    steps = steps_at(x, seen, beta)
    information = _information(steps, len(used))
    coef, se, robust = (np.full(columns.shape[1], math.nan) for _ in range(3))
    vcov = np.full((columns.shape[1], columns.shape[1]), math.nan)
    good = [j for j in range(len(used)) if not endless[j]]
    inverse = np.linalg.inv(information[np.ix_(good, good)])
    residuals = _score_residuals(x, beta, steps)[:, good] * w[:, None] @ inverse
    for k, j in enumerate(good):
        coef[used[j]] = beta[j] / scale[used[j]]
        se[used[j]] = math.sqrt(inverse[k, k]) / scale[used[j]]
        robust[used[j]] = math.sqrt(float(residuals[:, k] @ residuals[:, k])) / scale[used[j]]
    own = [used[j] for j in good]
    vcov[np.ix_(own, own)] = inverse / np.outer(scale[own], scale[own])
    return Fit(coef, se, robust, used, steps, information, x @ beta, vcov)


def _maximum(x: Floats, seen: Observed) -> tuple[Floats, Flags]:
    """The maximum, and which coefficients grow without end."""
    beta = np.zeros(x.shape[1])
    for _ in range(STEPS if len(beta) else 0):
        steps = steps_at(x, seen, beta)
        move = np.linalg.solve(_information(steps, len(beta)), _score(x, seen, steps))
        if float(move @ _score(x, seen, steps)) < FLAT:
            endless = np.abs(move) > ENDLESS
            return (beta if endless.any() else beta + move), endless
        now = _loglik(x, seen, beta, steps)
        for _ in range(30):
            further = steps_at(x, seen, beta + move)
            if _loglik(x, seen, beta + move, further) >= now - 1e-10 * abs(now):
                break
            move = move / 2
        beta = beta + move
    return beta, np.full(len(beta), len(beta) > 0)


def _score_residuals(x: Floats, beta: Floats, steps: list[Step]) -> Floats:
    """The part of every row in the score, unweighted."""
    risk = np.exp(x @ beta - (x @ beta).max(initial=0))
    residuals = np.zeros(x.shape)
    for step in steps:
        residuals -= (x - step.mean) * (step.share * risk * step.hazard)[:, None]
        residuals[step.died] += (x[step.died] - step.mean) / step.died.sum()
    return residuals


def concordance(predictor: Floats, time: Floats, event: Flags) -> float | None:
    """Harrell's C over the pairs of an event and whoever outlives it; equal predictors count one half."""
    agreeing = pairs = 0.0
    score = np.round(predictor, 12)
    for i in np.flatnonzero(event):
        later = (time > time[i]) | ((time == time[i]) & ~event)
        pairs += later.sum()
        agreeing += np.sum(score[later] < score[i]) + np.sum(score[later] == score[i]) / 2
    return float(agreeing / pairs) if pairs else None


def transformed(name: str, times: Floats, time: Floats, event: Flags) -> Floats:
    """A transform of the event times: 1 - S(t-), the rank among all times, the time itself or its logarithm."""
    if name == "km":
        distinct = np.unique(time)
        n = np.array([np.sum(time >= t) for t in distinct])
        d = np.array([np.sum(event & (time == t)) for t in distinct])
        return np.array([1 - np.prod((1 - d / n)[distinct < t]) for t in times], dtype=np.float64)
    if name == "rank":
        return np.array([np.sum(time < t) + (np.sum(time == t) + 1) / 2 for t in times], dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(times) if name == "log" else times, dtype=np.float64)


def proportionality(fit: Fit, x: Floats, g: Floats, event: Flags) -> tuple[list[float | None], float | None]:
    """Chi-square of every used column and of all together; None where g is undefined or constant."""
    size = len(fit.used)
    if not size or not np.isfinite(g).all():
        return [None] * size, None
    g = g - g.mean()
    score = np.zeros(size)
    for k, step in enumerate(fit.steps):
        score += g[k] * (x[step.died].mean(axis=0) - step.mean) * step.weight
    b, c = _information(fit.steps, size, g), _information(fit.steps, size, g * g)
    variance = c - b @ np.linalg.solve(fit.information, b)
    if not (np.diag(c) > 0).all():
        return [None] * size, None
    relative = variance / np.sqrt(np.outer(np.diag(c), np.diag(c)))
    single = [
        float(score[j] ** 2 / variance[j, j]) if relative[j, j] > SINGULAR else None for j in range(size)
    ]  # fmt: skip
    whole = np.linalg.matrix_rank(relative, tol=SINGULAR) == size
    return single, float(score @ np.linalg.solve(variance, score)) if whole else None
