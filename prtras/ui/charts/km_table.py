"""The risk table under the recurrence figure: every number under its tick of the axis."""

from __future__ import annotations

from collections.abc import Sequence

from prtras.ui.charts.km_data import Curve
from prtras.ui.charts.km_frame import Frame, Texts
from prtras.ui.charts.palette import INK, INK_2, LINE_2, Series
from prtras.ui.charts.svg import Child, Element, group, line, text
from prtras.ui.charts.typesetting import wrap


def swatch(look: Series, y: float, x: float = 0, length: float = 22) -> Element:
    """Draw a short sample of a group's line."""
    return line(x, y, x + length, y, stroke=look.colour, stroke_width=2.2, stroke_dasharray=look.dash)


def risk_table(frame: Frame, curves: Sequence[Curve], texts: Texts, top: float) -> tuple[list[Child], float]:
    """Draw the table from ``top`` down; return it with the y of its lower edge."""
    drawn: list[Child] = []
    y = top
    for curve in curves:
        if curve.rows:
            part, y = _arm(frame, curve, texts, y)
            drawn.extend(part)
    return drawn, y


def _arm(frame: Frame, curve: Curve, texts: Texts, top: float) -> tuple[list[Child], float]:
    """Draw one group: its name with a sample of its line, then three rows of numbers."""
    row, font = frame.measures.row, frame.measures.font
    names = wrap(curve.label, font, frame.measures.width - 30, bold=True)
    name_y = top + row * 0.9
    last_name_y = name_y + max(len(names) - 1, 0) * row
    shown = [curve.rows[i] for i in frame.columns]
    numbers = [
        (texts.at_risk, [counts.at_risk for counts in shown]),
        (texts.censored, [counts.censored for counts in shown]),
        (texts.events, [counts.events for counts in shown]),
    ]
    drawn: list[Child] = [
        line(0, top, frame.measures.width, top, stroke=LINE_2),
        swatch(curve.look, name_y - font * 0.35),
    ]
    for i, name in enumerate(names):
        drawn.append(text(28, name_y + i * row, name, fill=curve.look.text, font_weight=600))
    for i, (words, values) in enumerate(numbers):
        drawn.append(_row(frame, words, values, last_name_y + row * (i + 1), i))
    return drawn, last_name_y + row * 3.1 + 9


def _row(frame: Frame, name: str, values: Sequence[int], y: float, index: int) -> Child:
    """Write one row: its name at the left edge, each number centred under its tick."""
    numbers = [
        text(frame.x(frame.ticks[column]), y, str(value), text_anchor="middle")
        for column, value in zip(frame.columns, values, strict=True)
    ]
    return group([text(0, y, name), *numbers], class_="km-row", fill=INK if index == 0 else INK_2)
