"""`manage.py analyse TABLE`: the night run's own fits over any table, with its columns named."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pandas as pd
from django.core.management.base import BaseCommand, CommandError

from analysis.survival.fits import Options, comparison, curves
from analysis.survival.survival_data import BadTable, analysis_rows
from analysis.survival.tables import UnreadableTable, events, levels, numbers, read, values


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _numbers(text: str) -> list[float]:
    return [float(number) for number in _names(text)]


class Command(BaseCommand):
    help = (
        "Kaplan-Meier, log-rank and Cox over a table given by path (CSV, TSV, XLSX, JSON). "
        "Rows with a missing value in a named column are dropped and counted, step by step."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", type=Path)
        parser.add_argument("--time", required=True, help="column: time to event or censoring")
        parser.add_argument("--event", required=True, help="column: 1 event, 0 censored")
        parser.add_argument("--event-value", help="the value of the event column that is an event, if it is not 0/1")
        parser.add_argument("--arm", help="column: the groups of the curves and of the log-rank test")
        parser.add_argument("--covariates", type=_names, default=[], help="columns of the Cox model, by comma")
        parser.add_argument("--reference", type=_names, default=[], help="reference levels: column=level, by comma")
        parser.add_argument("--times", type=_numbers, default=[], help="times at which to read the curves, by comma")
        parser.add_argument("--tau", type=float, help="restricted mean up to here")
        parser.add_argument("--strata", type=_names, default=[], help="columns that stratify log-rank and Cox")
        parser.add_argument("--ties", choices=("efron", "breslow"), default="efron")
        parser.add_argument("--rho", type=float, default=0, help="Fleming-Harrington rho of the log-rank test")
        parser.add_argument("--robust", action="store_true", help="robust standard errors")
        parser.add_argument("--cluster", help="column: clusters of the robust standard errors")
        parser.add_argument("--entry", help="column: delayed entry")
        parser.add_argument("--json", action="store_true", help="everything as JSON, with full precision")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            result = analyse(options)
        except (UnreadableTable, BadTable) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(json.dumps(result, indent=1) if options["json"] else "\n".join(_lines(result)))


def analyse(options: dict[str, Any]) -> dict[str, Any]:
    """Curves, log-rank, Cox and tests of proportional hazards as plain values. Raises UnreadableTable, BadTable."""
    frame = read(options["table"])
    _check_columns(frame, options)
    chosen = Options(
        strata=tuple(options["strata"]),
        ties=options["ties"],
        rho=options["rho"],
        robust=True if options["robust"] or options["cluster"] else None,
        cluster=options["cluster"],
        entry=options["entry"],
        reference=_references(options),
    )
    frame = _typed(frame, options)
    time, event, arm = options["time"], options["event"], options["arm"]
    fitted = curves(frame, time, event, arm, options["times"], options["tau"], options["entry"])
    compared = comparison(frame, time, event, arm, options["covariates"], chosen)
    rows = analysis_rows(frame, time=time, event=event, entry=options["entry"], group=arm)
    used = {"n_read": rows.n_read, "n_dropped": rows.n_dropped, "dropped": rows.dropped}
    return {"rows": len(frame), "km": used, "curves": [curve.to_dict() for curve in fitted]} | compared.to_dict()


def _check_columns(frame: pd.DataFrame, options: dict[str, Any]) -> None:
    """Every named column is there once, and every option is one that a step can honour. Raises BadTable."""
    named = [options[key] for key in ("time", "event", "arm", "cluster", "entry") if options[key]]
    for name in [*named, *options["covariates"], *options["strata"]]:
        there = list(frame.columns).count(name)
        if not there:
            raise BadTable(f"There is no column {name}; there are {', '.join(map(str, frame.columns))}.", name)
        if there > 1:
            raise BadTable(f"There are {there} columns {name}.", name)
    cox, test = bool(options["covariates"]), bool(options["arm"])
    given = {
        "--strata": (options["strata"], cox or test, "--arm or --covariates"),
        "--rho": (options["rho"], test, "--arm"),
        "--ties": (options["ties"] != "efron", cox, "--covariates"),
        "--robust": (options["robust"], cox, "--covariates"),
        "--cluster": (options["cluster"], cox, "--covariates"),
        "--reference": (options["reference"], cox, "--covariates"),
    }
    for option, (value, honoured, needed) in given.items():
        if value and not honoured:
            raise BadTable(f"{option} has no effect without {needed}.")


def _references(options: dict[str, Any]) -> dict[str, str]:
    """The reference levels by covariate. Raises BadTable."""
    pairs = [pair.partition("=") for pair in options["reference"]]
    for name, sign, level in pairs:
        if not sign or not level or name not in options["covariates"]:
            raise BadTable(f"--reference {name}{sign}{level}: give covariate=level, for one of the covariates.")
    return {name: level for name, _, level in pairs}


def _typed(frame: pd.DataFrame, options: dict[str, Any]) -> pd.DataFrame:
    """The named columns by what they are for. Raises BadTable."""
    typed = {name: numbers(frame[name]) for name in (options["time"], options["entry"]) if name}
    typed[options["event"]] = events(frame[options["event"]], options["event_value"])
    typed |= {name: levels(frame[name]) for name in (options["arm"], options["cluster"], *options["strata"]) if name}
    referenced = _references(options)
    covariates = {name: (levels if name in referenced else values)(frame[name]) for name in options["covariates"]}
    return pd.DataFrame(covariates | typed)


def _used(step: str, counts: dict[str, Any]) -> str:
    """How many rows a step used, and why the others were dropped."""
    read_, dropped = counts["n_read"], counts["n_dropped"]
    lost = ", ".join(f"{name} {count}" for name, count in counts["dropped"].items() if count)
    why = f"; dropped {dropped}, missing values: {lost}" if dropped else ""
    return f"{step}: {read_ - dropped} of {read_} rows used{why}"


def _lines(result: dict[str, Any]) -> list[str]:
    lines = [f"{result['rows']} rows", _used("Kaplan-Meier", result["km"])]
    for curve in result["curves"]:
        median = next((q for q in curve["quantiles"] if q["p"] == 0.5), None)
        lines.append(f"{curve['group']}: n {curve['n']}, events {curve['n_events']}, median {_show(_value(median))}")
        lines += [
            f"  t {row['time']:g}: at risk {row['n_risk']}, S {_show(row['surv'])} "
            f"({_show(row['lo_loglog'])}-{_show(row['hi_loglog'])}), events {row['cum_events']}"
            for row in curve["at"]
        ]
    test = result["logrank"]
    if test:
        lines.append(_used("log-rank", test))
        lines.append(f"log-rank: chi2 {_show(test['chi2'])}, df {test['df']}, p {_show(test['p'])}")
    fitted = result["cox"]
    if fitted:
        lines.append(_used("Cox", fitted))
        lines.append(
            f"Cox ({fitted['ties']}): n {fitted['n']}, events {fitted['n_events']}, dropped {fitted['n_dropped']}"
        )
        lines += [
            f"  {term['name']}: coef {_show(term['coef'])}, HR {_show(term['hr'])} "
            f"({_show(term['lower'])}-{_show(term['upper'])}), SE {_show(term['se'])}, p {_show(term['p'])}"
            for term in fitted["terms"]
        ]
    for transform in result["ph"]:
        tests = ", ".join(f"{t['term']} {_show(t['chi2'])} (p {_show(t['p'])})" for t in transform["tests"])
        lines.append(f"PH test, {transform['transform']}: {tests}")
    steps = (*result["curves"], test or {}, fitted or {})
    cautions = list(dict.fromkeys(c["message"] for step in steps for c in step.get("cautions", [])))
    cautions += [f"{each['step']}: {each['message']}" for each in result["refused"]]
    return lines + [f"warning: {text}" for text in cautions]


def _value(quantile: dict[str, Any] | None) -> float | None:
    return None if quantile is None else quantile["time"]


def _show(value: float | None) -> str:
    return "NE" if value is None else f"{value:.6g}"
