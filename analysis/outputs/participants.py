"""Participants: screened, arm chosen, analysed. Pure but for the reader's language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs.output import Output, Shown, Tile, View
from analysis.survival.results import Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


@dataclass(frozen=True)
class Participants(Result):
    """Counts of all participants, their states, and who is not analysed because the endpoint contradicts itself."""

    screened: int
    failures: int
    enrolled: int
    analysed: int
    states: dict[str, int]
    not_derived: tuple[str, ...]


def compute(data: AnalysisData) -> Participants:
    """Count the participants of the cut; enrolled is who has an arm and a Day 0."""
    people = data.tables["participants"]
    states = Counter(person["STATE"] for person in people)
    return Participants(
        screened=len(people),
        failures=states["screen_failure"],
        enrolled=sum(bool(person["ARMCD"] and person["DAY0"]) for person in people),
        analysed=len(data.primary),
        states=dict(sorted((state, n) for state, n in states.items() if n)),
        not_derived=data.not_derived,
    )


def show(result: Participants, view: View) -> Shown:
    """A tile on every page; the report prints the number analysed beside it."""
    enrolled, planned = (str(result.enrolled),), f"/ {plan.PLANNED}"
    if view is View.REPORT:
        analysed = Tile(T("纳入分析", "analysed"), (str(result.analysed),))
        return Shown(tiles=(Tile(T("已选择治疗组", "arm chosen"), enrolled, planned), analysed))
    note = T("筛选 {n}，失败 {f}", "{n} screened, {f} failures").format(n=result.screened, f=result.failures)
    return Shown(tiles=(Tile(OUTPUT.title, enrolled, planned, note),))


OUTPUT = Output(
    code="participants",
    title=T("已选择治疗组", "Arm chosen"),
    by_arm=False,
    result=Participants,
    compute=compute,
    show=show,
    warn=lambda result: result.not_derived,
)
