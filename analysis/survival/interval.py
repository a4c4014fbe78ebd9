"""Recurrence is seen at visits: models for an event known to lie in (left, right], and binomial regression.

Sensitivity analyses beside the detection-date analysis. Formulas: grouped proportional hazards, Prentice & Gloeckler
(Biometrics 1978;34:57); Weibull model, Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2nd ed.
(2002), sections 2.2 and 3.7; NPMLE, Turnbull (JRSS B 1976;38:290), found by Wang's method (JRSS B 2007;69:185).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.survival.binomial import binomial_regression, independent_columns
from analysis.survival.results import Caution, Result
from analysis.survival.survival_data import AnalysisRows, BadTable, Floats, Integers, analysis_rows, finites, names

MAX_STEPS, HALVINGS = 200, 40
GRACE = 0.25  # a censored row attended a visit up to this share of the visit spacing early
EXCESS = 1e-9  # relative gain of log-likelihood per unit of mass at which the NPMLE has converged
EVENT, RIGHT = "event seen", "end of interval"


@dataclass(frozen=True)
class RegressionTerm(Result):
    """A coefficient with its Wald test and limits (of the coefficient); None where not estimable."""

    name: str
    coef: float | None
    se: float | None
    z: float | None
    p: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Regression(Result):
    """What every regression reports; the cautions name what could not be estimated and why."""

    terms: tuple[RegressionTerm, ...]
    n: int
    n_read: int
    n_dropped: int
    dropped: dict[str, int]
    cautions: tuple[Caution, ...]


@dataclass(frozen=True)
class GroupedHazards(Regression):
    """Coefficients are log hazard ratios; `periods` are the visits that inform them: with and without events."""

    deviance: float | None
    person_visits: int
    periods: tuple[int, ...]


@dataclass(frozen=True)
class Weibull(Regression):
    """log T = terms + `scale` * error; shape = 1 / scale.

    `hazards` are the same effects as log hazard ratios, -coef / scale, with the standard errors of the delta method.
    """

    scale: float | None
    log_scale_se: float | None
    loglik: float | None
    hazards: tuple[RegressionTerm, ...] = ()

    def surv(self, times: Sequence[float]) -> tuple[float | None, ...]:
        """S(t) at `times` for covariates 0."""
        if (intercept := self.terms[0].coef) is None or self.scale is None:
            return tuple(None for _ in times)
        log_hazards = ((math.log(t) - intercept) / self.scale if t > 0 else -math.inf for t in times)
        return tuple(math.exp(-math.exp(min(u, 700))) for u in log_hazards)


@dataclass(frozen=True)
class TurnbullInterval(Result):
    """(left, right] holds probability `mass`; left = right: an exact time, right None: never seen."""

    left: float
    right: float | None
    mass: float


@dataclass(frozen=True)
class Npmle(Result):
    """Non-parametric estimate: inside an interval S is known only between `surv_lower` and `surv_upper`."""

    time: tuple[float, ...]
    surv_upper: tuple[float, ...]
    surv_lower: tuple[float, ...]
    intervals: tuple[TurnbullInterval, ...]
    loglik: float
    n: int
    converged: bool


def grouped_cloglog(
    frame: pd.DataFrame,
    left: str,
    right: str,
    covariates: str | Sequence[str],
    *,
    width: float,
    periods: int,
    reference: Mapping[str, str] | None = None,
    conf_level: float = 0.95,
) -> GroupedHazards:
    """Hazard ratios from visits: binomial regression per person and visit, complementary log-log link.

    `left` is the last negative, `right` (missing: none) the first positive visit, in the unit of `width`, the spacing
    of the `periods` visits. An event belongs to visit round(right / width), a censored row was seen at floor((left +
    width / 4) / width) visits. Raises BadTable (see `analysis_rows`) and without events.
    """
    lower, upper = _numeric(frame, left), _numeric(frame, right)
    attended = ((lower + GRACE * width) // width).clip(upper=periods)
    visit = attended.where(upper.isna(), (upper / width).round().clip(1, periods)).where(lower.notna())
    marked = frame.assign(**{left: visit, EVENT: upper.notna().astype(float)})
    rows = analysis_rows(marked, time=left, event=EVENT, covariates=covariates, reference=reference)
    last = rows.time.astype(np.int64)
    person = np.repeat(np.arange(rows.n), last)
    visits = np.arange(1, len(person) + 1) - np.repeat(np.cumsum(last) - last, last)
    outcome = (rows.event[person] & (visits == last[person])).astype(np.float64)
    seen, at_risk = np.bincount(visits, outcome, periods + 1), np.bincount(visits, minlength=periods + 1)
    informative = np.flatnonzero((seen > 0) & (seen < at_risk))
    if not len(informative):
        raise BadTable("No visit has both events and event-free persons.", right, code="no_visit")
    is_informative = np.isin(visits, informative)
    design = np.column_stack([1.0 * (visits[is_informative, None] == informative), rows.matrix[person[is_informative]]])
    used = independent_columns(design)
    fit = binomial_regression(design[:, used], outcome[is_informative], "cloglog")
    coef, se = np.full(design.shape[1], np.nan), np.full(design.shape[1], np.nan)
    if fit.not_estimable is None:
        coef[used], se[used] = fit.coef, np.sqrt(np.diag(fit.vcov))
    columns = [column.name for column in rows.design]
    return GroupedHazards(
        **vars(regression(rows, columns, coef[-len(columns) :], se[-len(columns) :], conf_level)),
        deviance=None if fit.not_estimable else fit.deviance,
        person_visits=len(visits),
        periods=tuple(informative.tolist()),
    )


def weibull_aft(
    frame: pd.DataFrame,
    left: str,
    right: str,
    covariates: str | Sequence[str] = (),
    *,
    reference: Mapping[str, str] | None = None,
    conf_level: float = 0.95,
) -> Weibull:
    """Fit a Weibull model to events in (left, right]; right missing or infinite: censored at left.

    left = right is an exact time, left = 0 a left-censored one; right-censored data have the time as `left` and, for
    events, also as `right`. SE are from the observed information. Raises BadTable (see `analysis_rows`), for right <
    left, an event at time 0, and without events.
    """
    rows, upper = _intervals(frame, left, right, names(covariates), reference)
    if not rows.event.any():
        raise BadTable("There is no event.", right, code="no_event")
    design = np.column_stack([np.ones(rows.n), rows.matrix[:, 1:]])
    used = independent_columns(design)
    (shape, *scaled), information, loglik, good = _weibull_fit(rows.time, upper, design[:, used])
    beta, inverse = np.array(scaled) / shape, np.linalg.pinv(information)
    jacobian = np.column_stack([-beta / shape, np.eye(len(used)) / shape])
    coef, se, hazard, hazard_se = (np.full(design.shape[1], np.nan) for _ in range(4))
    if good:
        coef[used], se[used] = beta, np.sqrt(np.diag(jacobian @ inverse @ jacobian.T))
        hazard[used], hazard_se[used] = -np.array(scaled), np.sqrt(np.diag(inverse)[1:])
    columns = ["(Intercept)", *(column.name for column in rows.design[1:])]
    return Weibull(
        **vars(regression(rows, columns, coef, se, conf_level)),
        scale=float(1 / shape) if good else None,
        log_scale_se=float(math.sqrt(inverse[0, 0]) / shape) if good else None,
        loglik=loglik if good else None,
        hazards=regression(rows, columns[1:], hazard[1:], hazard_se[1:], conf_level).terms,
    )


def npmle(frame: pd.DataFrame, left: str, right: str, times: Sequence[float] = ()) -> Npmle:
    """Estimate S(t) without a model; intervals and errors as in `weibull_aft`, events are not needed."""
    from scipy.optimize import nnls  # only here: it costs a third of a second at start-up

    rows, upper = _intervals(frame, left, right, (), None)
    a, b = _turnbull_intervals(rows.time, upper)
    low, high = rows.time[:, None], upper[:, None]
    inside = (a >= low) & (b <= high) & ((a < b) | (low == high) | (a > low))
    contains, count = np.unique(inside.astype(np.float64), axis=0, return_counts=True)
    mass, converged, root = np.full(len(a), 1 / len(a)), False, np.sqrt(count)
    for _ in range(MAX_STEPS):
        ratio = contains / (contains @ mass)[:, None]
        converged = bool((count @ ratio).max() <= rows.n * (1 + EXCESS))
        if converged:
            break
        equations = np.vstack([root[:, None] * ratio, np.full((1, len(a)), float(rows.n))])
        goal = nnls(equations, np.append(2 * root, rows.n))[0]
        mass = _towards(contains, count, mass, goal / goal.sum())
    mass[mass < 1e-12] = 0.0
    at = np.asarray(times, dtype=np.float64)[:, None]
    intervals = zip(a.tolist(), finites(b), mass.tolist(), strict=True)
    return Npmle(
        time=tuple(at[:, 0].tolist()),
        surv_upper=tuple((1 - (b <= at) @ mass).tolist()),
        surv_lower=tuple((1 - ((a < at) | (b <= at)) @ mass).tolist()),
        intervals=tuple(TurnbullInterval(*interval) for interval in intervals if interval[2] > 0),
        loglik=float(count @ np.log(contains @ mass)),
        n=rows.n,
        converged=converged,
    )


def has_inverse(information: Floats) -> bool:
    """Whether the matrix (p, p) is finite and regular, whatever the units of the parameters."""
    size = np.sqrt(np.abs(np.diag(information)))
    sound = bool(np.isfinite(information).all() and (size > 0).all())
    return sound and int(np.linalg.matrix_rank(information / np.outer(size, size))) == len(size)


def regression(rows: AnalysisRows, columns: Sequence[str], coef: Floats, se: Floats, conf_level: float) -> Regression:
    """Wald tests and limits of the `columns`; a coefficient of NaN is not estimable."""
    width = NormalDist().inv_cdf((1 + conf_level) / 2) * se
    with np.errstate(invalid="ignore", divide="ignore"):
        wald = coef / se
    p = np.array([math.erfc(abs(z) / math.sqrt(2)) for z in wald])
    numbers = (coef, se, wald, p, coef - width, coef + width)
    terms = tuple(RegressionTerm(*term) for term in zip(columns, *map(finites, numbers), strict=True))
    why = "Column {} adds nothing to the columns before it: left out."
    cautions = [Caution("dependent_column", why.format(t.name), t.name) for t in terms if t.coef is None]
    if len(cautions) == len(terms):
        cautions = [Caution("not_estimable", "The likelihood has no maximum: nothing can be estimated.")]
    dropped = {name: k for name, k in rows.dropped.items() if name not in (EVENT, RIGHT)}
    return Regression(terms, rows.n, rows.n_read, rows.n_dropped, dropped, tuple(cautions))


def _weibull_fit(lower: Floats, upper: Floats, design: Floats) -> tuple[Floats, Floats, float, bool]:
    """Newton's method in (shape, beta * shape), in which the log-likelihood is concave.

    Returns the parameters, their information, the log-likelihood and whether a maximum was reached.
    """
    seen = np.isfinite(upper)
    start = np.log(np.where(seen, (lower + np.where(seen, upper, 0)) / 2, lower).sum() / seen.sum())
    parameters = np.array([1.0, start, *np.zeros(design.shape[1] - 1)])
    loglik, score, information = _weibull_likelihood(parameters, lower, upper, design)
    for _ in range(MAX_STEPS):
        if not has_inverse(information):
            return parameters, information, loglik, False
        step = np.linalg.solve(information, score)
        if float(step @ score) < 1e-20:
            break
        for _ in range(HALVINGS):
            trial = _weibull_likelihood(parameters + step, lower, upper, design)
            if trial[0] >= loglik - 1e-10 * abs(loglik):
                break
            step = step / 2
        parameters, (loglik, score, information) = parameters + step, trial
    ended = bool(np.abs(design @ step[1:]).max() < 1e-6 * (1 + np.abs(design @ parameters[1:]).max()))
    return parameters, information, loglik, ended


@np.errstate(all="ignore")
def _weibull_likelihood(
    parameters: Floats, lower: Floats, upper: Floats, design: Floats
) -> tuple[float, Floats, Floats]:
    """Log-likelihood, score and information; a, b are the cumulative hazards at the two ends."""
    if parameters[0] <= 0:
        return -math.inf, np.zeros(len(parameters)), np.zeros((len(parameters), len(parameters)))
    exact, between = lower == upper, np.isfinite(upper) & (lower < upper)
    x, y = (np.column_stack([np.log(np.where((t > 0) & np.isfinite(t), t, 1.0)), -design]) for t in (lower, upper))
    a = np.where(lower == 0, 0.0, np.exp(np.minimum(x @ parameters, 50)))
    b = np.exp(np.minimum(y @ parameters, 50))
    width = np.where(between, b - a, 1.0)
    r = np.where(between, 1 / np.expm1(width), 0.0)
    density = np.where(exact, x @ parameters + math.log(parameters[0]) - x[:, 0], 0.0)
    curvature = r * (1 + r)
    score = x.T @ (exact - a * (1 + r)) + y.T @ (b * r)
    cross = (x * (a * b * curvature)[:, None]).T @ y
    information = (x * (a * (1 + r) + a**2 * curvature)[:, None]).T @ x - cross - cross.T
    information += (y * (b**2 * curvature - b * r)[:, None]).T @ y
    score[0] += exact.sum() / parameters[0]
    information[0, 0] += exact.sum() / parameters[0] ** 2
    return float(np.where(between, np.log(-np.expm1(-width)), density).sum() - a.sum()), score, information


def _turnbull_intervals(lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Innermost intervals: a left end followed at once by a right end; (a, b] ends before (b, c] begins."""
    ends = np.concatenate([lower, upper])
    kind = np.concatenate([np.where(lower == upper, 0, 2), np.ones(len(upper), dtype=np.int64)])
    order = np.lexsort([kind, ends])
    ends, opening = ends[order], kind[order] != 1
    first = np.flatnonzero(opening[:-1] & ~opening[1:])
    return ends[first], ends[first + 1]


def _towards(contains: Floats, count: Integers, mass: Floats, goal: Floats) -> Floats:
    """The point between `mass` and `goal` where the log-likelihood is not lower (but by rounding)."""
    loglik = count @ np.log(contains @ mass)
    for share in 0.5 ** np.arange(HALVINGS):
        candidate = mass + (goal - mass) * share
        if (contains @ candidate).min() > 0 and count @ np.log(contains @ candidate) >= loglik - 1e-13 * abs(loglik):
            return np.asarray(candidate)
    return mass


def _intervals(
    frame: pd.DataFrame, left: str, right: str, columns: tuple[str, ...], reference: Mapping[str, str] | None
) -> tuple[AnalysisRows, Floats]:
    """The complete rows, `time` = left end, and the right ends (n,), infinite: never seen."""
    upper = _numeric(frame, right)
    marked = frame.assign(**{EVENT: upper.notna().astype(float), RIGHT: upper.fillna(-1.0)})
    rows = analysis_rows(marked, time=left, event=EVENT, covariates=(RIGHT, *columns), reference=reference)
    ends = np.where(rows.event, rows.design[0].values, math.inf)
    if (ends < rows.time).any() or (ends <= 0).any():
        raise BadTable(f"Column '{right}' holds an end before '{left}' or at time 0.", right)
    return rows, ends


def _numeric(frame: pd.DataFrame, column: str) -> "pd.Series[float]":
    if column not in frame.columns:
        raise BadTable(f"The table has no column '{column}'.", column)
    numbers = pd.to_numeric(frame[column], errors="coerce").astype(float)
    if (numbers.isna() & frame[column].notna()).any():
        raise BadTable(f"Column '{column}' must hold numbers only.", column)
    return numbers.replace(math.inf, math.nan)
