"""The numbers that an output shows, as the bundle's programs must give them again: {place: number}. Pure.

A place is a few plain words ("A1 week 156 at risk"); None stands where the report prints NE. Counts are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.outputs.number_texts import is_estimate
from analysis.survival.results import AtTime, CurveSummary, StepCurve, Term

Numbers = dict[str, float | None]
#: What is printed of a coefficient, and what it is made of.
OF_A_TERM = ("coef", "se", "hr", "lower", "upper", "p")


def at(place: str, numbers: Mapping[str, float | None]) -> Numbers:
    """The numbers below a place."""
    return {f"{place} {name}": number for name, number in numbers.items()}


def nothing(place: str, names: Iterable[str]) -> Numbers:
    """The numbers of a line that is printed as NE."""
    return {f"{place} {name}": None for name in names}


def term_numbers(place: str, term: Term | None, *, shown: bool = True) -> Numbers:
    """A hazard ratio with its coefficient; None while it may not be shown as a number."""
    if not shown or not is_estimate(term):
        return nothing(place, OF_A_TERM)
    return {f"{place} {name}": getattr(term, name) for name in OF_A_TERM}


def rate_numbers(place: str, read: AtTime | None) -> Numbers:
    """Cumulative recurrence at a time with its limits."""
    if read is None or read.surv is None:
        return nothing(place, ("value", "lower", "upper"))
    known = read.limits_estimable and read.lo_loglog is not None and read.hi_loglog is not None
    lower, upper = (1 - read.hi_loglog, 1 - read.lo_loglog) if known else (None, None)  # type: ignore[operator]
    return at(place, {"value": read.cum_incidence, "lower": lower, "upper": upper})


def count_numbers(place: str, read: AtTime) -> Numbers:
    """The numbers below a tick of the figure."""
    return at(place, {"at risk": read.n_risk, "censored": read.cum_censored, "events": read.cum_events})


def curve_numbers(curve: StepCurve) -> Numbers:
    """A curve in nominal weeks: at every tick, at every step that is drawn, and how long it goes."""
    group = curve.group
    numbers = at(group, {"n": curve.n, "events": curve.n_events, "last week": curve.last_time})
    for read in curve.at:
        place = f"{group} week {read.time:g}"
        numbers |= count_numbers(place, read) | rate_numbers(place, read)
    return numbers | _step_numbers(curve)


def _step_numbers(curve: StepCurve) -> Numbers:
    numbers: Numbers = {}
    steps = curve.steps
    for time, surv, low, high, censored in zip(
        steps.time, steps.surv, steps.lower, steps.upper, steps.censored, strict=True
    ):
        lower, upper = None if high is None else 1 - high, None if low is None else 1 - low
        drawn = {"value": 1 - surv, "lower": lower, "upper": upper, "censored": censored}
        numbers |= at(f"{curve.group} step {time:g}", drawn)
    return numbers


def time_numbers(curve: CurveSummary) -> Numbers:
    """Median and restricted mean time with their limits."""
    median = next((each for each in curve.quantiles if each.p == 0.5), None)
    mean = curve.rmst
    return at(f"{curve.group} median", {
        "value": median.time if median else None,
        "lower": median.lo_loglog if median else None,
        "upper": median.hi_loglog if median else None,
    }) | at(f"{curve.group} restricted mean", {
        "value": mean.rmst if mean else None,
        "lower": mean.lower if mean else None,
        "upper": mean.upper if mean else None,
    })  # fmt: skip
