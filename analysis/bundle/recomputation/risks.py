"""Competing risks (recurrence, death without it) and the differences of the arms.

Aalen & Johansen (Scand J Stat 1978;5:141) with the infinitesimal jackknife; Gray (Ann Stat 1988;16:1141), rho = 0, with
hypergeometric variances for ties; Fine & Gray (JASA 1999;94:496) with the variance of their section 3.3; differences at
a fixed time, Klein et al. (Stat Med 2007;26:4505), and of restricted means, Royston & Parmar (BMC Med Res Methodol
2013;13:152).
"""

from __future__ import annotations

import math

import numpy as np

from .comparison import Values
from .curves import ROUNDING, Z, kaplan_meier, normal_p, number, restricted_mean, wald_p
from .models import design, estimable
from .tables import Bundle, Endpoint, Flags, Floats
from .weights import comparison_shown, hazards

CAUSES = {1: "recurrence", 2: "death"}
DRAWN = ("value", "lower", "upper")
DIFFERENCE = ("difference", "lower", "upper", "p")


def competing_risks(bundle: Bundle) -> Values:
    """Incidences at the read week, Gray's tests, and the model of recurrence."""
    rows, primary = bundle.endpoint("RFS"), bundle.endpoint("TTR")
    cause = _causes(rows)
    values: Values = {"incidences": 2 * len(rows.arms)}
    for arm in rows.arms:
        own = rows.arm == arm
        values |= incidences(bundle, arm, rows.week[own], cause[own], CAUSES)
    model = fine_gray(rows, cause)
    if model is not None and comparison_shown(primary, hazards(primary)) and len(rows.arms) == 2:
        for code, name in CAUSES.items():
            chi2 = gray(rows.week, cause, rows.arm == rows.arms[1], code)
            p = None if chi2 is None else normal_p(math.sqrt(chi2))
            values |= {f"Gray {name} chi2": chi2, f"Gray {name} p": p}
    return values | (model if model is not None and estimable(primary) else {})


def incidence_pooled(bundle: Bundle) -> Values:
    """Incidences of everybody at the read week."""
    rows = bundle.endpoint("RFS")
    if not len(rows.week):
        return {"incidences": 0}
    return {"incidences": 2} | incidences(bundle, "all", rows.week, _causes(rows), CAUSES)


def _causes(rows: Endpoint) -> Floats:
    cause = np.where(rows.reason == "RECURRENCE", 1, np.where(rows.reason == "DEATH", 2, 0))
    return cause.astype(np.float64)


def incidences(bundle: Bundle, group: str, week: Floats, cause: Floats, names: dict[int, str]) -> Values:
    """Incidences of every cause in one group at the read week, and the curve of the first."""
    values: Values = {}
    for code, name in names.items():
        read = incidence(week, cause, code, bundle.plan["read_week"])
        values |= {f"{group} {name} {word}": value for word, value in read.items()}
    return values | cause_curve(group, week, cause, bundle.plan["ticks"])


def incidence(time: Floats, cause: Floats, code: int, t: float) -> Values:
    """Cumulative incidence of one cause in one group at t."""
    counts: Values = {"n": len(time), "events": int((cause == code).sum()), "at risk": int((time >= t).sum())}
    surv, value = 1.0, 0.0
    d_surv, d_value = np.zeros(len(time)), np.zeros(len(time))
    for s in np.unique(time[(cause > 0) & (time <= t)]):
        at_risk = time >= s
        any_event, own = at_risk & (time == s) & (cause > 0), (time == s) & (cause == code)
        n, h, own_h = at_risk.sum(), any_event.sum() / at_risk.sum(), own.sum() / at_risk.sum()
        d_value = d_value + d_surv * own_h + surv * (own - at_risk * own_h) / n
        value += surv * own_h
        d_surv = d_surv * (1 - h) - surv * (any_event - at_risk * h) / n
        surv *= 1 - h
    ended = bool((cause[time == time.max()] > 0).all())
    if t > time.max() and not ended:
        return counts | {"value": None, "lower": None, "upper": None}
    if not 0 < value < 1:
        return counts | {"value": value, "lower": None, "upper": None}
    theta = math.exp(Z * math.sqrt(float((d_value**2).sum())) / (value * math.log(value)))
    return counts | {"value": float(value), "lower": float(value ** (1 / theta)), "upper": float(value**theta)}


def cause_curve(arm: str, week: Floats, cause: Floats, ticks: list[int]) -> Values:
    """The incidence of the first cause at every tick and at every step; the other is counted with the censored."""
    last, own = float(week.max()), cause == 1
    values: Values = {f"{arm} n": len(week), f"{arm} events": int(own.sum()), f"{arm} last week": last}
    for t in ticks:
        read = incidence(week, cause, 1, t)
        until = week <= t
        values |= {
            f"{arm} week {t} at risk": read["at risk"],
            f"{arm} week {t} censored": int((until & ~own).sum()),
            f"{arm} week {t} events": int((until & own).sum()),
        }
        values |= {f"{arm} week {t} {word}": None if t > last else read[word] for word in DRAWN}
    for t in np.unique(week[own]):
        read = incidence(week, cause, 1, float(t))
        values |= {f"{arm} step {t:g} {word}": read[word] for word in DRAWN}
    return values


def gray(time: Floats, cause: Floats, second: Flags, code: int) -> float | None:
    """Gray's test of one cause in two groups, by its score in the first group and the variance of that score."""
    at = np.unique(time[cause > 0])
    groups = (~second, second)
    n, one, other, before, after, left = ([] for _ in range(6))
    for member in groups:
        own_n = np.array([np.sum(member & (time >= t)) for t in at], dtype=np.float64)
        own_one = np.array([np.sum(member & (time == t) & (cause == code)) for t in at], dtype=np.float64)
        own_all = np.array([np.sum(member & (time == t) & (cause > 0)) for t in at], dtype=np.float64)
        inverse = np.divide(1.0, own_n, out=np.zeros(len(at)), where=own_n > 0)
        surv = np.cumprod(1 - own_all * inverse).astype(np.float64)
        earlier = np.concatenate([[1.0], surv[:-1]])
        step = earlier * own_one * inverse
        n.append(own_n)
        one.append(own_one)
        other.append(own_all - own_one)
        before.append(earlier)
        after.append(surv)
        left.append(1 - (np.cumsum(step) - step))
    h = [np.divide(a, s, out=np.zeros(len(at)), where=a > 0) for a, s in zip(n, before, strict=True)]
    events = one[0] + one[1]
    risk = [a * b for a, b in zip(h, left, strict=True)]
    whole = risk[0] + risk[1]
    share = np.divide(risk[0] * events, whole, out=np.zeros(len(at)), where=events > 0)
    score = float(one[0].sum() - share.sum())
    variance = math.fsum(_gray_part(k, h, before[k], after[k], n[k], events, other[k]) for k in (0, 1))
    return score**2 / variance if variance > 1e-12 else None


def _gray_part(
    k: int, h: list[Floats], before: Floats, after: Floats, n: Floats, events: Floats, others: Floats
) -> float:
    """What the events of group k add to the variance of the score of the first group."""
    total = h[0] + h[1]
    jump = events / total
    incidence = np.cumsum(jump)
    pull = h[k] * ((1.0 if k == 0 else 0.0) - h[0] / total)
    drift = pull * jump / (1 - (incidence - jump))
    rest = drift.sum() - np.cumsum(drift)
    ratio = np.divide(1 - incidence, after, out=np.zeros(len(h[0])), where=after > 0)
    variance = 0.0
    for j in range(len(h[0])):
        if h[k][j] <= 0:
            continue
        spare = total[j] * before[j] - 1
        tied = max(0.0, 1 - (events[j] - 1) / spare) if events[j] > 1 and spare > 0 else float(events[j] <= 1)
        variance += (pull[j] + (1 - ratio[j]) * rest[j]) ** 2 * jump[j] * tied / h[k][j]
        tied = 1 - (others[j] - 1) / (n[j] - 1) if others[j] > 1 else 1.0
        variance += (ratio[j] * rest[j]) ** 2 * others[j] * tied / h[k][j] ** 2
    return variance


def fine_gray(rows: Endpoint, cause: Floats) -> Values | None:
    """The model of recurrence with its limits; None when it cannot be fitted."""
    whole = np.isfinite(rows.age) & np.isfinite(rows.hbsag) & (np.char.strip(rows.stage) != "") & (rows.arm != "")
    model, kind = design(rows), cause[whole]
    if model is None or not (kind == 1).any():
        return None
    spread = model.values.std(axis=0)
    used: list[int] = []
    for j in np.flatnonzero(spread > ROUNDING).tolist():  # the later of dependent columns goes
        columns = np.column_stack([np.ones(len(kind)), model.values[:, [*used, j]] / spread[[*used, j]]])
        used += [j] if np.linalg.matrix_rank(columns) > len(used) + 1 else []
    x = (model.values - model.values.mean(axis=0))[:, used] / spread[used]
    coef, se = _subdistribution(x, model.rows.week, kind)
    values: Values = {}
    for j, name in enumerate(model.names):
        k = used.index(j) if j in used else -1
        b, s = (coef[k] / spread[j], se[k] / spread[j]) if k >= 0 else (math.nan, math.nan)
        few = any((kind[model.values[:, j] == level] == 1).sum() < 5 for level in np.unique(model.values[:, j]))
        shown = math.isfinite(b) and not (len(np.unique(model.values[:, j])) == 2 and few)
        numbers = (math.exp(b), math.exp(b - Z * s), math.exp(b + Z * s), wald_p(b, s)) if shown else (None,) * 4
        words = ("ratio", "lower", "upper", "p")
        values |= {f"Fine-Gray {name} {word}": value for word, value in zip(words, numbers, strict=True)}
    return values


def _subdistribution(x: Floats, time: Floats, cause: Floats) -> tuple[Floats, Floats]:
    """Coefficients and standard errors; NaN where they do not converge."""
    times = np.unique(time[cause == 1])
    d = np.array([np.sum((time == t) & (cause == 1)) for t in times], dtype=np.float64)
    lost = kaplan_meier(time, cause == 0)
    g_at = np.array([np.prod((1 - lost.d / lost.n)[lost.time < t]) for t in times])
    g_own = np.array([np.prod((1 - lost.d / lost.n)[lost.time < t]) for t in time])
    after = (cause == 2)[:, None] & (time[:, None] < times[None, :])
    w = (time[:, None] >= times[None, :]) + np.where(after, g_at[None, :] / g_own[:, None], 0.0)
    beta = np.zeros(x.shape[1])
    undefined = np.full(len(beta), math.nan)
    for _ in range(60):
        load = w * np.exp(x @ beta)[:, None]
        mean = (load.T @ x) / load.sum(axis=0)[:, None]
        information = (x * (load @ (d / load.sum(axis=0)))[:, None]).T @ x - (mean * d[:, None]).T @ mean
        if np.linalg.matrix_rank(information, tol=1e-9 * len(time)) < len(beta):
            return undefined, undefined
        move = np.linalg.solve(information, x[cause == 1].sum(axis=0) - d @ mean)
        if np.abs(move).max(initial=0) > 5:
            return undefined, undefined
        beta = beta + move
        if np.abs(move).max(initial=0) < 1e-11:
            break
    load = w * np.exp(x @ beta)[:, None]
    mean, hazard = (load.T @ x) / load.sum(axis=0)[:, None], d / load.sum(axis=0)
    spread = _influence(x, time, cause, times, load * hazard, mean, after)
    inverse = np.linalg.inv(information)
    return beta, np.sqrt(np.diag(inverse @ spread.T @ spread @ inverse))


def _influence(
    x: Floats, time: Floats, cause: Floats, times: Floats, compensator: Floats, mean: Floats, after: Flags
) -> Floats:
    """eta + psi of Fine & Gray: the residual of every row, and what estimating the censoring distribution adds."""
    martingale = ((time[:, None] == times[None, :]) & (cause == 1)[:, None]) - compensator
    eta = x * martingale.sum(axis=1)[:, None] - martingale @ mean
    psi = np.zeros(x.shape)
    for c in np.unique(time[cause == 0]):
        n = np.sum(time >= c)
        part = compensator * (after & (time < c)[:, None] & (times >= c)[None, :])
        q = (part.sum(axis=1) @ x - part.sum(axis=0) @ mean) / n
        lost = (time == c) & (cause == 0)
        psi += lost[:, None] * q - (time >= c)[:, None] * q * lost.sum() / n
    return np.asarray(eta + psi, dtype=np.float64)


def contrasts(bundle: Bundle) -> Values:
    """Difference at the read week and of the restricted means, second arm minus first."""
    rows, week = bundle.endpoint("TTR"), bundle.plan["read_week"]
    values: Values = {"mean ratio": None}
    values |= {f"{name} {word}": None for name in ("recurrence", "restricted mean") for word in DIFFERENCE}
    if not comparison_shown(rows, hazards(rows)):
        return values
    curves = [kaplan_meier(rows.week[rows.arm == arm], rows.event[rows.arm == arm]) for arm in rows.arms]
    (s0, e0), (s1, e1) = (curve.at(week) for curve in curves)
    if s0 is not None and s1 is not None and e0 is not None and e1 is not None:
        p = None
        if 0 < s0 < 1 and 0 < s1 < 1:
            gap = math.log(-math.log(s0)) - math.log(-math.log(s1))
            p = normal_p(gap / math.hypot(e0 / (s0 * math.log(s0)), e1 / (s1 * math.log(s1))))
        width = Z * math.hypot(e0, e1)
        numbers = (s0 - s1, s0 - s1 - width, s0 - s1 + width, p)
        values |= {f"recurrence {word}": value for word, value in zip(DIFFERENCE, numbers, strict=True)}
    first, second = (restricted_mean(curve, week) for curve in curves)
    if first and second:
        gap, se = second[0] - first[0], math.hypot(first[1], second[1])
        numbers = (gap, gap - Z * se, gap + Z * se, wald_p(gap, se))
        values |= {f"restricted mean {word}": value for word, value in zip(DIFFERENCE, numbers, strict=True)}
        values["mean ratio"] = number(second[0] / first[0]) if first[0] and second[0] else None
    return values
