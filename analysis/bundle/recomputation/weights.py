"""Propensity score, weights, balance, weighted hazard ratios and weighted curves; the comparison of the arms.

Rosenbaum & Rubin (Biometrika 1983;70:41); stabilised weights, Robins, Hernan & Brumback (Epidemiology 2000;11:550);
overlap and ATT weights, Li, Morgan & Zaslavsky (JASA 2018;113:390); matching weights, Li & Greene (Int J Biostat
2013;9:215); balance, Austin & Stuart (Stat Med 2015;34:3661);
E-value, VanderWeele & Ding (Ann Intern Med 2017;167:268). The standard error of a weighted curve is the infinitesimal
jackknife: the root of the sum of (w dS/dw)^2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .comparison import Values
from .cox import Fit, cox
from .curves import ROUNDING, Z, counts_at, logrank, normal_p, number
from .models import FEWEST_EVENTS, Design, complete, design, estimable, fitted, independent, term
from .tables import Bundle, Endpoint, Flags, Floats, observed

SCHEMES = ("ato", "sw", "sw_truncated", "att", "mw")
BARS = 20
SCORE = ("score minimum", "score maximum", "c statistic", "E-value", "E-value limit")
LINE = ("n", "events")


@dataclass(frozen=True)
class Score:
    """The logistic model of the combination arm; `fitted` is None when it is not estimable."""

    model: Design
    treated: Flags
    coef: Floats
    se: Floats
    fitted: Floats | None


def score(rows: Endpoint) -> Score | None:
    """Fit the score to age, stage and HBsAg; None without complete rows of exactly two arms with the reference."""
    model = design(rows, arm=False)
    if model is None or len(model.rows.arms) != 2 or "A1" not in model.rows.arms:
        return None
    treated = model.rows.arm != "A1"
    spread = model.values.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    x = np.column_stack([np.ones(len(treated)), (model.values - model.values.mean(axis=0)) / scale])
    used = independent(x)
    beta, inverse = _logistic(x[:, used], treated)
    coef, se = np.full(x.shape[1], math.nan), np.full(x.shape[1], math.nan)
    if inverse is None:
        return Score(model, treated, coef, se, None)
    back = np.eye(x.shape[1])
    back[0, 1:] = -model.values.mean(axis=0) / scale
    back[range(1, x.shape[1]), range(1, x.shape[1])] = 1 / scale
    part = back[np.ix_(used, used)]
    coef[used], se[used] = part @ beta, np.sqrt(np.diag(part @ inverse @ part.T))
    return Score(model, treated, coef, se, 1 / (1 + np.exp(-(x[:, used] @ beta))))


def _logistic(x: Floats, outcome: Flags) -> tuple[Floats, Floats | None]:
    """Newton's method; no covariance matrix where the columns separate the outcomes."""
    beta = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-(x @ beta)))
        information = (x * (p * (1 - p))[:, None]).T @ x
        if np.linalg.cond(information) > 1e14:
            return beta, None
        gradient = x.T @ (outcome - p)
        move = np.linalg.solve(information, gradient)
        beta = beta + move
        if np.abs(move).max() < 1e-10:
            return beta, np.asarray(np.linalg.inv(information), dtype=np.float64)
        if np.abs(x @ beta).max() > 30:
            return beta, None
    return beta, None


def weights(treated: Flags, p: Floats) -> dict[str, Floats]:
    """The weights of every scheme."""
    own, share = np.where(treated, p, 1 - p), np.where(treated, treated.mean(), 1 - treated.mean())
    sw = share / own
    low, high = np.quantile(sw, [0.01, 0.99])
    return {
        "ato": 1 - own, "sw": sw, "sw_truncated": np.minimum(np.maximum(sw, low), high),
        "att": np.where(treated, 1.0, p / (1 - p)), "mw": np.minimum(p, 1 - p) / own,
    }  # fmt: skip


def weighted_fits(each: Score | None) -> dict[str, Fit]:
    """The weighted Cox model of the arm under every scheme."""
    if each is None or each.fitted is None:
        return {}
    rows, column = each.model.rows, each.treated.astype(np.float64)[:, None]
    return {
        scheme: cox(column, rows.week, rows.event, w) for scheme, w in weights(each.treated, each.fitted).items()
    }  # fmt: skip


def hazard_ratios(bundle: Bundle) -> Values:
    """Adjusted, weighted and unadjusted lines; nothing while no adjusted or weighted estimate may be shown."""
    rows = bundle.endpoint("TTR")
    values: Values = {}
    lines = hazards(rows)
    comparable = comparison_shown(rows, lines)
    for name, (n, events, coef, se, few) in lines.items():
        adjusted = name == "adjusted" and (few or not math.isfinite(coef))
        size = (n, events) if comparable and n and not adjusted else (None, None)
        values |= {f"{name} {word}": count for word, count in zip(LINE, size, strict=True)}
        values |= term(name, coef, se, shown=comparable and not few)
    chi2 = logrank(observed(rows.week, rows.event), rows.arm == rows.arms[-1]) if comparable else None
    size = (len(rows.arm), int(rows.event.sum())) if chi2 is not None else (None, None)
    values |= {f"logrank {word}": count for word, count in zip(LINE, size, strict=True)}
    p = None if chi2 is None else normal_p(math.sqrt(chi2))
    return values | {"logrank chi2": chi2, "logrank df": None if chi2 is None else 1, "logrank p": p}


Line = tuple[int, int, float, float, bool]


def hazards(rows: Endpoint) -> dict[str, Line]:
    """Of every line participants, events, coefficient, standard error, and whether it has too few events."""
    nothing = (0, 0, math.nan, math.nan, True)
    lines: dict[str, Line] = dict.fromkeys(("adjusted", *SCHEMES, "unadjusted"), nothing)
    if not estimable(rows):
        return lines
    model = design(rows)
    if model is not None:
        fit = fitted(model, model.rows.week)
        lines["adjusted"] = (*_size(model.rows), fit.coef[0], fit.se[0], model.few[0])
    each = score(rows)
    for scheme, fit in weighted_fits(each).items():
        assert each is not None
        lines[scheme] = (*_size(each.model.rows), fit.coef[0], fit.robust_se[0], _few_in_an_arm(each.model.rows))
    if "A1" in rows.arms:
        fit = cox((rows.arm != "A1").astype(np.float64)[:, None], rows.week, rows.event)
        lines["unadjusted"] = (*_size(rows), fit.coef[0], fit.se[0], _few_in_an_arm(rows))
    return lines


def comparison_shown(rows: Endpoint, lines: dict[str, Line]) -> bool:
    """An adjusted or weighted estimate may be shown."""
    shown = (lines[name] for name in ("adjusted", *SCHEMES))
    return estimable(rows) and any(math.isfinite(coef) and not few for _, _, coef, _, few in shown)


def _size(rows: Endpoint) -> tuple[int, int]:
    return len(rows.arm), int(rows.event.sum())


def _few_in_an_arm(rows: Endpoint) -> bool:
    return any(rows.event[rows.arm == arm].sum() < FEWEST_EVENTS for arm in rows.arms)


def balance_numbers(bundle: Bundle) -> Values:
    """The score, the weights and the balance under every scheme."""
    rows = bundle.endpoint("TTR")
    each = score(rows)
    if each is None:
        return dict.fromkeys(("n", "dropped", *SCORE))
    n = len(each.treated)
    values: Values = {"n": n, "dropped": len(rows.arm) - n, **dict.fromkeys(SCORE)}
    if each.fitted is None:
        return values
    for name, coef, se in zip(("(Intercept)", *each.model.names), each.coef, each.se, strict=True):
        values |= {f"score {name} coef": number(coef), f"score {name} se": number(se)}
    values |= {"score minimum": float(each.fitted.min()), "score maximum": float(each.fitted.max())}
    values["c statistic"] = _c_statistic(np.round(each.fitted, 12), each.treated)
    bar = np.minimum(np.floor(np.round(each.fitted * BARS, 12)), BARS - 1)
    for k in range(BARS):
        values[f"score {k / BARS:.2f} control"] = int((~each.treated & (bar == k)).sum())
        values[f"score {k / BARS:.2f} treated"] = int((each.treated & (bar == k)).sum())
    hazard = weighted_fits(each)["sw"]
    events = each.model.rows.event
    if min(events[each.treated].sum(), events[~each.treated].sum()) >= 5:
        values |= _e_values(hazard.coef[0], hazard.robust_se[0])
    every = weights(each.treated, each.fitted)
    for scheme in SCHEMES:
        w = every[scheme]
        for name, arm in (("control size", ~each.treated), ("treated size", each.treated)):
            values[f"{scheme} {name}"] = float(w[arm].sum() ** 2 / (w[arm] ** 2).sum())
        values |= {f"{scheme} sum": float(w.sum()), f"{scheme} largest": float(w.max())}
        values[f"{scheme} truncated"] = int((w != every["sw"]).sum()) if scheme == "sw_truncated" else 0
        for name, column in zip(each.model.names, each.model.values.T, strict=True):
            values |= _balance(f"{scheme} {name}", column, each.treated, w)
    return values


def _balance(place: str, x: Floats, treated: Flags, w: Floats) -> Values:
    one = np.ones(len(x))
    (m1, v1), (m0, v0) = (_moments(x[arm], one[arm]) for arm in (treated, ~treated))
    (a1, u1), (a0, u0) = (_moments(x[arm], w[arm]) for arm in (treated, ~treated))
    spread = math.sqrt((v1 + v0) / 2) if v1 + v0 > 0 else math.nan
    return {
        f"{place} SMD before": number((m1 - m0) / spread),
        f"{place} SMD after": number((a1 - a0) / spread),
        f"{place} variance ratio before": number(v1 / v0) if v0 > 0 else None,
        f"{place} variance ratio after": number(u1 / u0) if u0 > 0 else None,
    }


def _moments(x: Floats, w: Floats) -> tuple[float, float]:
    """Weighted mean, and variance with the reliability weights' denominator."""
    total = float(w.sum())
    mean = float(x[0] + w @ (x - x[0]) / total)
    freedom = total - float(w @ w) / total
    return mean, float(w @ (x - mean) ** 2) / freedom if freedom > 1e-12 else math.nan


def _c_statistic(p: Floats, treated: Flags) -> float:
    difference = p[treated][:, None] - p[~treated][None, :]
    return float((difference > 0).mean() + (difference == 0).mean() / 2)


def _e_values(coef: float, se: float) -> Values:
    if not math.isfinite(coef) or not math.isfinite(se):
        return {"E-value": None, "E-value limit": None}
    hr, lower, upper = math.exp(coef), math.exp(coef - Z * se), math.exp(coef + Z * se)
    limit = 1.0 if lower <= 1 <= upper else upper if hr < 1 else lower
    return {"E-value": _e_value(hr), "E-value limit": _e_value(limit)}


def _e_value(hr: float) -> float:
    """For a common outcome: the hazard ratio becomes a risk ratio first."""
    ratio = (1 - 0.5 ** math.sqrt(hr)) / (1 - 0.5 ** math.sqrt(1 / hr))
    ratio = max(ratio, 1 / ratio)
    if ratio - 1 < ROUNDING:
        return 1.0
    return float(ratio + math.sqrt(ratio * (ratio - 1)))


def recurrence_weighted(bundle: Bundle) -> Values:
    """The curves of the arms under overlap weights."""
    rows = bundle.endpoint("TTR")
    each = score(rows) if estimable(rows) else None
    if each is None or each.fitted is None:
        return {"curves": 0}
    values: Values = {"curves": 2}
    own, w = complete(rows), weights(each.treated, each.fitted)["ato"]
    for arm in own.arms:
        chosen = own.arm == arm
        values |= _weighted_curve(arm, own.week[chosen], own.event[chosen], w[chosen], bundle.plan["ticks"])
    return values


def _weighted_curve(arm: str, time: Floats, event: Flags, w: Floats, ticks: list[int]) -> Values:
    times = np.unique(time[event])
    steps = [_weighted_at(t, time, event, w) for t in times]
    values: Values = {f"{arm} n": len(time), f"{arm} events": int(event.sum()), f"{arm} last week": float(time.max())}
    for t, step in zip(times, steps, strict=True):
        values |= {f"{arm} step {t:g} {name}": number for name, number in step.items()}
    for t in ticks:
        passed = [step for at, step in zip(times, steps, strict=True) if at <= t]
        read: Values = passed[-1] if passed else {"value": 0.0, "lower": None, "upper": None}
        read = dict.fromkeys(read) if t > time.max() else read
        values |= counts_at(f"{arm} week {t}", time, event, t)
        values |= {f"{arm} week {t} {name}": number for name, number in read.items()}
    return values


def _weighted_at(t: float, time: Floats, event: Flags, w: Floats) -> Values:
    """1 - S(t) with log(-log) limits."""
    surv, slope = 1.0, np.zeros(len(time))
    for s in np.unique(time[event & (time <= t)]):
        at_risk, now = time >= s, event & (time == s)
        total, died = w[at_risk].sum(), w[now].sum()
        if now.sum() == at_risk.sum():
            return {"value": 1.0, "lower": None, "upper": None}
        slope -= (now - at_risk * died / total) / (total - died)
        surv *= 1 - died / total
    se = surv * math.sqrt(float(((w * slope) ** 2).sum()))
    theta = math.exp(Z * se / (surv * math.log(surv)))
    return {"value": float(1 - surv), "lower": float(1 - surv**theta), "upper": float(1 - surv ** (1 / theta))}
