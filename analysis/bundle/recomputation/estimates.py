"""The sensitivity models: one adjusted hazard ratio each, of the arm or of peginterferon by when it was started.

Days are actual ones with Day 0 as day 1. Peginterferon is started by the first dose that was given. Landmark, Anderson,
Cain & Gelber (J Clin Oncol 1983;1:710); time-dependent treatment as a counting process, (0, start] and (start, end].
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from .comparison import Values
from .cox import cox
from .curves import logrank, normal_p
from .models import FEWEST_EVENTS, complete, has_covariates, term
from .tables import Bundle, Endpoint, Floats, Observed, observed

GIVEN = ("GIVEN", "REDUCED", "DELAYED")
ADJUSTED = ("AGE", "BCLC", "HBSAGLOG")
Texts = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Model:
    """What is fitted: rows with their time, the groups that are compared, and who was left out before."""

    rows: Endpoint
    time: Floats
    group: Texts
    adjusted: tuple[str, ...] = ADJUSTED
    entry: Floats | None = None
    stratum: npt.NDArray[Any] | None = None
    robust: bool = False
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Fitted:
    """The model in its complete rows; coefficient and standard error are NaN where they may not be shown."""

    n: int
    events: int
    groups: dict[str, tuple[int, int]]
    coef: float
    se: float

    @property
    def enough(self) -> bool:
        """Two groups of 5 events each."""
        return len(self.groups) == 2 and min(events for _, events in self.groups.values()) >= FEWEST_EVENTS


def covariates(rows: Endpoint, names: tuple[str, ...]) -> list[Floats] | None:
    """The columns of the covariates; None without the reference stage."""
    columns: list[Floats] = []
    for name in names:
        if name == "BCLC":
            levels = sorted(set(rows.stage.tolist()))
            if "0" not in levels:
                return None
            columns += [(rows.stage == level).astype(np.float64) for level in levels if level != "0"]
        else:
            columns.append(rows.age if name == "AGE" else rows.hbsag)
    return columns


def fit(model: Model) -> Fitted:
    """Cox in the rows with every covariate; shown with two groups of 5 events each."""
    chosen = has_covariates(model.rows)
    rows, time, group = model.rows.of(chosen), model.time[chosen], model.group[chosen]
    levels = sorted(set(group.tolist()))
    groups = {level: (int(np.sum(group == level)), int(rows.event[group == level].sum())) for level in levels}
    nothing = Fitted(len(set(rows.who.tolist())), int(rows.event.sum()), groups, math.nan, math.nan)
    others = covariates(rows, model.adjusted) if len(time) else None
    reference = "A1" if levels and levels[0].startswith("A") else "0"
    if not nothing.enough or others is None or reference not in levels:
        return nothing
    x = np.column_stack([(group != reference).astype(np.float64), *others])
    entry = None if model.entry is None else model.entry[chosen]
    stratum = None if model.stratum is None else model.stratum[chosen]
    fitted = cox(x, time, rows.event, entry=entry, stratum=stratum)
    se = fitted.robust_se if model.robust else fitted.se
    return replace(nothing, coef=float(fitted.coef[0]), se=float(se[0]))


def estimate(place: str, model: Model) -> Values:
    """The numbers of a line."""
    return line(place, fit(model), model)


def line(place: str, fitted: Fitted, model: Model) -> Values:
    """Sizes, who was left out, and the hazard ratio with its limits."""
    values: Values = {f"{place} n": fitted.n, f"{place} events": fitted.events}
    for level, (n, events) in fitted.groups.items():
        values |= {f"{place} {level} n": n, f"{place} {level} events": events}
    lost = {**model.left_out, "covariate": len(set(model.rows.who.tolist())) - fitted.n}
    values |= {f"{place} {reason}": n for reason, n in lost.items()}
    return values | term(place, fitted.coef, fitted.se, shown=True)


def first_doses(bundle: Bundle, rows: Endpoint) -> Floats:
    """The day of the first dose of everybody: infinite without a dose up to the cut-off, NaN where it is not known."""
    starts: dict[str, float] = {}
    day_0 = dict(zip(rows.who.tolist(), rows.start.tolist(), strict=True))
    for dose in bundle.form("pegifn"):
        who, day = dose["SUBJID"], _day(dose["pg_date"])
        if dose["pg_status"] not in GIVEN or who not in day_0 or (day and day.isoformat() > bundle.cutoff):
            continue
        elapsed = (day - date.fromisoformat(day_0[who])).days + 1 if day else math.nan
        starts[who] = float(np.fmin(starts.get(who, math.nan), elapsed))
    return np.array([starts.get(who, math.inf) for who in rows.who.tolist()], dtype=np.float64)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def _started(flags: npt.NDArray[np.bool_]) -> Texts:
    return np.where(flags, "1", "0")


def treatment_timing(bundle: Bundle) -> Values:
    """Ever treated from Day 0, landmarks, and time-dependent treatment."""
    values: Values = {}
    for name, model in of_peginterferon(bundle).items():
        values |= estimate(name, model)
    return values


def of_peginterferon(bundle: Bundle) -> dict[str, Model]:
    """The models in which peginterferon is compared by when it was started."""
    everybody = bundle.endpoint("TTR")
    start = first_doses(bundle, everybody)
    known = ~np.isnan(start)
    unknown = {"start_unknown": int((~known).sum())}
    rows, start = everybody.of(known), start[known]
    models = {"ever": Model(rows, rows.days, _started(start < rows.days), left_out=unknown)}
    for week in bundle.plan["landmarks"]:
        day = 7 * week + 1
        after, gone = rows.days > day, rows.of(rows.days <= day)
        events = int(gone.event.sum())
        lost = unknown | {"event_before": events, "censored_before": len(gone.days) - events}
        own = rows.of(after)
        models[f"landmark_{week}"] = Model(own, own.days - day, _started(start[after] <= day), left_out=lost)
    return models | {"time_dependent": _by_time(rows, start, unknown)}


def _by_time(rows: Endpoint, start: Floats, unknown: dict[str, int]) -> Model:
    """A row per participant before the first dose, and one after it."""
    waiting, treated = np.flatnonzero(start > 0), np.flatnonzero(start < rows.days)
    both = np.concatenate([waiting, treated])
    after = np.arange(len(both)) >= len(waiting)
    begun = np.isin(both, treated)
    doubled = Endpoint(**{name: values[both] for name, values in vars(rows).items()})
    doubled = replace(doubled, event=doubled.event & (after | ~begun))
    until = np.where(after, doubled.days, np.minimum(start[both], doubled.days))
    entry = np.where(after, np.maximum(start[both], 0.0), 0.0)
    return Model(doubled, until, _started(after), entry=entry, left_out=unknown)


def of_the_arms(bundle: Bundle) -> dict[str, Model]:
    """The models in which the arm as it was chosen is compared."""
    rows, origin = bundle.endpoint("TTR"), bundle.endpoint("TTRRAD")
    lost = {"no_origin": len(rows.arm) - len(origin.arm)}
    return {
        "planned": Model(rows, rows.week, rows.arm),
        "robust": Model(rows, rows.week, rows.arm, robust=True),
        "stratified": Model(rows, rows.week, rows.arm, ("AGE", "HBSAGLOG"), stratum=rows.stage),
        "truncated": Model(origin, origin.days, origin.arm, entry=origin.entry, left_out=lost),
        "actual": Model(rows, rows.days, rows.arm),
        "rfs": _on_actual_days(bundle.endpoint("RFS")),
        "ttrgap": _on_actual_days(bundle.endpoint("TTRGAP")),
    }


def _on_actual_days(rows: Endpoint) -> Model:
    return Model(rows, rows.days, rows.arm)


def adjusted_models(bundle: Bundle) -> Values:
    """The models of the arms, and the tests of the same participants below an estimate that is shown."""
    models = of_the_arms(bundle)
    values: Values = {}
    for name in ("planned", "robust", "stratified", "truncated"):
        values |= estimate(name, models[name])
    rows, origin = complete(models["stratified"].rows), complete(models["truncated"].rows)
    tests = {
        "stratified": (observed(rows.week, rows.event, stratum=rows.stage), rows),
        "truncated": (observed(origin.days, origin.event, entry=origin.entry), origin),
    }
    for name, (seen, own) in tests.items():
        values |= _tested(name, seen, own, shown=values[f"{name} coef"] is not None)
    return values


def _tested(name: str, seen: Observed, rows: Endpoint, *, shown: bool) -> Values:
    chi2 = logrank(seen, rows.arm == rows.arms[-1]) if shown else None
    p = None if chi2 is None else normal_p(math.sqrt(chi2))
    return {f"{name} logrank chi2": chi2, f"{name} logrank p": p}
