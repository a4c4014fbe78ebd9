"""Kaplan-Meier curves with limits, quantiles, restricted mean and follow-up, per group.

Formulas: Kaplan & Meier (JASA 1958); Greenwood variance and log, log(-log) limits as in Kalbfleisch &
Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. (2002), section 1.4.1; restricted mean and
its variance in Klein & Moeschberger, Survival Analysis, 2nd ed. (2003), section 4.5; reverse Kaplan-Meier in
Schemper & Smith, Controlled Clinical Trials 1996;17:343. Left truncation: at risk on (entry, time].
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.survival.results import AtTime, Caution, CurveSummary, Quantile, RestrictedMean, Result, finite
from analysis.survival.survival_data import TIE_TOLERANCE, AnalysisRows, Flags, Floats, Integers, analysis_rows, finites

FEW_AT_RISK = 10


@dataclass(frozen=True)
class Limits(Result):
    """Confidence limits at every time of the curve; None where undefined."""

    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]


@dataclass(frozen=True)
class Curve(Result):
    """The step curve: one entry per distinct observed time, S(t) right-continuous, S = 1 before the first."""

    time: tuple[float, ...]
    n_risk: tuple[int, ...]
    events: tuple[int, ...]
    censored: tuple[int, ...]
    surv: tuple[float, ...]
    se: tuple[float | None, ...]
    loglog: Limits
    log: Limits
    plain: Limits


@dataclass(frozen=True)
class GroupCurve(CurveSummary):
    """Everything Kaplan-Meier says about one group."""

    curve: Curve


@dataclass(frozen=True)
class KaplanMeier(Result):
    """One GroupCurve per group in the natural order of the group column (`all` without groups)."""

    groups: tuple[GroupCurve, ...]
    conf_level: float
    n_read: int
    n_dropped: int
    dropped: dict[str, int]


@dataclass(frozen=True)
class Steps:
    """Arrays behind the curve of one group; `band` maps the kind of limits to (lower, upper)."""

    time: Floats
    n_risk: Integers
    events: Integers
    censored: Integers
    surv: Floats
    se: Floats
    band: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)


def kaplan_meier(
    frame: pd.DataFrame,
    time: str,
    event: str,
    group: str | None = None,
    entry: str | None = None,
    times: Sequence[float] = (),
    quantiles: Sequence[float] = (0.25, 0.5, 0.75),
    conf_level: float = 0.95,
    tau: float | None = None,
) -> KaplanMeier:
    """Estimate S(t) per group from the named columns, read at `times` (unit of `time`).

    Limits are pointwise, at `conf_level`, in three kinds: log(-log) (SAS, lifelines), log (R's default),
    plain. `quantiles` are event proportions in (0, 1); where S is exactly flat at 1 - p the midpoint of the
    flat stretch is returned. `tau` asks for the restricted mean. Reverse Kaplan-Meier follow-up is given
    without delayed entry only. Undefined numbers are None. Raises BadTable (see `analysis_rows`) and
    ValueError for a quantile or confidence level outside (0, 1).
    """
    if not all(0 < p < 1 for p in (*quantiles, conf_level)):
        raise ValueError("Quantiles and the confidence level must lie between 0 and 1.")
    rows = analysis_rows(frame, time=time, event=event, entry=entry, group=group)
    z = NormalDist().inv_cdf((1 + conf_level) / 2)
    groups = (_group_curve(rows, code, label, times, quantiles, z, tau) for code, label in enumerate(rows.group.labels))
    return KaplanMeier(tuple(groups), conf_level, rows.n_read, rows.n_dropped, rows.dropped)


def _group_curve(
    rows: AnalysisRows,
    code: int,
    label: str,
    times: Sequence[float],
    quantiles: Sequence[float],
    z: float,
    tau: float | None,
) -> GroupCurve:
    member = rows.group.codes == code
    time, event = rows.time[member], rows.event[member]
    entry = None if rows.entry is None else rows.entry[member]
    steps = _with_bands(product_limit(time, event, entry), z)
    reverse = product_limit(time, ~event) if entry is None else None
    return GroupCurve(
        group=label,
        n=len(time),
        n_events=int(event.sum()),
        last_time=float(time.max()),
        curve=_curve(steps),
        at=tuple(_read_at(steps, float(t)) for t in times),
        quantiles=tuple(_quantile(steps, float(p)) for p in quantiles),
        rmst=None if tau is None else _restricted_mean(steps, float(tau), z),
        median_followup_reverse_km=None if reverse is None else _crossing(reverse.time, reverse.surv, 0.5),
        cautions=_cautions(steps, label),
    )


def product_limit(time: Floats, event: Flags, entry: Floats | None = None) -> Steps:
    """Kaplan-Meier steps and Greenwood SE of S (NaN where S = 0) at the distinct times of (n,) arrays."""
    distinct, position = np.unique(time, return_inverse=True)
    events = np.bincount(position[event], minlength=len(distinct))
    leaving = np.bincount(position, minlength=len(distinct))
    at_risk = _count_at_or_after(time, distinct)
    if entry is not None:
        at_risk = at_risk - _count_at_or_after(entry, distinct)
    surv = np.cumprod((at_risk - events) / at_risk).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard_variance = np.cumsum(events / (at_risk * (at_risk - events)))
        se = np.asarray(surv * np.sqrt(hazard_variance), dtype=np.float64)
    return Steps(distinct, at_risk, events, leaving - events, surv, se)


def _count_at_or_after(values: Floats, times: Floats) -> Integers:
    return len(values) - np.searchsorted(np.sort(values), times, side="left")


def _with_bands(steps: Steps, z: float) -> Steps:
    s, se = steps.surv, steps.se
    with np.errstate(divide="ignore", invalid="ignore"):
        width = z * se / s
        loglog = np.log(-np.log(s))
        shift = width / np.log(s)
        band = {
            "loglog": (np.exp(-np.exp(loglog - shift)), np.exp(-np.exp(loglog + shift))),
            "log": (s * np.exp(-width), np.minimum(1.0, s * np.exp(width))),
            "plain": (np.maximum(0.0, s - z * se), np.minimum(1.0, s + z * se)),
        }
    return Steps(steps.time, steps.n_risk, steps.events, steps.censored, s, se, band)


def _curve(steps: Steps) -> Curve:
    limits = {kind: Limits(finites(lower), finites(upper)) for kind, (lower, upper) in steps.band.items()}
    return Curve(
        time=tuple(steps.time.tolist()),
        n_risk=tuple(steps.n_risk.tolist()),
        events=tuple(steps.events.tolist()),
        censored=tuple(steps.censored.tolist()),
        surv=tuple(steps.surv.tolist()),
        se=finites(steps.se),
        loglog=limits["loglog"],
        log=limits["log"],
        plain=limits["plain"],
    )


def _read_at(steps: Steps, t: float) -> AtTime:
    i = int(np.searchsorted(steps.time, t, side="right")) - 1
    before = i < 0
    beyond = bool(t > steps.time[-1])
    surv = 1.0 if before else float(steps.surv[i])
    known = not beyond or surv == 0

    def read(values: Floats, start: float = 1.0) -> float | None:
        return (start if before else finite(values[i])) if known else None

    n_risk = 0 if beyond else int(steps.n_risk[np.searchsorted(steps.time, t, side="left")])
    return AtTime(
        time=t,
        n_risk=n_risk,
        surv=surv if known else None,
        se=read(steps.se, 0.0),
        lo_loglog=read(steps.band["loglog"][0]),
        hi_loglog=read(steps.band["loglog"][1]),
        lo_log=read(steps.band["log"][0]),
        hi_log=read(steps.band["log"][1]),
        lo_plain=read(steps.band["plain"][0]),
        hi_plain=read(steps.band["plain"][1]),
        cum_incidence=1 - surv if known else None,
        cum_events=int(steps.events[: i + 1].sum()),
        cum_censored=int(steps.censored[: i + 1].sum()),
        beyond_last_followup=beyond,
        limits_estimable=known and 0 < surv < 1,
        few_at_risk=n_risk < FEW_AT_RISK,
    )


def _quantile(steps: Steps, p: float) -> Quantile:
    def crossing(kind: str, side: int) -> float | None:
        return _crossing(steps.time, steps.band[kind][side], 1 - p)

    return Quantile(
        p=p,
        time=_crossing(steps.time, steps.surv, 1 - p),
        lo_loglog=crossing("loglog", 0),
        hi_loglog=crossing("loglog", 1),
        lo_log=crossing("log", 0),
        hi_log=crossing("log", 1),
        lo_plain=crossing("plain", 0),
        hi_plain=crossing("plain", 1),
    )


def _crossing(time: Floats, curve: Floats, level: float) -> float | None:
    """First time the falling step curve reaches `level`; the midpoint of a stretch lying exactly on it.

    Rule documented for R's `quantile.survfit` (package survival): a flat stretch within 1.5e-8 of the level
    counts as exact; a stretch that never falls further ends at the last observed time. With delayed entry a
    limit may rise again; like R, its steps are then taken from the highest to the lowest.
    """
    falling = np.argsort(-curve, kind="stable")
    height = curve[falling]
    reached = falling[height <= level + TIE_TOLERANCE]
    below = falling[height < level - TIE_TOLERANCE]
    if not len(reached):
        return None
    if len(below) and below[0] == reached[0]:
        return float(time[reached[0]])
    return float((time[reached[0]] + (time[below[0]] if len(below) else time[-1])) / 2)


def _restricted_mean(steps: Steps, tau: float, z: float) -> RestrictedMean:
    """Area under S up to tau; Var = sum of A(t)^2 d / (n (n - d)), A(t) the area from t to tau."""
    if tau > steps.time[-1] and steps.surv[-1] > 0:
        return RestrictedMean(tau, None, None, None, None)
    inside = steps.time <= tau
    knots = np.concatenate([[0.0], steps.time[inside], [tau]])
    areas = np.concatenate([[1.0], steps.surv[inside]]) * np.diff(knots)
    mean = float(areas.sum())
    later = np.cumsum(areas[::-1])[::-1][1:]
    d, n = steps.events[inside], steps.n_risk[inside]
    survivors = n > d
    terms = later[survivors] ** 2 * d[survivors] / (n * (n - d))[survivors]
    se = math.sqrt(float(terms.sum()))
    return RestrictedMean(tau, mean, se, mean - z * se, mean + z * se)


def _cautions(steps: Steps, label: str) -> tuple[Caution, ...]:
    cautions = []
    if not steps.events.any():
        cautions.append(
            Caution(
                "no_events", f"Group {label} has no events: S(t) = 1, quantiles not estimable.", None, {"group": label}
            )
        )
    emptied = np.flatnonzero(steps.surv == 0)
    if len(emptied) and steps.time[emptied[0]] < steps.time[-1]:
        when = f"{steps.time[emptied[0]]:g}"
        message = f"Group {label}: everyone at risk at time {when} had the event while others enter later."
        cautions.append(Caution("risk_set_emptied", message, None, {"group": label, "time": when}))
    return tuple(cautions)
