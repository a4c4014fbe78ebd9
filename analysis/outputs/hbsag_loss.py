"""Confirmed HBsAg loss with death as a competing event, and what became of it, by arm.

`hbsag_loss_pooled` shows the same of everybody.

Pure but for the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs import incidences, sentences
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.incidence import IncidenceCurve, incidence_numbers, panel
from analysis.outputs.incidences import CauseAt
from analysis.outputs.number_texts import FEW_NOTE, NE, arm_text
from analysis.outputs.output import Output, Panel, Row, Shown, Table, Text, View
from analysis.outputs.recurrence_figure import Subject
from analysis.survival.results import Refusal, Result
from labs.deriving.virology import PROTECTED, is_protected
from prtras.clinical.constants import FUNCURE_OFFTX_DAYS, FUNCURE_RULE
from prtras.labels import T

if TYPE_CHECKING:
    import pandas as pd

    from analysis.outputs.data import AnalysisData

LOSS, DEATH = 1, 2
CAUSES = {LOSS: T("HBsAg确认消失", "Confirmed HBsAg loss"), DEATH: T("未消失即死亡", "Death without it")}
NAMES = {LOSS: "loss", DEATH: "death"}
SUBJECT = Subject(
    T("HBsAg确认消失的累积发生率", "Cumulative incidence of confirmed HBsAg loss"),
    T("累积发生率（%）", "Cumulative incidence (%)"),
    T("消失", "Lost HBsAg"),
    T("删失或死亡", "Censored or died"),
    T("{arm}：{n} 人，{d} 例消失；第{w}周 {rate}", "{arm}: {n} participants, {d} lost HBsAg; week {w}: {rate}"),
)


@dataclass(frozen=True)
class Outcomes(Result):
    """Of those at risk in a group: loss, and after it functional cure, anti-HBs, HBsAg positive again; ever so far."""

    arm: str
    n: int
    loss: int
    cure: int
    antibody: int
    again: int


@dataclass(frozen=True)
class HbsagLoss(Result):
    """Both incidences at the read week, by group; `not_at_risk` were negative up to Day 0, or could not be derived."""

    incidences: tuple[CauseAt, ...]
    not_at_risk: int
    refused: tuple[Refusal, ...]
    curves: tuple[IncidenceCurve, ...] = ()
    outcomes: tuple[Outcomes, ...] = ()


def compute(data: AnalysisData) -> HbsagLoss:
    """Everybody with an arm who was not negative at Day 0, on nominal visit weeks."""
    return of_groups(data, with_death(data), plan.ARMS)


def of_groups(data: AnalysisData, rows: pd.DataFrame, groups: Iterable[str]) -> HbsagLoss:
    """The same of any groups that ARMCD names."""
    refused: list[Refusal] = []
    curves = None if rows.empty else incidences.curves(rows, "WEEK", CAUSES, refused)
    return HbsagLoss(
        incidences.at_read_week(curves), len(data.endpoint("OS")) - len(rows), tuple(refused),
        incidences.drawn(rows, "WEEK", curves, LOSS), tuple(_outcomes(data, rows, groups)),
    )  # fmt: skip


def _outcomes(data: AnalysisData, rows: pd.DataFrame, groups: Iterable[str]) -> Iterator[Outcomes]:
    """By the computed status of the samples and anti-HBs, of those with confirmed loss."""
    lost = {str(who): str(day) for who, day in rows.loc[rows["EVENT"] == 1, ["SUBJID", "ADT"]].itertuples(index=False)}
    cured, protected, again = set[str](), set[str](), set[str]()
    for sample in data.tables.get("lbviro", ()):
        who, day = sample["SUBJID"], sample["viro_date"]
        if who not in lost or not day or day < lost[who]:
            continue
        cured |= {who} if sample["hbsag_status"] == "FUNCURE" else set()
        again |= {who} if sample["hbsag_status"] == "REVERTED" else set()
        titre = sample["hbsab_val"]
        seroconverted = is_protected(None if titre is None else Decimal(titre), sample["hbsab_q"])
        protected |= {who} if seroconverted else set()
    for arm in groups:
        own = set(rows.loc[rows["ARMCD"] == arm, "SUBJID"])
        yield Outcomes(arm, len(own), *(len(own & each) for each in (lost.keys(), cured, protected, again)))


def with_death(data: AnalysisData) -> pd.DataFrame:
    """The rows of TTHBSL with WEEK and STATUS: whoever died without loss leaves at death, not at the last sample."""
    rows = data.endpoint("TTHBSL")
    death = data.endpoint("OS").set_index("SUBJID")
    died = rows["SUBJID"].map(death["EVENT"]) == 1
    status = rows["EVENT"].where(rows["EVENT"] == 1, died.astype(int) * DEATH)
    week = rows["NOMWEEK"].where(status != DEATH, rows["SUBJID"].map(death["NOMWEEK"]))
    return rows.assign(STATUS=status.astype(int), WEEK=week.astype(float))


def show(result: HbsagLoss, view: View) -> Shown:
    """A figure of the incidence of loss, a table of both incidences, and what became of it."""
    chosen = T("未调整，治疗组为选择。", "Unadjusted, the arm is chosen.")
    caption = T("{a}{b}", "{a} {b}").format(a=CAPTION, b=chosen)
    tables = (incidence_table(result, OUTPUT.title, incidences.HEADS), outcome_table(result, T("治疗组", "Arm")))
    return Shown(panels=figure(result, caption, view), tables=tables)


def incidence_table(result: HbsagLoss, title: T, heads: tuple[Text, ...]) -> Table:
    """Both incidences of each group."""
    rows = incidences.rows(result.incidences, CAUSES)
    reasons = sentences.refusal_texts(result.refused)
    text = T(
        "消失：HBsAg低于定量下限，至少77天后再次低于下限且其间无阳性；日期为首次阴性。第0天前已阴性者不计（{n}人）。",
        "Loss: below the limit, again at least 77 days later, no positive between; dated at the first negative."
        " Negative before Day 0: not at risk ({n}).",
    )
    note = T("{a} {b}", "{a} {b}").format(a=text.format(n=result.not_at_risk), b=FEW_NOTE)
    return Table(title, heads, rows, empty=reasons[0] if reasons else NE, note=note)


CAPTION = T("死亡为竞争事件，计划访视周；95% CI为log(-log)。", "Death competes; nominal visit weeks; 95% CI log(-log).")


def figure(result: HbsagLoss, caption: T, view: View) -> tuple[Panel, ...]:
    """The incidence of loss; nothing without a curve."""
    if not result.curves:
        return ()
    return (panel(result.curves, "hbsagloss", SUBJECT.title, caption, view, SUBJECT),)


def outcome_table(result: HbsagLoss, head: T) -> Table:
    """What became of a loss in each group."""
    heads = (head, *OUTCOMES.values())
    rows = tuple(Row(arm_text(o.arm), (o.n, o.loss, o.cure, o.antibody, o.again)) for o in result.outcomes)
    note = T(
        "截至截止日期曾达到者。功能性治愈：{rule}停药至少{days}天后HBsAg仍消失且HBV DNA检测不到。",
        "Ever up to the cut-off date. Functional cure: HBsAg lost and HBV DNA undetectable {days} days or more after"
        " {rule}.",
    )
    return Table(
        T("HBsAg消失之后", "After HBsAg loss"), heads, rows,
        note=note.format(rule=_RULES[FUNCURE_RULE.value], days=FUNCURE_OFFTX_DAYS.value),
    )  # fmt: skip


_RULES = {
    "OFF_ALL": T("核苷（酸）类似物与聚乙二醇干扰素均", "the end of the analogues and of peginterferon"),
    "OFF_PEGIFN": T("聚乙二醇干扰素", "the end of peginterferon"),
}
#: What is counted of an arm, by its field.
OUTCOMES = {
    "n": T("有风险者", "At risk"), "loss": T("确认消失", "Confirmed loss"), "cure": T("功能性治愈", "Functional cure"),
    "antibody": T("表面抗体 ≥{n} mIU/mL", "Anti-HBs ≥ {n} mIU/mL").format(n=PROTECTED),
    "again": T("再次阳性", "Positive again"),
}  # fmt: skip


def expected(result: HbsagLoss) -> Numbers:
    """Every line of both tables, and every point of the figure."""
    numbers: Numbers = {"not at risk": result.not_at_risk, **incidences.numbers_of(result.incidences, NAMES)}
    for each in result.outcomes:
        numbers |= at(f"{each.arm} ever", {name: getattr(each, name) for name in OUTCOMES})
    for curve in result.curves:
        numbers |= incidence_numbers(curve)
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
    | OUTCOMES
    | {
        "not at risk": T("第0天前已阴性或无法推导者", "negative before Day 0, or not derived"),
        "ever": T("曾达到", "ever"),
        "n": T("人数", "participants"),
        NAMES[LOSS]: CAUSES[LOSS],
    },
)
