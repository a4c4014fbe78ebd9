"""The planned model: arm, age, BCLC stage and baseline HBsAg; its tests, and the sensitivity analyses."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .adverse_events import received
from .comparison import Values
from .cox import Fit, concordance, cox, proportionality, transformed
from .curves import Z, kaplan_meier, normal_p, number, rate, wald_p
from .tables import ARMS, Bundle, Endpoint, Flags, Floats

#: Fewer events in an arm, or at a level of a two-valued covariate, and no hazard ratio is shown.
FEWEST_EVENTS = 5
TRANSFORMS = ("km", "rank", "identity", "log")
TERM = ("coef", "se", "hr", "lower", "upper", "p")


@dataclass(frozen=True)
class Design:
    """Complete rows with the columns of a model: names, values (n, p), and which have too few events at a level."""

    rows: Endpoint
    names: list[str]
    values: Floats
    few: list[bool]


def has_covariates(rows: Endpoint) -> Flags:
    """Who has every covariate."""
    known = np.isfinite(rows.age) & np.isfinite(rows.hbsag)
    return np.asarray(known & (np.char.strip(rows.stage) != "") & (rows.arm != ""))


def complete(rows: Endpoint) -> Endpoint:
    """The rows of those who have every covariate."""
    return rows.of(has_covariates(rows))


def design(rows: Endpoint, *, arm: bool = True) -> Design | None:
    """The columns; None without a complete row or a reference level."""
    rows = complete(rows)
    if not len(rows.arm):
        return None
    parts: list[tuple[str, Floats, Flags]] = []
    for name, values, reference in (("ARMCD", rows.arm, "A1"), ("AGE", rows.age, ""), ("BCLC", rows.stage, "0"),
                                    ("HBSAGLOG", rows.hbsag, "")):  # fmt: skip
        if not reference:
            numbers = np.asarray(values, dtype=np.float64)
            parts.append((name, numbers, np.array([len(np.unique(numbers)) == 2])))
            continue
        levels = sorted(set(values.tolist()))
        if name == "ARMCD" and not arm:
            continue
        if reference not in levels:
            return None
        others = [level for level in levels if level != reference]
        parts += [(f"{name}{level}", (values == level).astype(np.float64), np.array([True])) for level in others]
        parts += [] if others else [(name, np.zeros(len(values)), np.array([False]))]
    few = [bool(two) and _few(column, rows.event, name, rows) for name, column, two in parts]
    few = [flag or (not column.any() and name in ("ARMCD", "BCLC") and rows.event.sum() < FEWEST_EVENTS)
           for flag, (name, column, _) in zip(few, parts, strict=True)]  # fmt: skip
    return Design(rows, [name for name, _, _ in parts], np.column_stack([column for _, column, _ in parts]), few)


def _few(column: Floats, event: Flags, name: str, rows: Endpoint) -> bool:
    """Fewer than 5 events at the level or at its reference."""
    high = column == column.max()
    low = column == column.min()
    if name.startswith(("ARMCD", "BCLC")):
        low = (rows.arm == "A1") if name.startswith("ARMCD") else (rows.stage == "0")
    return min(int((event & high).sum()), int((event & low).sum())) < FEWEST_EVENTS


def estimable(rows: Endpoint) -> bool:
    """The two arms of the plan, with 5 events each."""
    arms = rows.arms
    return arms == list(ARMS) and all(rows.event[rows.arm == arm].sum() >= FEWEST_EVENTS for arm in arms)


def independent(x: Floats) -> list[int]:
    """The columns of (n, p) that do not follow from those before them."""
    used: list[int] = []
    for j in range(x.shape[1]):
        if np.linalg.matrix_rank(x[:, [*used, j]], tol=1e-7 * math.sqrt(len(x))) > len(used):
            used.append(j)
    return used


def term(place: str, coef: float, se: float, *, shown: bool) -> Values:
    """A hazard ratio with its limits."""
    if not shown or not math.isfinite(coef) or not math.isfinite(se):
        return {f"{place} {name}": None for name in TERM}
    numbers = (coef, se, math.exp(coef), math.exp(coef - Z * se), math.exp(coef + Z * se), wald_p(coef, se))
    return {f"{place} {name}": value for name, value in zip(TERM, numbers, strict=True)}


def model_size(place: str, rows: Endpoint | None) -> Values:
    """Of how many every covariate is known."""
    known = complete(rows) if rows else None
    counts = (len(known.arm), int(known.event.sum())) if known else (None, None)
    return {f"{place} model n": counts[0], f"{place} model events": counts[1]}


def fitted(model: Design, time: Floats) -> Fit:
    """The model on a time scale of its rows."""
    return cox(model.values, time, model.rows.event)


def cox_model(bundle: Bundle) -> Values:
    """The adjusted model in nominal weeks."""
    rows = bundle.endpoint("TTR")
    model = design(rows)
    if model is None:
        return dict.fromkeys(("n", "events", "dropped", "concordance"))
    n, events = len(model.rows.arm), int(model.rows.event.sum())
    values: Values = {"n": n, "events": events, "dropped": len(rows.arm) - n, "concordance": None}
    if estimable(rows):
        fit = fitted(model, model.rows.week)
        values["concordance"] = concordance(fit.predictor, model.rows.week, model.rows.event)
        for j, name in enumerate(model.names):
            values |= term(name, fit.coef[j], fit.se[j], shown=not model.few[j])
    return values


def proportional_hazards(bundle: Bundle, over_time: Callable[[Bundle, Fit, Design], Values]) -> Values:
    """Its tests of proportional hazards, and what its figures show `over_time`."""
    rows = bundle.endpoint("TTR")
    model = design(rows) if estimable(rows) else None
    if model is None or not model.rows.event.any():
        return {"transforms": 0}
    fit, time, event = fitted(model, model.rows.week), model.rows.week, model.rows.event
    known = all(math.isfinite(fit.coef[j]) for j in fit.used)
    values: Values = {"transforms": len(TRANSFORMS)}
    x = (model.values - model.values.mean(axis=0)) / np.where(model.values.std(axis=0) > 0, model.values.std(axis=0), 1)
    for name in TRANSFORMS:
        g = transformed(name, np.array([step.time for step in fit.steps]), time, event)
        single, together = proportionality(fit, x[:, fit.used], g, event) if known else ([], None)
        names = [model.names[j] for j in fit.used] if known else []
        for label, chi2 in zip(names, single, strict=True):
            p = None if chi2 is None else normal_p(math.sqrt(chi2))
            values |= {f"{name} {label} chi2": chi2, f"{name} {label} p": p}
        p = None if together is None else chi_square_p(together, len(names))
        values |= {f"{name} GLOBAL chi2": together, f"{name} GLOBAL p": p}
    return values | over_time(bundle, fit, model)


def chi_square_p(chi2: float, df: int) -> float:
    """Upper tail of the chi-square distribution by the recurrence of Abramowitz & Stegun (1964), 26.4.8."""
    half = chi2 / 2
    if df % 2:
        tail, power, k = normal_p(math.sqrt(chi2)), math.sqrt(half) * math.exp(-half) / math.gamma(1.5), 1
    else:
        tail, power, k = math.exp(-half), half * math.exp(-half), 2
    while k < df:
        tail, k = tail + power, k + 2
        power *= half / (k / 2)
    return tail


def _population(bundle: Bundle, parameter: str) -> Endpoint:
    """The rows of an endpoint; TTRPP without whose exclusion is proposed, TTRAT by the treatment received."""
    rows = bundle.endpoint("TTR" if parameter in ("TTRPP", "TTRAT") else parameter)
    if parameter == "TTRPP":
        excluded = [row["SUBJID"] for row in bundle.form("dv") if row["dv_excl"] == "Y"]
        return rows.of(~np.isin(rows.who, excluded))
    if parameter == "TTRAT":
        actual = received(bundle)
        return replace(rows, arm=np.array([actual[who] for who in rows.who.tolist()], dtype=rows.arm.dtype))
    return rows


def sensitivity(bundle: Bundle) -> Values:
    """The endpoints on actual dates, and time to recurrence in other populations."""
    values: Values = {}
    day = bundle.plan["read_day"]
    few = bundle.plan["fewest_reviewed"] * len(bundle.endpoint("TTR").arm)
    reviewed = ("TTRBICR",) if bundle.form("blind_rounds") else ()
    for parameter in ("TTR", "RFS", "OS", "TTRGAP", *reviewed, "TTRPP", "TTRAT"):
        rows = _population(bundle, parameter)
        not_yet = parameter == "TTRBICR" and len(rows.arm) < few
        values |= {f"{parameter} n": len(rows.arm), f"{parameter} events": int(rows.event.sum())}
        values |= model_size(parameter, None if not_yet else rows)
        for arm in ARMS:
            own = rows.of(rows.arm == arm)
            curve = kaplan_meier(own.days, own.event) if len(own.arm) and not not_yet else None
            values |= rate(f"{parameter} {arm}", curve, day)
            values[f"{parameter} {arm} at risk"] = int(np.sum(own.days >= day)) if curve else None
        model = design(rows) if estimable(rows) and not not_yet else None
        fit = fitted(model, model.rows.days) if model else None
        shown = model is not None and not model.few[0]
        coef, se = (fit.coef[0], fit.se[0]) if fit else (math.nan, math.nan)
        values |= term(parameter, coef, se, shown=shown and number(coef) is not None)
    return values
