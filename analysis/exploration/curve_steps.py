"""Kaplan-Meier, log-rank, and the groups compared at a time and by their restricted means. Pure."""

from collections.abc import Iterator
from itertools import chain

import pandas as pd

from analysis.exploration.hazard_ratios import few_events
from analysis.exploration.printed import counted, counts_of, show, span, texts_of
from analysis.exploration.request import Request, RequestRefused
from analysis.exploration.steps import Step
from analysis.survival.contrasts import (
    SurvivalContrast,
    cumulative_hazard_ratio,
    restricted_mean_ratio,
    survival_contrast,
)
from analysis.survival.fits import curves
from analysis.survival.logrank import logrank
from analysis.survival.results import AtTime, Level, StepCurve
from analysis.survival.survival_data import BadTable, analysis_rows, factor, group_levels


def kaplan_meier_step(frame: pd.DataFrame, request: Request) -> Step:
    """The curve of every group, with its median, its values at the times, and its restricted mean."""
    time, event, arm, entry = request.time, request.event, request.arm, request.entry
    times = sorted({*request.times, *request.at})
    fitted = curves(frame, time, event, arm, times, request.tau, entry)
    counts = counts_of(analysis_rows(frame, time=time, event=event, entry=entry, group=arm))
    return Step(
        "Kaplan-Meier",
        {"km": counts.to_dict(), "curves": [curve.to_dict() for curve in fitted]},
        (counted("Kaplan-Meier", counts), *chain.from_iterable(_curve_lines(curve) for curve in fitted)),
        counts,
        tuple(dict.fromkeys(text for curve in fitted for text in texts_of(curve.cautions))),
    )


def check_tau(frame: pd.DataFrame, request: Request) -> None:
    """Every group is followed up to `tau`. Raises RequestRefused, and BadTable for a table without complete rows."""
    if request.tau is None:
        return
    fitted = curves(frame, request.time, request.event, request.arm, (), request.tau, request.entry)
    short = [curve for curve in fitted if curve.rmst is None or curve.rmst.rmst is None]
    if short:
        ends = ", ".join(f"{curve.group}: {curve.last_time:g}" for curve in short)
        least = min(curve.last_time for curve in short)
        raise RequestRefused(
            f"--tau {request.tau:g} lies beyond the end of the follow-up ({ends}): give a number up to {least:g}."
        )


def _curve_lines(curve: StepCurve) -> Iterator[str]:
    median = next((q for q in curve.quantiles if q.p == 0.5), None)
    limits = "NE" if median is None else span(median.time, median.lo_loglog, median.hi_loglog)
    yield f"{curve.group}: n {curve.n}, events {curve.n_events}, median {limits}, last time {curve.last_time:g}"
    for row in curve.at:
        yield (
            f"  t {row.time:g}: at risk {row.n_risk}, S {span(row.surv, *_limits(row))}, events {row.cum_events}"
            + (f" (follow-up ends at {curve.last_time:g})" if row.surv is None else "")
        )
    if curve.rmst is not None:
        mean = curve.rmst
        yield f"  restricted mean to {mean.tau:g}: {span(mean.rmst, mean.lower, mean.upper)}, SE {show(mean.se)}"


def _limits(row: AtTime) -> tuple[float | None, float | None]:
    return (row.lo_loglog, row.hi_loglog) if row.limits_estimable else (None, None)


def logrank_step(frame: pd.DataFrame, request: Request) -> Step:
    """The test of equal curves, within strata."""
    if request.robust or request.cluster:
        return Step("log-rank", {"logrank": None}, left_out="it has no robust variance and no clusters")
    time, event, entry = request.time, request.event, request.entry
    assert request.arm is not None
    test = logrank(frame, time, event, request.arm, strata=request.strata, rho=request.rho, entry=entry)
    rows = analysis_rows(frame, time=time, event=event, entry=entry, group=request.arm, strata=request.strata)
    counts = counts_of(rows)
    how = "".join([f", rho {request.rho:g}" if request.rho else "",
                   f", strata {', '.join(request.strata)}" if request.strata else ""])  # fmt: skip
    lines = [
        counted("log-rank", counts),
        f"log-rank: chi2 {show(test.chi2)}, df {'NE' if test.df is None else test.df}, p {show(test.p)}{how}",
        *(
            f"  {group}: n {n}, observed {show(observed)}, expected {show(expected)}"
            for group, n, observed, expected in zip(test.groups, test.n, test.observed, test.expected, strict=True)
        ),
    ]
    return Step("log-rank", {"logrank": test.to_dict()}, tuple(lines), counts, texts_of(test.cautions))


def contrast_steps(frame: pd.DataFrame, request: Request) -> Step:
    """Every group against the first, at every time of `at` and by the restricted means up to `tau`."""
    assert request.arm is not None
    every = factor(frame[request.arm].dropna()).labels
    labels = tuple(level.value for level in _levels(frame, request))
    if len(labels) < 2:
        raise BadTable(f"Column {request.arm} holds only one group: nothing can be compared.", request.arm)
    codes = _as_category(frame[request.arm], every)
    contrasts: list[dict[str, object]] = []
    lines: list[str] = []
    cautions: list[str] = []
    counts = None
    for other in labels[1:]:
        pair = frame.assign(**{request.arm: codes})[codes.isna() | codes.isin([labels[0], other])]
        counts = counts_of(
            analysis_rows(pair, time=request.time, event=request.event, entry=request.entry, group=request.arm)
        )
        lines.append(counted(f"{other} against {labels[0]}", counts))
        for t0 in request.at or (request.tau,):
            assert t0 is not None
            contrast = survival_contrast(
                pair, request.time, request.event, request.arm, t0=t0, tau=request.tau or t0, entry=request.entry
            )
            contrasts.append(_values(contrast, request))
            lines += _at_lines(contrast, _levels(pair, request)) if request.at else ()
            cautions += texts_of(contrast.cautions, without=("no_events", "risk_set_emptied"))
        lines += _mean_lines(contrast) if request.tau is not None else ()
    cautions = [text for text in cautions if request.tau is not None or "restricted mean" not in text]
    return Step("contrasts", {"contrasts": contrasts}, tuple(lines), counts, tuple(dict.fromkeys(cautions)))


def _as_category(column: pd.Series, labels: tuple[str, ...]) -> pd.Series:
    known = column.dropna()
    codes = factor(known).codes
    spelled = pd.Series([labels[code] for code in codes], index=known.index).reindex(column.index)
    return pd.Series(pd.Categorical(spelled, categories=list(labels)), index=column.index, name=column.name)


def _levels(pair: pd.DataFrame, request: Request) -> list[Level]:
    rows = analysis_rows(pair, time=request.time, event=request.event, entry=request.entry, group=request.arm)
    return group_levels(rows)


def _values(contrast: SurvivalContrast, request: Request) -> dict[str, object]:
    values = contrast.to_dict() | {"cumulative_hazard_ratio": cumulative_hazard_ratio(contrast).to_dict()}
    if request.tau is None:
        return values | {"tau": None, "rmst": None, "rmst_ratio": None}
    return values | {"rmst_ratio": restricted_mean_ratio(contrast).to_dict()}


def _at_lines(contrast: SurvivalContrast, levels: list[Level]) -> Iterator[str]:
    gap = contrast.surv
    yield (
        f"  t {contrast.t0:g}: difference of S {span(gap.difference, gap.lower, gap.upper)}, p {show(gap.p)}; "
        f"Klein's log(-log) test chi2 {show(contrast.loglog_chi2)}, p {show(contrast.loglog_p)}"
    )
    reason, ratio = few_events(levels), cumulative_hazard_ratio(contrast)
    shown = f"NE: {reason}" if reason else span(ratio.ratio, ratio.lower, ratio.upper)
    yield f"  t {contrast.t0:g}: ratio of cumulative hazards (Klein's limits) {shown}"


def _mean_lines(contrast: SurvivalContrast) -> Iterator[str]:
    gap, ratio = contrast.rmst, restricted_mean_ratio(contrast)
    yield (
        f"  restricted mean to {contrast.tau:g}: difference {span(gap.difference, gap.lower, gap.upper)}, "
        f"p {show(gap.p)}; ratio {span(ratio.ratio, ratio.lower, ratio.upper)}, p {show(ratio.p)}"
    )
