"""The numbers under a figure, those at risk first: every number under its tick of the axis."""

from __future__ import annotations

from collections.abc import Sequence

from prtras.ui.charts.frame import Frame, Measures
from prtras.ui.charts.legend import swatch
from prtras.ui.charts.palette import INK, INK_2, LINE_2
from prtras.ui.charts.steps import Curve
from prtras.ui.charts.svg import Child, group, line, text
from prtras.ui.charts.typesetting import text_width, wrap


def room_left(curves: Sequence[Curve], rows: Sequence[str], font: float) -> float:
    """Return the width that the names of the rows need, and half of the first number; none without numbers."""
    if not any(curve.rows for curve in curves):
        return 0
    first = max(text_width(str(curve.rows[0][0]), font) for curve in curves if curve.rows)
    return max(text_width(name, font) for name in rows) + 14 + first / 2


def table(
    frame: Frame, measures: Measures, curves: Sequence[Curve], rows: Sequence[str], top: float
) -> tuple[list[Child], float]:
    """Draw the table of all groups from ``top`` down; return it with the y of its lower edge."""
    drawn: list[Child] = []
    y = top
    for curve in curves:
        if curve.rows:
            part, y = _group(frame, measures, curve, rows, y)
            drawn.extend(part)
    return drawn, y


def _group(
    frame: Frame, measures: Measures, curve: Curve, rows: Sequence[str], top: float
) -> tuple[list[Child], float]:
    """Draw one group: its name with a sample of its line, then a row per kind of number."""
    row = measures.row
    names = wrap(curve.label, frame.font, frame.width - 30, bold=True)
    y = top + row * 0.9
    drawn: list[Child] = [line(0, top, frame.width, top, stroke=LINE_2), swatch(curve.look, y - frame.font * 0.35)]
    for i, name in enumerate(names):
        drawn.append(text(28, y + i * row, name, fill=curve.look.text, font_weight=600))
    y += max(len(names) - 1, 0) * row
    for i, name in enumerate(rows):
        numbers = [
            text(frame.x(frame.ticks[column]), y + row * (i + 1), str(curve.rows[column][i]), text_anchor="middle")
            for column in frame.columns
        ]
        named = text(0, y + row * (i + 1), name)
        drawn.append(group([named, *numbers], class_=f"{frame.kind}-row", fill=INK_2 if i else INK))
    return drawn, y + row * (len(rows) + 0.1) + 9
