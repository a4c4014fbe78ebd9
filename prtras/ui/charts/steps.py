"""Step curves: their values, where they thin out, and how line, band and censoring marks are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from prtras.ui.charts.frame import Frame
from prtras.ui.charts.palette import SURFACE, Series, series
from prtras.ui.charts.scales import require_ascending
from prtras.ui.charts.svg import Child, PathData, circle, element, number

FEW = 10  # statistics.md, rule 6: a curve fades where fewer than ten are at risk
FIRM, FAINT = 1.0, 0.5


@dataclass(frozen=True)
class StepPoint:
    """From ``time`` on, the proportion (0..1) and its limits; no limits where not estimable."""

    time: float
    value: float
    lower: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        given = [v for v in (self.lower, self.value, self.upper) if v is not None]
        if not all(0 <= value <= 1 for value in given):
            raise ValueError(f"a value of a curve and its limits are proportions from 0 to 1: {self}")
        if (self.lower is None) != (self.upper is None):
            raise ValueError(f"give both limits or none: {self}")


@dataclass(frozen=True)
class Curve:
    """One group's proportion over time, rising from 0, with its numbers under every tick of the axis.

    ``key`` decides the look: ``all`` pooled, a key ending in 1 solid blue, in 2 dashed orange.
    ``rows`` has the numbers of every tick, those at risk first. ``few_from`` is the first time with fewer than ten
    at risk; without it the rows decide. ``value_text`` replaces the percentage beside the curve; it is needed where
    follow-up ends before the axis does, for only the caller can say up to when the percentage holds.
    """

    label: str
    key: str
    points: tuple[StepPoint, ...]
    censor_times: tuple[float, ...] = ()
    rows: tuple[tuple[int, ...], ...] = ()
    few_from: float | None = None
    value_text: str = ""

    def __post_init__(self) -> None:
        require_ascending([p.time for p in self.points], "the times of a curve")
        require_ascending([p.value for p in self.points], "the values of a curve")
        require_ascending(sorted(self.censor_times), "the censoring times of a curve")

    @property
    def look(self) -> Series:
        """Return colour and dash."""
        return series(self.key)

    @property
    def is_followed(self) -> bool:
        """Say whether anybody contributes to the curve."""
        return bool(self.points or self.censor_times)

    @property
    def last_time(self) -> float:
        """Return the last follow-up; the curve is never carried beyond it."""
        return max([0.0, *(p.time for p in self.points), *self.censor_times])

    def value(self, end: float) -> str:
        """Return the words for the end of the axis: a percentage, or a dash where nobody is followed so long."""
        if self.value_text or not self.is_followed or self.last_time < end:
            return self.value_text or "–"
        return percentage(self.at(end))

    def at(self, time: float) -> float:
        """Return the proportion at a time."""
        return max((p.value for p in self.points if p.time <= time), default=0.0)

    def thin_from(self, ticks: Sequence[float]) -> float | None:
        """Return where fewer than ten are at risk from, or ``None`` when the curve ends before."""
        first = self.few_from
        if first is None:
            first = next((t for t, row in zip(ticks, self.rows, strict=False) if row[0] < FEW), None)
        return first if first is not None and first < self.last_time else None


@dataclass(frozen=True)
class Plateau:
    """A level stretch of a curve; ``before`` is the level it steps up from."""

    start: float
    end: float
    before: float
    level: float
    lower: float | None = None
    upper: float | None = None


def percentage(proportion: float) -> str:
    """Write a proportion as a percentage with one decimal; zero and one stay whole."""
    value = f"{proportion * 100:.1f}"
    return f"{value.removesuffix('.0') if value in {'0.0', '100.0'} else value}%"


def plateaus(curve: Curve, until: float) -> list[Plateau]:
    """Cut a curve into level stretches from 0 to its last follow-up, or to the end of the axis."""
    points = [p for p in curve.points if p.time <= until]
    if not points or points[0].time > 0:
        points.insert(0, StepPoint(0.0, 0.0))
    ends = [p.time for p in points[1:]] + [min(curve.last_time, until)]
    before = [0.0] + [p.value for p in points]
    return [
        Plateau(p.time, end, was, p.value, p.lower, p.upper) for p, end, was in zip(points, ends, before, strict=False)
    ]


def split(stretches: Sequence[Plateau], at: float | None) -> tuple[list[Plateau], list[Plateau]]:
    """Divide a curve at a time into a firm part and a faint one."""
    if at is None:
        return list(stretches), []
    firm = [replace(s, end=min(s.end, at)) for s in stretches if s.start < at]
    faint = [
        s if s.start >= at else replace(s, start=at, before=s.level) for s in stretches if s.end > at or s.start >= at
    ]
    return firm, faint


def bands(frame: Frame, curve: Curve, thin_from: float | None) -> list[Child]:
    """Draw the confidence band; its edge carries the dash of the group, so it shows in grey too."""
    firm, faint = split(plateaus(curve, frame.end), thin_from)
    return [_band(frame, firm, curve.look, FIRM), _band(frame, faint, curve.look, FAINT * 0.7)]


def _band(frame: Frame, stretches: Sequence[Plateau], look: Series, strength: float) -> Child:
    """Draw the runs of a band that have limits."""
    runs = [_band_path(frame, run) for run in _with_limits(stretches)]
    if not any(runs):
        return None
    return element(
        "path",
        d="".join(runs),
        fill=look.colour,
        fill_opacity=round(look.band * strength, 3),
        stroke=look.colour,
        stroke_opacity=round(0.38 * strength, 2),
        stroke_width=0.7,
        stroke_dasharray="2 2" if look.dash else None,
    )


def _with_limits(stretches: Sequence[Plateau]) -> list[list[Plateau]]:
    """Return the runs of consecutive stretches whose limits are known."""
    drawn = (s for s in stretches if s.lower is None or s.end > s.start)
    return [list(run) for known, run in groupby(drawn, lambda s: s.lower is not None) if known]


def _band_path(frame: Frame, run: Sequence[Plateau]) -> str:
    """Go along the upper limits and back along the lower ones."""
    path = PathData().move(frame.x(run[0].start), frame.y(run[0].upper or 0))
    for stretch in run:
        path.up_or_down(frame.y(stretch.upper or 0)).across(frame.x(stretch.end))
    for stretch in reversed(run):
        path.up_or_down(frame.y(stretch.lower or 0)).across(frame.x(stretch.start))
    return str(path.close())


def lines(frame: Frame, curve: Curve, thin_from: float | None) -> list[Child]:
    """Draw the curve: firm, then thinner and paler where few are at risk; marks where censored."""
    stretches = plateaus(curve, frame.end)
    if frame.x(stretches[-1].end) - frame.left < 1:
        return [circle(frame.left, frame.y(stretches[-1].level), 3.2, fill=curve.look.colour)]
    firm, faint = split(stretches, thin_from)
    return [
        _line(frame, firm, curve.look, FIRM),
        _line(frame, faint, curve.look, FAINT),
        *_censored(frame, curve, thin_from),
    ]


def step_path(frame: Frame, stretches: Sequence[Plateau]) -> PathData:
    """Return the path along the stretches, from the level before the first."""
    path = PathData().move(frame.x(stretches[0].start), frame.y(stretches[0].before))
    for stretch in stretches:
        if stretch.level != stretch.before:
            path.up_or_down(frame.y(stretch.level))
        path.across(frame.x(stretch.end))
    return path


def _line(frame: Frame, stretches: Sequence[Plateau], look: Series, strength: float) -> Child:
    """Draw one part of a step line."""
    if not stretches:
        return None
    return element(
        "path",
        class_=f"{frame.kind}-line" if strength == FIRM else f"{frame.kind}-line {frame.kind}-few",
        d=str(step_path(frame, stretches)),
        fill="none",
        stroke=look.colour,
        stroke_width=2.2 if strength == FIRM else 1.5,
        stroke_dasharray=look.dash,
        stroke_opacity=None if strength == FIRM else strength,
    )


def _censored(frame: Frame, curve: Curve, thin_from: float | None) -> list[Child]:
    """Draw one small upright mark per censoring time that can be told apart."""
    paths = {FIRM: PathData(), FAINT: PathData()}
    seen: set[str] = set()
    for time in sorted(curve.censor_times):
        place = number(frame.x(time), 1)
        if time > frame.end or place in seen:
            continue
        seen.add(place)
        strength = FIRM if thin_from is None or time < thin_from else FAINT
        y = frame.y(curve.at(time))
        paths[strength].move(frame.x(time), y - 4).up_or_down(y + 4)
    return [
        element(
            "path",
            class_=f"{frame.kind}-censored",
            d=str(path),
            stroke=curve.look.colour,
            stroke_width=1.2,
            stroke_opacity=None if strength == FIRM else strength,
        )
        for strength, path in paths.items()
        if path
    ]


def crossings(frame: Frame, curves: Sequence[Curve], time: float) -> list[Child]:
    """Mark where each curve that reaches a time on the axis stands there."""
    return [
        circle(frame.x(time), frame.y(c.at(time)), 3.4, fill=SURFACE, stroke=c.look.colour, stroke_width=1.8)
        for c in curves
        if time <= frame.end and c.last_time >= time
    ]
