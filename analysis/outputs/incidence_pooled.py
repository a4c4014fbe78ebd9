"""Recurrence with death as a competing event, of all participants. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.outputs import incidences, sentences
from analysis.outputs.competing_risks import CAUSES, NAMES, RECURRENCE, SUBJECT, with_causes
from analysis.outputs.expectations import Numbers
from analysis.outputs.incidence import IncidenceCurve, incidence_numbers, panel
from analysis.outputs.incidences import CauseAt
from analysis.outputs.number_texts import ALL, FEW_NOTE, NE
from analysis.outputs.output import Output, Shown, Table, View, pooled_only
from analysis.survival.results import Refusal, Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


@dataclass(frozen=True)
class IncidencePooled(Result):
    """Both incidences at the read week, and the curve of recurrence; nothing without participants."""

    incidences: tuple[CauseAt, ...]
    curves: tuple[IncidenceCurve, ...]
    refused: tuple[Refusal, ...]


def compute(data: AnalysisData) -> IncidencePooled:
    """Everybody with an arm, on nominal visit weeks."""
    rows, refused = with_causes(data).assign(ARMCD=ALL), list[Refusal]()
    curves = None if rows.empty else incidences.curves(rows, "NOMWEEK", CAUSES, refused)
    drawn = incidences.drawn(rows, "NOMWEEK", curves, RECURRENCE)
    return IncidencePooled(incidences.at_read_week(curves), drawn, tuple(refused))


def show(result: IncidencePooled, view: View) -> Shown:
    """A figure and a table."""
    caption = T(
        "未复发死亡为竞争事件（Aalen–Johansen），计划访视周；95% CI为log(-log)。",
        "Death without recurrence competes (Aalen–Johansen); nominal visit weeks; 95% CI log(-log).",
    )
    reasons = sentences.refusal_texts(result.refused)
    rows = incidences.rows(result.incidences, CAUSES)
    table = Table(
        OUTPUT.title, incidences.POOLED_HEADS, rows, empty=reasons[0] if reasons else NE, note=FEW_NOTE
    )  # fmt: skip
    figures = (panel(result.curves, "cif", SUBJECT.title, caption, view, SUBJECT),) if result.curves else ()
    return Shown(panels=figures, tables=(table,))


def expected(result: IncidencePooled) -> Numbers:
    """Both incidences, and every point of the figure."""
    numbers: Numbers = {"incidences": len(result.incidences), **incidences.numbers_of(result.incidences, NAMES)}
    for curve in result.curves:
        numbers |= incidence_numbers(curve)
    return numbers


OUTPUT = Output(
    code="incidence_pooled",
    title=T(
        "累积发生率：复发与未复发死亡（竞争风险，合并）",
        "Cumulative incidence of recurrence and of death without it (competing risks), pooled",
    ),
    by_arm=False,
    result=IncidencePooled,
    compute=compute,
    show=pooled_only(show),
    warn=lambda result: sentences.refusal_texts(result.refused),
    expected=expected,
    places={NAMES[cause]: text for cause, text in CAUSES.items()}
    | {"incidences": T("累积发生率曲线数", "number of incidence curves")},
)
