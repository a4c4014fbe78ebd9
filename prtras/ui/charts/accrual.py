"""Enrolment so far against the plan: steps that end today, the dashed plan, the dotted target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from prtras.ui.charts.palette import ACCENT, ACCENT_2, CONTROL, INK, INK_2, INK_3, LINE_2, SURFACE
from prtras.ui.charts.scales import DateScale, DateTick, Scale, count_steps, require_ascending
from prtras.ui.charts.svg import (
    Child,
    Element,
    Markup,
    PathData,
    checked_ident,
    circle,
    element,
    figure,
    group,
    line,
    polyline,
    rect,
    text,
)
from prtras.ui.charts.typesetting import Extent, clamped, lanes, text_width

Size = Literal["wide", "narrow"]


@dataclass(frozen=True)
class CountOnDay:
    """The cumulative number of participants from this day on."""

    day: date
    count: float


@dataclass(frozen=True)
class Texts:
    """Every word of the chart; ``status`` stands beside the number, e.g. how far it is from the plan."""

    title: str
    desc: str
    today: str
    target: str
    plan: str
    status: str = ""


@dataclass(frozen=True)
class _Frame:
    """Scales and type size of one layout."""

    width: float
    height: float
    font: float
    x: DateScale
    y: Scale


def cumulative_accrual(
    actual: Sequence[CountOnDay],
    plan: Sequence[CountOnDay],
    *,
    target: int,
    today: date,
    axis: Sequence[DateTick],
    texts: Texts,
    size: Size = "wide",
    ident: str = "accrual",
) -> Markup:
    """Draw the enrolment; ``axis`` labels the days, the plan and today decide how far it reaches."""
    require_ascending([p.day.toordinal() for p in actual], "the enrolment days")
    require_ascending([p.day.toordinal() for p in plan], "the days of the plan")
    frame = _frame(actual, plan, target, today, texts, size)
    return figure(
        [
            *_axes(frame, target, axis),
            *_target(frame, target, texts.target),
            *_plan(frame, plan, texts.plan),
            *_today(frame, today, texts.today),
            *_actual(frame, actual, today),
            *_status(frame, actual, today, texts.status),
        ],
        ident=f"{checked_ident(ident)}-{size}",
        kind=f"accrual chart-{size}",
        size=(frame.width, frame.height),
        title=texts.title,
        desc=texts.desc,
        font_size=frame.font,
    )


def _frame(
    actual: Sequence[CountOnDay],
    plan: Sequence[CountOnDay],
    target: int,
    today: date,
    texts: Texts,
    size: Size,
) -> _Frame:
    """Choose the scales: first day to the end of the plan or today, 0 to the target or beyond."""
    width, height, font = (420.0, 176.0, 12.5) if size == "wide" else (360.0, 190.0, 13.5)
    days = [p.day for p in (*actual, *plan)] + [today]
    top = max([float(target), 1.0, *(p.count for p in (*actual, *plan))])
    left = text_width(str(round(top)), font) + 10
    right = width - max(text_width(texts.plan, font) + 10, 14)
    x = DateScale(min(days), max(days), left, right)
    return _Frame(width, height, font, x, Scale(0, top, height - font * 2, font * 2))


def _axes(frame: _Frame, target: int, axis: Sequence[DateTick]) -> list[Child]:
    """Draw round counts clear of the target's own, and the days that fit beside each other."""
    base, font = frame.y(0), frame.font
    clear = [c for c in count_steps(frame.y.high, 4) if abs(frame.y(c) - frame.y(target)) > font * 1.2]
    grid = [line(frame.x.start, frame.y(c), frame.x.end, frame.y(c)) for c in clear if c]
    counts = [text(frame.x.start - 7, frame.y(c) + font * 0.35, str(c)) for c in clear]
    days = [tick for tick in axis if frame.x.holds(tick.day)]
    places = [_day_extent(frame, tick) for tick in days]
    shown = [(d, p) for d, p, lane in zip(days, places, lanes(places, 10), strict=True) if lane == 0]
    ticks = [line(frame.x(d.day), base, frame.x(d.day), base + 4) for d, _ in shown]
    names = [text(place.start, base + font * 1.5, d.label) for d, place in shown]
    return [
        group(grid, stroke=LINE_2),
        group(counts, fill=INK_3, text_anchor="end"),
        group([line(frame.x.start, base, frame.x.end, base), *ticks], stroke=CONTROL),
        group(names, fill=INK_3),
    ]


def _day_extent(frame: _Frame, tick: DateTick) -> Extent:
    """Centre a day's label under its tick, within the picture."""
    width = text_width(tick.label, frame.font)
    return clamped(frame.x(tick.day) - width / 2, width, 0, frame.width)


def _target(frame: _Frame, target: int, words: str) -> list[Child]:
    """Draw the dotted target line, its number on the axis and its name on the line."""
    y = frame.y(target)
    return [
        line(frame.x.start, y, frame.x.end, y, stroke=INK_3, stroke_width=1.2, stroke_dasharray="1.5 3"),
        text(frame.x.start - 7, y + frame.font * 0.35, str(target), fill=INK_2, text_anchor="end"),
        text(frame.x.start + 4, y - 5, words, fill=INK_3),
    ]


def _plan(frame: _Frame, plan: Sequence[CountOnDay], words: str) -> list[Child]:
    """Draw the plan as a dashed line, with its name at its end."""
    if not plan:
        return []
    points = [(frame.x(p.day), frame.y(p.count)) for p in plan]
    x, y = points[-1]
    return [
        element(
            "path",
            d=polyline(points),
            class_="accrual-plan",
            fill="none",
            stroke=INK_3,
            stroke_width=1.3,
            stroke_dasharray="5 3",
        ),
        text(x + 6, y + frame.font * 0.35, words, fill=INK_3),
    ]


def _today(frame: _Frame, today: date, words: str) -> list[Child]:
    """Draw today as an upright line with its name above the plot."""
    x, width = frame.x(today), text_width(words, frame.font)
    place = clamped(x - width / 2, width, 0, frame.width)
    return [
        line(x, frame.font * 1.25, x, frame.y(0), stroke=INK),
        text(place.start, frame.font, words, fill=INK),
    ]


def _actual(frame: _Frame, actual: Sequence[CountOnDay], today: date) -> list[Child]:
    """Draw the enrolment as steps up to today, with a light ground and a dot at its end."""
    known = [p for p in actual if p.day <= today]
    if not known:
        return []
    path = PathData().move(frame.x(known[0].day), frame.y(0))
    for point in known:
        path.across(frame.x(point.day)).up_or_down(frame.y(point.count))
    path.across(frame.x(today))
    ground = f"{path}V{round(frame.y(0), 1):g}Z"
    return [
        element("path", d=ground, fill=ACCENT, fill_opacity=0.1),
        element("path", d=str(path), class_="accrual-line", fill="none", stroke=ACCENT, stroke_width=2.2),
        circle(frame.x(today), frame.y(known[-1].count), 4, fill=ACCENT, stroke=SURFACE),
    ]


def _status(frame: _Frame, actual: Sequence[CountOnDay], today: date, status: str) -> list[Child]:
    """Write the number reached beside its dot: below right, or above left where the picture ends."""
    known = [p.count for p in actual if p.day <= today]
    count = f"{known[-1] if known else 0:g}"
    x, y, font = frame.x(today), frame.y(known[-1] if known else 0), frame.font
    width = text_width(count, font + 1, bold=True) + (6 + text_width(status, font) if status else 0)
    if x + 8 + width <= frame.width:
        below = min(y + font * 1.5, frame.y(0) - 6)
        return [_count(x + 8, below, count, status, font)]
    start, above = x - 10 - width, max(y - 8, font * 2.2)
    ground = rect(start - 3, above - font, width + 6, font * 1.35, fill=SURFACE, fill_opacity=0.85)
    return [ground, _count(start, above, count, status, font)]


def _count(x: float, y: float, count: str, status: str, font: float) -> Element:
    """Write the number in bold, the words behind it plain."""
    number = element("tspan", count, fill=ACCENT_2, font_weight=600, font_size=font + 1)
    words = element("tspan", status, dx=6, fill=INK_3) if status else None
    return element("text", number, words, x=round(x, 1), y=round(y, 1))
