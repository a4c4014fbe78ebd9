"""Confirmed HBsAg loss with death as a competing event, by arm. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs import sentences
from analysis.outputs.competing_risks import CauseAt
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.output import Output, Row, Shown, Table, Text, View
from analysis.outputs.texts import FEW, FEW_NOTE, NE, arm_text, limits, percent
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
    from analysis.survival.competing import cumulative_incidence
    from analysis.survival.fits import attempt

    rows, refused = with_death(data), list[Refusal]()
    curves = None
    if not rows.empty:
        curves = attempt("cif", refused, lambda: cumulative_incidence(
            rows, "WEEK", "STATUS", "ARMCD", causes=tuple(CAUSES), times=(float(plan.READ_WEEK),)
        ))  # fmt: skip
    return HbsagLoss(
        tuple(
            CauseAt(g.group, c.cause, g.n, c.n_events, at.n_risk, at.cif, at.lo_loglog, at.hi_loglog)
            for g in (curves.groups if curves else ())
            for c in g.causes
            for at in c.at
        ),
        len(data.endpoint("OS")) - len(rows),
        tuple(refused),
    )


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
    heads: tuple[Text, ...] = (
        T("治疗组 · 事件", "Arm · event"), "n", T("事件", "Events"),
        T("第{w}周", "Week {w}").format(w=plan.READ_WEEK), "95% CI",
    )  # fmt: skip
    rows = tuple(map(_row, sorted(result.incidences, key=lambda line: line.cause)))
    reasons = sentences.refusal_texts(result.refused)
    text = T(
        "消失：HBsAg低于定量下限，至少77天后再次低于下限且其间无阳性；日期为首次阴性。第0天前已阴性者不计（{n}人）。",
        "Loss: below the limit, again at least 77 days later, no positive between; dated at the first negative."
        " Negative before Day 0: not at risk ({n}).",
    )
    note = T("{a} {b}", "{a} {b}").format(a=text.format(n=result.not_at_risk), b=FEW_NOTE)
    return Shown(tables=(Table(OUTPUT.title, heads, rows, empty=reasons[0] if reasons else NE, note=note),))


def _row(line: CauseAt) -> Row:
    head = T("{arm} · {cause}", "{arm} · {cause}").format(arm=arm_text(line.arm), cause=CAUSES[line.cause])
    few = FEW if line.n_risk < plan.FEW_AT_RISK else ""
    value = NE if line.value is None else f"{percent(line.value)} %{few}"
    known = line.lower is not None and line.upper is not None
    return Row(head, (line.n, line.events, value, _limits(line) if known else NE))


def _limits(line: CauseAt) -> str:
    assert line.lower is not None
    assert line.upper is not None
    return limits(100 * line.lower, 100 * line.upper, 1)


def expected(result: HbsagLoss) -> Numbers:
    """Every line of the table."""
    numbers: Numbers = {"not at risk": result.not_at_risk}
    for line in result.incidences:
        known = line.lower is not None and line.upper is not None
        counts = {"n": line.n, "events": line.events, "at risk": line.n_risk}
        values = {"value": line.value, "lower": line.lower if known else None, "upper": line.upper if known else None}
        numbers |= at(f"{line.arm} {NAMES[line.cause]}", {**counts, **values})
    return numbers


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
