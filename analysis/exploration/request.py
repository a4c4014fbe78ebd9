"""What a person requests of `manage.py analyse`: the options as one frozen value, checked against the table. Pure.

An option that is wrong, that no step can honour, or that names what the table does not have is refused in one sentence
before anything is computed.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

#: The column of CDISC's ADTTE that is 0 for an event and more than 0 for a censoring.
CENSORING = "CNSR"
TIES = ("efron", "breslow")
POSITIVE = ("at", "tau", "visit_spacing")


class RequestRefused(ValueError):
    """The options do not fit each other or the table; the message says which and what to give instead."""


@dataclass(frozen=True)
class Request:
    """The columns and settings of every step; empty where a step is not requested."""

    time: str = ""
    event: str = ""
    event_value: str | None = None
    competing: tuple[str, ...] = ()
    entry: str | None = None
    arm: str | None = None
    times: tuple[float, ...] = ()
    at: tuple[float, ...] = ()
    tau: float | None = None
    covariates: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    reference: Mapping[str, str] = field(default_factory=dict)
    strata: tuple[str, ...] = ()
    ties: str = "efron"
    rho: float = 0.0
    robust: bool = False
    cluster: str | None = None
    treatment: str | None = None
    confounders: tuple[str, ...] = ()
    interval: tuple[str, str] | None = None
    visit_spacing: float | None = None
    visits: int | None = None
    decimal_comma: bool = False
    where: Mapping[str, str] = field(default_factory=dict)

    @property
    def modelled(self) -> tuple[str, ...]:
        """The columns that enter a model, each once."""
        return tuple(dict.fromkeys([*self.covariates, *self.confounders]))

    def references(self, names: Sequence[str]) -> dict[str, str]:
        """The reference levels of these columns alone."""
        return {name: level for name, level in self.reference.items() if name in names}

    @property
    def groupings(self) -> tuple[str, ...]:
        """The columns of groups, each once."""
        single = [name for name in (self.arm, self.treatment, self.cluster) if name]
        return tuple(dict.fromkeys([*single, *self.strata]))


def request_of(options: Mapping[str, Any], columns: Sequence[str]) -> Request:
    """The request that the options of the command make of a table with these columns. Raises RequestRefused."""
    given: dict[str, Any] = {name: options.get(name) for name in Request.__dataclass_fields__}
    for name in ("covariates", "confounders", "strata", "categorical", "competing"):
        given[name] = _names(options.get(name), columns, name)
    for name in ("times", "at"):
        given[name] = tuple(_number(part, name) for part in _parts(options.get(name)))
    for name in ("tau", "rho", "visit_spacing"):
        value = options.get(name)
        given[name] = None if value is None else _number(value, name)
    given |= {
        "time": options.get("time") or "",
        "event": options.get("event") or "",
        "rho": given["rho"] or 0.0,
        "ties": options.get("ties") or "efron",
        "robust": bool(options.get("robust")),
        "decimal_comma": bool(options.get("decimal_comma")),
        "interval": tuple(options["interval"]) if options.get("interval") else None,
        "visits": None if options.get("visits") is None else _whole(options["visits"]),
        "reference": _pairs("reference", "level", _parts(options.get("reference"))),
        "where": _pairs("where", "value", _parts(options.get("where"))),
    }
    request = Request(**given)
    _check_columns(request, columns)
    _check_settings(request)
    _check_effects(request)
    return request


def check_levels(request: Request, levels: Mapping[str, Sequence[str]]) -> None:
    """Every reference level is one that occurs; `levels` of the referenced columns. Raises RequestRefused."""
    for name, level in request.reference.items():
        if level not in levels[name]:
            known = ", ".join(levels[name][:20])
            raise RequestRefused(f"Column {name} has no level {level} (--reference); its levels are {known}.")


def _parts(value: Any) -> list[Any]:
    """An option of several values: a list, or a text with commas."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _names(value: Any, columns: Sequence[str], option: str) -> tuple[str, ...]:
    """Names by comma; a column whose own name has a comma is one name."""
    parts = [value] if isinstance(value, str) and value in columns else _parts(value)
    doubled = [name for name in parts if parts.count(name) > 1]
    if doubled:
        raise RequestRefused(f"{_option(option)} names {doubled[0]} twice.")
    return tuple(parts)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _number(value: Any, option: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    positive = option in POSITIVE
    if not math.isfinite(number) or number < 0 or (positive and number == 0):
        bound = "greater than 0" if positive else "of 0 or more"
        raise RequestRefused(f"{_option(option)} {value}: give a number {bound}.")
    return number


def _whole(value: Any) -> int:
    if not str(value).isdecimal() or not 0 < int(value) <= 10_000:
        raise RequestRefused(f"--visits {value}: give the number of planned visits.")
    return int(value)


def _pairs(option: str, kind: str, parts: Sequence[str]) -> dict[str, str]:
    """`column=level` by column, each column once."""
    pairs = [part.partition("=") for part in parts]
    for name, sign, level in pairs:
        if not sign or not level or not name:
            raise RequestRefused(f"--{option} {name}{sign}{level}: give column={kind}.")
    names = [name.strip() for name, _, _ in pairs]
    if len(set(names)) < len(names):
        raise RequestRefused(f"--{option} names a column twice.")
    return {name: level.strip() for name, (_, _, level) in zip(names, pairs, strict=True)}


def _check_columns(request: Request, columns: Sequence[str]) -> None:
    """Every named column is there, and once; a column of numbers has one purpose."""
    measured = [name for name in (request.time, request.event, request.entry, *(request.interval or ())) if name]
    for name in dict.fromkeys([*measured, *request.groupings, *request.modelled, *request.where]):
        there = list(columns).count(name)
        if not there:
            raise RequestRefused(f"There is no column {name}; there are {', '.join(filter(None, columns))}.")
        if there > 1:
            raise RequestRefused(f"There are {there} columns {name}.")
        if measured.count(name) > 1 or (name in measured and name in (*request.groupings, *request.modelled)):
            raise RequestRefused(f"The column {name} is named for two purposes that exclude each other.")
    for name in request.reference:
        if name not in (*request.modelled, request.arm, request.treatment):
            raise RequestRefused(
                f"--reference {name}={request.reference[name]}: give column=level, for a covariate, a confounder, "
                "the arm or the treatment."
            )
    for name in request.categorical:
        if name not in request.modelled:
            raise RequestRefused(f"--categorical {name} has no effect: it is no covariate and no confounder.")


def _check_settings(request: Request) -> None:
    if request.ties not in TIES:
        raise RequestRefused(f"--ties {request.ties}: choose from {' and '.join(TIES)}.")
    causes = [request.event_value or "1", *request.competing]
    if len(set(causes)) < len(causes):
        raise RequestRefused("--competing names the value of the event itself.")
    if request.event.upper() == CENSORING and request.event_value is None:
        raise RequestRefused(f"In a column {request.event} 0 is an event (CDISC): give --event-value 0.")
    if bool(request.time) != bool(request.event):
        raise RequestRefused("--time and --event go together: give both.")
    if not request.time and not request.interval:
        raise RequestRefused("Give --time and --event, or --interval LEFT RIGHT.")
    if (request.treatment is None) != (not request.confounders):
        raise RequestRefused("--treatment and --confounders go together: give both.")
    if request.treatment in request.confounders:
        raise RequestRefused(f"--confounders names {request.treatment}, which is the treatment itself.")
    if (request.visit_spacing is None) != (request.visits is None):
        raise RequestRefused("--visit-spacing and --visits go together: give both.")


def _check_effects(request: Request) -> None:
    """Every option is one that a requested step honours."""
    timed = bool(request.time)
    test, model = timed and bool(request.arm), timed and bool(request.covariates)
    intervals = bool(request.interval)
    given: tuple[tuple[str, object, bool, str], ...] = (
        ("--strata", request.strata, model or test, "--arm or --covariates"),
        ("--rho", request.rho, test, "--arm"),
        ("--at", request.at, test, "--time and --arm"),
        ("--ties", request.ties != "efron", model, "--covariates"),
        ("--robust", request.robust, model, "--covariates"),
        ("--cluster", request.cluster, model, "--covariates"),
        ("--entry", request.entry, timed, "--time"),
        ("--event-value", request.event_value, timed, "--event"),
        ("--competing", request.competing, timed, "--event"),
        ("--tau", request.tau, timed, "--time"),
        ("--treatment", request.treatment, timed, "--time"),
        ("--visit-spacing", request.visits, intervals and bool(request.covariates), "--interval and --covariates"),
    )
    for option, value, honoured, needed in given:
        if value and not honoured:
            raise RequestRefused(f"{option} has no effect without {needed}.")


def unused_doubles(request: Request, columns: "pd.Index[str]") -> list[str]:
    """A note for headings that appear more than once and are not used."""
    counts = columns.value_counts()
    return [f"The heading {name} appears {count} times and is not used." for name, count in counts.items()
            if count > 1 and name]  # fmt: skip
