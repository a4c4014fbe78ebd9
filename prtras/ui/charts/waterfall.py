"""A bar for each participant, sorted: who changed how much from baseline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from prtras.ui.charts.palette import ACCENT, CONTROL, INK_3, LINE_2, MUTE, OVERDUE
from prtras.ui.charts.scales import Scale
from prtras.ui.charts.svg import Child, Markup, checked_ident, element, figure, group, line, rect, text

_LEFT, _TOP, _BOTTOM = 56.0, 30.0, 20.0


@dataclass(frozen=True)
class Bar:
    """One change with what it is."""

    change: float
    hint: str


def waterfall(
    bars: Sequence[Bar], *, limit: float, name: str, title: str, desc: str = "", ident: str = "waterfall",
    size: tuple[float, float] = (1100, 320),
) -> Markup:  # fmt: skip
    """Draw the bars from the largest decline to the largest rise; `limit` is the change that counts as a response."""
    width, height = size
    ordered = sorted(bars, key=lambda bar: bar.change)
    low = math.floor(min([limit, *(bar.change for bar in ordered)]))
    high = math.ceil(max([1.0, *(bar.change for bar in ordered)]))
    y = Scale(low, high, height - _BOTTOM, _TOP)
    drawn: list[Child] = []
    for level in range(low, high + 1):
        drawn.append(line(_LEFT, y(level), width - 10, y(level), stroke=CONTROL if level == 0 else LINE_2))
        drawn.append(text(_LEFT - 8, y(level) + 4, f"{level:+d}" if level else "0", fill=INK_3, text_anchor="end"))
    drawn.append(line(_LEFT, y(limit), width - 10, y(limit), stroke=MUTE, stroke_width=1.5, stroke_dasharray="5 3"))
    drawn.append(text(_LEFT - 40, 16, name, fill=INK_3))
    step = (width - 10 - _LEFT) / max(len(ordered), 1)
    for place, bar in enumerate(ordered):
        top, bottom = sorted((y(bar.change), y(0)))
        colour = ACCENT if bar.change <= limit else OVERDUE if bar.change > 0 else MUTE
        shape = rect(_LEFT + place * step, top, max(step * 0.85, 0.8), max(bottom - top, 1), fill=colour)
        drawn.append(group([element("title", bar.hint), shape]))
    return figure(drawn, ident=checked_ident(ident), kind="waterfall", size=size, title=title, desc=desc)
