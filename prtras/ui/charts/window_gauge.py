"""The worklist's small bar: a visit window, what of it has passed, its target, and today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prtras.ui.charts.palette import (
    CONTROL,
    LINE,
    OVERDUE,
    PROGRESS,
    SURFACE,
    WINDOW,
    WINDOW_ELAPSED,
    WINDOW_OVERDUE,
)
from prtras.ui.charts.scales import DateScale
from prtras.ui.charts.svg import Child, Markup, element, line, named_by, outline, rect

WIDTH, HEIGHT = 132.0, 20.0
_LEFT, _RIGHT = 6.0, WIDTH - 6.0
_MIDDLE, _BAR = 9.5, 7.0
_LONGEST_RUN_OUT = 2.0  # an overdue run-out longer than this many windows is drawn broken


@dataclass(frozen=True)
class VisitWindow:
    """The days a visit may take place, and the day it is meant for."""

    opens: date
    target: date
    closes: date

    def __post_init__(self) -> None:
        if not self.opens <= self.target <= self.closes:
            raise ValueError(f"a window opens before it closes and holds its target: {self}")


def window_gauge(window: VisitWindow, *, today: date, ident: str = "", title: str = "", desc: str = "") -> Markup:
    """Draw the gauge at its natural size; without a title it is decoration beside words that say the same."""
    scale, broken = _scale(window, today)
    overdue = today > window.closes
    naming = named_by(ident, title, desc) if title else None
    root = element(
        "svg",
        *(naming.elements if naming else ()),
        line(2, _MIDDLE, WIDTH - 2, _MIDDLE, stroke=LINE),
        *_bar(window, scale, today, overdue),
        *(_run_out(window, scale, today, broken) if overdue else []),
        _target(scale(window.target)),
        _today_mark(scale, today, broken),
        xmlns="http://www.w3.org/2000/svg",
        class_="chart chart-gauge",
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        width=WIDTH,
        height=HEIGHT,
        role="img" if naming else None,
        aria_labelledby=naming.labelledby if naming else None,
        aria_hidden=None if naming else "true",
        focusable="false",
    )
    return Markup(root)


def _scale(window: VisitWindow, today: date) -> tuple[DateScale, bool]:
    """Centre the target while there is time; when overdue, stretch to today, but not without end.

    The shortest half is ten days, so that windows of equal length look equal in every row.
    """
    length = max((window.closes - window.opens).days, 1)
    late = (today - window.closes).days
    if late > 0:
        broken = late > _LONGEST_RUN_OUT * length
        reach = round(_LONGEST_RUN_OUT * length) if broken else late
        lead = max(10 - length // 2, 1)
        first, last = _days(window.opens, -lead), _days(window.closes, max(reach, lead))
        return DateScale(first, last, _LEFT, _RIGHT), broken
    half = max((window.target - window.opens).days, (window.closes - window.target).days) + 3
    half = max(half, 10)
    return DateScale(_days(window.target, -half), _days(window.target, half), _LEFT, _RIGHT), False


def _days(day: date, count: int) -> date:
    """Return the day so many days later."""
    return date.fromordinal(day.toordinal() + count)


def _bar(window: VisitWindow, scale: DateScale, today: date, overdue: bool) -> list[Child]:
    """Draw the window, and inside it the darker part that has passed."""
    start, end, top = scale(window.opens), scale(window.closes), _MIDDLE - _BAR / 2
    if overdue:
        return [rect(start, top, end - start, _BAR, rx=2, fill=WINDOW_OVERDUE, stroke=OVERDUE, stroke_width=0.75)]
    passed = min(max(scale(today), start), end) - start
    return [
        rect(start, top, end - start, _BAR, rx=2, fill=WINDOW, stroke=CONTROL, stroke_width=0.75),
        rect(start, top, passed, _BAR, rx=2, fill=WINDOW_ELAPSED) if passed else None,
    ]


def _run_out(window: VisitWindow, scale: DateScale, today: date, broken: bool) -> list[Child]:
    """Draw the dashed days since the window closed; two strokes mark a stretch left out."""
    start, end = scale(window.closes) + 1, _RIGHT if broken else scale(today)
    dashes = line(start, _MIDDLE, end, _MIDDLE, stroke=OVERDUE, stroke_width=2, stroke_dasharray="3 2")
    if not broken:
        return [dashes]
    middle = (start + end) / 2
    gap = rect(middle - 2, _MIDDLE - 3, 4, 6, fill=SURFACE)
    strokes = [
        line(x - 1.5, _MIDDLE + 4, x + 1.5, _MIDDLE - 4, stroke=OVERDUE, stroke_width=1.2)
        for x in (middle - 2, middle + 2)
    ]
    return [dashes, gap, *strokes]


def _target(x: float) -> Child:
    """Draw the target as an upright stroke taller than the bar."""
    return line(x, _MIDDLE - 6.5, x, _MIDDLE + 6.5, stroke=PROGRESS, stroke_width=2)


def _today_mark(scale: DateScale, today: date, broken: bool) -> Child:
    """Draw today as a triangle below the bar; it points outwards when today lies before the picture."""
    if today < scale.first:
        return element("path", d=outline((1, 16), (7, 12.5), (7, 19.5)), fill="currentColor", class_="gauge-today")
    x = _RIGHT if broken else scale(today)
    return element(
        "path", d=outline((x, 12.5), (x + 4.2, 19), (x - 4.2, 19)), fill="currentColor", class_="gauge-today"
    )
