"""From the lines of a hospital file to draws, and from draws to visits. Pure.

The lines of a participant's day (and time, where the file has it) are one draw. Which results count for a planned visit
does not depend on the order of lines: of the days in its window the one that its page already has, else the nearest to
the target (of two equally near the earlier; at screening, which has no target, the last); of several draws of that day
the first result of each analyte. All other results belong to unscheduled visits.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from labs.deriving.panels import same_result
from labs.files import Problem, Result, Sample
from prtras.clinical import visit_window
from prtras.crf.models import Participant, Visit
from prtras.labels import T

TWO_RESULTS = T(
    "同一次采样有两个不同结果：{a} 与第 {line} 行的 {b}。",
    "Two different results of one sample: {a}, and {b} in line {line}.",
)


@dataclass(frozen=True)
class Draw:
    """What was taken of a participant at one time."""

    number: str
    collected: date | int
    time: str
    results: dict[str, Result] = field(default_factory=dict, compare=False)

    @property
    def line(self) -> int:
        """The first line of the file that speaks of it."""
        return min(result.line for result in self.results.values())


@dataclass(frozen=True)
class Placed:
    """Results of one form, of one draw: at a planned visit, or without one; `rival` is the visit they did not get."""

    draw: Draw
    day: date
    form: str
    results: dict[str, Result]
    visit: Visit | None
    rival: Visit | None = None


def draws_of(samples: Iterable[Sample]) -> tuple[list[Draw], list[Problem]]:
    """The draws of a file, and where its lines contradict each other."""
    draws: dict[Draw, Draw] = {}
    problems: list[Problem] = []
    for sample in samples:
        key = Draw(sample.number, sample.collected, sample.time)
        draw = draws.setdefault(key, key)
        for analyte, result in sample.results.items():
            before = draw.results.setdefault(analyte, result)
            if not same_result(analyte, (before.text, before.unit), (result.text, result.unit)):
                text = TWO_RESULTS.format(a=result.text, b=before.text, line=before.line)
                problems.append(Problem(result.line, result.column, result.text, text))
    return [draw for draw in draws.values() if draw.results], problems


def visit_for(participant: Participant, day: date, visits: dict[str, Visit]) -> Visit | None:
    """The planned visit whose window holds the day, else the nearest (crf-spec D8); before Day 0 is known screening."""
    planned = {code: visit for code, visit in visits.items() if visit.state != "dropped" and visit.code != "UNS"}
    if participant.anchor is None:
        return planned.get("SCR")
    open_then = [v for v in planned.values() if v.target and v.opens and v.closes and v.opens <= day <= v.closes]
    if open_then:
        return min(open_then, key=lambda visit: (_distance(visit, day), visit.position))
    return planned.get(visit_window.assign(participant.anchor, day).visit)


def _distance(visit: Visit, day: date) -> int:
    return abs((day - visit.target).days) if visit.target else 0


def place(
    form: str,
    dated: Iterable[tuple[date, Draw, dict[str, Result]]],
    visit_on: Callable[[date], Visit | None],
    day_on_page: Callable[[Visit], date | None],
) -> list[Placed]:
    """Where the results of a form belong. `dated` are a participant's draws; `day_on_page` is the sample's day that a
    visit's page has.
    """
    placed: list[Placed] = []
    rivals: dict[int, list[tuple[date, Draw, dict[str, Result]]]] = defaultdict(list)
    visits: dict[int, Visit] = {}
    for day, draw, results in dated:
        visit = visit_on(day)
        if visit is None:
            placed.append(Placed(draw, day, form, results, None))
        else:
            visits[visit.pk] = visit
            rivals[visit.pk].append((day, draw, results))
    for key, group in rivals.items():
        placed += _share_out(form, visits[key], group, day_on_page(visits[key]))
    return placed


def _share_out(
    form: str, visit: Visit, group: list[tuple[date, Draw, dict[str, Result]]], stored: date | None
) -> list[Placed]:
    chosen = stored or _day_of_choice(visit, {day for day, _, _ in group})
    placed, seen = [], set[str]()
    for day, draw, results in sorted(group, key=lambda each: (each[0], each[1].time)):
        own = {a: result for a, result in results.items() if day == chosen and a not in seen}
        seen |= own.keys()
        others = {a: result for a, result in results.items() if a not in own}
        if own:
            placed.append(Placed(draw, day, form, own, visit))
        if others:
            placed.append(Placed(draw, day, form, others, None, visit))
    return placed


def _day_of_choice(visit: Visit, days: set[date]) -> date:
    return min(days, key=lambda day: (_distance(visit, day), day)) if visit.target else max(days)
