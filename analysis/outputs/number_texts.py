"""How the outputs write numbers and name arms and covariates. Pure but for the reader's language."""

from collections.abc import Iterable

from analysis import plan
from analysis.survival.results import AtTime, CurveSummary, Term
from prtras.labels import T

NE = "NE"
#: The group of everybody, where the arms are not told apart.
ALL = "all"
COVARIATES = {covariate.column: covariate.text for covariate in plan.COVARIATES}
#: The weighting schemes that are computed and shown; the first is the plan's choice.
SCHEMES = {
    "ato": T("重叠权重", "Overlap weights"),
    "sw": T("稳定化IPTW", "Stabilised IPTW"),
    "sw_truncated": T("稳定化IPTW，截尾（1%–99%）", "Stabilised IPTW, truncated (1–99 %)"),
    "att": T("ATT权重（联合组人群）", "ATT weights (the treated)"),
    "mw": T("匹配权重", "Matching weights"),
}
#: The covariate of a column of the model, by the column's name.
COLUMNS = COVARIATES | {"ARMCDA2": COVARIATES["ARMCD"], "BCLCA": COVARIATES["BCLC"]}


def percent(proportion: float, digits: int = 1) -> str:
    """A proportion as people read it."""
    return f"{100 * proportion:.{digits}f}"


def number(value: float | None, digits: int) -> str:
    """A number with so many decimals, never -0.00; NE where it is not estimable."""
    return NE if value is None else f"{round(value, digits) + 0.0:.{digits}f}"


def limits(lower: float | None, upper: float | None, digits: int) -> str:
    """Two confidence limits; NE for one that is not estimable, and for both when neither is."""
    if lower is None and upper is None:
        return NE
    between = " – " if min(lower or 0, upper or 0) < 0 else "–"  # a dash beside a minus reads as another minus
    return f"{number(lower, digits)}{between}{number(upper, digits)}"


def p_value(value: float | None) -> str:
    """A p-value as journals print it."""
    return NE if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"


def is_estimate(term: Term | None) -> bool:
    """A hazard ratio that may be shown as a number."""
    return term is not None and term.hr is not None and not term.few_events


def may_compare(estimable: bool, terms: Iterable[Term | None]) -> bool:
    """Events enough, and an adjusted or weighted estimate that may be shown: then an unadjusted one too (rule 4)."""
    return estimable and any(map(is_estimate, terms))


def hazard(term: Term) -> tuple[str, str, str]:
    """Hazard ratio, its limits and p."""
    known = term.lower is not None and term.upper is not None
    limits = f"{number(term.lower, 2)}–{number(term.upper, 2)}" if known else NE
    return number(term.hr, 2), limits, p_value(term.p)


def hazard_with_events(term: Term) -> tuple[str, str, str]:
    """Hazard ratio, its limits and p; a term with too few events in a level is not shown as a number."""
    return (NE, NE, NE) if term.few_events else hazard(term)


#: Marks a number that fewer than ten participants at risk stand for.
FEW = "†"
FEW_NOTE = T("† 风险人数少于10人。", "† Fewer than 10 at risk.")


def rate(at: AtTime | None) -> tuple[str, str]:
    """Cumulative recurrence and its log(-log) limits; marked where fewer than ten are at risk."""
    if at is None or at.surv is None or at.cum_incidence is None:
        return NE, NE
    lower, upper = at.lo_loglog, at.hi_loglog
    known = at.limits_estimable and lower is not None and upper is not None
    limits = f"{percent(1 - upper)}–{percent(1 - lower)}" if known else NE  # type: ignore[operator]
    return f"{percent(at.cum_incidence)} %{FEW if at.few_at_risk else ''}", limits


def rate_at(curve: CurveSummary | None, week: float) -> tuple[str, str]:
    """Cumulative recurrence at a week, and its limits."""
    return rate(next((at for at in curve.at if at.time == week), None) if curve else None)


def rate_in_words(curve: CurveSummary | None, week: float) -> T:
    """Cumulative recurrence at a week; where nobody is at risk so late, that it cannot be estimated, and why."""
    estimate, _ = rate_at(curve, week)
    if estimate != NE or curve is None:
        return T(estimate, estimate)
    text = T("无法估计（随访仅至第{w}周）", "not estimable (follow-up ends at week {w})")
    return text.format(w=f"{curve.last_time:g}")


def arm_text(arm: str) -> T:
    """The arm's name, or all participants where they are not told apart; a code that the plan does not know stays."""
    if arm in plan.ARMS:
        return plan.ARMS[arm]
    if arm in ("", ALL):
        return T("全部受试者", "All participants")
    return T("计划外治疗组 {arm}", "Arm {arm}, not in the plan").format(arm=arm)
