"""Kaplan-Meier curves, medians, restricted means and the log-rank test.

Kaplan & Meier (JASA 1958) with Greenwood's variance; log(-log) limits, Kalbfleisch & Prentice (2002), 1.4; restricted
mean and its variance, Klein & Moeschberger (2003), 4.5; reverse Kaplan-Meier, Schemper & Smith (Control Clin Trials
1996;17:343); log-rank, Klein & Moeschberger (2003), 7.3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .comparison import Values
from .tables import Bundle, Flags, Floats, Observed

Z = 1.959963984540054
NEAR = 1.5e-8
ROUNDING = 1e-12
DAYS_PER_MONTH = 30.4375


@dataclass(frozen=True)
class Curve:
    """S(t) with its standard error and limits at the distinct times; NaN where undefined."""

    time: Floats
    n: Floats
    d: Floats
    lost: Floats
    surv: Floats
    se: Floats
    lower: Floats
    upper: Floats

    def index(self, t: float) -> int:
        """The last time up to t; -1 before the first."""
        return int(np.sum(self.time <= t)) - 1

    def known(self, t: float) -> bool:
        """Is S(t) known? Beyond the last time only when it is 0."""
        return bool(t <= self.time[-1] or self.surv[-1] == 0)

    def at(self, t: float) -> tuple[float | None, float | None]:
        """S(t) and its standard error; None where unknown."""
        i = self.index(t)
        if not self.known(t):
            return None, None
        return (1.0, 0.0) if i < 0 else (float(self.surv[i]), number(self.se[i]))


def kaplan_meier(time: Floats, event: Flags) -> Curve:
    """The curve of one group."""
    times = np.unique(time)
    n = np.array([np.sum(time >= t) for t in times], dtype=np.float64)
    d = np.array([np.sum(event & (time == t)) for t in times], dtype=np.float64)
    lost = np.array([np.sum(~event & (time == t)) for t in times], dtype=np.float64)
    surv: Floats = np.cumprod(1 - d / n).astype(np.float64)
    surv[np.cumsum(d == n) > 0] = 0.0
    with np.errstate(all="ignore"):
        greenwood = np.sqrt(np.cumsum(d / (n * (n - d))))
        theta = np.exp(Z * greenwood / np.log(surv))
        lower, upper = surv ** (1 / theta), surv**theta
    for values in (greenwood, lower, upper):
        values[(surv == 0) | (surv == 1)] = math.nan
    se = np.where(surv == 1, 0.0, surv * greenwood)
    return Curve(times, n, d, lost, surv, se, lower, upper)


def number(value: float) -> float | None:
    """A number, or None where it is undefined."""
    return float(value) if math.isfinite(value) else None


def complement(value: float | None) -> float | None:
    """1 - value."""
    return None if value is None else 1 - value


def rate(place: str, curve: Curve | None, t: float) -> Values:
    """Cumulative recurrence at t with its limits."""
    values: Values = {f"{place} {name}": None for name in ("value", "lower", "upper")}
    if curve is None or not curve.known(t):
        return values
    i = curve.index(t)
    if i < 0:
        return values | {f"{place} value": 0.0}
    low, high = number(curve.lower[i]), number(curve.upper[i])
    numbers = (1 - float(curve.surv[i]), complement(high), complement(low))
    return dict(zip(values, numbers, strict=True))


def nominal(group: str, week: Floats, event: Flags, ticks: list[int]) -> Values:
    """A curve at every tick and at every step."""
    curve = kaplan_meier(week, event)
    values: Values = {
        f"{group} n": len(week), f"{group} events": int(event.sum()), f"{group} last week": float(week.max()),
    }  # fmt: skip
    for t in ticks:
        place = f"{group} week {t}"
        values |= counts_at(place, week, event, t) | rate(place, curve, t)
    for i, t in enumerate(curve.time):
        place = f"{group} step {t:g}"
        values |= rate(place, curve, t) | {f"{place} censored": int(curve.lost[i])}
    return values


def counts_at(place: str, time: Floats, event: Flags, t: float) -> Values:
    """The numbers below a tick."""
    return {
        f"{place} at risk": int(np.sum(time >= t)),
        f"{place} censored": int(np.sum(~event & (time <= t))),
        f"{place} events": int(np.sum(event & (time <= t))),
    }


def crossing(time: Floats, heights: Floats, level: float) -> float | None:
    """When a falling step curve reaches a level; the middle of a stretch that lies on it (R: quantile.survfit)."""
    known = np.isfinite(heights)
    steps = sorted(zip(-heights[known], time[known], strict=True), key=lambda step: step[0])
    reached = [t for h, t in steps if -h <= level + NEAR]
    below = [t for h, t in steps if -h < level - NEAR]
    if not reached:
        return None
    end = below[0] if below else time[-1]
    return float(reached[0]) if end == reached[0] and below else float((reached[0] + end) / 2)


def restricted_mean(curve: Curve, tau: float) -> tuple[float, float] | None:
    """Area under S up to tau, and its standard error; None when follow-up ends before."""
    if not curve.known(tau):
        return None
    knots = [0.0, *(float(t) for t in curve.time if t <= tau), float(tau)]
    heights = [1.0, *(float(s) for t, s in zip(curve.time, curve.surv, strict=True) if t <= tau)]
    areas = [height * (b - a) for height, a, b in zip(heights, knots, knots[1:], strict=False)]
    variance = sum(
        sum(areas[i + 1 :]) ** 2 * curve.d[i] / (curve.n[i] * (curve.n[i] - curve.d[i]))
        for i in range(len(areas) - 1)
        if curve.n[i] > curve.d[i]
    )
    return sum(areas), math.sqrt(variance)


def recurrence_pooled(bundle: Bundle) -> Values:
    """The curve of everybody."""
    rows = bundle.endpoint("TTR")
    if not len(rows.arm):
        return {"all n": 0}
    return nominal("all", rows.week, rows.event, bundle.plan["ticks"])


def recurrence_by_arm(bundle: Bundle) -> Values:
    """The curves of the arms, medians, restricted means and why participants leave."""
    rows, tau = bundle.endpoint("TTR"), bundle.plan["read_week"]
    values: Values = {"curves": len(rows.arms)}
    for arm in rows.arms:
        own = rows.of(rows.arm == arm)
        curve = kaplan_meier(own.week, own.event)
        values |= nominal(arm, own.week, own.event, bundle.plan["ticks"])
        for name, heights in (("value", curve.surv), ("lower", curve.lower), ("upper", curve.upper)):
            values[f"{arm} median {name}"] = crossing(curve.time, heights, 0.5)
        mean = restricted_mean(curve, tau)
        limits = (mean[0], mean[0] - Z * mean[1], mean[0] + Z * mean[1]) if mean else (None, None, None)
        values |= {f"{arm} restricted mean {n}": v for n, v in zip(("value", "lower", "upper"), limits, strict=True)}
        reasons, sizes = np.unique(own.reason, return_counts=True)
        values |= {f"{arm} left by {r}": int(k) for r, k in zip(reasons.tolist(), sizes.tolist(), strict=True)}
    return values


def follow_up(bundle: Bundle) -> Values:
    """Median follow-up on actual dates."""
    rows = bundle.endpoint("TTR")
    if not len(rows.arm):
        return {"n": 0, "median days": None, "median months": None}
    reverse = kaplan_meier(rows.days, ~rows.event)
    days = crossing(reverse.time, reverse.surv, 0.5)
    return {
        "n": len(rows.arm), "median days": days, "median months": None if days is None else days / DAYS_PER_MONTH,
    }  # fmt: skip


def logrank(seen: Observed, second: Flags) -> float | None:
    """Chi-square with 1 degree of freedom of two groups within strata; None where it is not defined."""
    gap = variance = 0.0
    for _, at_risk, died in seen.risk_sets():
        n, n2, d, d2 = at_risk.sum(), (second & at_risk).sum(), died.sum(), (second & died).sum()
        gap += d2 - d * n2 / n
        variance += d * n2 * (n - n2) * (n - d) / (n**2 * (n - 1)) if n > 1 else 0.0
    return float(gap**2 / variance) if variance > 0 else None


def wald_p(estimate: float, se: float) -> float | None:
    """Two-sided p-value of an estimate; None where its standard error is nothing but rounding."""
    return normal_p(estimate / se) if se > ROUNDING else None


def normal_p(z: float) -> float:
    """Two-sided p-value of a standard normal deviate (chi-square with 1 degree of freedom: its root)."""
    return math.erfc(abs(z) / math.sqrt(2))
