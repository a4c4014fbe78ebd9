"""What a planned visit is. The study declares its visits with these words."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from prtras.crf.conditions import Context, Expression
from prtras.crf.registry import refuse_unclear
from prtras.labels import T


@dataclass(frozen=True)
class PlannedVisit:
    """One visit of the schedule: its day and window in days after the anchor (Day 0), and its forms.

    `required` forms are expected when the visit is planned, `conditional` ones as long as their condition is known to
    hold for the participant; `optional` ones can be added. `arm` limits it to one arm. `short` stands for the title
    where room is narrow.
    """

    code: str
    title: T
    position: int
    day: int | None = None
    first: int | None = None
    last: int | None = None
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    conditional: tuple[tuple[str, Expression], ...] = ()
    arm: str = ""
    short: T | None = None

    @property
    def brief(self) -> T:
        """The short title, or the title where there is none."""
        return self.short or self.title

    def expected(self, context: Context) -> tuple[str, ...]:
        """The forms that are expected of this participant at this visit."""
        return (*self.required, *(form for form, when in self.conditional if when.holds(context)))

    def dates(self, anchor: date | None) -> tuple[date | None, date | None, date | None]:
        """Target, first and last day of the window for this anchor; None where the visit has none."""
        if anchor is None:
            return None, None, None
        dates = [None if d is None else anchor + timedelta(days=d) for d in (self.day, self.first, self.last)]
        return dates[0], dates[1], dates[2]


@dataclass(frozen=True)
class Schedule:
    """One version of the schedule: its planned visits by code, and what this version changed."""

    version: str
    note: T
    visits: Mapping[str, PlannedVisit]

    def amended(self, version: str, note: T, *changed: PlannedVisit, without: Collection[str] = ()) -> "Schedule":
        """The next version: some visits changed or added, some left out."""
        unchanged = {code: visit for code, visit in self.visits.items() if code not in without}
        return Schedule(version, note, unchanged | {visit.code: visit for visit in changed})


class Schedules:
    """Every version of the study's schedule, oldest first; filled at start-up by the study.

    A visit keeps the version it was planned by; new visits are planned by the newest.
    """

    def __init__(self) -> None:
        self._versions: dict[str, Schedule] = {}

    def add(self, *schedules: Schedule) -> None:
        """Add versions, oldest first. Raises ValueError for one that is there, and for an unclear condition."""
        for schedule in schedules:
            if schedule.version in self._versions:
                raise ValueError(f"schedule {schedule.version} is there twice")
            for planned in schedule.visits.values():
                for _, when in planned.conditional:
                    refuse_unclear("", when)
            self._versions[schedule.version] = schedule

    def drop(self, version: str) -> None:
        """Take a version out again."""
        del self._versions[version]

    def __iter__(self) -> Iterator[Schedule]:
        return iter(self._versions.values())

    @property
    def newest(self) -> Schedule:
        """The version that new visits are planned by."""
        return next(reversed(self._versions.values()))

    @property
    def visits(self) -> Mapping[str, PlannedVisit]:
        """The planned visits of the newest version."""
        return self.newest.visits

    def up_to(self, version: str) -> tuple[str, ...] | None:
        """The versions up to this one, oldest first; None, all of them, for one that is not known."""
        versions = tuple(self._versions)
        return versions[: versions.index(version) + 1] if version in self._versions else None

    def planned(self, code: str, version: str) -> PlannedVisit:
        """A visit as its version has it. Raises KeyError."""
        return self._versions[version].visits[code]

    def title(self, code: str) -> T:
        """The visit's name, also of one that the newest version left out."""
        planned = self._newest(code)
        return planned.title if planned else T(code, code)

    def brief(self, code: str) -> T:
        """The visit's name where room is narrow."""
        planned = self._newest(code)
        return planned.brief if planned else T(code, code)

    def _newest(self, code: str) -> PlannedVisit | None:
        versions = reversed(self._versions.values())
        return next((schedule.visits[code] for schedule in versions if code in schedule.visits), None)


SCHEDULE = Schedules()
