"""Is a covariate's effect on the log hazard a straight line? And is a coefficient the same at all times?

Natural (restricted) cubic splines in Harrell's form, Regression Modeling Strategies, 2nd ed. (2015), 2.4.5, which span
the same space as R's `splines::ns` with the same knots; scaled Schoenfeld residuals, Grambsch & Therneau (Biometrika
1994;81:515); martingale residuals, Therneau, Grambsch & Fleming (Biometrika 1990;77:147).
"""

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.survival.cox import CoxRegression, cox
from analysis.survival.functional_results import Effect, Fifth, FunctionalForm, Residual, Smoothed
from analysis.survival.logrank import chi_square_p
from analysis.survival.proportional_hazards import Fit
from analysis.survival.survival_data import BadTable, Floats, finites

#: Quantiles of the knots of a spline with 3 degrees of freedom (Harrell 2015, table 2.3).
KNOTS = (0.05, 0.35, 0.65, 0.95)
#: Knots of the smooth of the residuals: 4 degrees of freedom beside the constant.
SMOOTH_KNOTS = 5
GRID = 25
GROUPS = 5
#: Decimals to which a value and the edge of a group are told apart.
SAME_VALUE = 9
Z = NormalDist().inv_cdf(0.975)


def spline_basis(values: Floats, knots: Sequence[float]) -> Floats:
    """The columns (n, k - 1) of a natural spline: the values, and k - 2 cubic terms, linear beyond the outer knots."""
    last, before = knots[-1], knots[-2]
    columns = [values]
    for knot in knots[:-2]:
        part = np.maximum(values - knot, 0) ** 3
        part = part - np.maximum(values - before, 0) ** 3 * (last - knot) / (last - before)
        part = part + np.maximum(values - last, 0) ** 3 * (before - knot) / (last - before)
        columns.append(part / (last - knots[0]) ** 2)
    return np.column_stack(columns)


def functional_form(
    frame: pd.DataFrame,
    time: str,
    event: str,
    covariates: Sequence[str],
    column: str,
    *,
    reference: Mapping[str, str] | None = None,
) -> FunctionalForm:
    """Replace `column`, one of the covariates, by a spline with 3 degrees of freedom in the Cox model of all of them.

    Raises BadTable (see `analysis_rows`), for knots that coincide, and where a part of the spline is not estimable.
    """
    linear = cox(frame, time, event, covariates, reference=reference)
    design = linear.fit.likelihood.rows.design
    values = next(each.values for each in design if each.name == column)
    knots = np.quantile(values, KNOTS)
    if (np.diff(knots) <= 1e-9 * max(1.0, np.abs(knots).max())).any():
        raise BadTable(f"Column '{column}' has too few different values for a spline.", column, code="few_values")
    numbers = pd.to_numeric(frame[column]).to_numpy(dtype=np.float64)
    names = [column, *(f"{column} spline {i}" for i in range(1, len(knots) - 1))]
    basis = dict(zip(names[1:], spline_basis(numbers, knots.tolist()).T[1:], strict=True))
    curved = cox(frame.assign(**basis), time, event, [*covariates, *names[1:]], reference=reference)
    terms = {term.name: i for i, term in enumerate(curved.terms)}
    at = [terms[name] for name in names]
    if any(term.coef is None for term in (*linear.terms, *(curved.terms[i] for i in at))):
        raise BadTable(f"The spline of column '{column}' is not estimable.", column, code="no_spline")
    chi2 = max(2 * (curved.loglik - linear.loglik), 0.0)
    return FunctionalForm(
        column=column,
        n=curved.n,
        knots=tuple(knots.tolist()),
        median=float(np.median(values)),
        chi2=chi2,
        df=len(names) - 1,
        p=chi_square_p(chi2, len(names) - 1),
        curve=_curve(values, knots.tolist(), curved, at),
        fifths=_fifths(linear, values),
    )


def _curve(values: Floats, knots: Sequence[float], model: CoxRegression, at: Sequence[int]) -> tuple[Effect, ...]:
    grid = np.linspace(values.min(), values.max(), GRID)
    basis = spline_basis(grid, knots) - spline_basis(np.array([np.median(values)]), knots)
    coef = np.array([model.terms[i].coef for i in at], dtype=np.float64)
    vcov = np.array([[model.vcov[i][j] for j in at] for i in at], dtype=np.float64)
    effect = basis @ coef
    width = Z * np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", basis, vcov, basis), 0.0))
    numbers = (grid, effect, effect - width, effect + width)
    return tuple(Effect(*each) for each in zip(*(part.tolist() for part in numbers), strict=True))


def _fifths(model: CoxRegression, values: Floats) -> tuple[Fifth, ...]:
    """Groups of about equal size, equal values together."""
    likelihood, point = model.fit.likelihood, model.fit.point
    rows = likelihood.rows
    hazard = likelihood.accumulated(point.hazard) * point.risk
    inner = np.quantile(values, np.linspace(0, 1, GROUPS + 1)[1:-1]).round(SAME_VALUE)
    group = np.searchsorted(inner, values.round(SAME_VALUE), side="left")
    fifths = []
    for code in np.unique(group):
        own = group == code
        inside = values[own]
        fifths.append(
            Fifth(float(inside.min()), float(inside.max()), int(own.sum()), int(rows.event[own].sum()),
                  float(hazard[own].sum()))
        )  # fmt: skip
    return tuple(fifths)


def scaled_schoenfeld(fit: Fit, term: str) -> tuple[Residual, ...]:
    """The residuals of a term of a fitted Cox model (`cox(...).fit`), by time; none where it was not estimable.

    beta + d V r, with the d events, the covariance matrix V and r the event's covariates less their mean at risk.
    """
    if term not in fit.names:
        return ()
    likelihood, point = fit.likelihood, fit.point
    rows, sets, j = likelihood.rows, likelihood.sets, fit.names.index(term)
    mean = np.zeros((len(sets.time), likelihood.x.shape[1]))
    np.add.at(mean, sets.step, point.mean)
    mean /= np.bincount(sets.step, minlength=len(sets.time))[:, None]
    inverse = np.linalg.inv(likelihood.information(point))
    scale = next(each.values for each in rows.design if each.name == term).std()
    raw = (likelihood.x[rows.event] - mean[sets.died]) @ inverse[:, j] * int(rows.event.sum())
    values = (raw + point.beta[j]) / scale
    pairs = sorted(zip(rows.time[rows.event].tolist(), values.tolist(), strict=True))
    return tuple(Residual(*pair) for pair in pairs)


def smooth(residuals: Sequence[Residual]) -> tuple[Smoothed, ...]:
    """Least squares with a natural spline of time: knots at quantiles of the distinct times, limits +- 1.96 SE.

    With fewer than 5 distinct times every one is a knot; with fewer than 3 there is nothing to smooth.
    """
    times = np.array([each.time for each in residuals])
    distinct = np.unique(times)
    if len(distinct) < 3:
        return ()
    knots = np.quantile(distinct, np.linspace(0, 1, min(SMOOTH_KNOTS, len(distinct)))).tolist()
    grid = np.linspace(distinct[0], distinct[-1], GRID)
    x, new = (np.column_stack([np.ones(len(t)), spline_basis(t, knots)]) for t in (times, grid))
    y = np.array([each.value for each in residuals])
    q, r = np.linalg.qr(x)
    coef = np.linalg.solve(r, q.T @ y)
    free = len(y) - x.shape[1]
    spread = math.sqrt(float(((y - x @ coef) ** 2).sum()) / free) if free > 0 else math.nan
    width = Z * spread * np.sqrt((np.linalg.solve(r.T, new.T) ** 2).sum(axis=0))
    value = new @ coef
    limits = finites(value - width), finites(value + width)
    return tuple(Smoothed(*each) for each in zip(grid.tolist(), value.tolist(), *limits, strict=True))
