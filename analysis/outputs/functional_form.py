"""Are age and HBsAg linear in the log hazard of the adjusted model? Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from analysis.outputs import sentences
from analysis.outputs.balance_figures import sizes
from analysis.outputs.cox_model import why_not
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.number_texts import number, p_value
from analysis.outputs.output import Output, Panel, Row, Shown, Table, Text, View
from analysis.survival.functional_results import FunctionalForm
from analysis.survival.results import Refusal, Result
from prtras.labels import T
from prtras.ui.charts import line_chart
from prtras.ui.charts.frame import Size
from prtras.ui.charts.scales import round_steps

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

#: The continuous covariates of the plan, with their units, and the decimals of their values.
NAMES = {
    "AGE": T("年龄（岁）", "Age (years)"),
    "HBSAGLOG": T("基线HBsAg（log10 IU/mL）", "Baseline HBsAg (log10 IU/mL)"),
}
DIGITS = {"AGE": 0, "HBSAGLOG": 2}
STEP = "spline"


@dataclass(frozen=True)
class FunctionalForms(Result):
    """The covariates whose spline is estimable; `refused` says why another has none."""

    estimable: bool
    forms: tuple[FunctionalForm, ...]
    refused: tuple[Refusal, ...]
    arm_events: dict[str, int] = field(default_factory=dict)


def compute(data: AnalysisData) -> FunctionalForms:
    """A spline of each covariate in turn, in the adjusted model in nominal weeks."""
    from analysis.outputs.data import REFERENCE, TERMS
    from analysis.survival.fits import attempt
    from analysis.survival.functional_form import functional_form

    refused: list[Refusal] = []

    def form(column: str) -> FunctionalForm:
        return functional_form(data.primary, "NOMWEEK", "EVENT", TERMS, column, reference=REFERENCE)

    columns = NAMES if data.estimable else ()
    forms = tuple(filter(None, (attempt(STEP, refused, partial(form, column)) for column in columns)))
    return FunctionalForms(data.estimable, forms, tuple(refused), data.arm_events)


def show(result: FunctionalForms, view: View) -> Shown:
    """A figure per covariate, the tests, and observed against expected events by fifths."""
    heads: tuple[Text, ...] = (
        T("协变量", "Covariate"), "n", T("中位数", "Median"), T("节点", "Knots"),
        T("非线性 χ²", "Nonlinearity χ²"), "df", "p",
    )  # fmt: skip
    rows = tuple(
        Row(NAMES[form.column], (
            form.n, number(form.median, DIGITS[form.column]),
            " / ".join(number(knot, DIGITS[form.column]) for knot in form.knots), number(form.chi2, 2), form.df,
            p_value(form.p),
        ))
        for form in result.forms
    )  # fmt: skip
    empty = why_not(result.estimable, result.arm_events, result.refused)
    note = T(
        "自然三次样条（节点为第5、35、65、95百分位数）对线性的似然比检验，Cox模型含其余协变量。",
        "Likelihood ratio test of a natural cubic spline (knots at the 5th, 35th, 65th and 95th percentile) against a"
        " line, in the Cox model with the other covariates.",
    )
    table = Table(OUTPUT.title, heads, rows, empty=empty, note=note)
    tables = (table, _groups(result)) if result.forms else (table,)
    return Shown(panels=tuple(_panel(form, view) for form in result.forms), tables=tables)


def _groups(result: FunctionalForms) -> Table:
    heads: tuple[Text, ...] = (
        T("协变量（五分位组）", "Covariate (fifths)"), "n", T("事件", "Events"),
        T("线性模型的期望", "Expected by the line"), T("差（鞅残差之和）", "Difference (martingale residuals)"),
    )  # fmt: skip
    rows = [
        Row(
            T("{name} {low}–{high}", "{name} {low}–{high}").format(
                name=NAMES[form.column], low=number(group.lowest, DIGITS[form.column]),
                high=number(group.highest, DIGITS[form.column]),
            ),
            (group.n, group.events, number(group.expected, 1), number(group.events - group.expected, 1)),
        )
        for form in result.forms
        for group in form.fifths
    ]  # fmt: skip
    return Table(T("线性的拟合：观察与期望事件", "Fit of the line: observed and expected events"), heads, tuple(rows))


def _panel(form: FunctionalForm, view: View) -> Panel:
    ident = f"form-{form.column.lower()}"
    name = NAMES[form.column]
    title = T("函数形式：{name}", "Functional form: {name}").format(name=name)
    key = T("非线性检验 p = {p}", "test of nonlinearity: p = {p}").format(p=p_value(form.p))
    heads: tuple[Text, ...] = (name, T("对数风险", "Log hazard"), T("下限", "Lower"), T("上限", "Upper"))
    rows = tuple(
        Row(number(at.value, 2), (number(at.effect, 2), number(at.lower, 2), number(at.upper, 2))) for at in form.curve
    )
    caption = T(
        "相对于中位数的对数风险，阴影为95% CI，调整治疗组及其余协变量。",
        "Log hazard relative to the median, band: 95% CI, adjusted for arm and the other covariates.",
    )
    drawings = tuple(_draw(form, ident, str(title), size) for size in sizes(view))
    return Panel(ident, title, drawings, key, caption, Table(title, heads, rows), main=True)


def _draw(form: FunctionalForm, ident: str, title: str, size: Size) -> str:
    places = tuple(line_chart.Place(at.value, at.effect, at.lower, at.upper) for at in form.curve)
    first, last = form.curve[0], form.curve[-1]
    desc = T("从 {low}（{a}）到 {high}（{b}）", "from {low} ({a}) to {high} ({b})").format(
        low=number(first.value, 2), a=number(first.effect, 2), high=number(last.value, 2), b=number(last.effect, 2)
    )
    words = line_chart.Words(
        title, str(desc), str(NAMES[form.column]), str(T("对数风险（对中位数）", "Log hazard (against the median)")), ""
    )  # fmt: skip
    ticks = round_steps(first.value, last.value, 8)
    line = line_chart.Line("", "all", places)
    return line_chart.plane("plane", [line], ticks=ticks, words=words, level=0, size=size, ident=ident)


def expected(result: FunctionalForms) -> Numbers:
    """The test, the knots, the curve and the groups of every covariate."""
    numbers: Numbers = {"forms": len(result.forms)}
    for form in result.forms:
        column = form.column
        numbers |= at(column, {"n": form.n, "median": form.median, "chi2": form.chi2, "df": form.df, "p": form.p})
        numbers |= {f"{column} knot {i}": knot for i, knot in enumerate(form.knots, start=1)}
        for i, point in enumerate(form.curve, start=1):
            numbers |= at(f"{column} point {i}", vars(point))
        for i, group in enumerate(form.fifths, start=1):
            numbers |= at(f"{column} group {i}", {**vars(group), "difference": group.events - group.expected})
    return numbers


OUTPUT = Output(
    code="functional_form",
    title=T("函数形式：年龄与基线HBsAg的线性", "Functional form: linearity of age and baseline HBsAg"),
    by_arm=True,
    result=FunctionalForms,
    compute=compute,
    show=show,
    warn=lambda result: sentences.refusal_texts(result.refused),
    expected=expected,
    places=NAMES
    | {
        "forms": T("协变量数", "number of covariates"),
        "knot": T("节点{n}", "knot {n}"),
        "point": T("曲线第{n}点", "point {n} of the curve"),
        "group": T("第{n}五分位组", "fifth {n}"),
        "value": T("协变量值", "value of the covariate"),
        "effect": T("对数风险", "log hazard"),
        "lowest": T("组内最小值", "lowest value"),
        "highest": T("组内最大值", "highest value"),
        "expected": T("线性模型的期望", "expected by the line"),
        "difference": T("观察减期望", "observed minus expected"),
    },
)
