"""HBV DNA response and the decline of HBsAg by arm and visit; `virological_response_pooled` has them of everybody.

Pure but for the reader's language."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis import plan
from analysis.outputs.balance_figures import sizes
from analysis.outputs.characteristics import spread
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.number_texts import NE, arm_text, number, percent
from analysis.outputs.output import Output, Panel, Row, Share, Shown, Table, Text, View
from analysis.survival.results import Result
from prtras.clinical.constants import HBVDNA_IMPUTE_LLOQ, HBVDNA_LLOQ, VISIT_INTERVAL_WEEKS
from prtras.labels import T
from prtras.ui.charts import line_chart
from prtras.ui.charts.frame import Size

if TYPE_CHECKING:
    from analysis.endpoints import Tables
    from analysis.outputs.data import AnalysisData

#: The weeks at which the response of HBV DNA is read, and those of both courses.
RESPONSE_WEEKS = (24, 48, 96, 144)
WEEKS = tuple(range(VISIT_INTERVAL_WEEKS.value, plan.READ_WEEK + 1, VISIT_INTERVAL_WEEKS.value))
UNDETECTABLE, DETECTABLE = ("TND", "LLOQ_DET"), ("QUANT", "GT_ULOQ")
#: log10 of what `<LLOQ` counts as; a less sensitive assay's limit counts as more and proves nothing.
PROVEN = math.log10(float(HBVDNA_LLOQ.value * HBVDNA_IMPUTE_LLOQ.value)) + 0.005


@dataclass(frozen=True)
class Response(Result):
    """HBV DNA of a group at a week: how many were assessed, and how many were below the limit."""

    arm: str
    week: int
    assessed: int
    below: int


@dataclass(frozen=True)
class Decline(Result):
    """HBsAg less its baseline (log10 IU/mL) of a group at a week: median and quartiles; None without anybody."""

    arm: str
    week: int
    n: int
    lower: float | None
    median: float | None
    upper: float | None


@dataclass(frozen=True)
class VirologicalResponse(Result):
    """Both, by group and week."""

    responses: tuple[Response, ...]
    declines: tuple[Decline, ...]


def compute(data: AnalysisData) -> VirologicalResponse:
    """Everybody with an arm and a Day 0, by the visits of the samples."""
    return of_groups(data.tables, dict(arms(data.tables)), tuple(plan.ARMS))


def of_groups(tables: Tables, group_of: Mapping[str, str], groups: Sequence[str]) -> VirologicalResponse:
    """The same of any groups of participants."""
    from analysis.endpoints import baseline_hbsag

    samples: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in tables.get("lbviro", ()):
        if row["SUBJID"] in group_of:
            samples[row["SUBJID"]].append(row)
    virus: dict[tuple[str, int], list[bool]] = defaultdict(list)
    change: dict[tuple[str, int], list[float]] = defaultdict(list)
    for number_, rows in samples.items():
        baseline = baseline_hbsag(rows)
        by_week = {int(row["VISIT"][1:]): row for row in rows if _is_week(row["VISIT"])}
        for week, row in by_week.items():
            below = below_limit(row)
            if below is not None:
                virus[group_of[number_], week].append(below)
            if baseline is not None and row["hbsag_log"] is not None:
                change[group_of[number_], week].append(float(row["hbsag_log"]) - baseline)
    return VirologicalResponse(
        tuple(
            Response(group, week, len(virus[group, week]), sum(virus[group, week]))
            for group in groups
            for week in WEEKS
        ),
        tuple(_decline(group, week, change[group, week]) for group in groups for week in WEEKS),
    )


def arms(tables: Tables) -> Iterator[tuple[str, str]]:
    """Everybody with an arm of the plan and a Day 0, with the arm."""
    for person in tables["participants"]:
        if person["ARMCD"] in plan.ARMS and person["DAY0"]:
            yield person["SUBJID"], person["ARMCD"]


def _is_week(visit: str | None) -> bool:
    return bool(visit) and visit[:1] == "W" and visit[1:].isdigit()  # type: ignore[index]


def below_limit(row: Mapping[str, Any]) -> bool | None:
    """HBV DNA below the study's limit or not detected; None where the sample does not say."""
    quantified, log = row["hbvdna_q"], row["hbvdna_log"]
    if quantified == "LLOQ_DET" and log is not None and float(log) > PROVEN:
        return None
    return True if quantified in UNDETECTABLE else False if quantified in DETECTABLE else None


def _decline(arm: str, week: int, values: Sequence[float]) -> Decline:
    own = spread(values)
    return Decline(arm, week, len(values), own.q1, own.median, own.q3)


def show(result: VirologicalResponse, view: View) -> Shown:
    """Figures of the course of HBsAg and of HBV DNA, and a table of its response."""
    unadjusted = T("未调整。", "Unadjusted.")
    chosen = T("未调整，治疗组为选择。", "Unadjusted, the arm is chosen.")
    table = response_table(result, OUTPUT.title, T("治疗组", "Arm"), _together(RESPONSE_NOTE, unadjusted))
    head = T("治疗组", "Arm")
    figures = (
        panel(result, head, _together(CAPTION, chosen), view),
        *dna_panels(result, head, _together(RESPONSE_NOTE, chosen), view),
    )
    return Shown(panels=figures, tables=(table,))


def _together(first: T, second: T) -> T:
    return T("{a}{b}", "{a} {b}").format(a=first, b=second)


RESPONSE_NOTE = T(
    "HBV DNA低于定量下限或未检出者 / 有结果者（%）；灵敏度不足的方法低于其下限者不计。",
    "HBV DNA below the limit of quantification or not detected / assessed (%); below the limit of a less sensitive"
    " assay counts as not assessed.",
)


def response_table(result: VirologicalResponse, title: T, head: T, note: T) -> Table:
    """HBV DNA of each group at the weeks of the plan."""
    heads = (head, *(T("第{w}周", "Week {w}").format(w=week) for week in RESPONSE_WEEKS))
    groups = dict.fromkeys(each.arm for each in result.responses)
    rows = tuple(Row(arm_text(group), tuple(map(_response, _at_weeks(result.responses, group)))) for group in groups)
    return Table(title, heads, rows, note=note)


def _at_weeks(responses: Iterable[Response], group: str) -> list[Response]:
    return [each for each in responses if each.arm == group and each.week in RESPONSE_WEEKS]


def _response(each: Response) -> str:
    if not each.assessed:
        return NE
    return f"{each.below} / {each.assessed} ({Share(each.below, percent(each.below / each.assessed, 0)).percent}%)"


TITLE = T("HBsAg较基线的变化", "HBsAg: change from baseline")
#: What the figure shows of a `Decline`, by its fields.
QUARTILES = {
    "lower": T("下四分位数", "Lower quartile"), "median": T("中位数", "Median"),
    "upper": T("上四分位数", "Upper quartile"),
}  # fmt: skip
CHANGE = T("变化（log10 IU/mL）", "Change (log10 IU/mL)")


CAPTION = T(
    "中位数与四分位距，按访视；低于0.05 IU/mL者按其一半计。横轴下为有结果的人数。",
    "Median and quartiles by visit; below 0.05 IU/mL counts as half of it. Below the axis: participants assessed.",
)


def panel(result: VirologicalResponse, head: T, caption: T, view: View) -> Panel:
    """The course of HBsAg of each group."""
    declines = result.declines
    heads: tuple[Text, ...] = (head, T("周", "Week"), "n", *QUARTILES.values())
    rows = tuple(
        Row(
            arm_text(each.arm), (str(each.week), each.n, *(number(v, 2) for v in (each.lower, each.median, each.upper)))
        )
        for each in declines
    )
    drawings = tuple(_draw(declines, size) for size in sizes(view))
    return Panel("hbsag", TITLE, drawings, caption=caption, table=Table(TITLE, heads, rows), main=True)


DNA_TITLE = T("HBV DNA低于定量下限或未检出", "HBV DNA below the limit or not detected")
SHARE = T("占有结果者（%）", "Of those assessed (%)")


def dna_panels(result: VirologicalResponse, head: T, caption: T, view: View) -> tuple[Panel, ...]:
    """The share below the limit of each group at every planned visit; an older run has a few visits and no figure."""
    if {each.week for each in result.responses} < set(WEEKS):
        return ()
    heads: tuple[Text, ...] = (head, T("周", "Week"), T("低于下限 / 有结果", "Below / assessed"))
    rows = tuple(Row(arm_text(each.arm), (str(each.week), _response(each))) for each in result.responses)
    drawings = tuple(_draw_dna(result.responses, size) for size in sizes(view))
    table = Table(DNA_TITLE, heads, rows)
    return (Panel("hbvdna", DNA_TITLE, drawings, caption=caption, table=table, main=True),)


def _draw_dna(responses: Sequence[Response], size: Size) -> str:
    groups = dict.fromkeys(each.arm for each in responses)
    lines, described = [], []
    for group in groups:
        own = [each for each in responses if each.arm == group]
        places = tuple(line_chart.Place(r.week, 100 * r.below / r.assessed) for r in own if r.assessed)
        counts = tuple(r.assessed for r in own)
        lines.append(line_chart.Line(str(arm_text(group)), group, places, dotted=True, counts=counts))
        last = next((r for r in reversed(own) if r.assessed), None)
        described.append(f"{arm_text(group)}: {_response(last) if last else NE}")
    words = line_chart.Words(
        str(DNA_TITLE), "; ".join(described), str(T("计划访视周", "Nominal visit week")), str(SHARE),
        str(T("尚无可分析的数据", "No data to analyse yet")), str(T("人数", "n")),
    )  # fmt: skip
    return line_chart.plane("plane", lines, ticks=WEEKS, words=words, size=size, ident="hbvdna")


def _draw(declines: Sequence[Decline], size: Size) -> str:
    groups = dict.fromkeys(each.arm for each in declines)
    lines = [_line(group, [each for each in declines if each.arm == group]) for group in groups]
    described = "; ".join(_described(group, declines) for group in groups)
    words = line_chart.Words(
        str(TITLE), described, str(T("计划访视周", "Nominal visit week")), str(CHANGE),
        str(T("尚无可分析的数据", "No data to analyse yet")), str(T("人数", "n")),
    )  # fmt: skip
    return line_chart.plane("plane", lines, ticks=WEEKS, words=words, level=0, size=size, ident="hbsag")


def _line(arm: str, declines: Iterable[Decline]) -> line_chart.Line:
    every = tuple(declines)
    places = tuple(
        line_chart.Place(each.week, each.median, each.lower, each.upper) for each in every if each.median is not None
    )
    return line_chart.Line(str(arm_text(arm)), arm, places, dotted=True, counts=tuple(each.n for each in every))


def _described(arm: str, declines: Iterable[Decline]) -> str:
    last = next((d for d in reversed(list(declines)) if d.arm == arm and d.median is not None), None)
    return f"{arm_text(arm)}: {number(last.median, 2)}" if last else f"{arm_text(arm)}: {NE}"


def expected(result: VirologicalResponse) -> Numbers:
    """Every cell of the table, and every point of the figure."""
    numbers: Numbers = {}
    for each in result.responses:
        numbers |= at(f"{each.arm} week {each.week} HBV DNA", {"assessed": each.assessed, "below": each.below})
    for line in result.declines:
        values = {"n": line.n, "lower": line.lower, "median": line.median, "upper": line.upper}
        numbers |= at(f"{line.arm} week {line.week} HBsAg", values)
    return numbers


OUTPUT = Output(
    code="virological_response",
    title=T("病毒学应答（HBV DNA）", "Virological response (HBV DNA)"),
    by_arm=True,
    result=VirologicalResponse,
    compute=compute,
    show=show,
    expected=expected,
    places=QUARTILES
    | {
        "HBsAg": TITLE,
        "HBV DNA assessed": T("HBV DNA有结果者", "HBV DNA assessed"),
        "HBV DNA below": T("HBV DNA低于定量下限或未检出者", "HBV DNA below the limit or not detected"),
    },
)
