"""Bars small enough for a table cell or a tile: progress, and one bar per group above another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prtras.ui.charts.palette import ACCENT, INK, INK_3, LINE_2, SURFACE, series
from prtras.ui.charts.svg import Child, Markup, element, named_by, number, rect

WIDTH = 82.0
_THIN = 5.5


@dataclass(frozen=True)
class MicroBar:
    """One group's proportion, 0 to 1; ``key`` decides the look as it does for a curve."""

    key: str
    proportion: float

    def __post_init__(self) -> None:
        if not 0 <= self.proportion <= 1:
            raise ValueError(f"a proportion lies between 0 and 1: {self}")


def progress_bar(
    value: float,
    maximum: float,
    *,
    planned: float | None = None,
    ident: str = "",
    title: str = "",
    desc: str = "",
) -> Markup:
    """Draw how much of the maximum is reached, as wide as its container; a stroke marks the plan by now."""
    reached = _share(value, maximum)
    drawn: list[Child] = [
        element("rect", y=1, width="100%", height=6, rx=3, fill=LINE_2),
        element("rect", y=1, width=reached, height=6, rx=3, fill=ACCENT) if reached != "0%" else None,
    ]
    if planned is not None:
        drawn.append(_plan_mark(_share(planned, maximum)))
    return _small(drawn, "progress", "100%", 8, (ident, title, desc))


def _plan_mark(at: str) -> Child:
    """Draw a stroke over the full height, with a pale edge that keeps it visible on the bar."""
    marks = [
        element("line", x1=at, x2=at, y1=0, y2=8, stroke=SURFACE, stroke_width=4),
        element("line", x1=at, x2=at, y1=0, y2=8, stroke=INK, stroke_width=1.8),
    ]
    return element("g", *marks, class_="progress-plan")


def _share(value: float, maximum: float) -> str:
    """Return a value as a percentage of the maximum, between 0 and 100."""
    share = 0.0 if maximum <= 0 else value / maximum
    return f"{number(min(max(share, 0.0), 1.0) * 100)}%"


def paired_bars(
    bars: Sequence[MicroBar], *, ident: str = "", title: str = "", desc: str = "", width: float = WIDTH
) -> Markup:
    """Draw one bar per group, one above the other: the first filled, the second an outline."""
    height = len(bars) * (_THIN + 1) + 1 if len(bars) > 1 else 8.0
    drawn: list[Child] = [rect(0, 0, width, height, rx=2, fill=LINE_2)]
    thickness = _THIN if len(bars) > 1 else 6.0
    for i, bar in enumerate(bars):
        drawn.append(_micro_bar(bar, 1 + i * (_THIN + 1), thickness, width))
    return _small(drawn, "bars", width, height, (ident, title, desc))


def _micro_bar(bar: MicroBar, y: float, thickness: float, width: float) -> Child:
    """Draw one bar; a proportion above nothing is always visible, nothing is a stroke at the edge."""
    look = series(bar.key)
    if not bar.proportion:
        return rect(0, y, 1, thickness, fill=INK_3)
    length = max(bar.proportion * width, 2)
    if look.dash is None:
        return rect(0, y, length, thickness, fill=look.colour)
    return rect(0.6, y + 0.6, length - 1.2, thickness - 1.2, fill=SURFACE, stroke=look.colour, stroke_width=1.2)


def _small(drawn: Sequence[Child], kind: str, width: float | str, height: float, words: tuple[str, str, str]) -> Markup:
    """Wrap a small picture; without a title it is decoration beside the numbers themselves."""
    ident, title, desc = words
    naming = named_by(ident, title, desc) if title else None
    root = element(
        "svg",
        *(naming.elements if naming else ()),
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        class_=f"chart chart-{kind}",
        width=width,
        height=height,
        role="img" if naming else None,
        aria_labelledby=naming.labelledby if naming else None,
        aria_hidden=None if naming else "true",
        focusable="false",
    )
    return Markup(root)
