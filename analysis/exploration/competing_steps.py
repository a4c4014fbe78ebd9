"""Cumulative incidence with Gray's test, and Fine-Gray, where other events compete. Pure."""

from collections.abc import Iterator
from statistics import NormalDist

import pandas as pd

from analysis.exploration.hazard_ratios import withheld
from analysis.exploration.printed import counted, counts_of, exponential, show, span, texts_of
from analysis.exploration.request import Request
from analysis.exploration.steps import Counts, Step
from analysis.survival.competing import CauseIncidence, cumulative_incidence, fine_gray
from analysis.survival.interval import Regression
from analysis.survival.survival_data import analysis_rows

NO_ENTRY = "it has no delayed entry and no clusters."


def incidence_step(frame: pd.DataFrame, causes: pd.Series, request: Request) -> Step:
    """The cumulative incidence of the event and of every competing one, by group."""
    if request.entry or request.cluster:
        return Step("cumulative incidence", {"incidence": None}, refused=NO_ENTRY)
    marked = frame.assign(**{request.event: causes})
    times = sorted({*request.times, *request.at})
    numbers = range(1, len(request.competing) + 2)
    result = cumulative_incidence(marked, request.time, request.event, request.arm, causes=tuple(numbers), times=times)
    names = dict(zip(numbers, (request.event_value or "1", *request.competing), strict=True))
    events = sum(cause.n_events for group in result.groups for cause in group.causes if cause.cause == 1)
    counts = Counts(result.n_read, result.n_dropped, result.dropped, events)
    lines = [counted("cumulative incidence", counts)]
    for group in result.groups:
        lines.append(f"{group.group}: n {group.n}, last time {group.last_time:g}")
        for cause in group.causes:
            lines += _cause_lines(cause, names[cause.cause], cause.cause > 1)
    for test in result.tests:
        df = "NE" if test.df is None else test.df
        lines.append(f"Gray's test, {names[test.cause]}: chi2 {show(test.chi2)}, df {df}, p {show(test.p)}")
    values = result.to_dict() | {"causes": {str(number): name for number, name in names.items()}}
    return Step("cumulative incidence", {"incidence": values}, tuple(lines), counts, texts_of(result.cautions))


def _cause_lines(cause: CauseIncidence, name: str, competes: bool) -> Iterator[str]:
    yield f"  {name}{' (competing)' if competes else ''}: events {cause.n_events}"
    for row in cause.at:
        yield (
            f"    t {row.time:g}: at risk {row.n_risk}, incidence {span(row.cif, row.lo_loglog, row.hi_loglog)}, "
            f"events {row.cum_events}"
        )


def fine_gray_step(frame: pd.DataFrame, causes: pd.Series, request: Request) -> Step:
    """The subdistribution hazard ratios of the covariates."""
    if request.entry or request.cluster:
        return Step("Fine-Gray", {"fine_gray": None}, refused=NO_ENTRY)
    marked = frame.assign(**{request.event: causes})
    reference = request.references(request.covariates)
    result = fine_gray(marked, request.time, request.event, list(request.covariates), reference=reference)
    rows = analysis_rows(
        frame, time=request.time, event=request.event, covariates=request.covariates, reference=reference
    )
    counts, reasons = counts_of(rows), withheld(rows)
    complete = frame[[request.time, request.event, *request.covariates]].notna().all(axis=1)
    competing = int((causes[complete] > 1).sum())
    lines = (
        counted("Fine-Gray", counts),
        f"Fine-Gray: n {result.n}, events {result.n_events}, competing events {competing}",
        *ratio_lines(result, reasons, "subdistribution HR"),
    )
    cautions = [*texts_of(result.cautions)]
    cautions += [f"Fine-Gray: {', '.join(request.strata)} is no stratum here."] if request.strata else []
    return Step("Fine-Gray", {"fine_gray": result.to_dict() | {"withheld": reasons}}, lines, counts, tuple(cautions))


def ratio_lines(result: Regression, reasons: dict[str, str], label: str) -> Iterator[str]:
    """The terms of a model of log hazards as ratios, NE and the reason where one is not printed."""
    z = NormalDist().inv_cdf(0.975)
    for term in result.terms:
        reason = reasons.get(term.name, "") or ("it is not estimable" if term.coef is None else "")
        if reason or term.coef is None or term.se is None:
            yield f"  {term.name}: {label} NE: {reason}"
            continue
        low, high = (exponential(term.coef + sign * z * term.se) for sign in (-1, 1))
        shown = span(exponential(term.coef), low, high)
        yield f"  {term.name}: coef {show(term.coef)}, {label} {shown}, SE {show(term.se)}, p {show(term.p)}"
