"""From the lines of a hospital file to draws, and from draws to visits. Pure.

The lines of a participant's day (and time, where the file has it) are one draw. Which results count for a planned visit
does not depend on the order of lines: of the days in its window the one that its page already has, else the nearest to
the target (of two equally near the earlier; at screening, which has no target, the last); of several draws of that day
the first result of each analyte. All other results belong to unscheduled visits.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from labs.deriving.panels import same_result
from labs.files.refusals import Problem
from labs.files.samples import Result, Sample
from labs.lab_tests import LAB_TESTS
from prtras.clinical.constants import VISIT_ASSIGN_MAX_DAYS
from prtras.crf.models import Participant, Visit
from prtras.labels import T

TWO_RESULTS = T(
    "同一次采样有两个不同结果：{a} 与第 {line} 行的 {b}。",
    "Two different results of one sample: {a}, and {b} in line {line}.",
)


TWICE = T("与第 {line} 行重复，仅读入一次。", "The same as line {line}; read once.")


@dataclass(frozen=True)
class Draw:
    """What was taken of a participant at one time; `identity` is what its lines say of the person, `printed` what the
    lines of each lab test say of their report.
    """

    number: str
    collected: date | int
    time: str
    results: dict[str, Result] = field(default_factory=dict, compare=False)
    identity: dict[str, set[str]] = field(default_factory=dict, compare=False)
    printed: dict[str, list[Mapping[str, str]]] = field(default_factory=dict, compare=False)

    @property
    def line(self) -> int:
        """The first line of the file that speaks of it."""
        return min(result.line for result in self.results.values())


@dataclass(frozen=True)
class Placed:
    """Results of one form, of one draw: at a planned visit, or without one; `rival` is the visit they did not get.

    `outside`: no window of a planned visit holds the day.
    """

    draw: Draw
    day: date
    form: str
    results: dict[str, Result]
    visit: Visit | None
    rival: Visit | None = None
    outside: bool = False


def report_of(placed: Iterable[Placed]) -> dict[str, str]:
    """What every line behind a page says of its report, the time too; where they differ or one is silent, nothing."""
    lines = [
        {"time": each.draw.time[:5], **printed}
        for each in placed
        for lab_test in each.results
        for printed in each.draw.printed.get(lab_test, ())
    ]
    names = {name for line in lines for name in line}
    stated = {name: {line.get(name, "") for line in lines} for name in names}
    return {name: next(iter(texts)) for name, texts in stated.items() if len(texts) == 1 and texts != {""}}


def laboratory_of(draw: Draw, lab_test: str) -> str:
    """Which laboratory reported a result of a draw; empty where its lines name none, or several."""
    names = {line.get("laboratory", "") for line in draw.printed.get(lab_test, ())}
    return names.pop() if len(names) == 1 else ""


def draws_of(samples: Iterable[Sample]) -> tuple[list[Draw], list[Problem], list[Problem]]:
    """The draws of a file; where its lines contradict each other, so that neither is taken; where they repeat one."""
    draws: dict[Draw, Draw] = {}
    problems: list[Problem] = []
    repeated: list[Problem] = []
    contradicted: list[tuple[Draw, str]] = []
    for sample in sorted(samples, key=lambda sample: sample.line):
        key = Draw(sample.number, sample.collected, sample.time)
        draw = draws.setdefault(key, key)
        for name, stated in sample.identity.items():
            draw.identity.setdefault(name, set()).add(stated)
        for lab_test, result in sample.results.items():
            draw.printed.setdefault(lab_test, []).append(sample.printed)
            before = draw.results.setdefault(lab_test, result)
            if not _same(lab_test, before, result):
                text = TWO_RESULTS.format(a=result.shown, b=before.shown, line=before.line)
                problems.append(Problem(result.line, result.column, result.shown, text))
                contradicted.append((draw, lab_test))
            elif before is not result:
                repeated.append(Problem(result.line, result.column, result.shown, TWICE.format(line=before.line)))
    for draw, lab_test in contradicted:
        draw.results.pop(lab_test, None)
    return [draw for draw in draws.values() if draw.results], problems, repeated


def _same(lab_test: str, one: Result, other: Result) -> bool:
    if (one.text, one.unit, one.quality, one.reason) == (other.text, other.unit, other.quality, other.reason):
        return True
    if not LAB_TESTS[lab_test].on_panel or not one.text or not other.text:
        return False
    return same_result(lab_test, (one.text, one.unit), (other.text, other.unit))


def visit_for(participant: Participant, day: date, visits: Iterable[Visit]) -> tuple[Visit | None, bool]:
    """The planned visit whose window holds the day, else the nearest (crf-spec D8), and whether no window holds it.

    Windows are those of the participant's own visits, whatever version of the schedule they were planned by. Before
    Day 0 is known it is screening; nothing is near that was drawn before screening began.
    """
    everyone = [visit for visit in visits if visit.code != "UNS"]
    planned = [visit for visit in everyone if visit.state != "dropped"]
    if participant.anchor is None:
        return next((visit for visit in planned if visit.code == "SCR"), None), False
    opened = [visit for visit in planned if visit.opens and visit.closes and visit.opens <= day <= visit.closes]
    if opened:
        return min(opened, key=lambda visit: (visit.target is None, _distance(visit, day), visit.position)), False
    if any(visit.code == "SCR" and visit.opens and day < visit.opens for visit in planned):
        return None, True
    near = [v for v in everyone if v.target and _is_main(v) and _distance(v, day) <= VISIT_ASSIGN_MAX_DAYS.value]
    nearest = min(near, key=lambda visit: (_distance(visit, day), visit.position), default=None)
    return (nearest if nearest in planned else None), True


def _is_main(visit: Visit) -> bool:
    """A 12-weekly visit: safety visits take only what lies in their windows."""
    return visit.code.startswith("W")


def _distance(visit: Visit, day: date) -> int:
    return abs((day - visit.target).days) if visit.target else 0


def place(
    form: str,
    dated: Iterable[tuple[date, Draw, dict[str, Result]]],
    visit_on: Callable[[date], tuple[Visit | None, bool]],
    day_on_page: Callable[[Visit], date | None],
) -> list[Placed]:
    """Where the results of a form belong. `dated` are a participant's draws; `day_on_page` is the sample's day that a
    visit's page has.
    """
    placed: list[Placed] = []
    rivals: dict[int, list[tuple[date, Draw, dict[str, Result]]]] = defaultdict(list)
    visits: dict[int, Visit] = {}
    outside: set[date] = set()
    for day, draw, results in dated:
        visit, is_outside = visit_on(day)
        if is_outside:
            outside.add(day)
        if visit is None:
            placed.append(Placed(draw, day, form, results, None))
        else:
            visits[visit.pk] = visit
            rivals[visit.pk].append((day, draw, results))
    for key, group in rivals.items():
        placed += _share_out(form, visits[key], group, day_on_page(visits[key]))
    return [replace(each, outside=each.day in outside) for each in placed]


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
