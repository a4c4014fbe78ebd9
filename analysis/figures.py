"""From results to figures: the same SVG for screen, print and PDF. Pure but for the reader's language."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from analysis import plan
from prtras.labels import T
from prtras.ui.charts import accrual as accrual_chart
from prtras.ui.charts import kaplan_meier as km
from prtras.ui.charts.micro import MicroBar, paired_bars, progress_bar
from prtras.ui.charts.scales import DateTick, month_starts

Plain = dict[str, Any]


def percent(value: float | None, digits: int = 1) -> str:
    """A proportion as people read it; NE where it is not estimable."""
    return "NE" if value is None else f"{100 * value:.{digits}f}"


def at_week(curve: Plain, week: float) -> Plain | None:
    """The curve as read at a week."""
    return next((row for row in curve["at"] if row["time"] == week), None)


def recurrence(row: Plain | None) -> dict[str, str]:
    """Cumulative recurrence with its limits (log-log), as texts."""
    if row is None or row["surv"] is None:
        return {"estimate": "NE", "limits": "NE"}
    lower, upper = row["lo_loglog"], row["hi_loglog"]
    limits = "NE" if not row["limits_estimable"] or lower is None else f"{percent(1 - upper)}–{percent(1 - lower)}"
    return {"estimate": f"{percent(row['cum_incidence'])} %", "limits": limits}


def kaplan_meier(curves: Sequence[Plain], size: str, ident: str) -> str:
    """Cumulative recurrence on nominal visit weeks with the risk table."""
    drawn = [_curve(curve) for curve in curves]
    return km.cumulative_recurrence(
        drawn,
        ticks=plan.TICKS,
        x_label=str(T("距第0天的周数（计划访视周）", "Weeks since Day 0 (nominal visit weeks)")),
        y_label=str(T("累积复发率（%）", "Cumulative recurrence (%)")),
        read_at=plan.READ_WEEK,
        read_label=str(T("第156周", "Week 156")),
        texts=km.Texts(
            title=str(T("累积复发率", "Cumulative recurrence")),
            desc=_described(curves),
            at_risk=str(T("风险人数", "At risk")),
            censored=str(T("删失", "Censored")),
            events=str(T("复发", "Events")),
            few_at_risk=str(T("风险人数少于10人", "fewer than 10 at risk")),
            empty=str(T("尚无可分析的数据", "No data to analyse yet")),
        ),
        size=size,  # type: ignore[arg-type]
        ident=ident,
    )


def _described(curves: Sequence[Plain]) -> str:
    parts = [
        str(T("{arm}：{n} 人，{d} 例复发", "{arm}: {n} participants, {d} events").format(
            arm=arm_text(c["group"]), n=c["n"], d=c["n_events"]))
        for c in curves
    ]  # fmt: skip
    return "; ".join(parts)


def arm_text(arm: str) -> T:
    """The arm's name, or all participants."""
    return plan.ARMS.get(arm, T("全部受试者", "All participants"))


def _curve(curve: Plain) -> km.Curve:
    steps = curve["steps"]
    points = tuple(
        km.StepPoint(t, 1 - s, None if hi is None else 1 - hi, None if lo is None else 1 - lo)
        for t, s, lo, hi in zip(steps["time"], steps["surv"], steps["lower"], steps["upper"], strict=True)
    )
    censored = tuple(t for t, n in zip(steps["time"], steps["censored"], strict=True) if n and t > 0)
    rows = tuple(km.RiskCounts(a["n_risk"], a["cum_censored"], a["cum_events"]) for a in curve["at"])
    few = next((a["time"] for a in curve["at"] if a["n_risk"] < 10), None)
    key = curve["group"] if curve["group"] in plan.ARMS else "all"
    return km.Curve(str(arm_text(curve["group"])), key, points, censored, rows, few)


def accrual(rows: Sequence[Plain], today: date, size: str) -> str:
    """Participants with a chosen arm against a straight plan to 332 over the planned accrual."""
    actual = [accrual_chart.CountOnDay(date.fromisoformat(row["day"]), row["n"]) for row in rows]
    first = actual[0].day if actual else today
    goal = date(first.year + 2, first.month, 1)
    axis = [DateTick(d, f"{d:%Y-%m}") for d in month_starts(first, goal, 6)]
    text = T("已入组 {n} / {target}", "{n} of {target} enrolled").format(n=len(rows), target=plan.PLANNED)
    return accrual_chart.cumulative_accrual(
        actual, [], target=plan.PLANNED, today=today, axis=axis,
        texts=accrual_chart.Texts(
            str(T("入组进度", "Accrual")), str(text), str(T("今天", "Today")), str(T("目标", "target")),
            str(T("计划", "plan")), str(text),
        ),
        size=size, ident="accrual",  # type: ignore[arg-type]
    )  # fmt: skip


def progress(value: float, maximum: float, ident: str, title: str) -> str:
    """A bar of how far along."""
    return progress_bar(value, maximum, ident=ident, title=title)


def pair(first: float, second: float) -> str:
    """Two small bars, one per arm."""
    return paired_bars([MicroBar("A1", first), MicroBar("A2", second)])
