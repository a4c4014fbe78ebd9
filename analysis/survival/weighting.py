"""Two arms compared with propensity score weights: score, weights, balance, hazard ratio, survival.

The arms are chosen, not allocated at random, so the weighted estimate stands beside every unadjusted one.
Formulas: propensity score, Rosenbaum & Rubin (Biometrika 1983;70:41); stabilised weights, Robins, Hernan &
Brumback (Epidemiology 2000;11:550); ATT and overlap weights, Li, Morgan & Zaslavsky (JASA 2018;113:390);
matching weights, Li & Greene (Int J Biostat 2013;9:215); balance, Austin & Stuart (Stat Med 2015;34:3661); robust
variance of the weighted Cox model, Lin & Wei (JASA 1989;84:1074) as advised by Austin (Stat Med 2016;35:5642).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.survival.binomial import binomial_regression, independent_columns
from analysis.survival.competing import aalen_johansen
from analysis.survival.contrasts import e_value
from analysis.survival.cox import cox
from analysis.survival.kaplan_meier import FEW_AT_RISK
from analysis.survival.results import (
    Balance,
    Caution,
    OverlapBar,
    PropensitySummary,
    PropensityTerm,
    Result,
    Term,
    WeightedSummary,
    Weighting,
    finite,
)
from analysis.survival.survival_data import AnalysisRows, BadTable, Flags, Floats, analysis_rows, finites, names

SCHEMES = ("sw", "sw_truncated", "iptw", "ato", "att", "mw")
TRUNCATION = (0.01, 0.99)  # quantiles at which sw_truncated cuts the stabilised weights
#: Decimals to which two propensity scores are told apart.
SAME_SCORE = 12
OVERLAP_BARS = 20
ROW = "position in the table"


@dataclass(frozen=True)
class PropensityScore(PropensitySummary):
    """The logistic model with `scores` (n,) = P(treated), in the order of the rows fitted; empty if not estimable."""

    scores: Floats = field(repr=False, compare=False)


@dataclass(frozen=True)
class WeightedAtTime(Result):
    """Weighted S(t) of one arm with robust SE (infinitesimal jackknife) and log(-log) limits.

    None beyond the last follow-up of the arm unless S = 0; `n_risk` counts persons, not weights.
    """

    time: float
    n_risk: int
    surv: float | None
    se: float | None
    lo_loglog: float | None
    hi_loglog: float | None
    beyond_last_followup: bool
    few_at_risk: bool


@dataclass(frozen=True)
class ArmSurvival(Result):
    """The weighted curve of one arm: `curve` at its event times, `at` at the requested ones."""

    arm: str
    curve: tuple[WeightedAtTime, ...]
    at: tuple[WeightedAtTime, ...]


@dataclass(frozen=True)
class WeightedEffect(WeightedSummary):
    """What one weighting scheme says, with the weighted curves of (control, treated)."""

    survival: tuple[ArmSurvival, ArmSurvival]


@dataclass(frozen=True)
class WeightedComparison(Weighting):
    """The comparison with the scores of everybody and the weighted curves of the arms."""

    propensity: PropensityScore
    effects: tuple[WeightedEffect, ...]


def weighted_comparison(
    frame: pd.DataFrame,
    time: str,
    event: str,
    treatment: str,
    covariates: str | Sequence[str],
    *,
    times: Sequence[float] = (),
    control: str | None = None,
    reference: Mapping[str, str] | None = None,
    schemes: Sequence[str] = SCHEMES,
    conf_level: float = 0.95,
) -> WeightedComparison:
    """Compare the two arms of column `treatment` under the `schemes` of `balancing_weights`, in their order.

    `covariates` predict the treatment (coded as in `cox`); `control` is the arm compared against, by default
    the first in natural order; `times` are in the unit of `time`. Rows with a missing value in any named
    column are dropped and counted. Raises BadTable (see `analysis_rows`) and for other than two arms,
    ValueError for no covariate.
    """
    if not names(covariates) or not 0 < conf_level < 1:
        raise ValueError("Give at least one covariate and a confidence level between 0 and 1.")
    rows = analysis_rows(
        frame.assign(**{ROW: np.arange(len(frame))}), time=time, event=event, group=treatment, covariates=covariates,
        cluster=ROW, reference=reference,
    )  # fmt: skip
    arms = _arms(rows, treatment, control)
    treated = rows.group.codes == rows.group.labels.index(arms[1])
    fitted = propensity_score(treated, rows.matrix, tuple(column.name for column in rows.design))
    known = fitted.not_estimable is None
    effects = _effects(rows, treated, fitted.scores, arms, times, schemes, conf_level) if known else ()
    hazard = next((effect.hazard for effect in effects if effect.scheme == "sw"), None)
    return WeightedComparison(
        control=arms[0],
        treated=arms[1],
        n=rows.n,
        n_events=int(rows.event.sum()),
        n_read=rows.n_read,
        n_dropped=rows.n_dropped,
        dropped={name: lost for name, lost in rows.dropped.items() if name != ROW},
        conf_level=conf_level,
        propensity=_in_table_order(fitted, rows),
        effects=effects,
        evalue=e_value(hazard.hr, hazard.lower, hazard.upper)
        if hazard and not hazard.few_events
        else e_value(None, None, None),
        cautions=_cautions(fitted, hazard),
    )


def propensity_score(treated: Flags, covariates: Floats, columns: Sequence[str]) -> PropensityScore:
    """Fit P(treated) by logistic regression on the columns (n, p) of `covariates`, named `columns`.

    Both arms must be present. The c statistic is the area under the ROC curve, ties counting one half.
    """
    design = np.column_stack([np.ones(len(treated)), covariates])
    used = independent_columns(design)
    fit = binomial_regression(design[:, used], treated.astype(np.float64))
    reason = fit.not_estimable
    coef, se = np.full(design.shape[1], np.nan), np.full(design.shape[1], np.nan)
    if reason is None:
        coef[used], se[used] = fit.coef, np.sqrt(np.diag(fit.vcov))
    terms = zip(("(Intercept)", *columns), finites(coef), finites(se), strict=True)
    return PropensityScore(
        terms=tuple(PropensityTerm(*term) for term in terms),
        minimum=None if reason else float(fit.fitted.min()),
        maximum=None if reason else float(fit.fitted.max()),
        c_statistic=None if reason else _c_statistic(fit.fitted, treated),
        overlap=() if reason else _overlap(fit.fitted, treated),
        not_estimable=reason,
        scores=np.empty(0) if reason else fit.fitted,
    )


def balancing_weights(treated: Flags, score: Floats) -> dict[str, Floats]:
    """The weights (n,) of every scheme, for propensity scores strictly between 0 and 1.

    iptw = 1/P(own arm), sw = share of own arm/P(own arm): average effect in everybody; sw_truncated cuts sw
    at its 1st and 99th percentile; ato = P(other arm): effect in the overlap; att: effect in the treated; mw = the
    smaller of both / P(own arm): effect in whom 1:1 matching on the score would choose.
    """
    own = np.where(treated, score, 1 - score)
    share = treated.mean()
    sw = np.where(treated, share, 1 - share) / own
    return {
        "sw": sw,
        "sw_truncated": np.clip(sw, *np.quantile(sw, TRUNCATION)),
        "iptw": 1 / own,
        "ato": 1 - own,
        "att": np.where(treated, 1.0, score / (1 - score)),
        "mw": np.minimum(score, 1 - score) / own,
    }


def balance(treated: Flags, covariates: Floats, weights: Floats, columns: Sequence[str]) -> tuple[Balance, ...]:
    """The balance table of the columns (n, p) under `weights` (n,).

    Weighted variances use the reliability weight denominator of Austin & Stuart (2015, section 3), which is
    n - 1 for equal weights.
    """
    (m1, v1), (m0, v0) = (_moments(covariates[arm], np.ones(int(arm.sum()))) for arm in (treated, ~treated))
    (w1, u1), (w0, u0) = (_moments(covariates[arm], weights[arm]) for arm in (treated, ~treated))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt((v1 + v0) / 2)
        table = ((m1 - m0) / spread, (w1 - w0) / spread, v1 / v0, u1 / u0)
    return tuple(Balance(*row) for row in zip(columns, *map(finites, table), strict=True))


def effective_sample_size(weights: Floats) -> float:
    """Kish's (1965) effective sample size: (sum w)^2 / sum w^2."""
    return float(weights.sum() ** 2 / (weights @ weights))


def _arms(rows: AnalysisRows, treatment: str, control: str | None) -> tuple[str, str]:
    labels = rows.group.labels
    if len(labels) != 2 or (control is not None and control not in labels):
        expected = "two arms" if control is None else f"two arms, one of them '{control}'"
        raise BadTable(f"Column '{treatment}' must hold exactly {expected}.", treatment, code="not_two_arms")
    return (labels[1], labels[0]) if control == labels[1] else (labels[0], labels[1])


def _effects(
    rows: AnalysisRows,
    treated: Flags,
    score: Floats,
    arms: tuple[str, str],
    times: Sequence[float],
    schemes: Sequence[str],
    conf_level: float,
) -> tuple[WeightedEffect, ...]:
    columns = tuple(column.name for column in rows.design)
    every = balancing_weights(treated, score)
    frame = pd.DataFrame({"time": rows.time, "event": rows.event.astype(np.int64), "treated": treated * 1})
    z = NormalDist().inv_cdf((1 + conf_level) / 2)
    effects = []
    for scheme in schemes:
        w = every[scheme]
        weighted = frame.assign(weight=w)
        hazard = cox(weighted, "time", "event", "treated", weights="weight", robust=True, conf_level=conf_level)
        curves = (
            _arm_survival(label, rows.time[arm], rows.event[arm], w[arm], times, z)
            for label, arm in zip(arms, (~treated, treated), strict=True)
        )
        effects.append(
            WeightedEffect(
                scheme=scheme,
                sum_weights=float(w.sum()),
                max_weight=float(w.max()),
                ess=(effective_sample_size(w[~treated]), effective_sample_size(w[treated])),
                n_truncated=int((w != every["sw"]).sum()) if scheme == "sw_truncated" else 0,
                balance=balance(treated, rows.matrix, w, columns),
                hazard=hazard.terms[0],
                survival=(next(curves), next(curves)),
            )
        )
    return tuple(effects)


def _arm_survival(
    arm: str, time: Floats, event: Flags, weights: Floats, times: Sequence[float], z: float
) -> ArmSurvival:
    curve = aalen_johansen(time, event.astype(np.int64), (1,), weights)
    every = np.concatenate([curve.time, np.asarray(times, dtype=np.float64)])
    passed = np.searchsorted(curve.time, every, side="right")
    surv, se = (np.concatenate(part)[passed] for part in (([1.0], curve.surv), ([0.0], curve.se[0])))
    se[surv == 0] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = z * se / (surv * np.log(surv))
        lower, upper = (surv ** np.exp(sign * shift) for sign in (-1, 1))
    lower[surv == 1], upper[surv == 1] = 1.0, 1.0
    read = []
    for i, t in enumerate(every):
        beyond, n_risk = bool(t > time.max()), int(np.sum(time >= t))
        known = not beyond or surv[i] == 0
        s, e, lo, hi = (finite(part[i]) if known else None for part in (surv, se, lower, upper))
        read.append(WeightedAtTime(float(t), n_risk, s, e, lo, hi, beyond, n_risk < FEW_AT_RISK))
    return ArmSurvival(arm, tuple(read[: len(curve.time)]), tuple(read[len(curve.time) :]))


def _in_table_order(fitted: PropensityScore, rows: AnalysisRows) -> PropensityScore:
    """The scores in the order of the complete rows of the table instead of the canonical order."""
    if fitted.not_estimable or rows.cluster is None:
        return fitted
    position = np.array(rows.cluster.labels, dtype=np.int64)[rows.cluster.codes]
    return replace(fitted, scores=fitted.scores[np.argsort(position)])


def _moments(x: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted means and variances of the columns; measured from the first row, so that a constant has none."""
    total = weights.sum()
    mean = x[0] + weights @ (x - x[0]) / total
    freedom = total - weights @ weights / total
    with np.errstate(divide="ignore", invalid="ignore"):
        return mean, weights @ (x - mean) ** 2 / freedom


def _c_statistic(score: Floats, treated: Flags) -> float:
    """The same covariates give the same score: digits that differ with the machine's arithmetic are no order."""
    score = score.round(SAME_SCORE)
    control = np.sort(score[~treated])
    below = np.searchsorted(control, score[treated], "left") + np.searchsorted(control, score[treated], "right")
    return float(below.mean() / 2 / len(control))


def _overlap(score: Floats, treated: Flags) -> tuple[OverlapBar, ...]:
    """A score on an edge, but for the rounding of the machine, counts in the bar that begins there."""
    bar = np.floor((score * OVERLAP_BARS).round(SAME_SCORE)).astype(np.int64).clip(max=OVERLAP_BARS - 1)
    edges = [i / OVERLAP_BARS for i in range(OVERLAP_BARS + 1)]
    counts = [np.bincount(bar[arm], minlength=OVERLAP_BARS).tolist() for arm in (~treated, treated)]
    return tuple(OverlapBar(*each) for each in zip(edges[:-1], edges[1:], *counts, strict=True))


def _cautions(fitted: PropensityScore, hazard: Term | None) -> tuple[Caution, ...]:
    cautions = [
        Caution(
            "dependent_column",
            f"Column {term.name} adds nothing to the propensity score: left out.",
            term.name,
        )
        for term in fitted.terms
        if term.coef is None and fitted.not_estimable is None
    ]
    if fitted.not_estimable:
        why = "the covariates predict the arm of some rows with certainty"
        reason = why if fitted.not_estimable == "separation" else "the iteration did not converge"
        cautions.append(Caution(fitted.not_estimable, f"The propensity score is not estimable: {reason}."))
    if hazard and hazard.not_estimable:
        cautions.append(Caution("hazard_ratio", f"The hazard ratio is not estimable ({hazard.not_estimable})."))
    elif hazard and hazard.few_events:
        cautions.append(Caution("few_events", "Fewer than 5 events in an arm: do not show the hazard ratio."))
    return tuple(cautions)
