"""Recurrence events against the number that the design needs. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs.expectations import Numbers
from analysis.outputs.output import Output, Shown, Tile, View
from analysis.survival.results import Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


@dataclass(frozen=True)
class Events(Result):
    """Participants analysed, and how many of them had a recurrence."""

    n: int
    events: int


def compute(data: AnalysisData) -> Events:
    """Count the primary endpoint."""
    return Events(len(data.primary), int(data.primary["EVENT"].sum()))


def show(result: Events, view: View) -> Shown:
    """A tile on every page."""
    label = T("复发事件", "recurrences") if view is View.REPORT else OUTPUT.title
    note = "" if view is View.REPORT else T("设计所需", "needed by the design")
    return Shown(tiles=(Tile(label, (str(result.events),), f"/ {plan.EVENTS_NEEDED}", note),))


def expected(result: Events) -> Numbers:
    """Participants and events."""
    return {"n": result.n, "events": result.events}


OUTPUT = Output(
    code="events",
    title=T("复发事件", "Recurrence events"),
    by_arm=False,
    result=Events,
    compute=compute,
    show=show,
    expected=expected,
)
