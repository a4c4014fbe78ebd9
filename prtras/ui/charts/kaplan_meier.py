"""The recurrence figure: cumulative recurrence by Kaplan-Meier with its risk table (KMunicate).

Steps go up from 0, the axis is never cut, a curve ends at its last follow-up and is drawn
thinner and paler where fewer than ten are at risk. No p-value, no test: curves and counts only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prtras.ui.charts.km_data import Curve, RiskCounts, StepPoint
from prtras.ui.charts.km_frame import MEASURES, Frame, Size, Texts, frame
from prtras.ui.charts.km_plot import axes, bands, crossings, end_labels, steps
from prtras.ui.charts.km_table import risk_table, swatch
from prtras.ui.charts.palette import INK_2, INK_3, SURFACE
from prtras.ui.charts.scales import require_ascending
from prtras.ui.charts.svg import Child, Markup, checked_ident, element, figure, group, line, rect, text
from prtras.ui.charts.typesetting import text_width, wrap

__all__ = ["Curve", "RiskCounts", "Size", "StepPoint", "Texts", "cumulative_recurrence"]


@dataclass(frozen=True)
class _Head:
    """The strips above the plot: axis name, legend (phone), reading time, brackets."""

    legend: float
    read: float
    few: float
    height: float


def cumulative_recurrence(
    curves: Sequence[Curve],
    *,
    ticks: Sequence[float],
    x_label: str,
    y_label: str,
    read_at: float | None,
    read_label: str,
    texts: Texts,
    size: Size = "wide",
    ident: str = "km",
) -> Markup:
    """Draw the figure; ``ticks`` are the labelled times, the last one ends the axis."""
    _check(curves, ticks)
    thin = [curve.thin_from(ticks) for curve in curves]
    head = _head(curves, thin, y_label, read_label if read_at is not None else "", size)
    laid_out = frame(curves, ticks, texts, size, head.height)
    followed = [(c, t) for c, t in zip(curves, thin, strict=True) if c.is_followed]
    table, bottom = risk_table(laid_out, curves, texts, laid_out.base + laid_out.measures.font * 3.1 + 8)
    return figure(
        [
            text(0, laid_out.measures.font, y_label, fill=INK_3),
            *axes(laid_out, x_label),
            *[part for curve, t in followed for part in bands(laid_out, curve, t)],
            *_read_line(laid_out, head, read_at, read_label),
            *[part for curve, t in followed for part in steps(laid_out, curve, t)],
            *crossings(laid_out, [curve for curve, _ in followed], read_at),
            *_few_note(laid_out, head, followed, texts.few_at_risk),
            *(end_labels(laid_out, curves) if size == "wide" else _legend(laid_out, head, curves)),
            *_empty_note(laid_out, texts.empty if not followed else ""),
            *table,
        ],
        ident=f"{checked_ident(ident)}-{size}",
        kind=f"km chart-{size}",
        size=(laid_out.measures.width, bottom - 6),
        title=texts.title,
        desc=texts.desc,
        font_size=laid_out.measures.font,
    )


def _check(curves: Sequence[Curve], ticks: Sequence[float]) -> None:
    """Refuse an axis without ticks and a table that does not fit its axis."""
    if not ticks:
        raise ValueError("the time axis needs at least one tick")
    require_ascending(ticks, "the ticks of the time axis")
    for curve in curves:
        if curve.rows and len(curve.rows) != len(ticks):
            raise ValueError(f"{curve.label}: {len(curve.rows)} risk counts for {len(ticks)} ticks")


def _head(curves: Sequence[Curve], thin: Sequence[float | None], y_label: str, read_label: str, size: Size) -> _Head:
    """Stack the strips above the plot; the reading time gets its own where it would touch the axis name."""
    font, width = MEASURES[size].font, MEASURES[size].width
    strip = _strip(size)
    y = strip
    if size == "narrow":
        for names, fits in (_legend_names(curve, size) for curve in curves):
            y += (len(names) + (not fits)) * strip
    read = y if size == "narrow" or text_width(y_label + read_label, font) > width * 0.5 else 0.0
    if read_label and read:
        y += strip
    few = y
    if any(t is not None for t in thin):
        y += strip
    return _Head(strip, read, few, y + 8)


def _strip(size: Size) -> float:
    """Return the height of one line above the plot."""
    return MEASURES[size].font * 1.45


def _read_line(laid_out: Frame, head: _Head, read_at: float | None, label: str) -> list[Child]:
    """Draw the dotted line at the reading time, with its name beside its upper end."""
    if read_at is None or not 0 <= read_at <= laid_out.end:
        return []
    x, font = laid_out.x(read_at), laid_out.measures.font
    to_the_left = x + 6 + text_width(label, font) > laid_out.measures.width
    return [
        line(x, head.read + 3, x, laid_out.base, stroke=INK_3, stroke_width=1.3, stroke_dasharray="1.5 3"),
        text(
            x - 6 if to_the_left else x + 6,
            head.read + font,
            label,
            fill=INK_2,
            text_anchor="end" if to_the_left else None,
        ),
    ]


def _few_note(laid_out: Frame, head: _Head, followed: Sequence[tuple[Curve, float | None]], words: str) -> list[Child]:
    """Bracket, per group, the time with fewer than ten at risk, and say so once."""
    faint = [(curve, t) for curve, t in followed if t is not None and t < laid_out.end]
    if not faint:
        return []
    middle = head.few + laid_out.measures.font * 0.65
    spans = [(laid_out.x(t), laid_out.x(min(curve.last_time, laid_out.end))) for curve, t in faint]
    brackets = [
        _bracket(curve, span, middle + (i - (len(faint) - 1) / 2) * 6)
        for i, ((curve, _), span) in enumerate(zip(faint, spans, strict=True))
    ]
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    return [*brackets, *_beside(laid_out, words, start, end, head.few)]


def _bracket(curve: Curve, span: tuple[float, float], level: float) -> Child:
    """Draw a line with a closing stroke at its start, in the colour and dash of the group."""
    return group(
        [
            line(span[0], level, span[1], level, stroke_dasharray="4 2" if curve.look.dash else None),
            line(span[0], level - 3, span[0], level + 3),
        ],
        class_="km-few-bracket",
        stroke=curve.look.colour,
        stroke_width=1.5,
    )


def _beside(laid_out: Frame, words: str, start: float, end: float, top: float) -> list[Child]:
    """Write the note left of the brackets, right of them, or on top of them: where there is room."""
    font = laid_out.measures.font
    width = text_width(words, font)
    if start - 8 - width >= 0:
        return [text(start - 8, top + font, words, text_anchor="end", fill=INK_3)]
    if end + 8 + width <= laid_out.measures.width:
        return [text(end + 8, top + font, words, fill=INK_3)]
    middle = (start + end) / 2
    ground = rect(middle - width / 2 - 4, top, width + 8, font * 1.3, fill=SURFACE)
    return [ground, text(middle, top + font, words, text_anchor="middle", fill=INK_3)]


def _legend_names(curve: Curve, size: Size) -> tuple[list[str], bool]:
    """Return the lines of a name on a phone, and whether the value fits behind the last one."""
    font, room = MEASURES[size].font, MEASURES[size].width - 30
    names = wrap(curve.label, font, room, bold=True) or [curve.key]
    used = text_width(names[-1], font, bold=True)
    return names, used + 8 + text_width(curve.value, font) <= room


def _legend(laid_out: Frame, head: _Head, curves: Sequence[Curve]) -> list[Child]:
    """Write the labels above the plot, where a phone has no room beside it."""
    font, strip = laid_out.measures.font, _strip(laid_out.size)
    drawn: list[Child] = []
    y = head.legend + font
    for curve in curves:
        names, fits = _legend_names(curve, laid_out.size)
        drawn.append(swatch(curve.look, y - font * 0.35))
        for i, name in enumerate(names):
            last = i == len(names) - 1
            drawn.append(_legend_line(curve, name, curve.value if last and fits else "", y))
            y += strip
        if not fits:
            drawn.append(text(28, y, curve.value))
            y += strip
    return drawn


def _legend_line(curve: Curve, name: str, value: str, y: float) -> Child:
    """Write a name in the colour of its group, and the value behind it in ink."""
    behind = element("tspan", value, dx=8, fill=INK_2, font_weight=400) if value else None
    named = element("tspan", name, fill=curve.look.text, font_weight=600)
    return element("text", named, behind, x=28, y=round(y, 1))


def _empty_note(laid_out: Frame, words: str) -> list[Child]:
    """Say in the middle of the empty plot that there is nothing to draw yet."""
    x, y = (laid_out.left + laid_out.right) / 2, (laid_out.top + laid_out.base) / 2
    lines = wrap(words, laid_out.measures.font, laid_out.right - laid_out.left - 20)
    lead = laid_out.measures.font * 1.4
    return [text(x, y + i * lead, part, text_anchor="middle", fill=INK_3) for i, part in enumerate(lines)]
