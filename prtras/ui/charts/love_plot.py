"""The balance of covariates under several weights: a row per covariate, a mark per weighting, a line at a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prtras.ui.charts.axes import axes
from prtras.ui.charts.frame import MEASURES, Frame, Measures, Size
from prtras.ui.charts.palette import ACCENT, FIRST, INK, INK_2, INK_3, LINE_2, MUTE, OVERDUE, SECOND, SURFACE
from prtras.ui.charts.scales import Scale, round_steps
from prtras.ui.charts.svg import (
    Child,
    Markup,
    checked_ident,
    circle,
    element,
    figure,
    group,
    line,
    outline,
    rect,
    text,
)
from prtras.ui.charts.typesetting import text_width, wrap

#: One look per weighting: its colour and its shape, so that grey print tells them apart too.
COLOURS = (INK, ACCENT, FIRST, SECOND, OVERDUE, MUTE)
SHAPES = ("ring", "disc", "square", "diamond", "triangle", "wedge")
LANE = 9.0


@dataclass(frozen=True)
class Balanced:
    """A covariate with its distance (0 or more) under each weighting, None where there is none."""

    name: str
    distances: tuple[float | None, ...]


@dataclass(frozen=True)
class Words:
    """Every word of the figure; ``limit`` stands at the dotted line."""

    title: str
    desc: str
    x_axis: str
    limit: str


def love_plot(
    rows: Sequence[Balanced], weightings: Sequence[str], limit: float, words: Words, *, size: Size, ident: str
) -> Markup:
    """Draw the distances, each weighting on a lane of its own within the row. ValueError beyond six weightings."""
    if len(weightings) > len(SHAPES):
        raise ValueError(f"there are looks for {len(SHAPES)} weightings")
    measures = MEASURES[size]
    named, y = _key(measures, weightings)
    heading = 0.0 if size == "wide" else measures.strip
    height = heading + LANE * len(weightings) + 12
    frame = _frame(rows, limit, measures, y + measures.strip, height, size)
    drawn = [part for n, row in enumerate(rows) for part in _row(frame, row, frame.top + n * height, heading, size)]
    x = frame.x(limit)
    return figure(
        [
            *named,
            *axes(frame, [], [f"{tick:g}" for tick in frame.labelled], words.x_axis),
            line(x, frame.top - 2, x, frame.base, stroke=INK_3, stroke_width=1.3, stroke_dasharray="1.5 3"),
            text(x + 5, frame.top - 5, words.limit, fill=INK_3),
            *drawn,
        ],
        ident=f"{checked_ident(ident)}-{size}",
        kind=f"love chart-{size}",
        size=(measures.width, frame.base + frame.font * 3.1 + 4),
        title=words.title,
        desc=words.desc,
        font_size=measures.font,
    )


def _frame(rows: Sequence[Balanced], limit: float, measures: Measures, top: float, height: float, size: Size) -> Frame:
    highest = max([limit * 1.5, *(d for row in rows for d in row.distances if d is not None)])
    ticks = round_steps(0, highest, measures.steps)
    left = 14 + (max((text_width(row.name, measures.font) for row in rows), default=0) if size == "wide" else 0)
    x = Scale(0, ticks[-1], min(left, measures.width * 0.45), measures.width - 20)
    y = Scale(0, 1, top + max(len(rows), 1) * height, top)
    return Frame("love", measures.width, measures.font, x, y, (), tuple(ticks), tuple(range(len(ticks))))


def _row(frame: Frame, row: Balanced, top: float, heading: float, size: Size) -> list[Child]:
    """A covariate: beside its lanes on a wide page, above them on a phone."""
    middle = top + heading + LANE * len(row.distances) / 2 + 4
    names = wrap(row.name, frame.font, frame.left - 12 if size == "wide" else frame.width)
    start = middle - (len(names) - 1) * frame.font * 0.6 + frame.font * 0.35 if size == "wide" else top + frame.font
    drawn: list[Child] = [line(0, top, frame.width, top, stroke=LINE_2)]
    drawn += [text(0, start + i * frame.font * 1.2, part, fill=INK_2) for i, part in enumerate(names)]
    for lane, distance in enumerate(row.distances):
        if distance is not None:
            drawn.append(_mark(lane, frame.x(distance), top + heading + LANE * (lane + 0.5) + 6))
    return drawn


def _mark(lane: int, x: float, y: float, r: float = 4.2) -> Child:
    colour = COLOURS[lane]
    match SHAPES[lane]:
        case "ring":
            return circle(x, y, r, fill=SURFACE, stroke=colour, stroke_width=1.8)
        case "disc":
            return circle(x, y, r + 0.6, fill=colour)
        case "square":
            return rect(x - r, y - r, 2 * r, 2 * r, fill=colour)
        case "diamond":
            corners = ((x - r - 1, y), (x, y - r - 1), (x + r + 1, y), (x, y + r + 1))
        case "triangle":
            corners = ((x - r, y + r), (x, y - r), (x + r, y + r), (x, y + r))
        case _:
            corners = ((x - r, y - r), (x + r, y - r), (x, y + r), (x, y + r))
    return element("path", d=outline(*corners), fill=colour)


def _key(measures: Measures, weightings: Sequence[str]) -> tuple[list[Child], float]:
    x, y = 0.0, measures.font
    drawn: list[Child] = []
    for lane, words in enumerate(weightings):
        width = 18 + text_width(words, measures.font)
        if x and x + width > measures.width:
            x, y = 0.0, y + measures.strip
        drawn.append(group([_mark(lane, x + 6, y - measures.font * 0.35), text(x + 18, y, words, fill=INK_2)]))
        x += width + 16
    return drawn, y + 6
