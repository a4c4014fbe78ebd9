"""The partial likelihood of the proportional hazards model, its maximum, and the test of proportionality.

Formulas: Cox (JRSS B 1972); ties Efron (JASA 1977) and Breslow (Biometrics 1974); derivatives and score
residuals as in Therneau & Grambsch, Modeling Survival Data (2000), sections 3.1-3.3, 4.6 and 7.2. Every sum
over a risk set is a cumulative sum over the event times, so one evaluation costs O(n p + events p^2).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.survival.kaplan_meier import product_limit
from analysis.survival.logrank import chi_square_p
from analysis.survival.results import TermTest, TransformTest
from analysis.survival.survival_data import AnalysisRows, Flags, Floats, Integers

FLAT = 1e-12  # Newton decrement at which the log-likelihood has stopped rising
RUNAWAY = 1e-4  # a Newton step this long (in standard deviations) on a flat likelihood never ends
DEPENDENT = 1e-10  # a column whose information given the others is below this share adds nothing
MAX_STEPS = 60
HALVINGS = 30
TRANSFORMS = ("km", "rank", "identity", "log")


@dataclass(frozen=True)
class RiskSets:
    """Who is at risk when. Distinct event times are numbered 0..T-1, stratum after stratum.

    Row i is at risk at event times first[i] .. last[i]-1; a row with an event has it at last[i]-1. The D
    steps are the single events: `step` numbers their time, `share` is Efron's l/d (0 for Breslow), `weight`
    the mean weight of the events tied there.
    """

    time: Floats
    stratum: Integers
    first: Integers
    last: Integers
    died: Integers
    step: Integers
    share: Floats
    weight: Floats


@dataclass(frozen=True)
class Point:
    """The likelihood at one beta: `risk` = exp(predictor - shift), `hazard` (D,), `mean` of x (D, p)."""

    beta: Floats
    predictor: Floats
    shift: float
    risk: Floats
    hazard: Floats
    mean: Floats
    loglik: float
    score: Floats


@dataclass(frozen=True)
class PartialLikelihood:
    """The log partial likelihood of standardised covariates `x` (n, p) and its derivatives."""

    x: Floats
    rows: AnalysisRows
    sets: RiskSets

    def at(self, beta: Floats) -> Point:
        """Evaluate at `beta` (p,)."""
        rows, sets = self.rows, self.sets
        predictor = predict(self.x, beta)
        shift = float(predictor.max())
        risk = np.exp(predictor - shift)
        weighted = risk * rows.weights
        total = self._remaining(weighted)
        mean = np.empty((len(total), self.x.shape[1]))
        for j, column in enumerate(self.x.T):
            mean[:, j] = self._remaining(weighted * column) / total
        hazard = sets.weight / total
        own = float(rows.weights[rows.event] @ (predictor[rows.event] - shift))
        expected = self.accumulated(hazard) * weighted
        with np.errstate(divide="ignore"):
            logs = np.log(total)
        return Point(
            beta=beta,
            predictor=predictor,
            shift=shift,
            risk=risk,
            hazard=hazard,
            mean=mean,
            loglik=own - float(sets.weight @ logs),
            score=self.x.T @ (rows.weights * rows.event - expected),
        )

    def information(self, point: Point, power: Floats | None = None) -> Floats:
        """Sum over events of g times the weighted covariance of x at risk, (p, p); g = `power` (D,) or 1."""
        g = np.ones(len(point.hazard)) if power is None else power
        load = self.accumulated(g * point.hazard) * point.risk * self.rows.weights
        spread = (self.x * load[:, None]).T @ self.x
        return spread - (point.mean * (g * self.sets.weight)[:, None]).T @ point.mean

    def accumulated(self, increments: Floats) -> Floats:
        """Per row, the sum of step increments (D,) while at risk, with Efron's share at its own event."""
        sets, size = self.sets, len(self.sets.time)
        running = np.concatenate([[0.0], np.cumsum(np.bincount(sets.step, increments, size))])
        sums: Floats = running[sets.last] - running[sets.first]
        sums[self.rows.event] -= np.bincount(sets.step, sets.share * increments, size)[sets.died]
        return sums

    def score_residuals(self, point: Point) -> Floats:
        """Every row's part of the score, (n, p), unweighted (Therneau & Grambsch 2000, 4.6 and 7.2)."""
        sets, size = self.sets, len(self.sets.time)
        hazard = self.accumulated(point.hazard)
        residuals = np.empty(self.x.shape)
        for j, (x, mean) in enumerate(zip(self.x.T, point.mean.T, strict=True)):
            residual = -point.risk * (x * hazard - self.accumulated(point.hazard * mean))
            average = np.bincount(sets.step, mean, size) / np.bincount(sets.step, minlength=size)
            residual[self.rows.event] += x[self.rows.event] - average[sets.died]
            residuals[:, j] = residual
        return residuals

    def independent(self) -> Integers:
        """Columns that add information at beta = 0 to those before: the later of a collinear set goes."""
        point = self.at(np.zeros(self.x.shape[1]))
        information = self.information(point)
        size = (self.accumulated(point.hazard) * point.risk * self.rows.weights) @ self.x**2
        independent: list[int] = []
        for j in range(len(size)):
            block = information[np.ix_(independent, independent)]
            explained = information[j, independent] @ np.linalg.solve(block, information[independent, j])
            if information[j, j] - explained > DEPENDENT * size[j]:
                independent.append(j)
        return np.array(independent, dtype=np.int64)

    def _remaining(self, values: Floats) -> Floats:
        """Sum of `values` (n,) over the risk set of every step (D,), tied events leaving by Efron's share."""
        sets, size = self.sets, len(self.sets.time)
        change = np.bincount(sets.last, values, size + 1) - np.bincount(sets.first, values, size + 1)
        total = np.cumsum(change[::-1])[::-1][1:]
        tied = np.bincount(sets.died, values[self.rows.event], size)
        return total[sets.step] - sets.share * tied[sets.step]


@dataclass(frozen=True)
class Fit:
    """What the tests of proportional hazards need: the likelihood of the estimable columns at its maximum."""

    likelihood: PartialLikelihood
    point: Point
    names: tuple[str, ...]


def risk_sets(rows: AnalysisRows, ties: str) -> RiskSets:
    """Number the event times of every stratum and find the rows at risk; `ties` is "efron" or "breslow"."""
    times = np.unique(rows.time if rows.entry is None else np.concatenate([rows.time, rows.entry]))
    span = len(times) + 1
    floor = rows.strata.codes * span
    leaving = floor + np.searchsorted(times, rows.time) + 1
    entering = floor if rows.entry is None else floor + np.searchsorted(times, rows.entry) + 1
    distinct = np.unique(leaving[rows.event])
    last = np.searchsorted(distinct, leaving, side="right")
    died = last[rows.event] - 1
    deaths = np.bincount(died, minlength=len(distinct))
    step = np.repeat(np.arange(len(distinct)), deaths)
    order = np.arange(len(step)) - np.repeat(np.cumsum(deaths) - deaths, deaths)
    return RiskSets(
        time=times[distinct % span - 1],
        stratum=distinct // span,
        first=np.searchsorted(distinct, entering, side="right"),
        last=last,
        died=died,
        step=step,
        share=order / deaths[step] if ties == "efron" else np.zeros(len(step)),
        weight=(np.bincount(died, rows.weights[rows.event], len(distinct)) / deaths)[step],
    )


@dataclass(frozen=True)
class Maximum:
    """Where Newton's method ended; `runaway` (p,) marks coefficients that grow without end."""

    point: Point
    runaway: Flags
    converged: bool


def maximise(likelihood: PartialLikelihood, start: Point) -> Maximum:
    """Newton-Raphson with step halving from `start`.

    The likelihood counts as flat when a full step would gain less than 1e-12; one more step then squares the
    error. A coefficient whose step stays long on a flat likelihood is infinite (monotone likelihood, Heinze &
    Schemper, Biometrics 2001;57:114).
    """
    point, none = start, np.zeros(len(start.beta), dtype=np.bool_)
    for _ in range(MAX_STEPS if len(start.beta) else 0):
        step = np.linalg.solve(likelihood.information(point), point.score).astype(np.float64)
        if float(step @ point.score) < FLAT:
            runaway = np.abs(step) > RUNAWAY
            return Maximum(point if runaway.any() else likelihood.at(point.beta + step), runaway, True)
        point = _uphill(likelihood, point, step)
    return Maximum(point, none, not len(start.beta))


def _uphill(likelihood: PartialLikelihood, point: Point, step: Floats) -> Point:
    slack = 1e-10 * abs(point.loglik)
    for _ in range(HALVINGS):
        candidate = likelihood.at(point.beta + step)
        if math.isfinite(candidate.loglik) and candidate.loglik >= point.loglik - slack:
            break
        step = step / 2
    return candidate


def predict(x: Floats, beta: Floats) -> Floats:
    """x beta, summed column by column so that equal rows have exactly equal predictors."""
    total = np.zeros(len(x))
    for column, coefficient in zip(x.T, beta, strict=True):
        total += column * coefficient
    return total


def summed_by_cluster(values: Floats, rows: AnalysisRows) -> Floats:
    """Sum row values (n, ...) within clusters; unchanged without a cluster column."""
    if rows.cluster is None:
        return values
    sums = np.zeros((len(rows.cluster.labels), *values.shape[1:]))
    np.add.at(sums, rows.cluster.codes, values)
    return sums


def proportional_hazards(fit: Fit, transforms: Sequence[str] = TRANSFORMS) -> tuple[TransformTest, ...]:
    """Score tests of proportional hazards for a fitted Cox model (`cox(...).fit`).

    Each coefficient beta_j is extended to beta_j + theta_j g(t); the test is the exact score test of theta =
    0 with the full information matrix, Grambsch & Therneau (Biometrika 1994;81:515) and Therneau & Grambsch
    (2000), section 6.2, as R's `cox.zph` since survival 3.0 documents it. g: `km` 1 - S(t-) of the pooled,
    unweighted Kaplan-Meier curve, `rank` among all observed times (ties averaged), `identity`, `log`. Terms
    not estimable are left out. A test is None where g is undefined (log at time 0) or constant. ValueError
    for an unknown transform.
    """
    a = fit.likelihood.information(fit.point)
    return tuple(TransformTest(name, _score_tests(fit, a, _time_scale(fit, name))) for name in transforms)


def _time_scale(fit: Fit, transform: str) -> Floats:
    """g(t) at every step (D,), centred (which leaves the test unchanged and the numbers well scaled)."""
    sets, rows = fit.likelihood.sets, fit.likelihood.rows
    time = sets.time[sets.step]
    if transform == "identity":
        g = time
    elif transform == "log":
        with np.errstate(divide="ignore"):
            g = np.log(time)
    elif transform == "rank":
        distinct, count = np.unique(rows.time, return_counts=True)
        g = (np.cumsum(count) - (count - 1) / 2)[np.searchsorted(distinct, time)]
    elif transform == "km":
        curve = product_limit(rows.time, rows.event, rows.entry)
        before = np.concatenate([[1.0], curve.surv])
        g = 1 - before[np.searchsorted(curve.time, time)]
    else:
        raise ValueError(f"Unknown transform of time: {transform}.")
    return np.asarray(g - np.mean(g), dtype=np.float64) if np.isfinite(g).all() else np.full(len(g), np.nan)


def _score_tests(fit: Fit, a: Floats, g: Floats) -> tuple[TermTest, ...]:
    size = len(fit.names)
    if not size or np.isnan(g).any():
        tests = [TermTest(name, None, 1, None) for name in fit.names]
        return (*tests, TermTest("GLOBAL", None, size, None))
    likelihood, point = fit.likelihood, fit.point
    rows, sets = likelihood.rows, likelihood.sets
    expected = likelihood.accumulated(g * point.hazard) * point.risk * rows.weights
    observed = np.zeros(rows.n)
    observed[rows.event] = rows.weights[rows.event] * _per_time(sets, g)[sets.died]
    score = likelihood.x.T @ (observed - expected)
    b, c = likelihood.information(point, g), likelihood.information(point, g * g)
    variance = c - b @ np.linalg.solve(a, b)
    tests = [_chi_square(name, score[[j]], variance[[j]][:, [j]], c[[j]][:, [j]]) for j, name in enumerate(fit.names)]
    return (*tests, _chi_square("GLOBAL", score, variance, c))


def _per_time(sets: RiskSets, g: Floats) -> Floats:
    values = np.empty(len(sets.time))
    values[sets.step] = g
    return values


def _chi_square(term: str, score: Floats, variance: Floats, unadjusted: Floats) -> TermTest:
    spread = np.sqrt(np.diag(unadjusted))
    correlation = variance / np.outer(spread, spread) if (spread > 0).all() else np.zeros(variance.shape)
    if np.linalg.matrix_rank(correlation, tol=DEPENDENT) < len(score):
        return TermTest(term, None, len(score), None)
    chi2 = float(score @ np.linalg.solve(variance, score))
    return TermTest(term, chi2, len(score), chi_square_p(chi2, len(score)))
