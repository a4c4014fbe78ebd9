"""Events known to lie in an interval: the estimate without a model, Weibull, and hazards grouped by visit. Pure."""

from collections.abc import Iterator
from statistics import NormalDist

import pandas as pd

from analysis.exploration.competing_steps import ratio_lines
from analysis.exploration.hazard_ratios import withheld
from analysis.exploration.printed import counted, exponential, show, span, texts_of
from analysis.exploration.request import Request
from analysis.exploration.steps import Counts, Step
from analysis.survival.interval import Npmle, Weibull, grouped_cloglog, npmle, weibull_aft
from analysis.survival.survival_data import AnalysisRows, BadTable, analysis_rows, factor

SEEN = "the event was seen"
#: How many intervals with mass are printed.
SHOWN = 20


def _rows(
    frame: pd.DataFrame, arm: str | None, request: Request, covariates: tuple[str, ...] = ()
) -> tuple[AnalysisRows, Counts]:
    """The complete rows, with whether their event was seen; a missing right end is no missing value."""
    left, right = _ends(request)
    marked = frame.assign(**{SEEN: frame[right].notna().astype(float)})
    reference = request.references(covariates)
    rows = analysis_rows(marked, time=left, event=SEEN, group=arm, covariates=covariates, reference=reference)
    dropped = {name: lost for name, lost in rows.dropped.items() if name != SEEN}
    return rows, Counts(rows.n_read, rows.n_dropped, dropped, int(rows.event.sum()))


def _ends(request: Request) -> tuple[str, str]:
    assert request.interval is not None
    return request.interval


def npmle_step(frame: pd.DataFrame, request: Request) -> Step:
    """S(t) of every group without a model (Turnbull)."""
    left, right = _ends(request)
    _, counts = _rows(frame, request.arm, request)
    lines, values, cautions = [counted("Turnbull", counts)], [], []
    for label, part in _groups(frame, request):
        result = npmle(part, left, right, times=sorted({*request.times, *request.at}))
        events = int((part[left].notna() & part[right].notna()).sum())
        values.append({"group": label} | result.to_dict())
        lines += [f"{label}: n {result.n}, events {events}", *_npmle_lines(result)]
        if not result.converged:
            cautions.append(f"Turnbull, {label}: the iteration did not converge.")
    return Step("Turnbull", {"npmle": values}, tuple(lines), counts, tuple(cautions))


def _groups(frame: pd.DataFrame, request: Request) -> Iterator[tuple[str, pd.DataFrame]]:
    if request.arm is None:
        yield "all", frame
        return
    known = frame[frame[request.arm].notna()]
    if known.empty:
        raise BadTable(f"Column {request.arm} holds no value.", request.arm)
    coded = factor(known[request.arm])
    for code, label in enumerate(coded.labels):
        yield label, known[coded.codes == code]


def _npmle_lines(result: Npmle) -> Iterator[str]:
    for time, upper, lower in zip(result.time, result.surv_upper, result.surv_lower, strict=True):
        within = "" if upper - lower < 1e-9 else f", known only as {show(lower)}-{show(upper)}"
        yield f"  t {time:g}: S {show(upper) if not within else 'NE'}{within}"
    if not result.time:
        for interval in result.intervals[:SHOWN]:
            end = "never seen" if interval.right is None else f"{interval.right:g}"
            yield f"  ({interval.left:g}, {end}]: probability {show(interval.mass)}"
        if len(result.intervals) > SHOWN:
            yield f"  and {len(result.intervals) - SHOWN} more intervals: --json has them, --times reads the curve"


def weibull_step(frame: pd.DataFrame, request: Request) -> Step:
    """The Weibull model of the covariates; without any the curve of everybody."""
    left, right = _ends(request)
    reference = request.references(request.covariates)
    result = weibull_aft(frame, left, right, list(request.covariates), reference=reference)
    rows, counts = _rows(frame, None, request, request.covariates)
    reasons = withheld(rows)
    lines = [counted("Weibull", counts), f"  shape {show(_inverse(result.scale))}, scale {show(result.scale)}"]
    lines += _weibull_lines(result, reasons)
    if not request.covariates:
        lines += [
            f"  t {time:g}: S {show(surv)}"
            for time, surv in zip(request.times, result.surv(request.times), strict=True)
        ]
    values = {"weibull": result.to_dict() | {"withheld": reasons}}
    return Step("Weibull", values, tuple(lines), counts, texts_of(result.cautions))


def _inverse(value: float | None) -> float | None:
    return None if value is None else 1 / value


def _weibull_lines(result: Weibull, reasons: dict[str, str]) -> Iterator[str]:
    z = NormalDist().inv_cdf(0.975)
    for term in result.terms:
        if reason := reasons.get(term.name, ""):
            yield f"  {term.name}: HR NE: {reason}"
        elif term.coef is None or term.se is None:
            yield f"  {term.name}: NE: it is not estimable"
        else:
            ratio = ""
            if term is not result.terms[0]:
                low, high = (exponential(term.coef + sign * z * term.se) for sign in (-1, 1))
                ratio = f", ratio of times {span(exponential(term.coef), low, high)}"
                ratio += f", HR {show(exponential(-term.coef / result.scale) if result.scale else None)}"
            yield f"  {term.name}: coef {show(term.coef)}{ratio}, SE {show(term.se)}, p {show(term.p)}"


def grouped_step(frame: pd.DataFrame, request: Request) -> Step:
    """Hazard ratios from the visits at which the event was seen."""
    left, right = _ends(request)
    assert request.visit_spacing is not None
    assert request.visits is not None
    reference = request.references(request.covariates)
    result = grouped_cloglog(
        frame, left, right, list(request.covariates), width=request.visit_spacing, periods=request.visits,
        reference=reference,
    )  # fmt: skip
    rows, counts = _rows(frame, None, request, request.covariates)
    reasons = withheld(rows)
    lines = (
        counted("grouped hazards", counts),
        f"grouped hazards: n {result.n}, visits of a person {result.person_visits}, deviance {show(result.deviance)}",
        *ratio_lines(result, reasons, "HR"),
    )
    values = {"grouped_hazards": result.to_dict() | {"withheld": reasons}}
    return Step("grouped hazards", values, lines, counts, texts_of(result.cautions))
