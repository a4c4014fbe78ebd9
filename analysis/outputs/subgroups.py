"""The adjusted hazard ratio of the arm within levels of age, sex, stage and HBsAg, and whether it differs between them.

One test per subgroup, that of the product of arm and level (Wald); no p-value within a level: Wang et al. (N Engl J Med
2007;357:2189). Pure but for the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs import forest_figure
from analysis.outputs.estimates import ANALYSES, PLACES, Estimate, estimate_numbers, heads, row
from analysis.outputs.expectations import Numbers, term_numbers
from analysis.outputs.forest_figure import Drawn
from analysis.outputs.number_texts import is_estimate, p_value
from analysis.outputs.output import Output, Row, Shown, Table, View
from analysis.survival.results import Result, Term
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

CAPTION = T(
    "各亚组内Cox模型调整后风险比（计划访视周；年龄、BCLC、HBsAg，BCLC亚组内不含BCLC）；p为治疗组与亚组交互的Wald检验。"
    "亚组分析为探索性。",
    "Hazard ratios within levels by Cox with age, BCLC, HBsAg (within BCLC stages without BCLC) on nominal visit weeks;"
    " p is the Wald test of arm by subgroup. Subgroups are exploratory.",
)


@dataclass(frozen=True)
class Subgroup(Result):
    """The estimates at the levels of one subgroup, and the term of arm by level, None where it was refused."""

    levels: dict[str, Estimate]
    product: Term | None

    @property
    def interaction(self) -> Term | None:
        """The product's term as far as it may be shown: with a hazard ratio at every level."""
        every = all(each.shown for each in self.levels.values())
        return self.product if every and is_estimate(self.product) else None


@dataclass(frozen=True)
class Subgroups(Result):
    """Everybody, and the subgroups by the names of plan.SUBGROUPS."""

    planned: Estimate
    subgroups: dict[str, Subgroup]


def compute(data: AnalysisData) -> Subgroups:
    """Fit every level, and the product of arm and level."""
    from analysis.outputs.sensitivity_fits import of_subgroup

    fits = {name: of_subgroup(data, name) for name in plan.SUBGROUPS}
    return Subgroups(data.estimates["planned"], {name: Subgroup(levels, term) for name, (levels, term) in fits.items()})


def show(result: Subgroups, view: View) -> Shown:
    """The figure, and a table with the sizes of the arms at every level."""
    panel = forest_figure.panel(tuple(_drawn(result)), "subgroups", OUTPUT.title, CAPTION, view)
    top = heads(T("亚组", "Subgroup"), tuple(plan.ARMS.values()))[:-1]
    return Shown(panels=(panel,), tables=(Table(OUTPUT.title, top, tuple(_rows(result)), note=CAPTION),))


def _title(name: str, subgroup: Subgroup) -> T:
    """The subgroup with the p-value of its interaction."""
    p = p_value(subgroup.interaction.p if subgroup.interaction else None)
    return T("{name}（交互p {p}）", "{name} (interaction p {p})").format(name=plan.SUBGROUPS[name].text, p=p)


def _drawn(result: Subgroups) -> Iterator[Drawn]:
    yield Drawn(ANALYSES["planned"], result.planned)
    for name, planned in plan.SUBGROUPS.items():
        if name in result.subgroups:
            yield Drawn(_title(name, result.subgroups[name]))
            for level, text in planned.levels.items():
                yield Drawn(text, result.subgroups[name].levels[level])


def _rows(result: Subgroups) -> Iterator[Row]:
    for each in _drawn(result):
        if each.estimate is None:
            yield Row(each.label, ())
        else:
            line = row(each.label, each.estimate, tuple(plan.ARMS))
            yield line if line.instead else Row(line.head, line.cells[:-1])


def expected(result: Subgroups) -> Numbers:
    """Everybody, every level, and the interactions."""
    numbers = estimate_numbers("planned", result.planned)
    for name, subgroup in result.subgroups.items():
        for level, each in subgroup.levels.items():
            numbers |= estimate_numbers(f"{name} {level}", each)
        numbers |= term_numbers(f"{name} interaction", subgroup.interaction)
    return numbers


OUTPUT = Output(
    code="subgroups",
    title=T("亚组分析", "Subgroups"),
    by_arm=True,
    result=Subgroups,
    compute=compute,
    show=show,
    expected=expected,
    places=PLACES
    | {"interaction": T("交互", "interaction")}
    | {name: subgroup.text for name, subgroup in plan.SUBGROUPS.items()}
    | {
        f"{name} {level}": T("{name}：{level}", "{name}: {level}").format(name=subgroup.text, level=text)
        for name, subgroup in plan.SUBGROUPS.items()
        for level, text in subgroup.levels.items()
    },
)
