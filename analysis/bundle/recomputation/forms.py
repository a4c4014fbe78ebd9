"""Splines of the covariates, residuals of the arm over time, and log(-log) curves.

Natural splines in Harrell's form (Regression Modeling Strategies, 2015, 2.4.5); scaled Schoenfeld residuals, Grambsch &
Therneau (Biometrika 1994;81:515); martingale residuals, Therneau, Grambsch & Fleming (Biometrika 1990;77:147).
"""

from __future__ import annotations

import math

import numpy as np

from .comparison import Values
from .cox import Fit, cox
from .curves import Z, kaplan_meier, number
from .models import Design, chi_square_p, design, estimable
from .tables import Bundle, Flags, Floats

QUANTILES = (0.05, 0.35, 0.65, 0.95)
GRID = 25
SMOOTH_KNOTS = 5
SAME_VALUE = 9


def functional_form(bundle: Bundle) -> Values:
    """The spline of age and of HBsAg, each beside the other covariates."""
    rows = bundle.endpoint("TTR")
    model = design(rows) if estimable(rows) else None
    forms: dict[str, Values] = {}
    for name in ("AGE", "HBSAGLOG"):
        values = _form(model, name) if model and model.rows.event.any() else None
        if values is not None:
            forms[name] = values
    places: Values = {"forms": len(forms)}
    for name, values in forms.items():
        places |= {f"{name} {place}": value for place, value in values.items()}
    return places


def _basis(values: Floats, knots: Floats) -> Floats:
    def cube(knot: float) -> Floats:
        return np.where(values > knot, values - knot, 0.0) ** 3

    last, before = knots[-1], knots[-2]
    terms = [
        (cube(t) - cube(before) * (last - t) / (last - before) + cube(last) * (before - t) / (last - before))
        / (last - knots[0]) ** 2
        for t in knots[:-2]
    ]  # fmt: skip
    return np.column_stack([values, *terms])


def _form(model: Design, name: str) -> Values | None:
    """None where knots coincide or a coefficient is not estimable."""
    at = model.names.index(name)
    x, week, event = model.values[:, at], model.rows.week, model.rows.event
    knots = np.quantile(x, QUANTILES)
    if (np.diff(knots) <= 1e-9 * max(1.0, np.abs(knots).max())).any():
        return None
    basis = _basis(x, knots)
    line, curved = cox(model.values, week, event), cox(np.column_stack([model.values, basis[:, 1:]]), week, event)
    places = [at, *range(model.values.shape[1], model.values.shape[1] + basis.shape[1] - 1)]
    if not np.isfinite(line.coef).all() or not np.isfinite(curved.coef[places]).all():
        return None
    chi2 = max(2 * (_loglik(curved, event) - _loglik(line, event)), 0.0)
    values: Values = {
        "n": len(x), "median": float(np.median(x)), "chi2": chi2, "df": basis.shape[1] - 1,
        "p": chi_square_p(chi2, basis.shape[1] - 1),
    }  # fmt: skip
    values |= {f"knot {i}": float(knot) for i, knot in enumerate(knots, start=1)}
    grid = np.linspace(x.min(), x.max(), GRID)
    apart = _basis(grid, knots) - _basis(np.array([np.median(x)]), knots)
    effect = apart @ curved.coef[places]
    width = Z * np.sqrt(np.maximum(((apart @ curved.vcov[np.ix_(places, places)]) * apart).sum(axis=1), 0))
    for i in range(GRID):
        values |= {
            f"point {i + 1} value": float(grid[i]), f"point {i + 1} effect": float(effect[i]),
            f"point {i + 1} lower": float(effect[i] - width[i]), f"point {i + 1} upper": float(effect[i] + width[i]),
        }  # fmt: skip
    return values | _fifths(x, model, line)


def _loglik(fit: Fit, event: Flags) -> float:
    """The Efron log partial likelihood at the maximum."""
    own = float(fit.predictor[event].sum() - event.sum() * fit.predictor.max(initial=0))
    return own + sum(step.weight * math.log(step.hazard / step.weight) for step in fit.steps)


def _fifths(x: Floats, model: Design, line: Fit) -> Values:
    event = model.rows.event
    risk = np.exp(line.predictor - line.predictor.max(initial=0))
    expected = sum((step.share * risk * step.hazard for step in line.steps), np.zeros(len(x)))
    inner = np.round(np.quantile(x, [0.2, 0.4, 0.6, 0.8]), SAME_VALUE)
    group = np.array([np.sum(np.round(value, SAME_VALUE) > inner) for value in x])
    values: Values = {}
    for i, code in enumerate(np.unique(group), start=1):
        own = group == code
        sums = int(event[own].sum()), float(expected[own].sum())
        values |= {
            f"group {i} lowest": float(x[own].min()), f"group {i} highest": float(x[own].max()),
            f"group {i} n": int(own.sum()), f"group {i} events": sums[0], f"group {i} expected": sums[1],
            f"group {i} difference": sums[0] - sums[1],
        }  # fmt: skip
    return values


def over_time(bundle: Bundle, fit: Fit, model: Design) -> Values:
    """Residuals of the arm with their smooth, and the log(-log) curves of the arms."""
    if model.names[0] != "ARMCDA2" or 0 not in fit.used or not np.isfinite(fit.coef[fit.used]).all():
        return {}
    residuals = sorted(_residuals(fit, model))
    values: Values = {}
    for i, (week, value) in enumerate(residuals, start=1):
        values |= {f"residual {i} week": week, f"residual {i} value": value}
    values |= _smooth(np.array(residuals))
    rows = bundle.endpoint("TTR")
    for arm in rows.arms:
        own = rows.arm == arm
        curve = kaplan_meier(rows.week[own], rows.event[own])
        for week, surv, events in zip(curve.time, curve.surv, curve.d, strict=True):
            if events and week > 0 and 0 < surv < 1:
                values[f"loglog {arm} {week:g}"] = math.log(-math.log(surv))
    return values


def _residuals(fit: Fit, model: Design) -> list[tuple[float, float]]:
    """beta + d V (x - mean at risk), a pair of week and value for each event."""
    x, week, event = model.values[:, fit.used], model.rows.week, model.rows.event
    centre, spread = x.mean(axis=0), x.std(axis=0)
    x = (x - centre) / spread
    inverse = np.linalg.inv(fit.information)[:, fit.used.index(0)]
    pairs = []
    for t in np.unique(week[event]):
        mean = np.mean([step.mean for step in fit.steps if step.time == t], axis=0)
        for row in x[event & (week == t)]:
            raw = float((row - mean) @ inverse) * int(event.sum()) / spread[fit.used.index(0)]
            pairs.append((float(t), raw + float(fit.coef[0])))
    return pairs


def _smooth(residuals: Floats) -> Values:
    """Least squares on a natural spline with its knots at quantiles of the distinct times."""
    t, y = residuals.T
    distinct = np.unique(t)
    if len(distinct) < 3:
        return {}
    knots = np.quantile(distinct, np.linspace(0, 1, min(SMOOTH_KNOTS, len(distinct))))
    scale = knots[-1] - knots[0]
    grid = np.linspace(distinct[0], distinct[-1], GRID)
    x, new = (np.column_stack([np.ones(len(v)), _basis((v - knots[0]) / scale, (knots - knots[0]) / scale)])
              for v in (t, grid))  # fmt: skip
    coef = np.linalg.lstsq(x, y, rcond=None)[0]
    free = len(y) - x.shape[1]
    variance = float(((y - x @ coef) ** 2).sum()) / free if free > 0 else math.nan
    width = Z * np.sqrt(variance * ((new @ np.linalg.inv(x.T @ x)) * new).sum(axis=1))
    values: Values = {}
    for i, (week, value, half) in enumerate(zip(grid, new @ coef, width, strict=True), start=1):
        values |= {
            f"smooth {i} week": float(week), f"smooth {i} value": float(value),
            f"smooth {i} lower": number(value - half), f"smooth {i} upper": number(value + half),
        }  # fmt: skip
    return values
