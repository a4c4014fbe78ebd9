"""Recurrence between the last negative and the first positive scan: models of the interval, and the missed scans.

Grouped proportional hazards, Prentice & Gloeckler (Biometrics 1978;34:57); Weibull model in the log hazard ratio,
Kalbfleisch & Prentice (2002), 3.7; Turnbull (JRSS B 1976;38:290), its masses by Newton's method on their support.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from .comparison import Values
from .counts import imaging_by_arm
from .curves import kaplan_meier
from .models import Design, design, estimable, fitted, has_covariates, independent, model_size, term
from .tables import ARMS, Bundle, Endpoint, Flags, Floats, Whole

WIDTH = 84
GRACE = 0.25
HIGHEST = math.log(30)


def interval_censored(bundle: Bundle) -> Values:
    """Every method, and what each arm missed."""
    rows, gap = bundle.endpoint("TTR"), bundle.endpoint("TTRGAP")
    week, day = bundle.plan["read_week"], bundle.plan["read_day"]
    values: Values = {}
    left = _left(rows)
    middle = (left + rows.days) / 2
    for name, table, time, read in (
        ("planned", rows, rows.week, week), ("gap", gap, gap.days, day), ("midpoint", rows, middle, day),
    ):  # fmt: skip
        values |= _cox_line(name, table, time, read)
    shown = _cox_estimate(rows, rows.week) is not None
    model = design(rows) if shown else None
    for name, fit in (("grouped", _grouped), ("weibull", _weibull)):
        values |= {f"{name} n": len(rows.arm), f"{name} events": int(rows.event.sum())} | model_size(name, rows)
        coef, se = fit(model, _left(model.rows)) if model else (math.nan, math.nan)
        values |= term(name, coef, se, shown=model is not None)
    values |= {"turnbull n": len(rows.arm), "turnbull events": int(rows.event.sum())}
    scans = imaging_by_arm(bundle)
    for arm in ARMS:
        own, seen = rows.arm == arm, (rows.arm == arm) & rows.event
        lowest, highest = _turnbull(left[own], np.where(rows.event, rows.days, math.inf)[own], day)
        values |= {f"turnbull {arm} lowest": lowest, f"turnbull {arm} highest": highest}
        due, done = scans[f"{arm} due"], scans[f"{arm} done"]
        assert isinstance(due, int)
        assert isinstance(done, int)
        values |= {f"scans {arm} due": due, f"scans {arm} missed": due - done, f"scans {arm} events": int(seen.sum())}
        values[f"scans {arm} after_gap"] = int(seen.sum() - (gap.event & (gap.arm == arm)).sum())
        width = float(np.median((rows.days - left)[seen])) if seen.any() else None
        values[f"scans {arm} median_width"] = width
    return values


def _left(rows: Endpoint) -> Floats:
    """The day of the last negative scan before an event (0: none), or of censoring."""
    return np.where(rows.event, np.where(np.isfinite(rows.negative), rows.negative, 0.0), rows.days)


def _cox_estimate(rows: Endpoint, time: Floats) -> tuple[float, float] | None:
    """Coefficient and standard error of the arm; None where they may not be shown."""
    model = design(rows) if estimable(rows) else None
    if model is None or model.few[0]:
        return None
    fit = fitted(model, time[has_covariates(rows)])
    return (fit.coef[0], fit.se[0]) if math.isfinite(fit.coef[0]) else None


def _cox_line(name: str, rows: Endpoint, time: Floats, read: float) -> Values:
    values: Values = {f"{name} n": len(rows.arm), f"{name} events": int(rows.event.sum())} | model_size(name, rows)
    for arm in ARMS:
        own = rows.arm == arm
        surv = kaplan_meier(time[own], rows.event[own]).at(read)[0] if own.any() else None
        rate = None if surv is None else 1 - surv
        values |= {f"{name} {arm} lowest": rate, f"{name} {arm} highest": rate}
    estimate = _cox_estimate(rows, time)
    return values | term(name, *(estimate or (math.nan, math.nan)), shown=estimate is not None)


def standardised(x: Floats) -> tuple[Floats, Floats]:
    """The columns with mean 0 and standard deviation 1 (constant ones 0), and what they were divided by."""
    spread = x.std(axis=0)
    scale = np.where(spread > 1e-12 * np.abs(x).max(axis=0), spread, 1.0)
    centred = (x - x.mean(axis=0)) / scale
    centred[:, spread <= 1e-12 * np.abs(x).max(axis=0)] = 0.0
    return centred, scale


def _grouped(model: Design, left: Floats) -> tuple[float, float]:
    """Log hazard ratio of the arm from a complementary log-log regression of every visit."""
    rows = model.rows
    seen = np.maximum(7 * rows.week / WIDTH, 1)
    last = np.where(rows.event, seen, np.floor((left + GRACE * WIDTH) / WIDTH)).astype(int)
    person = np.repeat(np.arange(len(last)), last)
    visit = np.concatenate([np.arange(1, k + 1) for k in last]) if len(person) else np.zeros(0)
    outcome = rows.event[person] & (visit == last[person])
    visits = [v for v in np.unique(visit) if 0 < outcome[visit == v].sum() < (visit == v).sum()]
    if not visits:
        return math.nan, math.nan
    chosen = np.isin(visit, visits)
    x, scale = standardised(model.values)
    columns = np.column_stack([visit[chosen, None] == np.array(visits), x[person[chosen]]]).astype(np.float64)
    used = independent(columns)
    arm = len(visits)
    coef, se = _cloglog(columns[:, used], outcome[chosen])
    if arm not in used or coef is None:
        return math.nan, math.nan
    return coef[used.index(arm)] / scale[0], se[used.index(arm)] / scale[0]


def _cloglog(x: Floats, outcome: Flags) -> tuple[Floats | None, Floats]:
    """Newton's method with the observed information; None where the columns separate the outcomes."""
    mean = outcome.mean()
    beta = np.linalg.lstsq(x, np.full(len(outcome), math.log(-math.log1p(-mean))), rcond=None)[0]
    inverse = np.zeros((len(beta), len(beta)))
    for _ in range(200):
        eta = x @ beta
        if eta.min() < -30 or eta.max() > HIGHEST:
            return None, np.diag(inverse)
        hazard = np.exp(eta)
        fitted = -np.expm1(-hazard)
        inverse = np.linalg.inv((x * (hazard**2 / np.expm1(hazard))[:, None]).T @ x)
        grade = np.where(outcome, hazard * (1 / fitted - 1), -hazard)
        observed = np.where(outcome, grade * np.maximum(hazard / fitted - 1, hazard / 3), hazard)
        move = np.linalg.solve((x * observed[:, None]).T @ x, x.T @ grade)
        if np.abs(x @ move).max() < 1e-10:
            return beta + move, np.sqrt(np.diag(inverse))
        for _ in range(40):
            if _cloglog_deviance(x @ (beta + move), outcome) <= _cloglog_deviance(eta, outcome) * (1 + 1e-10):
                break
            move = move / 2
        beta = beta + move
    return None, np.diag(inverse)


def _cloglog_deviance(eta: Floats, outcome: Flags) -> float:
    hazard = np.exp(np.clip(eta, -30, HIGHEST))
    return float(np.where(outcome, -np.log(-np.expm1(-hazard)), hazard).sum())


def _weibull(model: Design, left: Floats) -> tuple[float, float]:
    """Log hazard ratio of the arm: the log cumulative hazard is linear in log time and the columns."""
    rows = model.rows
    x, scale = standardised(model.values)
    every = np.column_stack([np.ones(len(x)), x])
    used = independent(every)
    if 1 not in used:
        return math.nan, math.nan
    columns = every[:, used]
    log_left = np.log(np.where(left > 0, left, 1.0))
    start, end = (np.column_stack([log, columns]) for log in (log_left, np.log(rows.days)))
    middle = np.where(rows.event, (left + rows.days) / 2, left)
    theta = np.array([1.0, -math.log(middle.sum() / rows.event.sum()), *np.zeros(columns.shape[1] - 1)])
    for _ in range(200):
        value, slope, curvature = _weibull_at(theta, start, end, rows.event, left > 0)
        if np.linalg.cond(curvature) > 1e14:
            return math.nan, math.nan
        move = np.linalg.solve(curvature, slope)
        if np.abs(move).max() < 1e-10:
            break
        for _ in range(40):
            further = theta + move
            if further[0] > 0 and _weibull_at(further, start, end, rows.event, left > 0)[0] >= value - 1e-9:
                break
            move = move / 2
        theta = theta + move
    else:
        return math.nan, math.nan
    at = 1 + used.index(1)
    se = math.sqrt(np.linalg.inv(curvature)[at, at])
    return (theta[at] / scale[0], se / scale[0]) if se < 100 else (math.nan, math.nan)


def _weibull_at(
    theta: Floats, start: Floats, end: Floats, event: Flags, after_zero: Flags
) -> tuple[float, Floats, Floats]:
    """Log-likelihood, gradient and information; u and v are the cumulative hazards at the ends of the interval."""
    u = np.where(after_zero, np.exp(np.minimum(start @ theta, 50)), 0.0)
    v = np.exp(np.minimum(end @ theta, 50))
    width = np.where(event, np.maximum(v - u, 1e-300), 1.0)
    rest = np.where(event, 1 / np.expm1(np.minimum(width, 700)), 0.0)
    value = float((np.where(event, np.log(-np.expm1(-width)), 0.0) - u).sum())
    slope = start.T @ (-u * (1 + rest)) + end.T @ (v * rest)
    bend = rest * (1 + rest)
    cross = (start * (u * v * bend)[:, None]).T @ end
    own = (start * (u * (1 + rest) + u**2 * bend)[:, None]).T @ start
    return value, slope, own + (end * (v**2 * bend - v * rest)[:, None]).T @ end - cross - cross.T


def _turnbull(left: Floats, right: Floats, day: float) -> tuple[float | None, float | None]:
    """Between which values cumulative recurrence lies at a day; None where nobody is followed so long."""
    if not len(left) or max(left.max(), right[np.isfinite(right)].max(initial=0)) < day:
        return None, None
    ends = np.unique(np.concatenate([left, right]))
    cells = [(a, b) for a, b in pairwise(ends) if a in left and b in right]
    a, b = np.array(cells).T
    mass = _masses((a >= left[:, None]) & (b <= right[:, None]))
    return float(mass[b <= day].sum()), float(mass[(a < day) | (b <= day)].sum())


def _masses(inside: Flags) -> Floats:
    """The masses (m,) of the cells with the greatest likelihood; rows (n, m) say which cells each person may be in."""
    contains, n = inside.astype(np.float64), len(inside)
    mass = np.full(contains.shape[1], 1 / contains.shape[1])
    for _ in range(1000):
        ratio = contains / (contains @ mass)[:, None]
        gain = ratio.sum(axis=0)
        on = np.flatnonzero(mass > 0)
        system = np.block([[ratio[:, on].T @ ratio[:, on], np.ones((len(on), 1))], [np.ones((1, len(on))), 0.0]])
        move = np.linalg.lstsq(system, np.append(gain[on], 0.0), rcond=1e-12)[0][:-1]
        if np.abs(move).max() < 1e-12:
            better = np.flatnonzero((mass == 0) & (gain > n * (1 + 1e-9)))
            if not len(better):
                break
            mass[better] = 1e-6
            mass /= mass.sum()
            continue
        falling = move < 0
        reach = min(1.0, float((-mass[on][falling] / move[falling]).min(initial=1.0)))
        before = np.log(contains @ mass).sum()
        mass = _stepped(contains, mass, on, move, reach, before)
    return mass


def _stepped(contains: Floats, mass: Floats, on: Whole, move: Floats, reach: float, before: float) -> Floats:
    for _ in range(60):
        trial = mass.copy()
        trial[on] = np.where(mass[on] + reach * move < 1e-15, 0.0, mass[on] + reach * move)
        if (contains @ trial).min() > 0 and np.log(contains @ trial).sum() >= before - 1e-12 * abs(before):
            return np.asarray(trial / trial.sum())
        reach /= 2
    return mass
