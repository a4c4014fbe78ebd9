"""Competing risks: cumulative incidence per cause and group, Gray's test, Fine-Gray regression.

Death or transplantation before recurrence is a competing event, not a censoring. Formulas: Aalen & Johansen (Scand J
Stat 1978;5:141); variances, Aalen (Ann Stat 1978;6:534), with ties as in Pintilie, Competing Risks (2006), and the
infinitesimal jackknife, Jaeckel (1972); Fine & Gray (JASA 1999;94:496). Gray's test is in `contrasts`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from analysis.survival.binomial import independent_columns
from analysis.survival.contrasts import GrayTest, gray_test
from analysis.survival.cox import FEW_EVENTS
from analysis.survival.interval import Regression, has_inverse, regression
from analysis.survival.kaplan_meier import FEW_AT_RISK, product_limit
from analysis.survival.proportional_hazards import FLAT, HALVINGS, MAX_STEPS, RUNAWAY
from analysis.survival.results import Caution, Result, finite
from analysis.survival.survival_data import AnalysisRows, BadTable, Flags, Floats, Integers, analysis_rows, names

ANY = "any event"


@dataclass(frozen=True)
class IncidenceAtTime(Result):
    """Cumulative incidence of one cause at one time; None beyond the last follow-up unless S = 0.

    `se` is the infinitesimal jackknife (R's survfit), from which the limits are computed (None while the incidence
    is 0); `variance_aalen` is that of cuminc (None with weights). `n_risk` counts persons with time >= t.
    """

    time: float
    n_risk: int
    cum_events: int
    cif: float | None
    se: float | None
    lo_loglog: float | None
    hi_loglog: float | None
    lo_log: float | None
    hi_log: float | None
    variance_aalen: float | None
    beyond_last_followup: bool
    few_at_risk: bool


@dataclass(frozen=True)
class CauseIncidence(Result):
    """One cause in one group: `curve` at the event times of the group, `at` at the requested times."""

    cause: int
    n_events: int
    curve: tuple[IncidenceAtTime, ...]
    at: tuple[IncidenceAtTime, ...]


@dataclass(frozen=True)
class GroupIncidence(Result):
    """Every cause in one group."""

    group: str
    n: int
    last_time: float
    causes: tuple[CauseIncidence, ...]


@dataclass(frozen=True)
class CumulativeIncidence(Result):
    """Groups in natural order (`all` without groups); a Gray test per cause unless weighted or ungrouped."""

    groups: tuple[GroupIncidence, ...]
    tests: tuple[GrayTest, ...]
    conf_level: float
    n_read: int
    n_dropped: int
    dropped: dict[str, int]
    cautions: tuple[Caution, ...]


@dataclass(frozen=True)
class FineGray(Regression):
    """Subdistribution hazards of `cause`: the coefficients are log subdistribution hazard ratios.

    `few_events` names two-valued columns with fewer than 5 events at a level: a report must suppress their ratio.
    """

    cause: int
    loglik: float | None
    n_events: int
    few_events: tuple[str, ...]


@dataclass(frozen=True)
class AalenJohansen:
    """Arrays at the m event times: `surv` (m,); `events`, `cif`, `se` and `variance_aalen` (causes, m)."""

    time: Floats
    surv: Floats
    events: Integers
    cif: Floats
    se: Floats
    variance_aalen: Floats


def cumulative_incidence(
    frame: pd.DataFrame,
    time: str,
    status: str,
    group: str | None = None,
    *,
    causes: Sequence[int] | None = None,
    times: Sequence[float] = (),
    weights: str | None = None,
    conf_level: float = 0.95,
) -> CumulativeIncidence:
    """Estimate the cumulative incidence of every cause per group, read at `times` (unit of `time`).

    `status` is 0 for censored, else the number of the cause; `causes` defaults to those present. `weights`
    are case weights (> 0), e.g. from `balancing_weights`. Raises BadTable (see `analysis_rows`) and for a
    status that is not a whole number >= 0 or not one of `causes`.
    """
    rows, number = _rows(frame, time, status, group=group, weights=weights)
    listed = tuple(sorted(causes or set(number[number > 0].tolist()))) or (1,)
    if not np.isin(number, (0, *listed)).all():
        raise BadTable(f"Column '{status}' holds a cause other than {', '.join(map(str, listed))}.", status)
    z = NormalDist().inv_cdf((1 + conf_level) / 2)
    groups = tuple(_group_incidence(rows, number, listed, code, times, z) for code in range(len(rows.group.labels)))
    compared = listed if len(groups) > 1 and weights is None else ()
    return CumulativeIncidence(
        groups=groups,
        tests=tuple(gray_test(rows.time, number, rows.group.codes, cause) for cause in compared),
        conf_level=conf_level,
        n_read=rows.n_read,
        n_dropped=rows.n_dropped,
        dropped=rows.dropped,
        cautions=tuple(
            Caution("no_events", f"Group {g.group} has no event of cause {c.cause}.", None, {"group": g.group})
            for g in groups
            for c in g.causes
            if not c.n_events
        ),
    )


def aalen_johansen(time: Floats, status: Integers, causes: Sequence[int], weights: Floats) -> AalenJohansen:
    """Cumulative incidence of each of `causes` from (n,) arrays, with both variances.

    `se`: root of the sum of (w_i dF/dw_i)^2, carried along the recursion. `variance_aalen` is NaN with weights.
    """
    times = np.unique(time[status > 0])
    member = status == np.array(causes)[:, None]
    shape = (len(causes), len(times))
    after, events, cif, se = np.ones(len(times)), np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape)
    surv, incidence = 1.0, np.zeros(len(causes))
    d_surv, d_incidence = np.zeros(len(time)), np.zeros(member.shape)
    for j, t in enumerate(times):
        at_risk, jump = time >= t, member & (time == t)
        total = weights[at_risk].sum()
        hazard = (jump @ weights / total)[:, None]
        residual = (jump - at_risk * hazard) / total
        incidence = incidence + surv * hazard[:, 0]
        d_incidence = d_incidence + d_surv * hazard + surv * residual
        d_surv = d_surv * (1 - hazard.sum()) - surv * residual.sum(axis=0)
        surv = 0.0 if jump.sum() == at_risk.sum() else surv * (1 - float(hazard.sum()))
        after[j], events[:, j], cif[:, j] = surv, jump.sum(axis=1), incidence
        se[:, j] = np.sqrt(((weights * d_incidence) ** 2).sum(axis=1))
    variance = _aalen_variance(time, times, events) if (weights == 1).all() else np.full(shape, np.nan)
    return AalenJohansen(times, after, events, cif, se, variance)


def _aalen_variance(time: Floats, times: Floats, d: Integers) -> Floats:
    """Martingale variance (k, m) with the tie correction (n - d) / (n - 1) of each kind of event."""
    n = len(time) - np.searchsorted(np.sort(time), times)
    surv = np.cumprod(1 - d.sum(axis=0) / n)
    before = np.concatenate([[1.0], surv[:-1]])
    cif = np.cumsum(before * d / n, axis=1)
    spread = d * np.where(n > 1, (n - d) / np.maximum(n - 1, 1), 1.0) / n**2
    variance = np.zeros(d.shape)
    for k, incidence in enumerate(cif):
        for j in range(len(n)):
            past = slice(0, j + 1)
            ahead = incidence[j] - incidence[past]
            lost = np.divide(ahead * before[past], surv[past], out=np.zeros(j + 1), where=surv[past] > 0)
            other = (spread.sum(axis=0) - spread[k])[past]
            variance[k, j] = (before[past] - lost) ** 2 @ spread[k, past] + lost**2 @ other
    return variance


def fine_gray(
    frame: pd.DataFrame,
    time: str,
    status: str,
    covariates: str | Sequence[str],
    *,
    cause: int = 1,
    reference: Mapping[str, str] | None = None,
    conf_level: float = 0.95,
) -> FineGray:
    """Fit proportional subdistribution hazards of `cause`; `status` as in `cumulative_incidence`.

    Ties by Breslow; the censoring distribution is Kaplan-Meier in all rows together. Columns are coded as in
    `cox`. Raises BadTable (see `analysis_rows`) and for a table without an event of `cause`.
    """
    rows, number = _rows(frame, time, status, covariates=covariates, reference=reference)
    if not (number == cause).any():
        raise BadTable(f"Column '{status}' holds no event of cause {cause}.", status, code="no_cause", cause=str(cause))
    centre, scale = rows.matrix.mean(axis=0), rows.matrix.std(axis=0)
    varies = scale > 1e-12 * np.abs(rows.matrix).max(axis=0)
    x = np.divide(rows.matrix - centre, scale, out=np.zeros_like(rows.matrix), where=varies)
    model = _Subdistribution.of(rows.time, number, cause, x)
    used = independent_columns(model.derivatives(np.zeros(len(scale)))[2])
    model = replace(model, x=x[:, used])
    beta, good = _maximum(model)
    coef, se = np.full(len(scale), np.nan), np.full(len(scale), np.nan)
    if good:
        coef[used], se[used] = beta / scale[used], np.sqrt(np.diag(model.variance(beta))) / scale[used]
    return FineGray(
        **vars(regression(rows, [column.name for column in rows.design], coef, se, conf_level)),
        cause=cause,
        loglik=model.derivatives(beta)[0] if good else None,
        n_events=int((number == cause).sum()),
        few_events=tuple(c.name for c in rows.design if _few_events(c.values, number == cause)),
    )


@dataclass(frozen=True)
class _Subdistribution:
    """Risk sets of Fine & Gray (1999): after a competing event at T a row stays, with weight G(t-)/G(T-).

    Rows are in order of time. `d` events happen at the m `times`, where G(t-) = `g`; `carried` is 1/G(T-) or 0.
    """

    x: Floats
    time: Floats
    censored: Flags
    interest: Flags
    carried: Floats
    times: Floats
    d: Integers
    g: Floats

    @classmethod
    def of(cls, time: Floats, status: Integers, cause: int, x: Floats) -> "_Subdistribution":
        times, d = np.unique(time[status == cause], return_counts=True)
        loss = product_limit(time, status == 0)
        before = np.concatenate([[1.0], loss.surv])
        competing = (status > 0) & (status != cause)
        own = before[np.searchsorted(loss.time, time)]
        carried = np.divide(1.0, own, out=np.zeros(len(time)), where=competing)[:, None]
        g = before[np.searchsorted(loss.time, times)][:, None]
        return cls(x, time, status == 0, status == cause, carried, times, d, g)

    def at_risk(self, values: Floats) -> Floats:
        """Weighted sum of `values` (n, k) over the risk set of every event time, (m, k)."""
        first = np.searchsorted(self.time, self.times)
        rows, gone = _running(values), _running(values * self.carried)
        return np.asarray(rows[-1] - rows[first] + self.g * gone[first])

    def accumulated(self, steps: Floats) -> Floats:
        """Sum of `steps` (m, k) over the event times each row is at risk at, by its weight there, (n, k)."""
        passed = np.searchsorted(self.times, self.time, side="right")
        own, later = _running(steps), _running(steps * self.g)
        return np.asarray(own[passed] + self.carried * (later[-1] - later[passed]))

    def hazard(self, beta: Floats) -> tuple[Floats, Floats, Floats]:
        """Relative hazard (n, 1), baseline increments (m, 1), mean of x at risk (m, p)."""
        relative = np.exp(self.x @ beta)[:, None]
        total = self.at_risk(relative)
        return relative, self.d[:, None] / total, self.at_risk(relative * self.x) / total

    @np.errstate(all="ignore")
    def derivatives(self, beta: Floats) -> tuple[float, Floats, Floats]:
        """Log pseudo-likelihood, score (p,), information (p, p)."""
        relative, increments, mean = self.hazard(beta)
        loglik = float((self.x[self.interest] @ beta).sum() + self.d @ np.log(increments[:, 0] / self.d))
        load = relative * self.accumulated(increments)
        information = (self.x * load).T @ self.x - (mean * self.d[:, None]).T @ mean
        return loglik, self.x[self.interest].sum(axis=0) - self.d @ mean, information

    def variance(self, beta: Floats) -> Floats:
        """Sandwich of the information with eta + psi, Fine & Gray (1999), section 3.3."""
        relative, increments, mean = self.hazard(beta)
        eta = relative * (self.accumulated(increments * mean) - self.x * self.accumulated(increments))
        own = np.searchsorted(self.times, self.time[self.interest])
        eta[self.interest] += self.x[self.interest] - mean[own]
        spread = eta + self._psi(relative * self.carried, increments * self.g, mean)
        influence = spread @ np.linalg.inv(self.derivatives(beta)[2])
        return influence.T @ influence

    def _psi(self, carried: Floats, steps: Floats, mean: Floats) -> Floats:
        """What estimating G adds to the score of every row, by q(c) / n at the censoring times c."""
        times, lost = np.unique(self.time[self.censored], return_counts=True)
        gone = np.searchsorted(self.time, times)
        n = (len(self.time) - gone)[:, None]
        weight, moment = _running(carried)[gone], _running(carried * self.x)[gone]
        sums = _running(np.column_stack([steps, steps * mean]))
        ahead = sums[-1] - sums[np.searchsorted(self.times, times)]
        q = (moment * ahead[:, :1] - weight * ahead[:, 1:]) / n
        psi = -_running(q * lost[:, None] / n)[np.searchsorted(times, self.time, side="right")]
        psi[self.censored] += q[np.searchsorted(times, self.time[self.censored])]
        return psi


def _running(values: Floats) -> Floats:
    """Sums of the first 0, 1, ... rows of `values` (m, k), (m + 1, k)."""
    return np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])


def _maximum(model: _Subdistribution) -> tuple[Floats, bool]:
    """Newton-Raphson with step halving; False where a coefficient runs away or nothing converged."""
    beta = np.zeros(model.x.shape[1])
    for _ in range(MAX_STEPS):
        loglik, score, information = model.derivatives(beta)
        if not has_inverse(information):
            break
        step = np.linalg.solve(information, score)
        if float(step @ score) < FLAT:
            return beta + step, bool(np.abs(step).max(initial=0) <= RUNAWAY)
        for _ in range(HALVINGS):
            if model.derivatives(beta + step)[0] >= loglik - 1e-10 * abs(loglik):
                break
            step = step / 2
        beta = beta + step
    return beta, False


def _few_events(values: Floats, interest: Flags) -> bool:
    levels = np.unique(values)
    return len(levels) == 2 and any(int((values[interest] == level).sum()) < FEW_EVENTS for level in levels)


def _rows(frame: pd.DataFrame, time: str, status: str, **columns: Any) -> tuple[AnalysisRows, Integers]:
    """The complete rows and the cause of each; `columns` go to `analysis_rows`."""
    if status not in frame.columns:
        raise BadTable(f"The table has no column '{status}'.", status)
    seen = (frame[status] != 0).astype(float).where(frame[status].notna())
    given = names(columns.pop("covariates", ()))
    marked = frame.assign(**{ANY: seen})
    rows = analysis_rows(marked, time=time, event=ANY, covariates=(status, *given), **columns)
    number = rows.design[0].values
    if rows.design[0].name != status or (number < 0).any() or (number % 1).any():
        raise BadTable(f"Column '{status}' must be 0 (censored) or the whole number of a cause.", status)
    dropped = {name: lost for name, lost in rows.dropped.items() if name != ANY}
    return replace(rows, design=rows.design[1:], dropped=dropped), number.astype(np.int64)


def _group_incidence(
    rows: AnalysisRows, status: Integers, causes: tuple[int, ...], code: int, times: Sequence[float], z: float
) -> GroupIncidence:
    member = rows.group.codes == code
    time = rows.time[member]
    curve = aalen_johansen(time, status[member], causes, rows.weights[member])
    every = np.concatenate([curve.time, np.asarray(times, dtype=np.float64)])
    incidences, m = [], len(curve.time)
    for k, cause in enumerate(causes):
        read = tuple(_read_at(curve, k, float(t), time, z) for t in every)
        incidences.append(CauseIncidence(cause, int(curve.events[k].sum()), read[:m], read[m:]))
    return GroupIncidence(rows.group.labels[code], len(time), float(time.max()), tuple(incidences))


def _read_at(curve: AalenJohansen, k: int, t: float, time: Floats, z: float) -> IncidenceAtTime:
    i = int(np.searchsorted(curve.time, t, side="right")) - 1
    beyond = bool(t > time.max())
    known = not beyond or (len(curve.time) > 0 and curve.surv[-1] == 0)
    cif, se, variance = (
        0.0 if i < 0 else float(values[k, i]) for values in (curve.cif, curve.se, curve.variance_aalen)
    )
    limits: list[float | None] = [None] * 4
    if known and 0 < cif < 1:
        shift, width = z * se / (cif * math.log(cif)), z * se / cif
        limits = [cif ** math.exp(-shift), cif ** math.exp(shift)]
        limits += [cif * math.exp(-width), min(1.0, cif * math.exp(width))]
    n_risk = int(np.sum(time >= t))
    return IncidenceAtTime(
        time=t,
        n_risk=n_risk,
        cum_events=int(curve.events[k, : i + 1].sum()),
        cif=cif if known else None,
        se=se if known else None,
        lo_loglog=limits[0],
        hi_loglog=limits[1],
        lo_log=limits[2],
        hi_log=limits[3],
        variance_aalen=finite(variance) if known else None,
        beyond_last_followup=beyond,
        few_at_risk=n_risk < FEW_AT_RISK,
    )
