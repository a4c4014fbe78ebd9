"""Recurrence lies between the last negative and the first positive scan. Pure but for the reader's language.

The planned analysis counts it at the visit that detects it. Beside it stand other rules for missed scans, and models of
the interval itself (`analysis.survival.interval` has their sources). Days count as in ADTTE: Day 0 is day 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs import sentences
from analysis.outputs.expectations import OF_A_TERM, Numbers, at, nothing
from analysis.outputs.imaging import Scans, counted
from analysis.outputs.model_size import ModelSize, model_size, of_so_many
from analysis.outputs.number_texts import NE, is_estimate, limits, number, p_value, percent
from analysis.outputs.output import Output, Row, Share, Shown, Table, Text, View
from analysis.survival.results import Refusal, Result, Term
from prtras.clinical.constants import VISIT_INTERVAL_WEEKS
from prtras.labels import T

if TYPE_CHECKING:
    import pandas as pd

    from analysis.outputs.data import AnalysisData
    from analysis.survival.interval import RegressionTerm

#: The days between two planned scans.
WIDTH = 7 * VISIT_INTERVAL_WEEKS.value
METHODS = {
    "planned": T("计划分析：检出访视的计划周（Cox）", "Planned: nominal week of the detecting visit (Cox)"),
    "gap": T("连续缺失两次影像前删失（Cox）", "Censored before two missed scans (Cox)"),
    "midpoint": T("区间中点（Cox）", "Midpoint of the interval (Cox)"),
    "grouped": T("按访视分组的比例风险模型", "Proportional hazards grouped by visit (cloglog)"),
    "weibull": T("区间删失Weibull模型", "Weibull model of the interval"),
    "turnbull": T("Turnbull非参数估计", "Turnbull's non-parametric estimate"),
}
#: What is counted of missed scans, by the fields of `Missed`.
MISSED = {
    "due": T("应查影像", "Scans due"), "missed": T("缺失", "Missed"), "events": T("复发", "Recurrences"),
    "after_gap": T("连续缺失两次后", "After two missed scans"),
    "median_width": T("区间中位天数", "Median days of interval"),
}  # fmt: skip
#: The steps of this output that can be refused, by method.
STEPS = {"grouped": "grouped hazards", "weibull": "weibull"}


@dataclass(frozen=True)
class Hazard(Result):
    """The adjusted hazard ratio of the arm; None where not estimable."""

    coef: float | None
    se: float | None
    hr: float | None
    lower: float | None
    upper: float | None
    p: float | None


@dataclass(frozen=True)
class Between(Result):
    """Cumulative recurrence at the day or week that is read lies between two values, equal where it is a point."""

    lowest: float | None
    highest: float | None


@dataclass(frozen=True)
class Method(Result):
    """What one method says; `hazard` None: none may be shown, `model` of how many it is."""

    method: str
    n: int
    events: int
    rates: dict[str, Between]
    hazard: Hazard | None
    model: ModelSize | None = None


@dataclass(frozen=True)
class Missed(Result):
    """Scans of an arm that were due and missed; recurrences, those after two missed scans, median days of interval."""

    due: int
    missed: int
    events: int
    after_gap: int
    median_width: float | None


@dataclass(frozen=True)
class IntervalCensored(Result):
    """The methods in the order in which they are shown, and the missed scans of each arm."""

    methods: tuple[Method, ...]
    missed: dict[str, Missed]
    refused: tuple[Refusal, ...]


def compute(data: AnalysisData) -> IntervalCensored:
    """Every method on the primary endpoint; each gives a result or a refusal."""
    from analysis.outputs.data import compared, estimable

    rows, gap, refused = with_interval(data.primary), data.endpoint("TTRGAP"), list[Refusal]()
    midpoint = rows.assign(MIDDLE=rows["RIGHT"].add(rows["LEFT"]).div(2).fillna(rows["LEFT"]))
    day, week = float(plan.READ_DAY), float(plan.READ_WEEK)
    methods = []
    for name, table, time, read in (
        ("planned", rows, "NOMWEEK", week), ("gap", gap, "AVAL", day), ("midpoint", midpoint, "MIDDLE", day),
    ):  # fmt: skip
        fit = data.adjusted if name == "planned" else compared(table, time)
        term = fit.cox.terms[0] if fit.cox and estimable(table) else None
        refused += [] if fit.cox else [each for each in fit.refused if each.step == "Cox"]
        methods.append(_method(name, table, _kaplan_meier(table, time, read), _of_cox(term)))
    shown = data.estimable and data.adjusted.cox is not None and is_estimate(data.adjusted.cox.terms[0])
    for name, regression in (("grouped", _grouped), ("weibull", _weibull)):
        methods.append(_method(name, rows, {}, regression(rows, refused) if shown else None))
    methods.append(_method("turnbull", rows, _turnbull(rows, day), None))
    return IntervalCensored(tuple(methods), _missed(data, rows, gap), tuple(refused))


def with_interval(rows: pd.DataFrame) -> pd.DataFrame:
    """LEFT: day of the last negative scan (0: none after Day 0), or of censoring; RIGHT: of the event, else missing."""
    import pandas as pd

    start, negative = pd.to_datetime(rows["STARTDT"]), pd.to_datetime(rows["LASTNEG"])
    seen = rows["EVENT"] == 1
    left = ((negative - start).dt.days + 1).fillna(0.0).where(seen, rows["AVAL"])
    return rows.assign(LEFT=left.astype(float), RIGHT=rows["AVAL"].astype(float).where(seen))


def _method(name: str, rows: pd.DataFrame, rates: dict[str, Between], hazard: Hazard | None) -> Method:
    return Method(
        name, len(rows), int(rows["EVENT"].sum()), rates, hazard, None if name == "turnbull" else model_size(rows)
    )


def _of_cox(term: Term | None) -> Hazard | None:
    if term is None or not is_estimate(term):
        return None
    return Hazard(term.coef, term.se, term.hr, term.lower, term.upper, term.p)


def _of_regression(terms: Sequence[RegressionTerm]) -> Hazard | None:
    term = terms[0]
    if term.coef is None or term.lower is None or term.upper is None:
        return None
    return Hazard(term.coef, term.se, exp(term.coef), exp(term.lower), exp(term.upper), term.p)


def _grouped(rows: pd.DataFrame, refused: list[Refusal]) -> Hazard | None:
    from analysis.outputs.data import REFERENCE, TERMS
    from analysis.survival.fits import attempt
    from analysis.survival.interval import grouped_cloglog

    at_visits = rows.assign(RIGHT=(7.0 * rows["NOMWEEK"]).where(rows["EVENT"] == 1))  # the visit that detected it
    last = max(plan.READ_WEEK // VISIT_INTERVAL_WEEKS.value, round(rows["AVAL"].max() / WIDTH) + 1)
    fit = attempt(STEPS["grouped"], refused, lambda: grouped_cloglog(
        at_visits, "LEFT", "RIGHT", TERMS, width=WIDTH, periods=last, reference=REFERENCE
    ))  # fmt: skip
    return _of_regression(fit.terms) if fit else None


def _weibull(rows: pd.DataFrame, refused: list[Refusal]) -> Hazard | None:
    from analysis.outputs.data import REFERENCE, TERMS
    from analysis.survival.fits import attempt
    from analysis.survival.interval import weibull_aft

    fit = attempt(STEPS["weibull"], refused, lambda: weibull_aft(rows, "LEFT", "RIGHT", TERMS, reference=REFERENCE))
    return _of_regression(fit.hazards) if fit else None


def _kaplan_meier(rows: pd.DataFrame, time: str, read: float) -> dict[str, Between]:
    from analysis.survival.fits import curves

    rates = {curve.group: curve.at[0].cum_incidence for curve in curves(rows, time, "EVENT", "ARMCD", (read,))}
    return {arm: Between(rates.get(arm), rates.get(arm)) for arm in plan.ARMS}


def _turnbull(rows: pd.DataFrame, day: float) -> dict[str, Between]:
    """Where the estimate ends within an interval, recurrence is known to lie between two values only."""
    from analysis.survival.interval import npmle

    rates = dict.fromkeys(plan.ARMS, Between(None, None))
    for arm in rates:
        own = rows[rows["ARMCD"] == arm]
        if own.empty or own["AVAL"].max() < day:
            continue
        curve = npmle(own, "LEFT", "RIGHT", (day,))
        if curve.converged:
            rates[arm] = Between(1 - curve.surv_upper[0], 1 - curve.surv_lower[0])
    return rates


def _missed(data: AnalysisData, rows: pd.DataFrame, gap: pd.DataFrame) -> dict[str, Missed]:
    scans = counted(data.tables, data.cutoff)
    missed = {}
    for arm in plan.ARMS:
        done = scans.get(arm, Scans(0, 0, 0))
        seen = rows[(rows["ARMCD"] == arm) & (rows["EVENT"] == 1)]
        late = len(seen) - int(gap.loc[gap["ARMCD"] == arm, "EVENT"].sum())
        width = float((seen["RIGHT"] - seen["LEFT"]).median()) if len(seen) else None
        missed[arm] = Missed(done.due, done.due - done.done, len(seen), late, width)
    return missed


def show(result: IntervalCensored, _view: View) -> Shown:
    """A table of the methods, and one of the missed scans that make the intervals longer."""
    heads: tuple[Text, ...] = (
        T("方法", "Method"), "n", T("事件", "Events"), *plan.ARMS.values(),
        T("调整后HR（95% CI）", "Adjusted HR (95% CI)"), "p",
    )  # fmt: skip
    note = T(
        "累积复发率（%）：计划分析读取第{w}周，其余读取第{d}天；Turnbull估计在区间内仅知上下界。",
        "Cumulative recurrence (%): at week {w} as planned, else at day {d}; within an interval Turnbull's estimate is"
        " known between two values only.",
    ).format(w=plan.READ_WEEK, d=plan.READ_DAY)
    rows = tuple(map(_row, result.methods))
    return Shown(tables=(Table(OUTPUT.title, heads, rows, note=note), _missed_table(result)))


def _row(line: Method) -> Row:
    hazard = line.hazard
    effect: Text = NE
    if hazard:
        effect = of_so_many(f"{number(hazard.hr, 2)} ({limits(hazard.lower, hazard.upper, 2)})", line.model, line.n)
    if line.method == "turnbull":
        effect, p = "–", "–"
    else:
        p = p_value(hazard.p if hazard else None)
    rates = [_rate(line.rates[arm]) if line.rates else "–" for arm in plan.ARMS]
    return Row(METHODS[line.method], (line.n, line.events, *rates, effect, p))


def _rate(rate: Between) -> str:
    if rate.lowest is None or rate.highest is None:
        return NE
    lowest, highest = percent(rate.lowest), percent(rate.highest)
    return lowest if lowest == highest else f"{lowest}–{highest}"


def _missed_table(result: IntervalCensored) -> Table:
    heads = (T("治疗组", "Arm"), *MISSED.values())
    rows = tuple(
        Row(plan.ARMS[arm], (
            each.due, Share(each.missed, percent(each.missed / each.due, 0) if each.due else "–"), each.events,
            each.after_gap, number(each.median_width, 1),
        ))
        for arm, each in result.missed.items()
    )  # fmt: skip
    return Table(T("缺失影像与复发区间", "Missed scans and the intervals of recurrence"), heads, rows)


def warn(result: IntervalCensored) -> tuple[Text, ...]:
    """Which model was refused."""
    return sentences.refusal_texts(each for each in result.refused if each.step in STEPS.values())


def expected(result: IntervalCensored) -> Numbers:
    """Every line of both tables."""
    numbers: Numbers = {}
    for line in result.methods:
        numbers |= at(line.method, {"n": line.n, "events": line.events})
        for arm, rate in line.rates.items():
            numbers |= at(f"{line.method} {arm}", {"lowest": rate.lowest, "highest": rate.highest})
        if line.method != "turnbull":
            hazard = line.hazard
            numbers |= at(line.method, vars(hazard)) if hazard else nothing(line.method, OF_A_TERM)
            model = vars(line.model) if line.model else dict.fromkeys(("n", "events"))
            numbers |= at(f"{line.method} model", model)
    for arm, each in result.missed.items():
        numbers |= at(f"scans {arm}", vars(each))
    return numbers


OUTPUT = Output(
    code="interval_censored",
    title=T(
        "复发介于两次影像之间：区间删失与缺失影像", "Recurrence between two scans: interval censoring, missed scans"
    ),
    by_arm=True,
    result=IntervalCensored,
    compute=compute,
    show=show,
    warn=warn,
    expected=expected,
    places=METHODS
    | MISSED
    | {
        "scans": T("影像", "scans"),
        "model": T("模型", "model"),
        "lowest": T("累积复发率下界", "cumulative recurrence, lowest"),
        "highest": T("累积复发率上界", "cumulative recurrence, highest"),
    },
)
