"""What the recurrence figure draws: curves, their counts, and where they thin out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prtras.ui.charts.palette import Series, series
from prtras.ui.charts.scales import require_ascending

FEW = 10  # statistics.md, rule 6: a curve fades where fewer than ten are at risk


@dataclass(frozen=True)
class StepPoint:
    """From ``time`` on, the cumulative recurrence (0..1) and its limits; no limits where not estimable."""

    time: float
    recurrence: float
    lower: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        given = [v for v in (self.lower, self.recurrence, self.upper) if v is not None]
        if not all(0 <= value <= 1 for value in given):
            raise ValueError(f"a recurrence and its limits are proportions from 0 to 1: {self}")
        if (self.lower is None) != (self.upper is None):
            raise ValueError(f"give both limits or none: {self}")


@dataclass(frozen=True)
class RiskCounts:
    """The three numbers under one tick: at risk, censored so far, events so far."""

    at_risk: int
    censored: int
    events: int


@dataclass(frozen=True)
class Curve:
    """One group's cumulative recurrence, with the counts under every tick of the axis.

    ``key`` decides the look: ``all`` pooled, a key ending in 1 solid blue, in 2 dashed orange.
    ``few_from`` is the first time with fewer than ten at risk; without it the counts decide.
    ``value_text`` replaces the final percentage beside the curve, e.g. to add its interval.
    """

    label: str
    key: str
    points: tuple[StepPoint, ...]
    censor_times: tuple[float, ...] = ()
    rows: tuple[RiskCounts, ...] = ()
    few_from: float | None = None
    value_text: str = ""

    def __post_init__(self) -> None:
        require_ascending([p.time for p in self.points], "the times of a curve")
        require_ascending([p.recurrence for p in self.points], "the cumulative recurrence of a curve")
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

    @property
    def value(self) -> str:
        """Return the words for where the curve ends: a percentage, or a dash without follow-up."""
        if self.value_text or not self.is_followed:
            return self.value_text or "–"
        return percentage(self.points[-1].recurrence if self.points else 0.0)

    def at(self, time: float) -> float:
        """Return the cumulative recurrence at a time."""
        return max((p.recurrence for p in self.points if p.time <= time), default=0.0)

    def thin_from(self, ticks: Sequence[float]) -> float | None:
        """Return where fewer than ten are at risk from, or ``None`` when the curve ends before."""
        first = self.few_from
        if first is None:
            thin = (t for t, row in zip(ticks, self.rows, strict=False) if row.at_risk < FEW)
            first = next(thin, None)
        return first if first is not None and first < self.last_time else None


@dataclass(frozen=True)
class Plateau:
    """A level stretch of a curve; ``before`` is the level it steps up from."""

    start: float
    end: float
    before: float
    level: float
    lower: float | None
    upper: float | None


def percentage(proportion: float) -> str:
    """Write a proportion as a percentage with one decimal; zero and one stay whole."""
    value = f"{proportion * 100:.1f}"
    return f"{value.removesuffix('.0') if value in {'0.0', '100.0'} else value}%"


def plateaus(curve: Curve, until: float) -> list[Plateau]:
    """Cut a curve into level stretches from 0 to its last follow-up, or to the end of the axis."""
    points = [p for p in curve.points if p.time <= until]
    if not points or points[0].time > 0:
        points.insert(0, StepPoint(0.0, 0.0))
    last = min(curve.last_time, until)
    ends = [p.time for p in points[1:]] + [last]
    before = [0.0] + [p.recurrence for p in points]
    return [
        Plateau(p.time, end, was, p.recurrence, p.lower, p.upper)
        for p, end, was in zip(points, ends, before, strict=False)
    ]


def split(stretches: Sequence[Plateau], at: float | None) -> tuple[list[Plateau], list[Plateau]]:
    """Divide a curve at a time into a firm part and a faint one."""
    if at is None:
        return list(stretches), []
    firm = [Plateau(s.start, min(s.end, at), s.before, s.level, s.lower, s.upper) for s in stretches if s.start < at]
    faint = [
        s if s.start >= at else Plateau(at, s.end, s.level, s.level, s.lower, s.upper)
        for s in stretches
        if s.end > at or s.start >= at
    ]
    return firm, faint
