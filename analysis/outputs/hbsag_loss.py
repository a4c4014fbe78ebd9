"""Confirmed HBsAg loss with death as a competing event, by arm. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.outputs import incidences, sentences
from analysis.outputs.expectations import Numbers
from analysis.outputs.incidences import CauseAt
from analysis.outputs.output import Output, Shown, Table, View
from analysis.outputs.texts import FEW_NOTE, NE
from analysis.survival.results import Refusal, Result
from prtras.labels import T

if TYPE_CHECKING:
    import pandas as pd

    from analysis.outputs.data import AnalysisData

LOSS, DEATH = 1, 2
CAUSES = {LOSS: T("HBsAg确认消失", "Confirmed HBsAg loss"), DEATH: T("未消失即死亡", "Death without it")}
NAMES = {LOSS: "loss", DEATH: "death"}


@dataclass(frozen=True)
class HbsagLoss(Result):
    """Both incidences at the read week, by arm; `not_at_risk` were negative up to Day 0, or could not be derived."""

    incidences: tuple[CauseAt, ...]
    not_at_risk: int
    refused: tuple[Refusal, ...]


def compute(data: AnalysisData) -> HbsagLoss:
    """Everybody with an arm who was not negative at Day 0, on nominal visit weeks."""
    rows, refused = with_death(data), list[Refusal]()
    curves = None if rows.empty else incidences.curves(rows, "WEEK", CAUSES, refused)
    return HbsagLoss(incidences.at_read_week(curves), len(data.endpoint("OS")) - len(rows), tuple(refused))


def with_death(data: AnalysisData) -> pd.DataFrame:
    """The rows of TTHBSL with WEEK and STATUS: whoever died without loss leaves at death, not at the last sample."""
    rows = data.endpoint("TTHBSL")
    death = data.endpoint("OS").set_index("SUBJID")
    died = rows["SUBJID"].map(death["EVENT"]) == 1
    status = rows["EVENT"].where(rows["EVENT"] == 1, died.astype(int) * DEATH)
    week = rows["NOMWEEK"].where(status != DEATH, rows["SUBJID"].map(death["NOMWEEK"]))
    return rows.assign(STATUS=status.astype(int), WEEK=week.astype(float))


def show(result: HbsagLoss, _view: View) -> Shown:
    """A table of the incidences."""
    rows = incidences.rows(result.incidences, CAUSES)
    reasons = sentences.refusal_texts(result.refused)
    text = T(
        "消失：HBsAg低于定量下限，至少77天后再次低于下限且其间无阳性；日期为首次阴性。第0天前已阴性者不计（{n}人）。",
        "Loss: below the limit, again at least 77 days later, no positive between; dated at the first negative."
        " Negative before Day 0: not at risk ({n}).",
    )
    note = T("{a} {b}", "{a} {b}").format(a=text.format(n=result.not_at_risk), b=FEW_NOTE)
    return Shown(tables=(Table(OUTPUT.title, incidences.HEADS, rows, empty=reasons[0] if reasons else NE, note=note),))


def expected(result: HbsagLoss) -> Numbers:
    """Every line of the table."""
    return {"not at risk": result.not_at_risk, **incidences.numbers_of(result.incidences, NAMES)}


OUTPUT = Output(
    code="hbsag_loss",
    title=T(
        "HBsAg确认消失的累积发生率（死亡为竞争事件，未调整）", "Confirmed HBsAg loss, death competing (unadjusted)"
    ),
    by_arm=True,
    result=HbsagLoss,
    compute=compute,
    show=show,
    warn=lambda result: sentences.refusal_texts(result.refused),
    expected=expected,
    places={NAMES[cause]: text for cause, text in CAUSES.items()}
    | {"not at risk": T("第0天前已阴性或无法推导者", "negative before Day 0, or not derived")},
)
