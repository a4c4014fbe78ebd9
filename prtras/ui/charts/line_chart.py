"""Lines with their bands, and points, on two plain axes: residuals, effects of a covariate, courses of a median.

The vertical axis goes where the values go; a band is cut where it would flatten the lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prtras.ui.charts import legend
from prtras.ui.charts.axes import axes
from prtras.ui.charts.frame import MEASURES, Frame, Measures, Size
from prtras.ui.charts.palette import INK_3, Series, series
from prtras.ui.charts.scales import Scale, require_ascending, round_steps, thinned
from prtras.ui.charts.steps import Curve
from prtras.ui.charts.svg import Child, Markup, PathData, checked_ident, circle, element, figure, line, outline, text
from prtras.ui.charts.table import room_left, table
from prtras.ui.charts.typesetting import text_width, wrap


@dataclass(frozen=True)
class Place:
    """A value at an x, with its limits where there are any."""

    x: float
    y: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Line:
    """One line; ``key`` decides its look as in ``palette.series``. ``stepped``: level until the next place.

    ``dotted`` marks the places. ``counts`` has a number for every tick of the axis, or none at all.
    """

    label: str
    key: str
    places: tuple[Place, ...]
    stepped: bool = False
    dotted: bool = False
    counts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        require_ascending([place.x for place in self.places], "the places of a line")

    @property
    def look(self) -> Series:
        """Return colour and dash."""
        return series(self.key)


@dataclass(frozen=True)
class Words:
    """Every word of the figure; ``counts`` names the numbers below the axis."""

    title: str
    desc: str
    x_axis: str
    y_axis: str
    empty: str
    counts: str = ""


def plane(
    kind: str,
    lines: Sequence[Line],
    *,
    ticks: Sequence[float],
    words: Words,
    dots: Sequence[tuple[float, float]] = (),
    level: float | None = None,
    size: Size = "wide",
    ident: str,
) -> Markup:
    """Draw lines above points; ``ticks`` make the horizontal axis, ``level`` is marked by a dotted line.

    Raises ValueError for fewer than two ticks, or counts that do not fit them.
    """
    if len(ticks) < 2 or any(each.counts and len(each.counts) != len(ticks) for each in lines):
        raise ValueError("an axis takes two ticks at least, and a count for every tick")
    measures = MEASURES[size]
    named, y = legend.key(measures, [(each.look, each.label) for each in lines if each.label], measures.strip)
    curves = [Curve(each.label, each.key, (), rows=tuple((n,) for n in each.counts)) for each in lines]
    frame = _frame(kind, lines, dots, ticks, level, measures, y, room_left(curves, (words.counts,), measures.font))
    numbers, bottom = table(frame, measures, curves, (words.counts,), frame.base + frame.font * 3.1 + 8)
    return figure(
        [
            *(text(0, measures.font, part, fill=INK_3) for part in [words.y_axis]),
            *named,
            *axes(frame, _written(frame.levels), _written(frame.labelled), words.x_axis),
            *_level(frame, level),
            *(_band(frame, each) for each in lines),
            *(circle(frame.x(x), _y(frame, v), 2.6, fill=INK_3, fill_opacity=0.45) for x, v in dots),
            *(_path(frame, each) for each in lines),
            *(mark for each in lines if each.dotted for mark in _marks(frame, each)),
            *_empty(frame, "" if dots or any(each.places for each in lines) else words.empty),
            *numbers,
        ],
        ident=f"{checked_ident(ident)}-{size}",
        kind=f"{kind} chart-{size}",
        size=(measures.width, bottom - 2),
        title=words.title,
        desc=words.desc,
        font_size=measures.font,
    )


def _frame(
    kind: str, lines: Sequence[Line], dots: Sequence[tuple[float, float]], ticks: Sequence[float],
    level: float | None, measures: Measures, head: float, room: float,
) -> Frame:  # fmt: skip
    levels = round_steps(*_span(lines, dots, level), measures.steps)
    left = max([room, *(text_width(words, measures.font) + 14 for words in _written(levels))])
    x = Scale(ticks[0], ticks[-1], left, measures.width - max(text_width(f"{ticks[-1]:g}", measures.font) / 2 + 4, 14))
    y = Scale(levels[0], levels[-1], head + 10 + measures.plot, head + 10)
    columns = thinned(len(ticks), int((x.end - x.start) / measures.column) + 1)
    return Frame(kind, measures.width, measures.font, x, y, tuple(levels), tuple(ticks), tuple(columns))


def _span(
    lines: Sequence[Line], dots: Sequence[tuple[float, float]], level: float | None
) -> tuple[float, float]:  # fmt: skip
    """The lowest and the highest value; bands may go twice as far beyond them."""
    values = [place.y for each in lines for place in each.places] + [y for _, y in dots]
    values += [] if level is None else [level]
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = 2 * (high - low) or 1.0
    lower = [place.lower for each in lines for place in each.places if place.lower is not None]
    upper = [place.upper for each in lines for place in each.places if place.upper is not None]
    return max(low - room, min([low, *lower])), min(high + room, max([high, *upper]))


def _written(values: Sequence[float]) -> list[str]:
    return [f"{value:g}".replace("-", "−") for value in values]


def _y(frame: Frame, value: float) -> float:
    return frame.y(min(max(value, frame.y.low), frame.y.high))


def _level(frame: Frame, level: float | None) -> list[Child]:
    if level is None:
        return []
    y = frame.y(level)
    return [line(frame.left, y, frame.right, y, stroke=INK_3, stroke_width=1.2, stroke_dasharray="1.5 3")]


def _band(frame: Frame, each: Line) -> Child:
    limited = [place for place in each.places if place.lower is not None and place.upper is not None]
    if len(limited) < 2:
        return None
    upper = [(frame.x(place.x), _y(frame, place.upper or 0.0)) for place in limited]
    lower = [(frame.x(place.x), _y(frame, place.lower or 0.0)) for place in reversed(limited)]
    return element("path", d=outline(*upper, *lower), fill=each.look.colour, fill_opacity=each.look.band)


def _path(frame: Frame, each: Line) -> Child:
    data = PathData()
    for n, place in enumerate(each.places):
        x, y = frame.x(place.x), _y(frame, place.y)
        if not n:
            data.move(x, y)
        elif each.stepped:
            data.across(x).up_or_down(y)
        else:
            data.to(x, y)
    if not data:
        return None
    look = each.look
    kind = f"{frame.kind}-line"
    return element(
        "path", d=str(data), class_=kind, fill="none", stroke=look.colour, stroke_width=2.2, stroke_dasharray=look.dash
    )


def _marks(frame: Frame, each: Line) -> list[Child]:
    return [circle(frame.x(place.x), _y(frame, place.y), 3, fill=each.look.colour) for place in each.places]


def _empty(frame: Frame, words: str) -> list[Child]:
    x, y = (frame.left + frame.right) / 2, (frame.top + frame.base) / 2
    parts = wrap(words, frame.font, frame.right - frame.left - 20)
    return [text(x, y + i * frame.font * 1.4, part, text_anchor="middle", fill=INK_3) for i, part in enumerate(parts)]
