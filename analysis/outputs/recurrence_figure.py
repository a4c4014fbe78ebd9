"""The figure of cumulative recurrence, pooled or by arm, in every size that a view needs.

Pure but for the reader's language.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import plan
from analysis.outputs.number_texts import FEW_NOTE, arm_text, percent, rate, rate_at, rate_in_words
from analysis.outputs.output import Panel, Row, Table, Text, Tile, View
from analysis.survival.results import StepCurve
from prtras.labels import T
from prtras.ui.charts import kaplan_meier as km

DEATHS = T(
    "假设：主要分析中，未复发即死亡者按删失处理。治疗组由研究者与受试者选择，非随机。",
    "Assumption: deaths without recurrence are censored in the primary analysis. The arm is chosen, not randomized.",
)


@dataclass(frozen=True)
class Subject:
    """What a figure of curves is about, in words: its axis, its events, who is censored, and a curve described."""

    title: T
    axis: T
    events: T
    censored: T
    described: T


RECURRENCE = Subject(
    T("累积复发率", "Cumulative recurrence"),
    T("累积复发率（%）", "Cumulative recurrence (%)"),
    T("复发", "Events"),
    T("删失", "Censored"),
    T("{arm}：{n} 人，{d} 例复发；第{w}周 {rate}", "{arm}: {n} participants, {d} events; week {w}: {rate}"),
)


def panel(curves: Sequence[StepCurve], title: T, view: View) -> Panel:
    """The figure with its heading: for the screen in two sizes with a table to be read aloud, for paper in one."""
    if view is View.REPORT:
        caption = T(
            "1 − Kaplan–Meier，计划访视周；95% CI 为 log(-log)；竖线为删失；"
            "风险人数为该周及以后仍在随访者（时间 ≥ t）。",
            "1 − Kaplan–Meier on nominal visit weeks; 95% CI log(-log); ticks = censored; number at risk: time ≥ t.",
        )
        return Panel("km", RECURRENCE.title, (draw(curves, "wide"),), caption=caption, main=True)
    key = T(
        "1 − Kaplan–Meier，计划访视周，95% CI log(-log) · 竖线=删失",
        "1 − Kaplan–Meier, nominal weeks, 95% CI log(-log) · ticks = censored",
    )
    drawings = (draw(curves, "wide"), draw(curves, "narrow"))
    return Panel("km", title, drawings, key, DEATHS, risk_table(curves), main=True)


def draw(curves: Sequence[StepCurve], size: km.Size) -> str:
    """Cumulative recurrence on nominal visit weeks with the numbers at risk below."""
    described = "; ".join(str(_described(curve)) for curve in curves)
    return draw_curves([_curve(curve) for curve in curves], described, size, "km")


def draw_curves(
    curves: Sequence[km.Curve], described: str, size: km.Size, ident: str, subject: Subject = RECURRENCE
) -> str:
    """Any curves that rise from 0 on the plan's axis."""
    return km.cumulative_recurrence(
        curves,
        ticks=plan.TICKS,
        x_label=str(T("距第0天的周数（计划访视周）", "Weeks since Day 0 (nominal visit weeks)")),
        y_label=str(subject.axis),
        read_at=plan.READ_WEEK,
        read_label=str(T("第156周", "Week 156")),
        texts=km.Texts(
            title=str(subject.title),
            desc=described,
            at_risk=str(T("风险人数", "At risk")),
            censored=str(subject.censored),
            events=str(subject.events),
            few_at_risk=str(T("风险人数少于10人", "fewer than 10 at risk")),
            empty=str(T("尚无可分析的数据", "No data to analyse yet")),
        ),
        size=size,
        ident=ident,
    )


def _described(curve: StepCurve) -> T:
    return described(curve.group, curve.n, curve.n_events, rate_in_words(curve, plan.READ_WEEK))


def described(group: str, n: int, events: int, read: Text, subject: Subject = RECURRENCE) -> T:
    """One curve in words, for who cannot see it."""
    return subject.described.format(arm=arm_text(group), n=n, d=events, w=plan.READ_WEEK, rate=read)


def _curve(curve: StepCurve) -> km.Curve:
    steps = curve.steps
    points = tuple(
        km.StepPoint(t, 1 - s, None if upper is None else 1 - upper, None if lower is None else 1 - lower)
        for t, s, lower, upper in zip(steps.time, steps.surv, steps.lower, steps.upper, strict=True)
    )
    censored = tuple(t for t, n in zip(steps.time, steps.censored, strict=True) if n and t > 0)
    rows = _counts(curve)
    few = next((at.time for at in curve.at if at.n_risk < 10), None)
    key = curve.group if curve.group in plan.ARMS else "all"
    return km.Curve(str(arm_text(curve.group)), key, points, censored, rows, few, str(_at_the_end(curve)))


def _at_the_end(curve: StepCurve) -> Text:
    """The words beside a curve: recurrence where it is read, or up to the last follow-up if that is earlier."""
    return at_the_end(curve.last_time, 1 - curve.steps.surv[-1], rate_at(curve, plan.READ_WEEK)[0])


def at_the_end(last_time: float, last: float, read: str) -> Text:
    """The percentage at the last time that is drawn: where it is read, or at the last follow-up if that is earlier."""
    if last_time >= plan.READ_WEEK:
        return read
    return T("至第{w}周 {p} %", "{p} % to week {w}").format(w=f"{last_time:g}", p=percent(last))


def _counts(curve: StepCurve) -> tuple[km.RiskCounts, ...]:
    return tuple(km.RiskCounts(at.n_risk, at.cum_censored, at.cum_events) for at in curve.at)


def risk_table(curves: Sequence[StepCurve]) -> Table:
    """The numbers below the figure as a table."""
    return counts_table([(curve.group, _counts(curve), [rate(at) for at in curve.at]) for curve in curves])


def counts_table(
    groups: Sequence[tuple[str, Sequence[km.RiskCounts], Sequence[tuple[str, str]]]], subject: Subject = RECURRENCE
) -> Table:
    """What is drawn at the ticks of any figure as a table, by group: numbers below it, and estimate with limits."""
    head = T("{arm} {what}", "{arm} {what}")
    rows: list[Row] = []
    for group, counts, rates in groups:
        rows += [
            Row(head.format(arm=arm_text(group), what=what), tuple(getattr(each, name) for each in counts))
            for what, name in (
                (T("风险集", "at risk"), "at_risk"),
                (_within(subject.censored), "censored"),
                (_within(subject.events), "events"),
            )
        ]
        estimates = tuple("\n".join(each) for each in rates)
        rows.append(Row(head.format(arm=arm_text(group), what=_within(subject.axis)), estimates))
    heads: tuple[Text, ...] = (T("周", "Week"), *map(str, plan.TICKS))
    caption = T("各周的风险人数（时间 ≥ t）与估计值", "At risk (time ≥ t) and the estimate at each week")
    return Table(caption, heads, tuple(rows), note=FEW_NOTE)


def _within(text: T) -> T:
    """A word as it stands within a line."""
    return T(text.zh, text.en[:1].lower() + text.en[1:])


def tile(curves: Sequence[StepCurve | None]) -> Tile:
    """Recurrence at the interim week, and in the note at the week of the primary reading; one value per curve."""
    interim = [rate_at(curve, plan.INTERIM_WEEK) for curve in curves]
    read = [rate_in_words(curve, plan.READ_WEEK) for curve in curves]
    label = T("第{w}周累积复发率", "Recurrence at week {w}").format(w=plan.INTERIM_WEEK)
    note: Text = T("95% CI {limits} · 第{w}周：{read}", "95% CI {limits} · week {w}: {read}").format(
        limits=" · ".join(limits for _, limits in interim),
        w=plan.READ_WEEK,
        read=T("；".join(text.zh for text in read), "; ".join(text.en for text in read)),
    )
    return Tile(label, tuple(estimate for estimate, _ in interim), note=note)
