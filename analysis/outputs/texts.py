"""How the outputs write numbers and name arms, covariates and cautions. Pure but for the reader's language."""

from collections.abc import Sequence

from analysis import plan
from analysis.survival.results import AtTime, Caution, CurveSummary, Term
from prtras.labels import T

NE = "NE"
COVARIATES = {covariate.column: covariate.text for covariate in plan.COVARIATES}
#: The covariate of a column of the model, by the column's name.
COLUMNS = COVARIATES | {"ARMCDA2": COVARIATES["ARMCD"], "BCLCA": COVARIATES["BCLC"]}
CAUTIONS = {
    "few_events": T(
        "{what}：某一水平事件少于5例，不显示其风险比。",
        "{what}: fewer than 5 events at one level; hazard ratio not shown.",
    ),
    "no_events": T(
        "{what}：无事件，生存函数为1，分位数无法估计。", "{what}: no events; S(t) = 1, quantiles not estimable."
    ),
    "dropped": T(
        "部分受试者因协变量缺失未纳入模型。", "Participants with a missing covariate are not included in the model."
    ),
    "not_estimable": T("{what}：无法估计。", "{what}: not estimable."),
    "hazard_ratio": T("加权风险比无法估计。", "The weighted hazard ratio is not estimable."),
    "separation": T("倾向评分完全分离，无法加权。", "The propensity score separates the arms completely: no weights."),
    "test_undefined": T("检验统计量无定义。", "The test statistic is not defined."),
}


def percent(proportion: float, digits: int = 1) -> str:
    """A proportion as people read it."""
    return f"{100 * proportion:.{digits}f}"


def number(value: float | None, digits: int) -> str:
    """A number with so many decimals, never -0.00; NE where it is not estimable."""
    return NE if value is None else f"{round(value, digits) + 0.0:.{digits}f}"


def p_value(value: float | None) -> str:
    """A p-value as journals print it."""
    return NE if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"


def hazard(term: Term) -> tuple[str, str, str]:
    """Hazard ratio, its limits and p."""
    known = term.lower is not None and term.upper is not None
    limits = f"{number(term.lower, 2)}–{number(term.upper, 2)}" if known else NE
    return number(term.hr, 2), limits, p_value(term.p)


def hazard_with_events(term: Term) -> tuple[str, str, str]:
    """Hazard ratio, its limits and p; a term with too few events in a level is not shown as a number."""
    return (NE, NE, NE) if term.few_events else hazard(term)


def rate(at: AtTime | None) -> tuple[str, str]:
    """Cumulative recurrence and its log(-log) limits."""
    if at is None or at.surv is None or at.cum_incidence is None:
        return NE, NE
    lower, upper = at.lo_loglog, at.hi_loglog
    known = at.limits_estimable and lower is not None and upper is not None
    limits = f"{percent(1 - upper)}–{percent(1 - lower)}" if known else NE  # type: ignore[operator]
    return f"{percent(at.cum_incidence)} %", limits


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
    """The arm's name, or all participants."""
    return plan.ARMS.get(arm, T("全部受试者", "All participants"))


def caution_texts(cautions: Sequence[Caution], what: T | None = None) -> tuple[T | str, ...]:
    """Cautions of a fit in the reader's language; one without a text of ours keeps the fit's own words.

    They speak of `what`, without it of the column each of them names.
    """
    return tuple(
        CAUTIONS[caution.code].format(what=what or COVARIATES.get(caution.column or "", caution.column or "Cox"))
        if caution.code in CAUTIONS
        else caution.message
        for caution in cautions
    )
