"""One participant's story on one line of time: visits, treatment, recurrence, adverse events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from prtras.ui.charts.palette import INK, INK_3, LINE, LINE_2, SUNK, SURFACE
from prtras.ui.charts.scales import DateScale, DateTick
from prtras.ui.charts.svg import Child, Markup, checked_ident, figure, line, rect, text
from prtras.ui.charts.timeline_rows import (
    FONT,
    AdverseEvent,
    FreeUntil,
    Milestone,
    MilestoneKind,
    Visit,
    VisitState,
    adverse_event_row,
    story_row,
    visit_row,
)
from prtras.ui.charts.typesetting import Extent, clamped, text_width

__all__ = [
    "AdverseEvent",
    "FreeUntil",
    "Milestone",
    "MilestoneKind",
    "Texts",
    "Visit",
    "VisitState",
    "participant_timeline",
]

_HEAD = 26.0


@dataclass(frozen=True)
class Texts:
    """The words of the picture itself; visits, milestones and events bring their own."""

    title: str
    desc: str
    today: str


def participant_timeline(
    *,
    first: date,
    last: date,
    today: date,
    axis: Sequence[DateTick],
    visits: Sequence[Visit],
    milestones: Sequence[Milestone] = (),
    free_until: FreeUntil | None = None,
    adverse_events: Sequence[AdverseEvent] = (),
    texts: Texts,
    ident: str = "timeline",
    width: float = 1300,
) -> Markup:
    """Draw the timeline from ``first`` to ``last``; its height grows with what it holds.

    On a phone it keeps its size and scrolls sideways, so no text shrinks below 11 px.
    """
    x = DateScale(first, last, 10, width - 10)
    drawn, below = visit_row(x, visits, _HEAD + 6)
    story, below = story_row(x, milestones, free_until, below)
    events, below = adverse_event_row(x, adverse_events, today, below)
    height = below + 4
    now = _now_extent(x, today, texts.today)
    return figure(
        [
            rect(0, 0, width, _HEAD, fill=SUNK),
            line(0, _HEAD, width, _HEAD, stroke=LINE_2),
            *_months(x, axis, now, height),
            *_now_line(x, today, height),
            *drawn,
            *story,
            *events,
            *_now_label(now, texts.today),
        ],
        ident=checked_ident(ident),
        kind="timeline",
        size=(width, height),
        title=texts.title,
        desc=texts.desc,
        font_size=FONT,
    )


def _months(x: DateScale, axis: Sequence[DateTick], now: Extent | None, height: float) -> list[Child]:
    """Draw the months as upright lines, stronger at a new year; labels that would touch are left out."""
    shown = [tick for tick in axis if x.holds(tick.day)]
    drawn: list[Child] = []
    for tick in shown:
        head, colour = (4, LINE) if tick.major else (_HEAD, LINE_2)
        drawn.append(line(x(tick.day), head, x(tick.day), height, stroke=colour))
    occupied = [now] if now else []
    for tick in sorted(shown, key=lambda t: (not t.major, t.day)):
        place = _month_place(x, tick, now)
        if place.end <= x.end + 10 and not any(place.touches(other, 5) for other in occupied):
            occupied.append(place)
            drawn.append(text(place.start, 17.5, tick.label, fill=INK if tick.major else INK_3))
    return drawn


def _month_place(x: DateScale, tick: DateTick, now: Extent | None) -> Extent:
    """Return where a month's label goes; a new year steps behind today's label rather than vanish."""
    start, width = x(tick.day) + 5, text_width(tick.label, FONT)
    place = Extent(start, start + width)
    if now and tick.major and place.touches(now, 5):
        return Extent(now.end + 6, now.end + 6 + width)
    return place


def _now_extent(x: DateScale, today: date, words: str) -> Extent | None:
    """Return the stretch of today's label in the head, or nothing when today is off the axis."""
    if not x.holds(today):
        return None
    width = text_width(words, FONT - 1) + 18
    return clamped(x(today) - width / 2, width, 0, x.end + 10)


def _now_line(x: DateScale, today: date, height: float) -> list[Child]:
    """Draw today through all rows."""
    if not x.holds(today):
        return []
    return [line(x(today), 20, x(today), height, stroke=INK, stroke_width=1.5, class_="timeline-today")]


def _now_label(now: Extent | None, words: str) -> list[Child]:
    """Write today, white on ink, in the head."""
    if now is None:
        return []
    return [
        rect(now.start, 4, now.end - now.start, 18, rx=9, fill=INK),
        text(
            (now.start + now.end) / 2,
            17.2,
            words,
            fill=SURFACE,
            font_size=FONT - 1,
            font_weight=600,
            text_anchor="middle",
        ),
    ]
