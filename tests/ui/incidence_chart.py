"""A curve that the product does not draw yet: cumulative incidence of competing events, from the shared parts.

It shows what a new curve costs; the test beside it counts its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prtras.ui.charts.frame import Size
from prtras.ui.charts.step_figure import Words, step_figure
from prtras.ui.charts.steps import Curve, StepPoint
from prtras.ui.charts.svg import Markup


@dataclass(frozen=True)
class Incidence:
    """What is known at one time: at risk, events of the cause so far, cumulative incidence and its limits."""

    time: float
    at_risk: int
    events: int
    incidence: float
    lower: float | None = None
    upper: float | None = None


def cumulative_incidence(
    causes: Sequence[tuple[str, Sequence[Incidence]]], *, last_time: float, words: Words, size: Size = "wide"
) -> Markup:
    """Draw one curve per cause, each with its numbers at risk and events under every time that it was read at."""
    curves = [
        Curve(
            label=cause,
            key=f"cause{number}",
            points=tuple(StepPoint(row.time, row.incidence, row.lower, row.upper) for row in rows),
            censor_times=(last_time,),
            rows=tuple((row.at_risk, row.events) for row in rows),
        )
        for number, (cause, rows) in enumerate(causes, start=1)
    ]
    ticks = [row.time for row in causes[0][1]] if causes else [0.0]
    return step_figure("cif", curves, ticks=ticks, words=words, size=size, ident="cif")
