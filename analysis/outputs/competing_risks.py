"""Recurrence with death as a competing event: incidence, Gray's test, Fine-Gray. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from analysis.outputs import incidences, sentences
from analysis.outputs.cox_model import why_not
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.incidence import IncidenceCurve, incidence_numbers, panel
from analysis.outputs.incidences import CauseAt
from analysis.outputs.number_texts import COLUMNS, FEW_NOTE, NE, limits, number, p_value
from analysis.outputs.output import Output, Panel, Row, Shown, Table, Text, View
from analysis.outputs.recurrence_figure import Subject
from analysis.survival.results import Refusal, Result
from prtras.labels import T

if TYPE_CHECKING:
    import pandas as pd

    from analysis.outputs.data import AnalysisData
    from analysis.survival.competing import FineGray

RECURRENCE, DEATH = 1, 2
CAUSES = {RECURRENCE: T("复发", "Recurrence"), DEATH: T("未复发死亡", "Death without recurrence")}
#: What the causes are called among the expected numbers.
NAMES = {RECURRENCE: "recurrence", DEATH: "death"}
SUBJECT = Subject(
    T("复发的累积发生率（死亡为竞争事件）", "Cumulative incidence of recurrence, death competing"),
    T("累积发生率（%）", "Cumulative incidence (%)"),
    T("复发", "Recurrences"),
    T("删失或死亡", "Censored or died"),
    T("{arm}：{n} 人，{d} 例复发；第{w}周 {rate}", "{arm}: {n} participants, {d} recurrences; week {w}: {rate}"),
)


@dataclass(frozen=True)
class GrayLine(Result):
    """Gray's test of one cause."""

    cause: int
    chi2: float | None
    p: float | None


@dataclass(frozen=True)
class SubdistributionLine(Result):
    """One covariate of the Fine-Gray model of recurrence."""

    name: str
    ratio: float | None
    lower: float | None
    upper: float | None
    p: float | None
    few_events: bool


@dataclass(frozen=True)
class CompetingRisks(Result):
    """Incidences by arm, tests and the adjusted model; `refused` says what could not be computed.

    `comparable`: an adjusted estimate stands beside the tests, which alone are shown to nobody.
    """

    incidences: tuple[CauseAt, ...]
    tests: tuple[GrayLine, ...]
    model: tuple[SubdistributionLine, ...]
    estimable: bool
    comparable: bool
    arm_events: dict[str, int]
    refused: tuple[Refusal, ...]
    curves: tuple[IncidenceCurve, ...] = ()


def compute(data: AnalysisData) -> CompetingRisks:
    """Recurrence and death of everybody with an arm, on nominal visit weeks."""
    from analysis.outputs.data import REFERENCE, TERMS
    from analysis.survival.competing import fine_gray
    from analysis.survival.fits import attempt

    rows = with_causes(data)
    refused: list[Refusal] = []
    curves = incidences.curves(rows, "NOMWEEK", CAUSES, refused)
    model = attempt("finegray", refused, lambda: fine_gray(rows, "NOMWEEK", "STATUS", list(TERMS), reference=REFERENCE))
    return CompetingRisks(
        incidences=incidences.at_read_week(curves),
        tests=tuple(GrayLine(test.cause, test.chi2, test.p) for test in (curves.tests if curves else ())),
        model=_lines(model) if model else (),
        estimable=data.estimable,
        comparable=data.comparable and model is not None,
        arm_events=data.arm_events,
        refused=tuple(refused),
        curves=incidences.drawn(rows, "NOMWEEK", curves, RECURRENCE),
    )


def with_causes(data: AnalysisData) -> pd.DataFrame:
    """The rows of recurrence-free survival with STATUS, the cause that ended it."""
    rows = data.endpoint("RFS")
    causes = rows["EVNTDESC"].map({"RECURRENCE": RECURRENCE, "DEATH": DEATH})
    return rows.assign(STATUS=causes.fillna(0).astype(int))


def _lines(model: FineGray) -> tuple[SubdistributionLine, ...]:
    def ratio(coefficient: float | None) -> float | None:
        return None if coefficient is None else exp(coefficient)

    return tuple(
        SubdistributionLine(t.name, ratio(t.coef), ratio(t.lower), ratio(t.upper), t.p, t.name in model.few_events)
        for t in model.terms
    )


def show(result: CompetingRisks, view: View) -> Shown:
    """The adjusted model, then the incidence of recurrence as a figure, and both incidences with Gray's tests."""
    heads: tuple[Text, ...] = (T("协变量", "Covariate"), "sHR", "95% CI", "p")
    rows = tuple(
        Row(COLUMNS.get(line.name, line.name), _ratio(line)) for line in (result.model if result.estimable else ())
    )
    title = T("Fine–Gray模型：复发（死亡为竞争事件）", "Fine–Gray model of recurrence, death competing")
    empty = why_not(result.estimable, result.arm_events, [r for r in result.refused if r.step == "finegray"])
    return Shown(panels=_figure(result, view), tables=(Table(title, heads, rows, empty=empty), _incidences(result)))


def _figure(result: CompetingRisks, view: View) -> tuple[Panel, ...]:
    if not result.curves:
        return ()
    caption = T(
        "未复发死亡为竞争事件（Aalen–Johansen），计划访视周；95% CI为log(-log)。未调整，治疗组为选择。",
        "Death without recurrence competes (Aalen–Johansen); nominal visit weeks; 95% CI log(-log)."
        " Unadjusted, the arm is chosen.",
    )
    return (panel(result.curves, "cif", SUBJECT.title, caption, view, SUBJECT),)


def _ratio(line: SubdistributionLine) -> tuple[str, str, str]:
    if line.few_events or line.ratio is None:
        return NE, NE, NE
    return number(line.ratio, 2), limits(line.lower, line.upper, 2), p_value(line.p)


def _incidences(result: CompetingRisks) -> Table:
    heads = (*incidences.HEADS, T("Gray检验 p", "Gray's test p"))
    tests = {test.cause: test.p for test in result.tests}

    def test(line: CauseAt) -> tuple[str]:
        return (p_value(tests.get(line.cause)) if result.comparable else NE,)

    rows = incidences.rows(result.incidences, CAUSES, test)
    reasons = sentences.refusal_texts(each for each in result.refused if each.step == "cif")
    return Table(OUTPUT.title, heads, rows, empty=reasons[0] if reasons else NE, note=FEW_NOTE)


def expected(result: CompetingRisks) -> Numbers:
    """The incidences, the tests beside an adjusted estimate, every line of the model that is shown, and the curves."""
    numbers: Numbers = {"incidences": len(result.incidences), **incidences.numbers_of(result.incidences, NAMES)}
    for test in result.tests if result.comparable else ():
        numbers |= at(f"Gray {NAMES[test.cause]}", {"chi2": test.chi2, "p": test.p})
    for line in result.model if result.estimable else ():
        shown = line.ratio is not None and not line.few_events
        values = {"ratio": line.ratio, "lower": line.lower, "upper": line.upper, "p": line.p}
        numbers |= at(f"Fine-Gray {line.name}", values if shown else dict.fromkeys(values))
    for curve in result.curves:
        numbers |= incidence_numbers(curve)
    return numbers


OUTPUT = Output(
    code="competing_risks",
    title=T(
        "累积发生率：复发与未复发死亡（竞争风险，未调整）",
        "Cumulative incidence of recurrence and of death without it (competing risks, unadjusted)",
    ),
    by_arm=True,
    result=CompetingRisks,
    compute=compute,
    show=show,
    warn=lambda result: sentences.refusal_texts(result.refused),
    expected=expected,
    places=COLUMNS
    | {NAMES[cause]: text for cause, text in CAUSES.items()}
    | {
        "incidences": T("累积发生率曲线数", "number of incidence curves"),
        "ratio": T("比值", "ratio"),
        "Gray": T("Gray检验", "Gray's test"),
        "Fine-Gray": T("Fine–Gray模型", "Fine–Gray model"),
    },
)
