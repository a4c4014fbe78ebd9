"""Points on two logarithmic axes with a limit on each, such as liver injury by ALT and bilirubin (eDISH)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from prtras.ui.charts.palette import ACCENT, CONTROL, ERROR, INK_3, LINE_2, OVERDUE
from prtras.ui.charts.scales import Scale
from prtras.ui.charts.svg import Child, Markup, checked_ident, circle, element, figure, group, line, text

_LEFT, _TOP, _BOTTOM = 56.0, 30.0, 44.0


@dataclass(frozen=True)
class Point:
    """One point with what it is."""

    x: float
    y: float
    hint: str


@dataclass(frozen=True)
class Axis:
    """The name of an axis, its values with labels, and the limit that divides the picture."""

    name: str
    ticks: Sequence[float]
    limit: float


def scatter(
    points: Sequence[Point], across: Axis, up: Axis, *, title: str, desc: str = "", ident: str = "scatter",
    size: tuple[float, float] = (620, 420),
) -> Markup:  # fmt: skip
    """Draw the points; what lies beyond the first or last value of an axis stands at its edge.

    Raises ValueError for an axis with fewer than two values, or one that is not positive.
    """
    width, height = size
    x = _log_scale(across.ticks, _LEFT, width - 14)
    y = _log_scale(up.ticks, height - _BOTTOM, _TOP)
    drawn: list[Child] = []
    for value in across.ticks:
        drawn.append(line(_at(x, value), _TOP, _at(x, value), height - _BOTTOM, stroke=LINE_2))
        drawn.append(text(_at(x, value), height - _BOTTOM + 16, f"{value:g}", fill=INK_3, text_anchor="middle"))
    for value in up.ticks:
        drawn.append(line(_LEFT, _at(y, value), width - 14, _at(y, value), stroke=LINE_2))
        drawn.append(text(_LEFT - 8, _at(y, value) + 4, f"{value:g}", fill=INK_3, text_anchor="end"))
    drawn.append(line(_at(x, across.limit), _TOP, _at(x, across.limit), height - _BOTTOM, **_LIMIT))
    drawn.append(line(_LEFT, _at(y, up.limit), width - 14, _at(y, up.limit), **_LIMIT))
    drawn.append(text((_LEFT + width) / 2, height - 8, across.name, fill=INK_3, text_anchor="middle"))
    drawn.append(text(_LEFT - 40, 16, up.name, fill=INK_3))
    for point in points:
        over = (point.x > across.limit) + (point.y > up.limit)
        colour = (ACCENT, OVERDUE, ERROR)[over]
        disc = circle(_at(x, point.x), _at(y, point.y), 3.5 + over, fill=colour, fill_opacity=0.7)
        drawn.append(group([element("title", point.hint), disc]))
    return figure(drawn, ident=checked_ident(ident), kind="scatter", size=size, title=title, desc=desc)


_LIMIT: dict[str, str | float] = {"stroke": CONTROL, "stroke_width": 1.5, "stroke_dasharray": "5 3"}


def _log_scale(ticks: Sequence[float], start: float, end: float) -> Scale:
    if len(ticks) < 2 or min(ticks) <= 0:
        raise ValueError("a logarithmic axis takes two positive values at least")
    return Scale(math.log10(min(ticks)), math.log10(max(ticks)), start, end)


def _at(scale: Scale, value: float) -> float:
    """The position of a value, at the edge where it lies beyond."""
    low, high = 10**scale.low, 10**scale.high
    return scale(math.log10(min(max(value, low), high)))
