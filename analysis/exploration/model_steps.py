"""Cox with its tests of proportional hazards, and the arms compared by propensity score weights. Pure."""

from collections.abc import Iterator

import pandas as pd

from analysis.exploration.hazard_ratios import cox_line, few_events, withheld
from analysis.exploration.printed import counted, counts_of, show, span
from analysis.exploration.request import Request
from analysis.exploration.steps import Step
from analysis.survival.cox import REASONS, cox
from analysis.survival.proportional_hazards import proportional_hazards
from analysis.survival.results import CoxSummary, Level, TransformTest, WeightedSummary, part_of
from analysis.survival.survival_data import analysis_rows, group_levels
from analysis.survival.weighting import WeightedComparison, WeightedEffect, weighted_comparison

SCHEMES = {
    "sw": "stabilised weights",
    "sw_truncated": "stabilised weights, truncated",
    "iptw": "inverse probability weights",
    "ato": "overlap weights",
    "att": "weights of the treated",
    "mw": "matching weights",
}


def cox_step(frame: pd.DataFrame, request: Request) -> Step:
    """The hazard ratios of the covariates, and the tests that they are constant in time."""
    fitted = cox(
        frame, request.time, request.event, list(request.covariates), entry=request.entry, strata=request.strata,
        cluster=request.cluster, robust=True if request.robust or request.cluster else None, ties=request.ties,
        reference=request.references(request.covariates),
    )  # fmt: skip
    rows = analysis_rows(
        frame, time=request.time, event=request.event, entry=request.entry, strata=request.strata,
        covariates=request.covariates, cluster=request.cluster, reference=request.references(request.covariates),
    )  # fmt: skip
    counts, reasons = counts_of(rows), withheld(rows)
    tests = proportional_hazards(fitted.fit) if request.ties == "efron" and fitted.fit.names else ()
    how = [request.ties, *(["robust"] if fitted.robust else []), *(f"cluster {c}" for c in [request.cluster] if c),
           *([f"strata {', '.join(request.strata)}"] if request.strata else [])]  # fmt: skip
    lines = [
        counted("Cox", counts),
        f"Cox ({', '.join(how)}): n {fitted.n}, events {fitted.n_events}, dropped {fitted.n_dropped}",
        *(cox_line(term, reasons) for term in fitted.terms),
        f"  likelihood ratio chi2 {show(fitted.lrt.chi2)}, df {fitted.lrt.df or 'NE'}, p {show(fitted.lrt.p)}; "
        f"concordance {show(fitted.concordance)}",
        *map(_test_line, tests),
    ]
    why = f"with {request.ties} ties" if request.ties != "efron" else "without a coefficient of every term"
    left_out = [] if tests else [f"PH test: not computed {why}"]
    summary = part_of(fitted, CoxSummary).to_dict() | {"withheld": reasons}
    values = {"cox": summary, "ph": [test.to_dict() for test in tests]}
    return Step("Cox", values, tuple(lines), counts, tuple(left_out))


def _test_line(transform: TransformTest) -> str:
    tests = ", ".join(f"{t.term} {show(t.chi2)} (p {show(t.p)})" for t in transform.tests)
    return f"PH test, {transform.transform}: {tests}"


def weights_step(frame: pd.DataFrame, request: Request) -> Step:
    """The treatment compared under every weighting scheme, with its balance and its E-value."""
    if request.entry or request.cluster:
        return Step("weights", {"weighting": None}, refused="they have no delayed entry and no clusters.")
    assert request.treatment is not None
    times = sorted({*request.times, *request.at})
    compared = weighted_comparison(
        frame, request.time, request.event, request.treatment, list(request.confounders), times=times,
        reference=request.references(request.confounders),
    )  # fmt: skip
    rows = analysis_rows(
        frame, time=request.time, event=request.event, group=request.treatment, covariates=request.confounders,
        reference=request.references(request.confounders),
    )  # fmt: skip
    counts, arms = counts_of(rows), group_levels(rows)
    reason = few_events(arms)
    values = compared.to_dict() | {"withheld": {request.treatment: reason} if reason else {}}
    lines = (counted("weights", counts), *_weight_lines(compared, arms, reason))
    cautions = [c.message for c in compared.cautions if c.code not in ("few_events", "hazard_ratio")]
    cautions += [f"weights: {', '.join(request.strata)} is no stratum here."] if request.strata else []
    return Step("weights", {"weighting": values}, lines, counts, tuple(cautions))


def _weight_lines(compared: WeightedComparison, arms: list[Level], reason: str) -> Iterator[str]:
    by_arm = ", ".join(f"{arm.value}: n {arm.n}, events {arm.events}" for arm in arms)
    yield f"{compared.treated} against {compared.control}; {by_arm}"
    score = compared.propensity
    yield (
        f"  propensity score: {show(score.minimum)}-{show(score.maximum)}, c {show(score.c_statistic)}; "
        + ", ".join(f"{term.name} {show(term.coef)}" for term in score.terms)
    )
    for effect in compared.effects:
        yield from _effect_lines(effect, reason)
    value = compared.evalue
    if not reason and compared.effects:
        yield f"  E-value (stabilised weights): {show(value.point_common)}, of the limit {show(value.limit_common)}"
    for row in compared.effects[0].balance if compared.effects else ():
        after = ", ".join(f"{effect.scheme} {show(_after(effect, row.column))}" for effect in compared.effects)
        yield f"  balance of {row.column}: SMD before {show(row.smd_before)}, after {after}"


def _effect_lines(effect: WeightedEffect, reason: str) -> Iterator[str]:
    hazard = effect.hazard
    why = REASONS[hazard.not_estimable] if hazard.not_estimable else reason
    ratio = f"HR {span(hazard.hr, hazard.lower, hazard.upper)}, robust SE {show(hazard.se)}, p {show(hazard.p)}"
    size = f"ESS {' and '.join(map(show, effect.ess))}, largest {show(effect.max_weight)}"
    yield f"  {SCHEMES[effect.scheme]}: {f'HR NE: {why}' if why else ratio}; {size}"
    for arm in effect.survival:
        for row in arm.at:
            limits = f"{show(row.lo_loglog)}-{show(row.hi_loglog)}"
            yield f"    {arm.arm}, t {row.time:g}: at risk {row.n_risk}, S {show(row.surv)} ({limits})"


def _after(effect: WeightedSummary, column: str) -> float | None:
    smd = next(row.smd_after for row in effect.balance if row.column == column)
    return None if smd is None else round(smd, 9)
