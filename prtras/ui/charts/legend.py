"""Names and final values of curves: beside their ends on a wide page, above the plot on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from prtras.ui.charts.frame import Frame, Measures
from prtras.ui.charts.palette import INK_2, Series
from prtras.ui.charts.steps import Curve
from prtras.ui.charts.svg import Child, Element, PathData, element, group, line, text
from prtras.ui.charts.typesetting import spread, text_width, wrap


def swatch(look: Series, y: float, length: float = 22) -> Element:
    """Draw a short sample of a group's line at the left edge."""
    return line(0, y, length, y, stroke=look.colour, stroke_width=2.2, stroke_dasharray=look.dash)


def key(measures: Measures, entries: Sequence[tuple[Series, str]], top: float) -> tuple[list[Child], float]:
    """Name every line beside its sample, in rows from ``top`` down; return it with the y below."""
    x, y = 0.0, top + measures.font
    drawn: list[Child] = []
    for look, words in entries:
        width = 28 + text_width(words, measures.font, bold=True)
        if x and x + width > measures.width:
            x, y = 0.0, y + measures.strip
        drawn.append(group([swatch(look, y - measures.font * 0.35)], transform=f"translate({x:.1f} 0)"))
        drawn.append(text(x + 28, y, words, fill=look.text, font_weight=600))
        x += width + 18
    return drawn, y + measures.strip * 0.4 if entries else top


def _lines(curve: Curve, measures: Measures, end: float) -> tuple[list[str], list[str]]:
    """Break the name and the value at the end of the axis into lines for the room beside the plot."""
    names = wrap(curve.label, measures.font, measures.label_room, bold=True)
    return names, wrap(curve.value(end), measures.font, measures.label_room)


def room_beside(curves: Sequence[Curve], measures: Measures, end: float) -> float:
    """Return the width that the labels beside the plot need; none on a phone."""
    if not measures.label_room or not curves:
        return 0
    written = [words for curve in curves for part in _lines(curve, measures, end) for words in part]
    return max(text_width(words, measures.font, bold=True) for words in written) + 18


def beside(frame: Frame, measures: Measures, curves: Sequence[Curve]) -> list[Child]:
    """Write each group's name and final value beside the end of its curve."""
    lead = measures.font * 1.22
    blocks = [_lines(curve, measures, frame.end) for curve in curves]
    ideal = [frame.y(curve.at(min(curve.last_time, frame.end))) for curve in curves]
    heights = [(len(names) + len(values)) * lead + 4 for names, values in blocks]
    centres = spread(ideal, heights, frame.top - 12, frame.base + 8)
    left = _left(frame, measures, curves)
    drawn: list[Child] = []
    for curve, (names, values), at, centre in zip(curves, blocks, ideal, centres, strict=True):
        drawn.append(_leader(frame, curve, at, centre))
        top = centre - (len(names) + len(values)) * lead / 2
        for i, words in enumerate([*names, *values]):
            look = (curve.look.text, 600) if i < len(names) else (INK_2, None)
            y = top + lead * (i + 0.8)
            drawn.append(text(left, y, words, fill=look[0], font_weight=look[1]))
    return drawn


def _left(frame: Frame, measures: Measures, curves: Sequence[Curve]) -> float:
    """Return where the labels begin: right of the plot, or where all curves have ended if there is room before it."""
    end = frame.x(min(max((curve.last_time for curve in curves), default=0), frame.end))
    within = end + 14 + room_beside(curves, measures, frame.end) <= frame.right
    return end + 14 if within and end - frame.left >= 1 else frame.right + 14


def _leader(frame: Frame, curve: Curve, at: float, centre: float) -> Element | None:
    """Lead from a curve that reaches the end of the axis to its label when the two are apart; never go on with one."""
    if curve.last_time < frame.end or abs(at - centre) < 8:
        return None
    path = PathData().move(frame.right + 4, at).to(frame.right + 10, centre)
    return element("path", d=str(path), fill="none", stroke=curve.look.colour, stroke_width=1, stroke_dasharray="1 3")


def above(measures: Measures, curves: Sequence[Curve], end: float, top: float) -> tuple[list[Child], float]:
    """Write the labels from ``top`` down, where a phone has no room beside the plot; return the y below them."""
    font, y, below = measures.font, top + measures.font, top
    drawn: list[Child] = []
    for curve in curves:
        names = wrap(curve.label, font, measures.width - 30, bold=True) or [curve.key]
        value = curve.value(end)
        fits = text_width(names[-1], font, bold=True) + 8 + text_width(value, font) <= measures.width - 30
        drawn.append(swatch(curve.look, y - font * 0.35))
        for i, name in enumerate(names, start=1):
            drawn.append(_named(curve, name, value if fits and i == len(names) else "", y))
            y += measures.strip
        if not fits:
            drawn.append(text(28, y, value))
            y += measures.strip
        below += (len(names) + (not fits)) * measures.strip
    return drawn, below


def _named(curve: Curve, name: str, value: str, y: float) -> Child:
    """Write a name in the colour of its group, and the value behind it in ink."""
    behind = element("tspan", value, dx=8, fill=INK_2, font_weight=400) if value else None
    named = element("tspan", name, fill=curve.look.text, font_weight=600)
    return element("text", named, behind, x=28, y=round(y, 1))
