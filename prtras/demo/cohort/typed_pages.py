"""A page as someone typed it, before it is a page: values, rows, coded reasons, and when it was typed."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Literal

from prtras.demo.cohort.course import Course

Values = dict[str, Any]


@dataclass(frozen=True)
class Correction:
    """A result typed wrongly at first and put right later: where, the true value, why."""

    row: str
    item: str
    value: Any
    reason: str


@dataclass(frozen=True)
class Sheet:
    """One filled form. `visit` is empty for forms that belong to no visit; `repeat` numbers the rows of a log;
    `reason_code` is why the page is there, where something asked for it.
    """

    form: str
    visit: str
    on: date
    entered: date
    values: Values
    rows: dict[str, Values] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    repeat: int = 0
    by: Literal["coordinator", "investigator"] = "coordinator"
    correction: Correction | None = None
    reason_code: str = ""


@dataclass(frozen=True)
class Story:
    """One participant: the numbers, the course, and every page that was typed before today."""

    number: str
    screening_number: str
    course: Course
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class Cohort:
    """Everyone who was ever screened, in the order of the numbers, as seen from `today`."""

    seed: int
    today: date
    stories: tuple[Story, ...]


def typed(rng: Random, on: date, longest: int) -> date:
    """The working day on which a page is typed: soon, sometimes weeks later."""
    wait = rng.randint(25, 60) if rng.random() < 0.02 else rng.randint(0, longest)
    day = on + timedelta(days=wait)
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
