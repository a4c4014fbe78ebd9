"""Cox regression: Efron or Breslow ties, strata, delayed entry, case weights, robust and cluster variance.

The maximum comes from `proportional_hazards.maximise`, one numpy fit for every case. Formulas: Lin & Wei
(JASA 1989;84:1074) for the robust variance; Efron form of the baseline hazard, Therneau & Grambsch, Modeling
Survival Data (2000), section 10.2; Harrell's C (JAMA 1982) with its infinitesimal jackknife variance,
Therneau & Atkinson, "Concordance" (vignette of the R package survival, 2020).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.survival.logrank import chi_square_p
from analysis.survival.proportional_hazards import (
    Fit,
    Maximum,
    PartialLikelihood,
    Point,
    RiskSets,
    maximise,
    risk_sets,
    summed_by_cluster,
)
from analysis.survival.results import Baseline, Caution, ChiSquare, CoxSummary, Term, finite
from analysis.survival.survival_data import AnalysisRows, Flags, Floats, Integers, analysis_rows, finites, names

FEW_EVENTS = 5
ROUNDING = 1e-12  # a standard error of less, on the scale of the column, is rounding and tests nothing
REASONS = {
    "constant": "it has the same value in every row",
    "collinear": "the other covariates or the strata already determine it",
    "infinite": "its coefficient is infinite because it separates events from non-events",
    "no_events": "there are no events",
    "not_converged": "the iteration did not converge",
}


@dataclass(frozen=True)
class CoxRegression(CoxSummary):
    """The fitted model, with the likelihood at its maximum for the tests of proportional hazards."""

    fit: Fit = field(repr=False, compare=False)


def cox(
    frame: pd.DataFrame,
    time: str,
    event: str,
    covariates: str | Sequence[str],
    *,
    entry: str | None = None,
    strata: str | Sequence[str] = (),
    weights: str | None = None,
    cluster: str | None = None,
    robust: bool | None = None,
    ties: str = "efron",
    reference: Mapping[str, str] | None = None,
    conf_level: float = 0.95,
) -> CoxRegression:
    """Fit a proportional hazards model to the named columns.

    Numeric covariates enter as they are; text and categorical ones as one 0/1 column per level (named like R:
    `bclcB`) against `reference[covariate]` or the first level. `robust` defaults to True with a cluster
    column or with weights that are not whole numbers, as in R. What cannot be estimated (constant or
    collinear covariate, infinite coefficient) is None with the reason and a caution, never a number. Raises
    BadTable (see `analysis_rows`) and ValueError for unknown `ties`, no covariate or a confidence level
    outside (0, 1).
    """
    if ties not in ("efron", "breslow") or not names(covariates) or not 0 < conf_level < 1:
        raise ValueError("Give ties 'efron' or 'breslow', at least one covariate and 0 < conf_level < 1.")
    rows = analysis_rows(
        frame,
        time=time,
        event=event,
        entry=entry,
        strata=strata,
        covariates=covariates,
        weights=weights,
        cluster=cluster,
        reference=reference,
    )
    if robust is None:
        robust = cluster is not None or not np.equal(rows.weights, np.round(rows.weights)).all()
    return _fitted(rows, ties, robust, conf_level)


def _fitted(rows: AnalysisRows, ties: str, robust: bool, conf_level: float) -> CoxRegression:
    sets = risk_sets(rows, ties)
    centre, scale = _standardisation(rows)
    everything = PartialLikelihood((rows.matrix - centre) / np.where(scale > 0, scale, 1.0), rows, sets)
    used = everything.independent()
    likelihood = PartialLikelihood(everything.x[:, used], rows, sets)
    null = likelihood.at(np.zeros(len(used)))
    top = maximise(likelihood, null)
    reasons = _reasons(rows, scale, used, top)
    good = np.array([reasons[j] is None for j in used], dtype=np.bool_)
    coef = np.full(len(scale), np.nan)
    naive, vcov = np.full((2, len(scale), len(scale)), np.nan)
    coef[used[good]] = top.point.beta[good] / scale[used[good]]
    block = np.ix_(used[good], used[good])
    naive[block], sandwich = _variances(likelihood, top.point, good, scale[used[good]])
    vcov[block] = sandwich if robust else naive[block]
    terms = _terms(rows, coef, vcov, naive, reasons, conf_level)
    means = _means(rows)
    c, c_se = concordance(top.point.predictor, rows, sets)
    return CoxRegression(
        terms=terms,
        vcov=tuple(finites(row) for row in vcov),
        n=rows.n,
        n_events=int(rows.event.sum()),
        n_read=rows.n_read,
        n_dropped=rows.n_dropped,
        dropped=rows.dropped,
        ties=ties,
        robust=robust,
        conf_level=conf_level,
        loglik_null=null.loglik,
        loglik=top.point.loglik,
        lrt=_test(2 * (top.point.loglik - null.loglik), len(used)),
        score=_test(_quadratic(null.score, likelihood.information(null)), len(used)),
        wald=_test(_quadratic(coef[used], vcov[np.ix_(used, used)]) if good.all() else np.nan, len(used)),
        concordance=c,
        concordance_se=c_se,
        means=tuple(means.tolist()),
        baseline=_baseline(rows, sets, top.point, coef, centre, means) if good.all() else (),
        converged=top.converged,
        cautions=_cautions(rows, terms),
        fit=Fit(likelihood, top.point, tuple(rows.design[j].name for j in used) if good.all() else ()),
    )


def _standardisation(rows: AnalysisRows) -> tuple[Floats, Floats]:
    """Mean and standard deviation of every column; deviation 0 where it is nothing but rounding."""
    x = rows.matrix
    centre, scale = x.mean(axis=0), x.std(axis=0)
    return centre, np.where(scale > 1e-12 * np.abs(x).max(axis=0), scale, 0.0)


def _reasons(rows: AnalysisRows, scale: Floats, used: Integers, top: Maximum) -> list[str | None]:
    """Why a column of the design is not estimable; None where it is."""
    unused = "collinear" if rows.event.any() else "no_events"
    reasons: list[str | None] = [unused if deviation > 0 else "constant" for deviation in scale]
    for j, infinite in zip(used.tolist(), top.runaway, strict=True):
        reasons[j] = "infinite" if infinite else None if top.converged else "not_converged"
    return reasons


def _variances(likelihood: PartialLikelihood, point: Point, good: Flags, scale: Floats) -> tuple[Floats, Floats]:
    """Inverse information, and its sandwich with score residuals summed within clusters (Lin & Wei 1989)."""
    rows = likelihood.rows
    inverse = np.linalg.inv(likelihood.information(point)[np.ix_(good, good)])
    influence = likelihood.score_residuals(point)[:, good] * rows.weights[:, None] @ inverse / scale
    influence = summed_by_cluster(influence, rows)
    return inverse / np.outer(scale, scale), influence.T @ influence


def _quadratic(vector: Floats, variance: Floats) -> float:
    """vector' variance^-1 vector; NaN where the variance is singular (fewer clusters than terms)."""
    spread = np.sqrt(np.diag(variance))
    if not (spread > 0).all():
        return math.nan
    if np.linalg.matrix_rank(variance / np.outer(spread, spread), hermitian=True) < len(vector):
        return math.nan
    return float(vector @ np.linalg.solve(variance, vector))


def _test(chi2: float, df: int) -> ChiSquare:
    if not df or not math.isfinite(chi2):
        return ChiSquare(None, df or None, None)
    return ChiSquare(chi2, df, chi_square_p(max(chi2, 0.0), df))


def _terms(
    rows: AnalysisRows, coef: Floats, vcov: Floats, naive: Floats, reasons: list[str | None], level: float
) -> tuple[Term, ...]:
    width = NormalDist().inv_cdf((1 + level) / 2)
    se, se_naive = np.sqrt(np.diag(vcov)), np.sqrt(np.diag(naive))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        hr, lower, upper = (np.exp(coef + k * se) for k in (0, -width, width))
        wald = np.where(se * rows.matrix.std(axis=0) > ROUNDING, coef / se, np.nan)
    terms = []
    for j, column in enumerate(rows.design):
        levels = rows.levels(column)
        z = finite(wald[j])
        terms.append(
            Term(
                name=column.name,
                covariate=column.covariate,
                level=column.level,
                reference=column.reference,
                coef=finite(coef[j]),
                hr=finite(hr[j]),
                se=finite(se[j]),
                se_naive=finite(se_naive[j]),
                z=z,
                p=None if z is None else math.erfc(abs(z) / math.sqrt(2)),
                lower=finite(lower[j]),
                upper=finite(upper[j]),
                not_estimable=reasons[j],
                few_events=any(level.events < FEW_EVENTS for level in levels),
                levels=levels,
            )
        )
    return tuple(terms)


def _means(rows: AnalysisRows) -> Floats:
    """R's reference covariates: 0 for columns of -1, 0, 1 (`nocenter`), else the mean.

    Found by comparing with R 3.5-3: the mean is weighted, but not with delayed entry.
    """
    x = rows.matrix
    mean = np.average(x, axis=0, weights=rows.weights if rows.entry is None else None)
    return np.where(np.isin(x, (-1, 0, 1)).all(axis=0), 0.0, mean)


def _baseline(
    rows: AnalysisRows, sets: RiskSets, point: Point, coef: Floats, centre: Floats, means: Floats
) -> tuple[Baseline, ...]:
    """Cumulative Efron (or Breslow) hazard, moved from the centred fit to covariates 0 and `means`."""
    known = np.nan_to_num(coef)
    hazard = np.bincount(sets.step, point.hazard, len(sets.time))
    curves = []
    for code, label in enumerate(rows.strata.labels):
        member = sets.stratum == code
        cumulative = np.cumsum(hazard[member])
        with np.errstate(over="ignore"):
            at_zero = cumulative * np.exp(-centre @ known - point.shift)
            at_means = cumulative * np.exp((means - centre) @ known - point.shift)
        curves.append(Baseline(label, tuple(sets.time[member].tolist()), finites(at_zero), finites(at_means)))
    return tuple(curves)


def concordance(predictor: Floats, rows: AnalysisRows, sets: RiskSets) -> tuple[float | None, float | None]:
    """Harrell's C and its infinitesimal jackknife SE (summed within clusters); None without comparable pairs.

    A pair is an event and a row still at risk just after it in the same stratum; the event should have the
    higher `predictor` (n,), equal predictors count one half.
    """
    rank = np.unique(predictor, return_inverse=True)[1]
    event, w = rows.event, rows.weights
    top = int(rank.max()) + 1
    leaves = sets.last - event
    death, own = sets.died, rank[event]

    def outliving(k: Integers, limit: Integers) -> Floats:
        return _weight_after(leaves, rank, w, k, limit) - _weight_after(sets.first, rank, w, k, limit)

    def outlived(limit: Integers) -> Floats:
        before = _weight_after(death, own, w[event], leaves - 1, limit)
        return _weight_after(death, own, w[event], sets.first - 1, limit) - before

    pairs = outliving(death, np.full(len(own), top))
    agreeing = (outliving(death, own) + outliving(death, own + 1)) / 2
    if not pairs.sum():
        return None, None
    c = float(w[event] @ agreeing / (w[event] @ pairs))
    as_survivor = outlived(np.full(rows.n, top))
    influence = as_survivor * (1 - c) - (outlived(rank) + outlived(rank + 1)) / 2
    influence[event] += agreeing - c * pairs
    influence = summed_by_cluster(influence * w / (w[event] @ pairs), rows)
    return c, math.sqrt(float(influence @ influence))


def _weight_after(position: Integers, rank: Integers, weight: Floats, after: Integers, limit: Integers) -> Floats:
    """For each query, the weight of points with position > `after` and rank < `limit`.

    A wavelet matrix (Claude, Navarro & Ordonez, Information Systems 2015): one pass per bit of the rank, so
    O((n + queries) log n) for all pairs of a data set.
    """
    order = np.argsort(-position, kind="stable")
    stop = len(position) - np.searchsorted(np.sort(position), after, side="right")
    start, total = np.zeros_like(stop), np.zeros(len(stop))
    rank, weight = rank[order], weight[order]
    for bit in reversed(range(int(limit.max(initial=0)).bit_length())):
        low = (rank >> bit & 1) == 0
        lows = np.concatenate([[0], np.cumsum(low)])
        sums = np.concatenate([[0.0], np.cumsum(weight * low)])
        high = (limit >> bit & 1) == 1
        total += np.where(high, sums[stop] - sums[start], 0.0)
        start = np.where(high, lows[-1] + start - lows[start], lows[start])
        stop = np.where(high, lows[-1] + stop - lows[stop], lows[stop])
        order = np.concatenate([np.flatnonzero(low), np.flatnonzero(~low)])
        rank, weight = rank[order], weight[order]
    return total


def _cautions(rows: AnalysisRows, terms: tuple[Term, ...]) -> tuple[Caution, ...]:
    cautions = []
    if rows.n_dropped:
        lost = ", ".join(f"{name} {count}" for name, count in rows.dropped.items() if count)
        message = f"{rows.n_dropped} of {rows.n_read} rows have missing values ({lost})."
        facts = {"dropped": str(rows.n_dropped), "read": str(rows.n_read)}
        facts |= {f"column {name}": str(count) for name, count in rows.dropped.items() if count}
        cautions.append(Caution("dropped", message, None, facts))
    if not rows.event.any():
        cautions.append(Caution("without_events", "There are no events: nothing can be estimated."))
    for term in terms:
        if term.not_estimable and rows.event.any():
            message = f"{term.name} is not estimable: {REASONS[term.not_estimable]}."
            cautions.append(Caution(term.not_estimable, message, term.covariate))
        if term.few_events:
            message = f"{term.name}: a level has fewer than {FEW_EVENTS} events; do not show its hazard ratio."
            cautions.append(Caution("few_events", message, term.covariate))
    return tuple(cautions)
