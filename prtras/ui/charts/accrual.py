"""Enrolment so far against the plan: steps that end today, the dashed plan, the dotted target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from prtras.ui.charts.axes import axes, tick_extent
from prtras.ui.charts.frame import Frame, Size
from prtras.ui.charts.palette import ACCENT, ACCENT_2, INK, INK_2, INK_3, SURFACE
from prtras.ui.charts.scales import DateTick, Scale, count_steps, require_ascending
from prtras.ui.charts.steps import Plateau, step_path
from prtras.ui.charts.svg import (
    Child,
    Element,
    Markup,
    checked_ident,
    circle,
    element,
    figure,
    line,
    polyline,
    rect,
    text,
)
from prtras.ui.charts.typesetting import clamped, lanes, text_width

MEASURES: dict[Size, tuple[float, float, float]] = {"wide": (420, 176, 12.5), "narrow": (360, 190, 13.5)}


@dataclass(frozen=True)
class CountOnDay:
    """The cumulative number of participants from this day on."""

    day: date
    count: float

    @property
    def at(self) -> int:
        """Return the place of the day on the axis."""
        return self.day.toordinal()


@dataclass(frozen=True)
class Texts:
    """Every word of the chart; ``status`` stands beside the number, e.g. how far it is from the plan."""

    title: str
    desc: str
    today: str
    target: str
    plan: str
    status: str = ""


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
    require_ascending([p.at for p in actual], "the enrolment days")
    require_ascending([p.at for p in plan], "the days of the plan")
    days = {tick.day.toordinal(): tick.label for tick in axis}
    frame = _frame([*actual, *plan, CountOnDay(today, 0)], target, days, texts, size)
    known = [p for p in actual if p.day <= today]
    now = CountOnDay(today, known[-1].count if known else 0)
    return figure(
        [
            *axes(frame, [f"{level:g}" for level in frame.levels], [days[int(tick)] for tick in frame.labelled]),
            *_target(frame, target, texts.target),
            *_plan(frame, plan, texts.plan),
            *_today(frame, now, texts.today),
            *(_actual(frame, [*known, now]) if known else []),
            *_status(frame, now, texts.status),
        ],
        ident=f"{checked_ident(ident)}-{size}",
        kind=f"accrual chart-{size}",
        size=(frame.width, MEASURES[size][1]),
        title=texts.title,
        desc=texts.desc,
        font_size=frame.font,
    )


def _frame(points: Sequence[CountOnDay], target: int, days: dict[int, str], texts: Texts, size: Size) -> Frame:
    """Choose the scales: first day to the end of the plan or today, 0 to the target or beyond.

    Round counts have a level where they keep clear of the target's own; days have a label where it fits.
    """
    width, height, font = MEASURES[size]
    top = max([float(target), 1.0, *(p.count for p in points)])
    ends = text_width(str(round(top)), font) + 10, width - max(text_width(texts.plan, font) + 10, 14)
    x = Scale(min(p.at for p in points), max(p.at for p in points), *ends)
    y = Scale(0, top, height - font * 2, font * 2)
    levels = tuple(float(c) for c in count_steps(top, 4) if abs(y(c) - y(target)) > font * 1.2)
    ticks = tuple(day for day in days if x.low <= day <= x.high)
    frame = Frame("accrual", width, font, x, y, levels, ticks, ())
    chosen = lanes([tick_extent(frame, tick, days[tick]) for tick in ticks], 10)
    return replace(frame, columns=tuple(i for i, lane in enumerate(chosen) if lane == 0))


def _target(frame: Frame, target: int, words: str) -> list[Child]:
    """Draw the dotted target line, its number on the axis and its name on the line."""
    y = frame.y(target)
    return [
        line(frame.left, y, frame.right, y, stroke=INK_3, stroke_width=1.2, stroke_dasharray="1.5 3"),
        text(frame.left - 8, y + frame.font * 0.35, str(target), fill=INK_2, text_anchor="end"),
        text(frame.left + 4, y - 5, words, fill=INK_3),
    ]


def _plan(frame: Frame, plan: Sequence[CountOnDay], words: str) -> list[Child]:
    """Draw the plan as a dashed line, with its name at its end."""
    if not plan:
        return []
    points = [(frame.x(p.at), frame.y(p.count)) for p in plan]
    path, (x, y) = polyline(points), points[-1]
    return [
        element(
            "path", d=path, class_="accrual-plan", fill="none", stroke=INK_3, stroke_width=1.3, stroke_dasharray="5 3"
        ),
        text(x + 6, y + frame.font * 0.35, words, fill=INK_3),
    ]


def _today(frame: Frame, now: CountOnDay, words: str) -> list[Child]:
    """Draw today as an upright line with its name above the plot."""
    x, width = frame.x(now.at), text_width(words, frame.font)
    place = clamped(x - width / 2, width, 0, frame.width)
    return [
        line(x, frame.font * 1.25, x, frame.base, stroke=INK),
        text(place.start, frame.font, words, fill=INK),
    ]


def _actual(frame: Frame, known: Sequence[CountOnDay]) -> list[Child]:
    """Draw the enrolment as steps up to today, with a light ground and a dot at its end."""
    before = [0.0, *(p.count for p in known)]
    stretches = [Plateau(p.at, then.at, was, p.count) for was, (p, then) in zip(before, pairwise(known), strict=False)]
    path = str(step_path(frame, stretches))
    return [
        element("path", d=f"{path}V{round(frame.base, 1):g}Z", fill=ACCENT, fill_opacity=0.1),
        element("path", d=path, class_="accrual-line", fill="none", stroke=ACCENT, stroke_width=2.2),
        circle(frame.x(known[-1].at), frame.y(known[-1].count), 4, fill=ACCENT, stroke=SURFACE),
    ]


def _status(frame: Frame, now: CountOnDay, status: str) -> list[Child]:
    """Write the number reached beside its dot: below right, or above left where the picture ends."""
    count, x, y, font = f"{now.count:g}", frame.x(now.at), frame.y(now.count), frame.font
    width = text_width(count, font + 1, bold=True) + (6 + text_width(status, font) if status else 0)
    if x + 8 + width <= frame.width:
        return [_count(x + 8, min(y + font * 1.5, frame.base - 6), count, status, font)]
    start, above = x - 10 - width, max(y - 8, font * 2.2)
    ground = rect(start - 3, above - font, width + 6, font * 1.35, fill=SURFACE, fill_opacity=0.85)
    return [ground, _count(start, above, count, status, font)]


def _count(x: float, y: float, count: str, status: str, font: float) -> Element:
    """Write the number in bold, the words behind it plain."""
    number = element("tspan", count, fill=ACCENT_2, font_weight=600, font_size=font + 1)
    words = element("tspan", status, dx=6, fill=INK_3) if status else None
    return element("text", number, words, x=round(x, 1), y=round(y, 1))
