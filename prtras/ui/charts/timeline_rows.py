"""The rows of a participant's timeline; each returns what it draws and the y below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from prtras.ui.charts.palette import (
    ACCENT,
    CONTROL,
    ERROR,
    INK,
    INK_2,
    INK_4,
    MUTE,
    MUTE_TINT,
    OK,
    OK_TINT,
    OVERDUE,
    OVERDUE_TINT,
    PROGRESS,
    PROGRESS_TINT,
    SURFACE,
    WINDOW,
)
from prtras.ui.charts.scales import DateScale
from prtras.ui.charts.svg import Child, Element, circle, element, group, line, outline, rect, text
from prtras.ui.charts.typesetting import Extent, clamped, lanes, text_width

VisitState = Literal["done", "due", "overdue", "missed", "planned"]
MilestoneKind = Literal["treatment", "choice", "event", "end"]

FONT = 13.0
_LINE = 17.0
_PILL = 16.0


@dataclass(frozen=True)
class Visit:
    """A visit's window and what became of it; ``hint`` is the tooltip."""

    label: str
    opens: date
    target: date
    closes: date
    state: VisitState
    actual: date | None = None
    hint: str = ""


@dataclass(frozen=True)
class Milestone:
    """One day that matters: a treatment (square), a choice (diamond), an event (flag), the end (ring)."""

    kind: MilestoneKind
    day: date
    label: str


@dataclass(frozen=True)
class FreeUntil:
    """The stretch that examinations confirm to be free of the event."""

    start: date
    end: date
    label: str


@dataclass(frozen=True)
class AdverseEvent:
    """A span of days with its grade, 1 to 5, or None where it is not known; without an end it is still going on.

    `grade` is the worst one; `changes` say from which day on it had which, and without them it had that one throughout.
    """

    label: str
    start: date
    grade: int | None
    end: date | None = None
    changes: Sequence[tuple[date, int | None]] = ()

    def __post_init__(self) -> None:
        for grade in (self.grade, *(grade for _, grade in self.changes)):
            if grade not in GRADES:
                raise ValueError(f"a grade is 1 to 5, not {grade}")

    @property
    def stretches(self) -> list[tuple[date, int | None]]:
        """From which day on it had which grade, the first from its start; unknown before the first change."""
        if not self.changes:
            return [(self.start, self.grade)]
        ordered = sorted(self.changes, key=lambda change: change[0])
        before = [grade for day, grade in ordered if day <= self.start]
        later = [change for change in ordered if change[0] > self.start]
        return [(self.start, before[-1] if before else None), *later]


# thickness and colour, never less for a higher grade; the words say the grade too
GRADES: dict[int | None, tuple[float, str]] = {
    None: (3, CONTROL),
    1: (3, INK_4),
    2: (4.5, MUTE),
    3: (6, OVERDUE),
    4: (7.5, ERROR),
    5: (9, ERROR),
}

_PILLS: dict[VisitState, tuple[str, str]] = {
    "done": (OK_TINT, OK_TINT),
    "due": (PROGRESS_TINT, PROGRESS),
    "overdue": (OVERDUE_TINT, OVERDUE),
    "missed": (MUTE_TINT, MUTE_TINT),
    "planned": (WINDOW, WINDOW),
}

Drawn = tuple[list[Child], float]


def visit_row(x: DateScale, visits: Sequence[Visit], top: float) -> Drawn:
    """Draw every visit's window with its mark; names in up to two lines, further ones only as tooltips."""
    shown = [visit for visit in visits if x.holds(visit.target)]
    widths = [text_width(visit.label, FONT, bold=True) for visit in shown]
    places = [clamped(x(v.target) - width / 2, width, 0, x.end + 10) for v, width in zip(shown, widths, strict=True)]
    chosen = lanes(places, 5)
    depth = min(max(chosen, default=0) + 1, 2)
    pills = top + depth * _LINE + 3
    drawn: list[Child] = []
    for visit, place, lane in zip(shown, places, chosen, strict=True):
        if lane < depth:
            drawn.extend(_visit_name(visit.label, place, pills - 7 - lane * _LINE))
        drawn.append(_visit(x, visit, pills))
    return drawn, pills + _PILL + 12


def _visit_name(label: str, place: Extent, y: float) -> list[Child]:
    """Write a visit's name on a white ground, so that no line of the axis runs through it."""
    ground = rect(place.start - 2, y - FONT + 1, place.end - place.start + 4, FONT + 3, fill=SURFACE)
    middle = (place.start + place.end) / 2
    return [ground, text(middle, y, label, fill=INK, font_weight=600, text_anchor="middle")]


def _visit(x: DateScale, visit: Visit, y: float) -> Child:
    """Draw one window as a pill and, on it or beside it, the mark of its state."""
    fill, stroke = _PILLS[visit.state]
    start, end = x(visit.opens), x(visit.closes)
    width = max(end - start, 12)
    pill = clamped((start + end - width) / 2, width, 0, x.end + 10)
    middle, at = y + _PILL / 2, x(visit.actual or visit.target)
    outside = visit.actual is not None and not visit.opens <= visit.actual <= visit.closes
    edge = pill.start if at < pill.start else pill.end
    return group(
        [
            element("title", visit.hint) if visit.hint else None,
            rect(pill.start, y, width, _PILL, rx=8, fill=fill, stroke=stroke),
            line(edge, middle, at, middle, stroke=OVERDUE, stroke_width=1.5, stroke_dasharray="3 2")
            if outside
            else None,
            *_mark(visit.state, at, middle),
        ],
        class_=f"timeline-visit timeline-{visit.state}",
    )


def _mark(state: VisitState, x: float, y: float) -> list[Child]:
    """Draw a state's shape: disc, half disc, triangle, cross or ring; colour only repeats it."""
    if state == "done":
        return [circle(x, y, 5, fill=OK)]
    if state == "due":
        half = f"M{x:.1f} {y - 4.5:.1f}a4.5 4.5 0 0 0 0 9Z"
        return [
            circle(x, y, 4.5, fill=SURFACE, stroke=PROGRESS, stroke_width=1.6),
            element("path", d=half, fill=PROGRESS),
        ]
    if state == "overdue":
        return [element("path", d=outline((x, y - 5.5), (x + 6, y + 5), (x - 6, y + 5)), fill=OVERDUE)]
    if state == "missed":
        arms = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0-8l-8 8"
        return [element("path", d=arms, fill="none", stroke=MUTE, stroke_width=2)]
    return [circle(x, y, 4, fill=SURFACE, stroke=CONTROL, stroke_width=1.5)]


def story_row(x: DateScale, milestones: Sequence[Milestone], free_until: FreeUntil | None, top: float) -> Drawn:
    """Draw the bar of confirmed freedom with the milestones on it, and their words below."""
    shown = [m for m in milestones if x.holds(m.day)]
    if not shown and free_until is None:
        return [], top
    axis = top + 7
    drawn: list[Child] = []
    captions: list[tuple[float, str, str]] = [(x(m.day) - 6, m.label, m.kind) for m in shown]
    if free_until is not None:
        start, end = x(max(free_until.start, x.first)), x(min(free_until.end, x.last))
        drawn.append(rect(start, axis - 3, end - start, 6, rx=3, fill=OK, class_="timeline-free"))
        drawn.append(line(end, axis - 6, end, axis + 6, stroke=OK, stroke_width=2))
        captions.append((end - 6, free_until.label, "free"))
    drawn.extend(_symbol(m.kind, x(m.day), axis) for m in shown)
    words, below = _captions(captions, x.end + 10, axis + 11)
    return [*drawn, *words], below


def _captions(captions: Sequence[tuple[float, str, str]], right: float, top: float) -> Drawn:
    """Write the words under the bar, each behind a copy of its mark, in as many lines as they need."""
    ordered = sorted(captions)
    places = [clamped(start, 18 + text_width(words, FONT), 0, right) for start, words, _ in ordered]
    chosen = lanes(places, 12)
    drawn: list[Child] = []
    for (_, words, kind), place, lane in zip(ordered, places, chosen, strict=True):
        y = top + lane * _LINE + FONT
        extent = place.end - place.start
        drawn.append(rect(place.start - 2, y - FONT + 1, extent + 4, FONT + 3, fill=SURFACE, fill_opacity=0.9))
        drawn.append(_symbol(kind, place.start + 6, y - FONT * 0.36))
        drawn.append(text(place.start + 17, y, words))
    return drawn, top + (max(chosen, default=-1) + 1) * _LINE + 8


def _symbol(kind: str, x: float, y: float) -> Element:
    """Draw the mark of a milestone, or a piece of the bar for the stretch that is free."""
    if kind == "treatment":
        return rect(x - 5, y - 5, 10, 10, rx=1, fill=ACCENT, stroke=SURFACE)
    if kind == "choice":
        corners = ((x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y))
        return element("path", d=outline(*corners), fill=ACCENT, stroke=SURFACE)
    if kind == "event":
        flag = outline((x - 4, y - 8), (x + 7, y - 4), (x - 3, y), (x - 3, y + 7), (x - 5, y + 7), (x - 5, y - 8))
        return element("path", d=flag, fill=ERROR, stroke=SURFACE, stroke_width=0.8)
    if kind == "end":
        return circle(x, y, 5, fill=SURFACE, stroke=INK_2, stroke_width=2)
    return rect(x - 6, y - 3, 14, 6, rx=3, fill=OK)


def adverse_event_row(x: DateScale, events: Sequence[AdverseEvent], today: date, top: float) -> Drawn:
    """Draw the adverse events, packed into lines; thicker means a higher grade, an arrow still open."""
    shown = [e for e in events if e.start <= x.last and (e.end or today) >= x.first]
    spans = [_span(x, event, today) for event in shown]
    order = sorted(range(len(shown)), key=lambda i: spans[i].start)
    places = [_with_words(shown[i], spans[i], x.end + 10) for i in order]
    chosen = lanes(places, 12)
    height = 12 + _LINE
    drawn = [
        _adverse_event(x, shown[i], spans[i], place.start, top + lane * height, today)
        for i, place, lane in zip(order, places, chosen, strict=True)
    ]
    return drawn, top + (max(chosen, default=-1) + 1) * height


def _span(x: DateScale, event: AdverseEvent, today: date) -> Extent:
    """Return where the event's bar begins and ends on the axis; a single day stays visible."""
    start = x(max(event.start, x.first))
    end = x(min(event.end or max(today, event.start), x.last))
    return Extent(start, max(end, start + 4))


def _with_words(event: AdverseEvent, span: Extent, right: float) -> Extent:
    """Return the room of the bar and the words below it; words at the right edge shift to the left."""
    words = clamped(span.start, text_width(event.label, FONT, bold=_severe(event)), 0, right)
    return Extent(words.start, max(words.end, span.end))


def _adverse_event(x: DateScale, event: AdverseEvent, span: Extent, words_at: float, top: float, today: date) -> Child:
    """Draw one event: its bar, an arrow when it goes on, and its words."""
    _, colour = GRADES[event.grade]
    middle = top + 5
    severe = _severe(event)
    goes_on = event.end is None or event.end > today
    tip = outline((span.end, middle - 5.5), (span.end + 7, middle), (span.end, middle + 5.5))
    return group(
        [
            *_bars(x, event, span, middle),
            element("path", d=tip) if goes_on else None,
            text(
                words_at,
                top + 11 + FONT,
                event.label,
                fill=colour if severe else INK_2,
                font_weight=600 if severe else None,
            ),
        ],
        class_=f"timeline-ae timeline-grade-{event.grade}" if event.grade else "timeline-ae timeline-grade-unknown",
        fill=colour,
    )


def _bars(x: DateScale, event: AdverseEvent, span: Extent, middle: float) -> Iterator[Element]:
    """The bar, a stretch for each grade in its thickness and colour."""
    stretches = event.stretches
    starts = [min(max(x(day), span.start), span.end) for day, _ in stretches]
    for (_, grade), start, end in zip(stretches, starts, [*starts[1:], span.end], strict=True):
        thickness, colour = GRADES[grade]
        if end > start:
            yield rect(start, middle - thickness / 2, end - start, thickness, rx=min(2, thickness / 2), fill=colour)


def _severe(event: AdverseEvent) -> bool:
    return (event.grade or 0) > 2
