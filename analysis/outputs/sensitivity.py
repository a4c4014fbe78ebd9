"""Sensitivity analyses: other endpoints, actual dates, other populations. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs import sentences
from analysis.outputs.expectations import Numbers, at, rate_numbers, term_numbers
from analysis.outputs.model_size import ModelSize, model_size, of_so_many
from analysis.outputs.number_texts import FEW_NOTE, NE, hazard_with_events, rate
from analysis.outputs.output import Output, Row, Shown, Table, Text, View
from analysis.outputs.safety import received
from analysis.survival.results import CoxSummary, CurveSummary, LogRank, Refusal, Result, part_of
from prtras.labels import T

if TYPE_CHECKING:
    import pandas as pd

    from analysis.endpoints import Tables
    from analysis.outputs.data import AnalysisData

#: Actual dates read at day 1095; recurrence-free survival; overall survival; censored before two missed scans; by the
#: blind review, once there is one; without participants whose exclusion is proposed; by the treatment received.
PARAMETERS = {
    "TTR": T("复发时间，实际日期", "Time to recurrence, actual dates"),
    "RFS": T("无复发生存", "Recurrence-free survival"),
    "OS": T("总生存（死亡）", "Overall survival (death)"),
    "TTRGAP": T("连续缺失两次影像前删失", "Censored before two missed scans"),
    "TTRBICR": T("盲法评审判定的复发", "Recurrence by blind review"),
    "TTRPP": T("符合方案集，实际日期", "Per-protocol set, actual dates"),
    "TTRAT": T("按实际接受的治疗，实际日期", "As treated, actual dates"),
}
TIME, BLIND, PER_PROTOCOL, AS_TREATED = "AVAL", "TTRBICR", "TTRPP", "TTRAT"


@dataclass(frozen=True)
class SensitivityLine(Result):
    """One endpoint by actual dates: the arms read at a day, and compared as in the primary analysis.

    `n` and `events` are those of the curves, `model` says of how many the hazard ratio is.
    """

    parameter: str
    time: str
    read: int
    events: int
    curves: tuple[CurveSummary, ...]
    cox: CoxSummary | None
    logrank: LogRank | None
    estimable: bool
    n: int | None = None
    refused: tuple[Refusal, ...] = ()
    model: ModelSize | None = None


@dataclass(frozen=True)
class Sensitivity(Result):
    """The lines in the order in which they are shown."""

    lines: tuple[SensitivityLine, ...]


def compute(data: AnalysisData) -> Sensitivity:
    """Fit curves and comparison of every endpoint."""
    parameters = [parameter for parameter in PARAMETERS if parameter != BLIND or data.reviews]
    return Sensitivity(tuple(_line(data, parameter) for parameter in parameters))


def _line(data: AnalysisData, parameter: str) -> SensitivityLine:
    from analysis.outputs.data import compared, estimable
    from analysis.survival.fits import attempt, curves

    rows = _rows(data, parameter)
    analysed = len(data.primary)
    if parameter == BLIND and len(rows) < plan.FEWEST_REVIEWED * analysed:
        return _not_yet(len(rows), int(rows["EVENT"].sum()), analysed)
    comparison = compared(rows, TIME)
    refused = list(comparison.refused)
    fitted = attempt("km", refused, lambda: curves(rows, TIME, "EVENT", "ARMCD", (float(plan.READ_DAY),)))
    return SensitivityLine(
        parameter=parameter,
        time=TIME,
        read=plan.READ_DAY,
        events=int(rows["EVENT"].sum()),
        curves=tuple(part_of(curve, CurveSummary) for curve in fitted or ()),
        cox=comparison.cox,
        logrank=comparison.logrank,
        estimable=estimable(rows),
        n=len(rows),
        refused=tuple(refused),
        model=model_size(rows),
    )


def _rows(data: AnalysisData, parameter: str) -> pd.DataFrame:
    """The rows of an endpoint, or those of time to recurrence in another population."""
    if parameter == PER_PROTOCOL:
        rows = data.endpoint("TTR")
        return rows[~rows["SUBJID"].isin(proposed_for_exclusion(data.tables))]
    if parameter == AS_TREATED:
        rows = data.endpoint("TTR")
        return rows.assign(ARMCD=rows["SUBJID"].map(received(data.tables)))
    return data.endpoint(parameter)


def proposed_for_exclusion(tables: Tables) -> set[str]:
    """Who has a deviation for which exclusion from the per-protocol set is proposed."""
    return {row["SUBJID"] for row in tables.get("dv", ()) if row["dv_excl"] == "Y"}


def _not_yet(reviewed: int, events: int, analysed: int) -> SensitivityLine:
    """The blind review has not looked at enough participants: who has a verdict is no sample of all."""
    facts = {"n": str(reviewed), "of": str(analysed)}
    refused = Refusal("", "few_reviewed", f"{reviewed} of {analysed} reviewed", facts)
    return SensitivityLine(BLIND, TIME, plan.READ_DAY, events, (), None, None, False, reviewed, (refused,))


def show(result: Sensitivity, _view: View) -> Shown:
    """A table with a line per analysis."""
    caption = T("{title}（第{d}天）", "{title} (day {d})").format(title=OUTPUT.title, d=plan.READ_DAY)
    heads: tuple[Text, ...] = (
        T("分析", "Analysis"), "n", T("事件", "Events"), *plan.ARMS.values(),
        T("调整后HR（95% CI）", "Adjusted HR (95% CI)"),
    )  # fmt: skip
    note = T("{a} {b}", "{a} {b}").format(a=AS_TREATED_NOTE, b=FEW_NOTE)
    return Shown(tables=(Table(caption, heads, tuple(map(_row, result.lines)), note=note),))


AS_TREATED_NOTE = T(
    "按实际接受的治疗：曾用聚乙二醇干扰素者自第0天起计入联合组，首次给药前的时间必然无事件（永恒时间偏倚），仅作对照；见“用药时间”。",
    "As treated: whoever ever had peginterferon counts in the combination from Day 0 on, though nothing can have"
    " happened before the first dose (immortal time bias): for contrast only, see the timing of treatment.",
)


def _row(line: SensitivityLine) -> Row:
    by_arm = {curve.group: curve for curve in line.curves}
    rates = ["\n".join(rate(by_arm[arm].at[0])) if arm in by_arm else NE for arm in plan.ARMS]
    effect: Text = NE
    if line.estimable and line.cox:
        ratio, limits, _ = hazard_with_events(line.cox.terms[0])
        effect = of_so_many(f"{ratio} ({limits})", line.model, line.n)
    elif reasons := sentences.refusal_texts(each for each in line.refused if each.step in ("Cox", "")):
        effect = reasons[0]
    return Row(PARAMETERS[line.parameter], ("–" if line.n is None else line.n, line.events, *rates, effect))


def warn(result: Sensitivity) -> tuple[Text, ...]:
    """Which analysis was refused."""
    return tuple(
        T("{analysis}：{why}", "{analysis}: {why}").format(analysis=PARAMETERS[line.parameter], why=text)
        for line in result.lines
        for text in sentences.refusal_texts(line.refused)
    )


def expected(result: Sensitivity) -> Numbers:
    """Every line: participants, events, the arms at the day that is read, the adjusted hazard ratio."""
    numbers: Numbers = {}
    for line in result.lines:
        by_arm = {curve.group: curve.at[0] for curve in line.curves}
        numbers |= at(line.parameter, {"n": line.n, "events": line.events})
        numbers |= at(f"{line.parameter} model", vars(line.model) if line.model else dict.fromkeys(("n", "events")))
        for arm in plan.ARMS:
            read = by_arm.get(arm)
            numbers |= rate_numbers(f"{line.parameter} {arm}", read)
            numbers[f"{line.parameter} {arm} at risk"] = read.n_risk if read else None
        numbers |= term_numbers(line.parameter, line.cox.terms[0] if line.cox else None, shown=line.estimable)
    return numbers


OUTPUT = Output(
    code="sensitivity",
    title=T("敏感性分析", "Sensitivity analyses"),
    by_arm=True,
    result=Sensitivity,
    compute=compute,
    show=show,
    warn=warn,
    expected=expected,
    places=PARAMETERS | {"model": T("模型", "model")},
)
