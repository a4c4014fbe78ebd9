"""Tests of proportional hazards for the adjusted Cox model. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs.balance_figures import sizes
from analysis.outputs.cox_model import why_not
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.number_texts import COLUMNS, arm_text, number, p_value
from analysis.outputs.output import Output, Panel, Row, Shown, Table, Text, View
from analysis.survival.functional_results import Residual, Smoothed
from analysis.survival.results import Refusal, Result, TransformTest
from prtras.labels import T
from prtras.ui.charts import line_chart
from prtras.ui.charts.scales import round_steps

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

#: The transforms of time, in the order of the columns; the plan reads the first.
TRANSFORMS = {
    "km": T("KM", "KM"), "rank": T("秩", "rank"), "identity": T("原时间", "identity"), "log": T("对数", "log"),
}  # fmt: skip
ARM = "ARMCDA2"
TERMS = COLUMNS | {"GLOBAL": T("整体", "Global")}
LOGLOG = T("对数负对数生存曲线", "Log minus log survival")


@dataclass(frozen=True)
class LogLog(Result):
    """log(-log S) of an arm from a nominal week on."""

    week: float
    value: float


@dataclass(frozen=True)
class ProportionalHazards(Result):
    """The tests under every transform of time; `estimable` when both arms have events enough to show them.

    `residuals` are the scaled Schoenfeld residuals of the arm with their `smooth`, `loglog` the arms' curves.
    """

    estimable: bool
    tests: tuple[TransformTest, ...]
    refused: tuple[Refusal, ...] = ()
    arm_events: dict[str, int] = field(default_factory=dict)
    residuals: tuple[Residual, ...] = ()
    smooth: tuple[Smoothed, ...] = ()
    loglog: dict[str, tuple[LogLog, ...]] = field(default_factory=dict)


def compute(data: AnalysisData) -> ProportionalHazards:
    """The tests that come with the adjusted model."""
    refused = tuple(each for each in data.adjusted.refused if each.step in ("PH test", "Cox"))
    tests = data.adjusted.ph if data.estimable else ()
    residuals, smoothed = _residuals(data) if tests else ((), ())
    loglog = _loglog(data) if residuals else {}
    return ProportionalHazards(data.estimable, data.adjusted.ph, refused, data.arm_events, residuals, smoothed, loglog)


def _residuals(data: AnalysisData) -> tuple[tuple[Residual, ...], tuple[Smoothed, ...]]:
    from analysis.outputs.data import REFERENCE, TERMS
    from analysis.survival.cox import cox
    from analysis.survival.functional_form import scaled_schoenfeld, smooth

    fit = cox(data.primary, "NOMWEEK", "EVENT", TERMS, reference=REFERENCE).fit
    residuals = scaled_schoenfeld(fit, ARM)
    return residuals, smooth(residuals)


def _loglog(data: AnalysisData) -> dict[str, tuple[LogLog, ...]]:
    """Where the curve of an arm steps, while it is neither 0 nor 1."""
    from analysis.survival.fits import curves

    return {
        curve.group: tuple(
            LogLog(week, log(-log(surv)))
            for week, surv, events in zip(curve.steps.time, curve.steps.surv, curve.steps.events, strict=True)
            if events and week > 0 and 0 < surv < 1
        )
        for curve in curves(data.primary, "NOMWEEK", "EVENT", "ARMCD", ())
    }


def show(result: ProportionalHazards, view: View) -> Shown:
    """A table of one test per covariate and the global one: the statistic of the plan, and p under each transform.

    With it two figures: residuals of the arm over time, and the curves of the arms on the scale where they would run
    side by side.
    """
    by_transform = {test.transform: {each.term: each for each in test.tests} for test in result.tests}
    shown = [name for name in TRANSFORMS if name in by_transform]
    heads: tuple[Text, ...] = (T("协变量", "Covariate"), "χ²")
    for name in shown:
        heads = (*heads, T("p（{t}）", "p ({t})").format(t=TRANSFORMS[name]))
    rows = tuple(
        Row(
            TERMS.get(term, term),
            (number(first.chi2, 2), *(p_value(by_transform[name][term].p) for name in shown)),
        )
        for term, first in (by_transform[shown[0]].items() if shown and result.estimable else ())
    )
    empty = why_not(result.estimable, result.arm_events, result.refused)
    panels = [_residual_panel(result, view)] if rows and result.smooth else []
    panels += [_loglog_panel(result, view)] if rows and any(result.loglog.values()) else []
    return Shown(panels=tuple(panels), tables=(Table(OUTPUT.title, heads, rows, empty=empty),))


def _residual_panel(result: ProportionalHazards, view: View) -> Panel:
    title = T("治疗组系数随时间的变化", "Coefficient of the arm over time")
    weeks, values = [each.time for each in result.residuals], [each.value for each in result.residuals]
    desc = T("{n}个事件", "{n} events").format(n=len(values))
    words = line_chart.Words(
        str(title), str(desc), str(T("计划访视周", "Nominal visit week")), str(T("对数风险比", "Log hazard ratio")), ""
    )
    line = line_chart.Line("", "all", tuple(line_chart.Place(s.time, s.value, s.lower, s.upper) for s in result.smooth))
    ticks = [*(tick for tick in plan.TICKS if tick < max(weeks)), max(weeks)]
    drawings = tuple(
        line_chart.plane("plane", [line], ticks=ticks, words=words, dots=list(zip(weeks, values, strict=True)),
                    level=sum(values) / len(values), size=size, ident="zph")
        for size in sizes(view)
    )  # fmt: skip
    heads: tuple[Text, ...] = (T("周", "Week"), T("平滑值", "Smooth"), T("下限", "Lower"), T("上限", "Upper"))
    rows = tuple(
        Row(number(s.time, 0), tuple(number(each, 2) for each in (s.value, s.lower, s.upper))) for s in result.smooth
    )
    caption = T(
        "点：缩放Schoenfeld残差；线：自然样条平滑及95% CI；虚线：残差均值（模型的系数）。水平即比例风险。",
        "Points: scaled Schoenfeld residuals; line: natural spline with 95% CI; dotted: their mean, the model's"
        " coefficient. A level line means proportional hazards.",
    )
    return Panel("zph", title, drawings, caption=caption, table=Table(title, heads, rows), main=True)


def _loglog_panel(result: ProportionalHazards, view: View) -> Panel:
    words = line_chart.Words(str(LOGLOG), "", str(T("周数的自然对数", "Natural logarithm of weeks")), "log(−log S)", "")
    lines = [
        line_chart.Line(
            str(arm_text(arm)), arm, tuple(line_chart.Place(log(each.week), each.value) for each in steps), stepped=True
        )
        for arm, steps in result.loglog.items()
    ]
    logs = [place.x for line in lines for place in line.places]
    ticks = round_steps(min(logs), max(logs), 6)
    drawings = tuple(
        line_chart.plane("plane", lines, ticks=ticks, words=words, size=size, ident="loglog") for size in sizes(view)
    )
    heads: tuple[Text, ...] = (T("治疗组", "Arm"), T("周", "Week"), "log(−log S)")
    rows = tuple(
        Row(arm_text(arm), (f"{each.week:g}", number(each.value, 2)))
        for arm, steps in result.loglog.items()
        for each in steps
    )
    caption = T(
        "未调整的Kaplan–Meier曲线；间距不变即比例风险。",
        "Unadjusted Kaplan–Meier curves; a constant distance means proportional hazards.",
    )
    return Panel("loglog", LOGLOG, drawings, caption=caption, table=Table(LOGLOG, heads, rows), main=True)


def expected(result: ProportionalHazards) -> Numbers:
    """Every test under every transform, while they are shown."""
    shown = result.tests if result.estimable else ()
    numbers: Numbers = {"transforms": len(shown)}
    for test in shown:
        for term in test.tests:
            numbers |= at(f"{test.transform} {term.term}", {"chi2": term.chi2, "p": term.p})
    for i, each in enumerate(result.residuals, start=1):
        numbers |= at(f"residual {i}", {"week": each.time, "value": each.value})
    for i, part in enumerate(result.smooth, start=1):
        numbers |= at(f"smooth {i}", {"week": part.time, "value": part.value, "lower": part.lower, "upper": part.upper})
    for arm, steps in result.loglog.items():
        numbers |= {f"loglog {arm} {step.week:g}": step.value for step in steps}
    return numbers


OUTPUT = Output(
    code="proportional_hazards",
    title=T("比例风险检验（Grambsch–Therneau）", "Proportional hazards test (score test)"),
    by_arm=True,
    result=ProportionalHazards,
    compute=compute,
    show=show,
    expected=expected,
    places=TRANSFORMS
    | TERMS
    | {
        f"loglog {arm}": T("{title}，{arm}，第{{n}}周", "{title}, {arm}, week {{n}}").format(title=LOGLOG, arm=text)
        for arm, text in plan.ARMS.items()
    }
    | {
        "transforms": T("时间变换数", "number of transforms"),
        "residual": T("第{n}个残差", "residual {n}"),
        "smooth": T("平滑曲线第{n}点", "point {n} of the smooth"),
        "week": T("周", "week"),
    },
)
