"""Differences between groups: survival at a fixed time, restricted mean, Gray's test, E-value.

Formulas: fixed time with the complementary log-log transform, Klein, Logan, Harhoff & Andersen (Stat Med
2007;26:4505); restricted mean difference, Royston & Parmar (BMC Med Res Methodol 2013;13:152) with the
Kaplan-Meier variances of Klein & Moeschberger (2003), section 4.5; Gray (Ann Stat 1988;16:1141); E-value,
VanderWeele & Ding (Ann Intern Med 2017;167:268).
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.survival.kaplan_meier import GroupCurve, kaplan_meier
from analysis.survival.logrank import chi_square_p
from analysis.survival.results import Caution, EValue, Result, finite
from analysis.survival.survival_data import BadTable, Floats, Integers


@dataclass(frozen=True)
class Difference(Result):
    """Second group minus first, with a Wald test of 0; `estimates` and `ses` are those of the two groups.

    Everything that depends on an undefined number (beyond the last follow-up, S = 0) is None.
    """

    estimates: tuple[float | None, float | None]
    ses: tuple[float | None, float | None]
    difference: float | None
    se: float | None
    lower: float | None
    upper: float | None
    p: float | None


@dataclass(frozen=True)
class Ratio(Result):
    """Second group over first, with limits on the logarithmic scale and a Wald test of 1; None where undefined."""

    ratio: float | None
    lower: float | None
    upper: float | None
    p: float | None


@dataclass(frozen=True)
class SurvivalContrast(Result):
    """Two groups compared at `t0` and up to `tau`; times have the unit of the data.

    `surv.p` is the plain test; `loglog_chi2` (1 df) and `loglog_p` are Klein's test of log(-log S(t0)), the
    one to report: its size is right in small samples. The incidence differs by -`surv.difference`.
    """

    groups: tuple[str, str]
    t0: float
    surv: Difference
    loglog_chi2: float | None
    loglog_p: float | None
    tau: float
    rmst: Difference
    conf_level: float
    n_read: int
    n_dropped: int
    dropped: dict[str, int]
    cautions: tuple[Caution, ...]


@dataclass(frozen=True)
class GrayTest(Result):
    """Equality of the cumulative incidence of one cause in all groups; None where not defined."""

    cause: int
    chi2: float | None
    df: int | None
    p: float | None


def survival_contrast(
    frame: pd.DataFrame,
    time: str,
    event: str,
    group: str,
    *,
    t0: float,
    tau: float | None = None,
    entry: str | None = None,
    conf_level: float = 0.95,
) -> SurvivalContrast:
    """Compare the Kaplan-Meier curves of the two groups in `group` at `t0` and by their means up to `tau`.

    Groups are in natural order; `tau` defaults to `t0`. Raises BadTable (see `analysis_rows`) and for other
    than two groups, ValueError for a time not greater than 0.
    """
    tau = t0 if tau is None else tau
    if t0 <= 0 or tau <= 0:
        raise ValueError("t0 and tau must be greater than 0.")
    curves = kaplan_meier(frame, time, event, group, entry, times=(t0,), conf_level=conf_level, tau=tau)
    if len(curves.groups) != 2:
        raise BadTable(f"Column '{group}' must hold exactly two groups.", group, code="not_two_arms")
    first, second = curves.groups
    z = NormalDist().inv_cdf((1 + conf_level) / 2)
    chi2 = _klein(first, second)
    return SurvivalContrast(
        groups=(first.group, second.group),
        t0=float(t0),
        surv=_difference((first.at[0].surv, second.at[0].surv), (first.at[0].se, second.at[0].se), z),
        loglog_chi2=chi2,
        loglog_p=None if chi2 is None else chi_square_p(chi2, 1),
        tau=float(tau),
        rmst=_difference((_mean(first), _mean(second)), (_mean_se(first), _mean_se(second)), z),
        conf_level=conf_level,
        n_read=curves.n_read,
        n_dropped=curves.n_dropped,
        dropped=curves.dropped,
        cautions=_cautions(first, t0, tau) + _cautions(second, t0, tau),
    )


def restricted_mean_ratio(contrast: SurvivalContrast) -> Ratio:
    """Ratio of the restricted means; delta method for its logarithm, Royston & Parmar (2013)."""
    logs, variance = [], 0.0
    for mean, se in zip(contrast.rmst.estimates, contrast.rmst.ses, strict=True):
        if mean is None or se is None or mean <= 0:
            return Ratio(None, None, None, None)
        logs.append(math.log(mean))
        variance += (se / mean) ** 2
    return _ratio(logs[1] - logs[0], variance, contrast.conf_level)


def cumulative_hazard_ratio(contrast: SurvivalContrast) -> Ratio:
    """Ratio of the cumulative hazards -log S at `t0`: Klein's test of log(-log S) turned into limits."""
    logs, variance = [], 0.0
    for surv, se in zip(contrast.surv.estimates, contrast.surv.ses, strict=True):
        if surv is None or se is None or not 0 < surv < 1:
            return Ratio(None, None, None, None)
        logs.append(math.log(-math.log(surv)))
        variance += (se / (surv * math.log(surv))) ** 2
    return _ratio(logs[1] - logs[0], variance, contrast.conf_level)


def _ratio(log: float, variance: float, conf_level: float) -> Ratio:
    se, z = math.sqrt(variance), NormalDist().inv_cdf((1 + conf_level) / 2)
    p = math.erfc(abs(log / se) / math.sqrt(2)) if se > 0 else None
    return Ratio(math.exp(log), math.exp(log - z * se), math.exp(log + z * se), p)


def gray_test(time: Floats, status: Integers, group: Integers, cause: int) -> GrayTest:
    """Gray's test (rho = 0) of equal incidence of `cause` in groups coded 0..K-1, from (n,) arrays.

    Score z_k and variance of Gray (1988), sections 2 and 3, with hypergeometric corrections for ties:
    h = Y / S(t-), R = h (1 - F(t-)), z_k = N_k - sum of R_k / R. dN, F0 = sum of dN / h. under the null.
    """
    size = int(group.max()) + 1
    at = np.unique(time[status > 0])
    member = (group == np.arange(size)[:, None]).astype(np.float64)
    now = time == at[:, None]
    n = member @ (time >= at[:, None]).T
    d, one = member @ (now & (status > 0)).T, member @ (now & (status == cause)).T
    share = np.divide(1.0, n, out=np.zeros_like(n), where=n > 0)
    surv = np.cumprod(1 - d * share, axis=1)
    before = np.column_stack([np.ones(size), surv[:, :-1]])
    h = np.divide(n, before, out=np.zeros_like(n), where=n > 0)
    step = before * one * share
    r = h * (1 - (np.cumsum(step, axis=1) - step))
    dn = one.sum(axis=0)
    z = one.sum(axis=1) - np.divide(r * dn, r.sum(axis=0), out=np.zeros_like(r), where=dn > 0).sum(axis=1)
    variance = _gray_variance(h, before, surv, n, dn, d - one)
    rank = np.linalg.matrix_rank(variance[:-1, :-1]) if size > 1 else 0
    if size < 2 or rank < size - 1:
        return GrayTest(cause, None, None, None)
    chi2 = float(z[:-1] @ np.linalg.solve(variance[:-1, :-1], z[:-1]))
    return GrayTest(cause, chi2, size - 1, chi_square_p(chi2, size - 1))


def _gray_variance(h: Floats, before: Floats, surv: Floats, n: Floats, dn: Floats, others: Floats) -> Floats:
    """Sum over groups r of the squared influence of the events of both kinds on the scores, (K, K)."""
    size, total = len(h), h.sum(axis=0)
    df0 = dn / total
    f0 = np.cumsum(df0)
    gamma = df0 / (1 - (f0 - df0))
    variance = np.zeros((size, size))
    for r in range(size):
        delta = h[r] * ((np.arange(size) == r)[:, None] - h / total)
        reached = np.cumsum(delta * gamma, axis=1)
        rest = reached[:, -1:] - reached
        ratio = np.divide(1 - f0, surv[r], out=np.zeros_like(f0), where=surv[r] > 0)
        spare = total * before[r] - 1  # persons in the units of this group, less one
        tied = np.maximum(0.0, 1 - np.divide(dn - 1, spare, out=np.ones_like(f0), where=spare > 0) * (dn > 1))
        tied_others = 1 - np.divide(others[r] - 1, n[r] - 1, out=np.zeros_like(f0), where=others[r] > 1)
        inverse = np.divide(1.0, h[r], out=np.zeros_like(f0), where=h[r] > 0)
        interest, competing = delta + (1 - ratio) * rest, ratio * rest
        variance += (interest * df0 * tied * inverse) @ interest.T
        variance += (competing * others[r] * tied_others * inverse**2) @ competing.T
    return variance


def e_value(hr: float | None, lower: float | None, upper: float | None) -> EValue:
    """E-value of a hazard ratio and of the limit nearer to 1 (1 when the interval includes 1).

    Common outcome: RR = (1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1/HR)); rare outcome: RR = HR.
    """
    if hr is None or lower is None or upper is None:
        return EValue(None, None, None, None)
    limit = 1.0 if lower <= 1 <= upper else upper if hr < 1 else lower
    return EValue(
        point_common=_risk_ratio_e_value(_common_risk_ratio(hr)),
        limit_common=_risk_ratio_e_value(_common_risk_ratio(limit)),
        point_rare=_risk_ratio_e_value(hr),
        limit_rare=_risk_ratio_e_value(limit),
    )


def _difference(
    estimates: tuple[float | None, float | None], ses: tuple[float | None, float | None], z: float
) -> Difference:
    (a, b), (u, v) = estimates, ses
    if a is None or b is None:
        return Difference(estimates, ses, None, None, None, None, None)
    if u is None or v is None:
        return Difference(estimates, ses, b - a, None, None, None, None)
    gap, se = b - a, math.hypot(u, v)
    p = math.erfc(abs(gap / se) / math.sqrt(2)) if se > 0 else None
    return Difference(estimates, ses, gap, se, gap - z * se, gap + z * se, p)


def _klein(first: GroupCurve, second: GroupCurve) -> float | None:
    """(log(-log S1) - log(-log S2))^2 over the sum of the variances (se / (S log S))^2."""
    gap, variance = 0.0, 0.0
    for sign, at in ((1, first.at[0]), (-1, second.at[0])):
        if at.surv is None or at.se is None or not 0 < at.surv < 1:
            return None
        log = math.log(at.surv)
        gap += sign * math.log(-log)
        variance += (at.se / (at.surv * log)) ** 2
    return gap**2 / variance


def _common_risk_ratio(hr: float) -> float:
    return float((1 - 0.5 ** math.sqrt(hr)) / (1 - 0.5 ** math.sqrt(1 / hr)))


def _risk_ratio_e_value(ratio: float) -> float | None:
    ratio = max(ratio, 1 / ratio)
    return finite(ratio + math.sqrt(ratio * (ratio - 1)))


def _mean(curve: GroupCurve) -> float | None:
    return None if curve.rmst is None else curve.rmst.rmst


def _mean_se(curve: GroupCurve) -> float | None:
    return None if curve.rmst is None else curve.rmst.se


def _cautions(curve: GroupCurve, t0: float, tau: float) -> tuple[Caution, ...]:
    cautions, group = list(curve.cautions), {"group": curve.group}
    if curve.at[0].surv is None:
        message = f"Group {curve.group}: follow-up ends at {curve.last_time:g}, no survival at {t0:g}."
        cautions.append(Caution("beyond_last_followup", message, None, group))
    elif curve.at[0].few_at_risk:
        cautions.append(
            Caution("few_at_risk", f"Group {curve.group}: {curve.at[0].n_risk} at risk at {t0:g}.", None, group)
        )
    if _mean(curve) is None:
        message = f"Group {curve.group}: follow-up ends at {curve.last_time:g}, no restricted mean to {tau:g}."
        cautions.append(Caution("beyond_last_followup", message, None, group))
    return tuple(cautions)
