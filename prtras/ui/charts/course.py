"""A participant's course: several rows over one line of time, each with its name, its scale and its marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from prtras.ui.charts.palette import (
    ACCENT,
    ACCENT_TINT,
    ERROR,
    INK,
    INK_3,
    LINE,
    LINE_2,
    MUTE,
    OK,
    OVERDUE,
    SUNK,
    SURFACE,
)
from prtras.ui.charts.scales import DateScale, DateTick, Scale
from prtras.ui.charts.svg import (
    Child,
    Markup,
    checked_ident,
    circle,
    element,
    figure,
    group,
    line,
    outline,
    polyline,
    rect,
    text,
)
from prtras.ui.charts.timeline_rows import FONT, AdverseEvent, adverse_event_row
from prtras.ui.charts.typesetting import text_width

_HEAD, _TRACK, _LOW_ROW = 26.0, 84.0, 30.0
_SIDE = 150.0  # room for the names of rows and the words of their levels
#: Colours of marks by what they say; their shapes say it too.
MARKS = {"good": OK, "note": MUTE, "warn": OVERDUE, "bad": ERROR}


@dataclass(frozen=True)
class Reading:
    """One value on one day; `open_end`: it is known only to lie below (or above) it, and is drawn hollow."""

    day: date
    value: float
    hint: str
    open_end: bool = False


@dataclass(frozen=True)
class Track:
    """Values over time between `low` and `high`, with the levels that are named, and a stretch that is tinted."""

    label: str
    unit: str
    low: float
    high: float
    readings: Sequence[Reading]
    levels: Sequence[tuple[float, str]] = ()
    band: tuple[float, float] | None = None


@dataclass(frozen=True)
class Span:
    """A stretch of days with its words; without an end it goes on."""

    start: date
    end: date | None
    words: str


@dataclass(frozen=True)
class Mark:
    """Something on one day: `tone` is a key of MARKS, `weight` (0 to 1) its height where amounts are compared."""

    day: date
    tone: str
    hint: str
    words: str = ""
    weight: float = 0.0


@dataclass(frozen=True)
class Row:
    """A low row of stretches and marks."""

    label: str
    spans: Sequence[Span] = ()
    marks: Sequence[Mark] = ()


@dataclass(frozen=True)
class Course:
    """Everything on the axis: rows from above, adverse events below them."""

    first: date
    last: date
    today: date
    axis: Sequence[DateTick]
    rows: Sequence[Track | Row]
    events: Sequence[AdverseEvent] = field(default_factory=tuple)
    events_label: str = ""


def course(drawn: Course, *, title: str, desc: str = "", ident: str = "course", width: float = 1300) -> Markup:
    """Draw the course; its height grows with what it holds. On a phone it scrolls sideways."""
    x = DateScale(drawn.first, drawn.last, _SIDE, width - 12)
    children: list[Child] = []
    y = _HEAD + 4
    for row in drawn.rows:
        height = _TRACK if isinstance(row, Track) else _LOW_ROW
        children += _track(x, row, y) if isinstance(row, Track) else _row(x, row, y, drawn.today)
        y += height + 8
        children.append(line(0, y - 4, width, y - 4, stroke=LINE_2))
    if drawn.events:
        children.append(text(8, y + FONT, drawn.events_label, fill=INK, font_weight=600))
        events, y = adverse_event_row(x, drawn.events, drawn.today, y + 2)
        children += events
    return figure(
        [rect(0, 0, width, _HEAD, fill=SUNK), *_months(x, drawn, y), *children],
        ident=checked_ident(ident), kind="course", size=(width, y + 4), title=title, desc=desc, font_size=FONT,
    )  # fmt: skip


def _months(x: DateScale, drawn: Course, height: float) -> list[Child]:
    """Months as upright lines, stronger at a new year, and today through all rows."""
    marks: list[Child] = []
    free_from = 0.0
    for tick in drawn.axis:
        if x.holds(tick.day):
            at = x(tick.day)
            marks.append(line(at, 4 if tick.major else _HEAD, at, height, stroke=LINE if tick.major else LINE_2))
            if at >= free_from:
                marks.append(text(at + 5, 17.5, tick.label, fill=INK if tick.major else INK_3))
                free_from = at + 12 + text_width(tick.label, FONT)
    if x.holds(drawn.today):
        marks.append(line(x(drawn.today), 20, x(drawn.today), height, stroke=INK, stroke_width=1.5))
    return marks


def _names(label: str, unit: str, top: float) -> list[Child]:
    return [
        text(8, top + FONT, label, fill=INK, font_weight=600),
        text(8, top + FONT * 2.3, unit, fill=INK_3, font_size=FONT - 2),
    ]


def _track(x: DateScale, track: Track, top: float) -> list[Child]:
    """One row of values: levels, the tinted stretch, the line and a disc for each value."""
    y = Scale(track.low, track.high, top + _TRACK - 6, top + 6)
    drawn: list[Child] = [*_names(track.label, track.unit, top)]
    if track.band:
        low, high = track.band
        drawn.append(rect(x.start, y(high), x.end - x.start, y(low) - y(high), fill=ACCENT_TINT))
    for value, words in track.levels:
        drawn.append(line(x.start, y(value), x.end, y(value), stroke=LINE, stroke_dasharray="3 3"))
        drawn.append(
            text(x.start - 6, y(value) + FONT * 0.35, words, fill=INK_3, text_anchor="end", font_size=FONT - 2)
        )
    shown = [reading for reading in sorted(track.readings, key=lambda r: r.day) if x.holds(reading.day)]
    places = [(x(r.day), y(min(max(r.value, track.low), track.high))) for r in shown]
    if len(places) > 1:
        drawn.append(element("path", d=polyline(places), fill="none", stroke=ACCENT, stroke_width=1.5))
    for reading, (at, height) in zip(shown, places, strict=True):
        fill = SURFACE if reading.open_end else ACCENT
        disc = circle(at, height, 3.5, fill=fill, stroke=ACCENT, stroke_width=1.5)
        drawn.append(group([element("title", reading.hint), disc]))
    return drawn


def _row(x: DateScale, row: Row, top: float, today: date) -> list[Child]:
    """Stretches as bars with their words, marks as triangles, diamonds and upright strokes."""
    drawn: list[Child] = [text(8, top + FONT, row.label, fill=INK, font_weight=600)]
    for span in row.spans:
        start, end = x(max(span.start, x.first)), x(min(span.end or today, x.last))
        if span.start > x.last or end < x.start:
            continue
        bar = rect(start, top + 4, max(end - start, 3), 8, rx=2, fill=ACCENT_TINT, stroke=ACCENT)
        tip = outline((end, top + 2), (end + 7, top + 8), (end, top + 14))
        going_on = element("path", d=tip, fill=ACCENT) if span.end is None else None
        words = text(start + 2, top + 26, span.words, font_size=FONT - 1)
        drawn.append(group([element("title", span.words), bar, going_on, words]))
    for mark in row.marks:
        if x.holds(mark.day):
            drawn.append(_mark(x(mark.day), top, mark))
    return drawn


def _mark(at: float, top: float, mark: Mark) -> Child:
    colour = MARKS[mark.tone]
    if mark.weight:
        height = 4 + 18 * mark.weight
        shape: Child = line(at, top + 24, at, top + 24 - height, stroke=colour, stroke_width=2)
    elif mark.tone == "bad":
        shape = element("path", d=outline((at, top + 2), (at + 7, top + 14), (at - 7, top + 14)), fill=colour)
    elif mark.tone == "warn":
        corners = ((at, top + 2), (at + 6, top + 8), (at, top + 14), (at - 6, top + 8))
        shape = element("path", d=outline(*corners), fill=colour)
    else:
        shape = circle(
            at, top + 8, 4.5, fill=colour if mark.tone == "good" else SURFACE, stroke=colour, stroke_width=1.6
        )
    words = text(at, top + 26, mark.words, fill=colour, font_size=FONT - 2, text_anchor="middle")
    return group([element("title", mark.hint), shape, words])
