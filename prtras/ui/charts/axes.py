"""Gridlines, both axes with their labels, and the name of the horizontal one."""

from __future__ import annotations

from collections.abc import Sequence

from prtras.ui.charts.frame import Frame
from prtras.ui.charts.palette import CONTROL, INK_3, LINE_2
from prtras.ui.charts.svg import Child, group, line, text
from prtras.ui.charts.typesetting import Extent, clamped, text_width


def axes(frame: Frame, levels: Sequence[str], ticks: Sequence[str], name: str = "") -> list[Child]:
    """Draw the axes with the words of every level, and of every tick that gets a label."""
    font, base = frame.font, frame.base
    grid = [line(frame.left, frame.y(v), frame.right, frame.y(v)) for v in frame.levels if frame.y(v) != base]
    marks = [text(frame.left - 8, frame.y(v) + font * 0.35, w) for v, w in zip(frame.levels, levels, strict=True)]
    minor = [line(frame.x(t), base, frame.x(t), base + 3) for t in frame.ticks]
    major = [line(frame.x(t), base, frame.x(t), base + 6) for t in frame.labelled]
    places = [tick_extent(frame, t, words) for t, words in zip(frame.labelled, ticks, strict=True)]
    names = [text((p.start + p.end) / 2, base + 7 + font, words) for p, words in zip(places, ticks, strict=True)]
    middle = (frame.left + frame.right) / 2
    return [
        group(grid, stroke=LINE_2),
        group(marks, fill=INK_3, text_anchor="end"),
        group([line(frame.left, base, frame.right, base), *minor, *major], stroke=CONTROL),
        group(names, class_=f"{frame.kind}-ticks", fill=INK_3, text_anchor="middle"),
        text(middle, base + 11 + font * 2.2, name, fill=INK_3, text_anchor="middle"),
    ]


def tick_extent(frame: Frame, tick: float, words: str) -> Extent:
    """Return the stretch of a tick's label: centred under it, within the picture."""
    width = text_width(words, frame.font)
    return clamped(frame.x(tick) - width / 2, width, 0, frame.width)
