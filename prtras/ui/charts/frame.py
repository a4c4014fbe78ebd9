"""The plotting area that every curve shares, and the measures of a wide page and of a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from prtras.ui.charts.scales import Scale, percent_steps, thinned

Size = Literal["wide", "narrow"]


@dataclass(frozen=True)
class Measures:
    """The sizes of one layout; on a phone the type is larger because the picture shrinks."""

    width: float
    font: float
    plot: float
    row: float
    column: float
    steps: int
    label_room: float

    @property
    def strip(self) -> float:
        """Return the height of one line of words above the plot."""
        return self.font * 1.45


MEASURES: dict[Size, Measures] = {
    "wide": Measures(width=860, font=13, plot=204, row=16, column=42, steps=7, label_room=178),
    "narrow": Measures(width=360, font=13.5, plot=196, row=18, column=52, steps=5, label_room=0),
}


@dataclass(frozen=True)
class Frame:
    """The plotting area: its scales, the levels with a gridline, and the ticks, some of which get a label.

    ``kind`` begins the classes of what is drawn in it; ``columns`` are the positions of the labelled ticks.
    """

    kind: str
    width: float
    font: float
    x: Scale
    y: Scale
    levels: tuple[float, ...]
    ticks: tuple[float, ...]
    columns: tuple[int, ...]

    @property
    def left(self) -> float:
        """Return the x of the vertical axis."""
        return self.x.start

    @property
    def right(self) -> float:
        """Return the x where the axis ends."""
        return self.x.end

    @property
    def top(self) -> float:
        """Return the y of the highest level."""
        return self.y.end

    @property
    def base(self) -> float:
        """Return the y of the horizontal axis."""
        return self.y.start

    @property
    def end(self) -> float:
        """Return the last time on the axis."""
        return self.x.high

    @property
    def labelled(self) -> list[float]:
        """Return the ticks that get a label."""
        return [self.ticks[i] for i in self.columns]


def percent_frame(
    kind: str,
    measures: Measures,
    ticks: Sequence[float],
    highest: float,
    margins: tuple[float, float],
    head: float,
) -> Frame:
    """Lay out proportions over time, below a head and between two margins; from zero, never cut."""
    x = Scale(0, max(ticks[-1], 1e-9) if ticks[-1] > 0 else 1, margins[0], measures.width - margins[1])
    levels = percent_steps(highest, measures.steps)
    y = Scale(0, levels[-1], head + measures.plot, head)
    columns = thinned(len(ticks), int((x.end - x.start) / measures.column) + 1)
    return Frame(kind, measures.width, measures.font, x, y, tuple(levels), tuple(ticks), tuple(columns))
