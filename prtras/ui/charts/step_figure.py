"""A figure of step curves with the numbers below, as KMunicate asks for: what every such figure shares.

Steps go up from 0, the axis is never cut, a curve ends at its last follow-up and is drawn thinner and paler where
fewer than ten are at risk. No p-value, no test: curves and counts only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prtras.ui.charts import legend
from prtras.ui.charts.axes import axes
from prtras.ui.charts.frame import MEASURES, Frame, Size, percent_frame
from prtras.ui.charts.palette import INK_2, INK_3, SURFACE
from prtras.ui.charts.scales import require_ascending
from prtras.ui.charts.steps import Curve, bands, crossings, lines
from prtras.ui.charts.svg import Child, Markup, checked_ident, figure, group, line, rect, text
from prtras.ui.charts.table import room_left, table
from prtras.ui.charts.typesetting import text_width, wrap


@dataclass(frozen=True)
class Words:
    """Every word of a figure, in the reader's language; ``rows`` names the numbers below it, those at risk first."""

    title: str
    desc: str
    x_axis: str
    y_axis: str
    rows: tuple[str, ...]
    few_at_risk: str
    empty: str
    read: str = ""


Thinning = Sequence[tuple[Curve, float | None]]


def step_figure(
    kind: str,
    curves: Sequence[Curve],
    *,
    ticks: Sequence[float],
    words: Words,
    read_at: float | None = None,
    size: Size = "wide",
    ident: str,
) -> Markup:
    """Draw the figure; ``ticks`` are the labelled times, the last one ends the axis.

    ``read_at`` is the time at which the curves are read, named ``words.read``.
    """
    _check(curves, ticks)
    measures, strip = MEASURES[size], MEASURES[size].strip
    thinning = [(curve, curve.thin_from(ticks)) for curve in curves]
    named, y = legend.above(measures, curves, ticks[-1], strip) if size == "narrow" else ([], strip)
    apart = size == "narrow" or text_width(words.y_axis + words.read, measures.font) > measures.width * 0.5
    read = y if apart else 0.0
    y += strip if words.read and read_at is not None and apart else 0
    few, y = y, y + (strip if any(t is not None for _, t in thinning) else 0)

    frame = percent_frame(kind, measures, ticks, _highest(curves, ticks), _margins(curves, ticks, words, size), y + 8)
    followed = [(curve, t) for curve, t in thinning if curve.is_followed]
    numbers, bottom = table(frame, measures, curves, words.rows, frame.base + frame.font * 3.1 + 8)
    return figure(
        [
            text(0, frame.font, words.y_axis, fill=INK_3),
            *axes(frame, [f"{v * 100:.0f}%" for v in frame.levels], [f"{t:g}" for t in frame.labelled], words.x_axis),
            *[part for curve, t in followed for part in bands(frame, curve, t)],
            *_read_line(frame, read_at, words.read, read),
            *[part for curve, t in followed for part in lines(frame, curve, t)],
            *([] if read_at is None else crossings(frame, [curve for curve, _ in followed], read_at)),
            *_few_note(frame, followed, words.few_at_risk, few),
            *(named or legend.beside(frame, measures, curves)),
            *_empty_note(frame, "" if followed else words.empty),
            *numbers,
        ],
        ident=f"{checked_ident(ident)}-{size}",
        kind=f"{kind} chart-{size}",
        size=(measures.width, bottom - 6),
        title=words.title,
        desc=words.desc,
        font_size=measures.font,
    )


def _check(curves: Sequence[Curve], ticks: Sequence[float]) -> None:
    """Refuse an axis without ticks and a table that does not fit its axis."""
    if not ticks:
        raise ValueError("the time axis needs at least one tick")
    require_ascending(ticks, "the ticks of the time axis")
    for curve in curves:
        if curve.rows and len(curve.rows) != len(ticks):
            raise ValueError(f"{curve.label}: {len(curve.rows)} risk counts for {len(ticks)} ticks")


def _highest(curves: Sequence[Curve], ticks: Sequence[float]) -> float:
    """Return the highest value the axis has to hold; 20 % when there is hardly anything."""
    until = max(ticks[-1], 1e-9) if ticks[-1] > 0 else 1
    shown = [p for curve in curves for p in curve.points if p.time <= until]
    return max([0.2, *(max(p.value, p.upper or 0) for p in shown)])


def _margins(curves: Sequence[Curve], ticks: Sequence[float], words: Words, size: Size) -> tuple[float, float]:
    """Leave room for row names and percentages on the left, for labels and half a tick's label on the right."""
    measures = MEASURES[size]
    left = max(room_left(curves, words.rows, measures.font), text_width("100%", measures.font) + 12)
    half = text_width(f"{ticks[-1]:g}", measures.font) / 2 + 4
    return left, max(half, legend.room_beside(curves, measures, ticks[-1]) or 14)


def _read_line(frame: Frame, time: float | None, words: str, top: float) -> list[Child]:
    """Draw the dotted line at the reading time, with its name beside its upper end."""
    if time is None or not 0 <= time <= frame.end:
        return []
    x = frame.x(time)
    left = x + 6 + text_width(words, frame.font) > frame.width
    return [
        line(x, top + 3, x, frame.base, stroke=INK_3, stroke_width=1.3, stroke_dasharray="1.5 3"),
        text(x + (-6 if left else 6), top + frame.font, words, fill=INK_2, text_anchor="end" if left else None),
    ]


def _few_note(frame: Frame, followed: Thinning, words: str, top: float) -> list[Child]:
    """Bracket, per group, the time with fewer than ten at risk, and say so once."""
    faint = [(curve, t) for curve, t in followed if t is not None and t < frame.end]
    if not faint:
        return []
    middle = top + frame.font * 0.65
    spans = [(frame.x(t), frame.x(min(curve.last_time, frame.end))) for curve, t in faint]
    brackets = [
        _bracket(frame, curve, span, middle + (i - (len(faint) - 1) / 2) * 6)
        for i, ((curve, _), span) in enumerate(zip(faint, spans, strict=True))
    ]
    return [*brackets, *_note(frame, words, min(s for s, _ in spans), max(e for _, e in spans), top)]


def _bracket(frame: Frame, curve: Curve, span: tuple[float, float], level: float) -> Child:
    """Draw a line with a closing stroke at its start, in the colour and dash of the group."""
    return group(
        [
            line(span[0], level, span[1], level, stroke_dasharray="4 2" if curve.look.dash else None),
            line(span[0], level - 3, span[0], level + 3),
        ],
        class_=f"{frame.kind}-few-bracket",
        stroke=curve.look.colour,
        stroke_width=1.5,
    )


def _note(frame: Frame, words: str, start: float, end: float, top: float) -> list[Child]:
    """Write the note left of the brackets, right of them, or on top of them: where there is room."""
    width, base = text_width(words, frame.font), top + frame.font
    if start - 8 - width >= 0:
        return [text(start - 8, base, words, text_anchor="end", fill=INK_3)]
    if end + 8 + width <= frame.width:
        return [text(end + 8, base, words, fill=INK_3)]
    middle = (start + end) / 2
    ground = rect(middle - width / 2 - 4, top, width + 8, frame.font * 1.3, fill=SURFACE)
    return [ground, text(middle, base, words, text_anchor="middle", fill=INK_3)]


def _empty_note(frame: Frame, words: str) -> list[Child]:
    """Say in the middle of the empty plot that there is nothing to draw yet."""
    x, y = (frame.left + frame.right) / 2, (frame.top + frame.base) / 2
    lines = wrap(words, frame.font, frame.right - frame.left - 20)
    return [text(x, y + i * frame.font * 1.4, part, text_anchor="middle", fill=INK_3) for i, part in enumerate(lines)]
