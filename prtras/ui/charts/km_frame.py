"""Where everything of the recurrence figure goes, for a wide page and for a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from prtras.ui.charts.km_data import Curve
from prtras.ui.charts.scales import Scale, percent_steps, thinned
from prtras.ui.charts.typesetting import text_width, wrap

Size = Literal["wide", "narrow"]


@dataclass(frozen=True)
class Texts:
    """Every word of the figure, in the reader's language."""

    title: str
    desc: str
    at_risk: str
    censored: str
    events: str
    few_at_risk: str
    empty: str


@dataclass(frozen=True)
class Measures:
    """The sizes of one layout; on a phone the type is larger because the picture shrinks."""

    width: float
    font: float
    plot: float
    row: float
    column: float
    y_steps: int
    label_room: float


MEASURES: dict[Size, Measures] = {
    "wide": Measures(width=860, font=13, plot=204, row=16, column=42, y_steps=7, label_room=178),
    "narrow": Measures(width=360, font=13.5, plot=196, row=18, column=52, y_steps=5, label_room=0),
}


@dataclass(frozen=True)
class Frame:
    """The plotting area, its scales and the ticks that get a column."""

    size: Size
    measures: Measures
    x: Scale
    y: Scale
    y_ticks: tuple[float, ...]
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
        """Return the y of the highest gridline."""
        return self.y.end

    @property
    def base(self) -> float:
        """Return the y of the horizontal axis."""
        return self.y.start

    @property
    def end(self) -> float:
        """Return the last time on the axis."""
        return self.x.high


def frame(curves: Sequence[Curve], ticks: Sequence[float], texts: Texts, size: Size, head: float) -> Frame:
    """Lay the figure out below a head of the given height."""
    measures = MEASURES[size]
    left, right = _left(curves, texts, measures), measures.width - _right_margin(curves, ticks, measures)
    x = Scale(0, max(ticks[-1], 1e-9) if ticks[-1] > 0 else 1, left, right)
    y_ticks = percent_steps(_highest(curves, x.high), measures.y_steps)
    y = Scale(0, y_ticks[-1], head + measures.plot, head)
    columns = thinned(len(ticks), int((right - left) / measures.column) + 1)
    return Frame(size, measures, x, y, tuple(y_ticks), tuple(ticks), tuple(columns))


def _highest(curves: Sequence[Curve], until: float) -> float:
    """Return the highest value the axis has to hold; 20 % when there is hardly anything."""
    shown = [p for curve in curves for p in curve.points if p.time <= until]
    return max([0.2, *(max(p.recurrence, p.upper or 0) for p in shown)])


def _left(curves: Sequence[Curve], texts: Texts, measures: Measures) -> float:
    """Leave room for the row names of the table, or for the percentages of the axis."""
    if not any(curve.rows for curve in curves):
        return text_width("100%", measures.font) + 12
    names = max(text_width(n, measures.font) for n in (texts.at_risk, texts.censored, texts.events))
    first = max(text_width(str(curve.rows[0].at_risk), measures.font) for curve in curves if curve.rows)
    return max(names + 14 + first / 2, text_width("100%", measures.font) + 12)


def _right_margin(curves: Sequence[Curve], ticks: Sequence[float], measures: Measures) -> float:
    """Leave room for half a tick label, and on a wide page for the labels of the curves."""
    half = text_width(f"{ticks[-1]:g}", measures.font) / 2 + 4
    if not measures.label_room or not curves:
        return max(half, 14)
    written = [words for curve in curves for words in label_lines(curve, measures)]
    widest = max(text_width(words, measures.font, bold=True) for words in written)
    return max(half, widest + 18)


def label_lines(curve: Curve, measures: Measures) -> list[str]:
    """Return the label beside a curve, broken into lines, its final value last."""
    lines = wrap(curve.label, measures.font, measures.label_room, bold=True)
    return [*lines, *wrap(curve.value, measures.font, measures.label_room)]
