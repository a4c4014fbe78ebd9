"""Adverse events: participants with at least one of a kind, by chosen arm. Pure but for the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis import plan
from analysis.outputs.output import Output, Panel, Row, Share, Shown, Table, View
from analysis.outputs.texts import percent
from analysis.survival.results import Result
from prtras.labels import T
from prtras.ui.charts.micro import MicroBar, paired_bars
from visits.deriving.safety import severity

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

RELATED = ("DEFINITE", "PROBABLE", "POSSIBLE")
Kind = tuple[T, Callable[[Mapping[str, Any]], bool]]
#: The lines of the table, and which adverse events each of them counts.
KINDS: dict[str, Kind] = {
    "any": (T("任何不良事件", "Any adverse event"), lambda event: True),
    "grade3": (T("≥3级", "Grade ≥ 3"), lambda event: _grade(event) >= 3),
    "serious": (T("严重不良事件", "Serious"), lambda event: event["ae_ser"] == "Y"),
    "related": (
        T("与治疗相关", "Treatment-related"),
        lambda event: event["ae_rel_pg"] in RELATED or event["ae_rel_na"] in RELATED,
    ),
    "fatal": (T("致死", "Fatal"), lambda event: _grade(event) == 5),
}


def _grade(event: Mapping[str, Any]) -> int:
    return severity(event["ae_grade"], event["ae_out"], event["ae_sdth"]) or 0


@dataclass(frozen=True)
class SafetyLine(Result):
    """Participants with at least one adverse event of a kind: all, and in each arm."""

    kind: str
    everybody: int
    arms: dict[str, int]


@dataclass(frozen=True)
class Safety(Result):
    """The lines, and how many participants each arm has."""

    participants: dict[str, int]
    lines: tuple[SafetyLine, ...]


def compute(data: AnalysisData) -> Safety:
    """Count participants by the arm they chose."""
    people = data.tables["participants"]
    arms = {person["SUBJID"]: person["ARMCD"] for person in people if person["ARMCD"]}
    enrolled = [person["ARMCD"] for person in people if person["ARMCD"] and person["DAY0"]]
    lines = []
    for kind, (_, counts) in KINDS.items():
        affected = {event["SUBJID"] for event in data.tables["ae"] if counts(event)}
        by_arm = {arm: sum(arms.get(number) == arm for number in affected) for arm in plan.ARMS}
        lines.append(SafetyLine(kind, len(affected), by_arm))
    return Safety({arm: enrolled.count(arm) for arm in plan.ARMS}, tuple(lines))


def show(result: Safety, view: View) -> Shown:
    """A table; on the dashboard a small one with bars too."""
    rows = tuple(_row(line, result.participants) for line in result.lines)
    heads = (T("类别", "Category"), *plan.ARMS.values())
    table = Table(T("{title}:受试者数(%)", "{title}: participants (%)").format(title=OUTPUT.title), heads, rows)
    if view is View.REPORT:
        return Shown(tables=(table,))
    panel = Panel("ae", OUTPUT.title, key=T("受试者数（%）", "participants (%)"), table=table)
    return Shown(panels=(panel,), tables=(table,))


def _row(line: SafetyLine, participants: Mapping[str, int]) -> Row:
    shares = {arm: line.arms[arm] / (participants[arm] or 1) for arm in plan.ARMS}
    cells = tuple(Share(line.arms[arm], percent(share, 0)) for arm, share in shares.items())
    return Row(KINDS[line.kind][0], cells, paired_bars([MicroBar(arm, share) for arm, share in shares.items()]))


OUTPUT = Output(
    code="safety",
    title=T("不良事件", "Adverse events"),
    by_arm=True,
    result=Safety,
    compute=compute,
    show=show,
)
