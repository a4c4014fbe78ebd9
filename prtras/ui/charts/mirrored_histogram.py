"""Two groups' distributions over the same bars, one upwards and one downwards: where they overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prtras.ui.charts import legend
from prtras.ui.charts.axes import axes
from prtras.ui.charts.frame import MEASURES, Frame, Size
from prtras.ui.charts.palette import CONTROL, INK_3, Series, series
from prtras.ui.charts.scales import Scale, count_steps
from prtras.ui.charts.svg import Child, Markup, checked_ident, figure, line, rect, text
from prtras.ui.charts.typesetting import text_width


@dataclass(frozen=True)
class Bar:
    """How many of the upper and of the lower group lie between two values."""

    start: float
    end: float
    above: int
    below: int


@dataclass(frozen=True)
class Words:
    """Every word of the figure; the names of the groups, the upper one first, stand above."""

    title: str
    desc: str
    x_axis: str
    y_axis: str
    above: str
    below: str


def mirrored(
    bars: Sequence[Bar], keys: tuple[str, str], ticks: Sequence[float], words: Words, *, size: Size, ident: str
) -> Markup:
    """Draw the bars of the group ``keys[0]`` up and of ``keys[1]`` down; ``ticks`` make the axis."""
    measures = MEASURES[size]
    highest = max([1, *(max(bar.above, bar.below) for bar in bars)])
    steps = count_steps(highest, 3)
    levels = sorted({-n for n in steps} | set(steps))
    left = text_width(str(highest), measures.font) + 14
    looks = series(keys[0]), series(keys[1])
    named, y = legend.key(measures, list(zip(looks, (words.above, words.below), strict=True)), measures.strip)
    top = y + 10
    x = Scale(ticks[0], ticks[-1], left, measures.width - 16)
    up = Scale(-highest, highest, top + measures.plot, top)
    every = tuple(range(len(ticks)))
    frame = Frame("mirror", measures.width, measures.font, x, up, tuple(map(float, levels)), tuple(ticks), every)
    return figure(
        [
            text(0, measures.font, words.y_axis, fill=INK_3),
            *axes(frame, [f"{abs(level):g}" for level in levels], [f"{tick:g}" for tick in ticks], words.x_axis),
            *(each for bar in bars for each in _bars(frame, bar, looks)),
            line(frame.left, up(0), frame.right, up(0), stroke=CONTROL),
            *named,
        ],
        ident=f"{checked_ident(ident)}-{size}",
        kind=f"mirror chart-{size}",
        size=(measures.width, frame.base + frame.font * 3.1 + 4),
        title=words.title,
        desc=words.desc,
        font_size=measures.font,
    )


def _bars(frame: Frame, bar: Bar, looks: tuple[Series, Series]) -> list[Child]:
    start, width, middle = frame.x(bar.start) + 0.6, frame.x(bar.end) - frame.x(bar.start) - 1.2, frame.y(0)
    drawn: list[Child] = []
    for number, look, top in ((bar.above, looks[0], frame.y(bar.above)), (bar.below, looks[1], middle)):
        if number:
            height = abs(frame.y(number) - middle)
            drawn.append(
                rect(start, top, width, height, fill=look.colour, fill_opacity=0.55, stroke=look.colour,
                     stroke_dasharray=look.dash)
            )  # fmt: skip
    return drawn
