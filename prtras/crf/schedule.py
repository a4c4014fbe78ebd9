"""What a planned visit is. The study declares its visits with these words."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from prtras.crf.conditions import Context, Expression
from prtras.labels import T


@dataclass(frozen=True)
class PlannedVisit:
    """One visit of the schedule: its day and window in days after the anchor (Day 0), and its forms.

    `required` forms are expected when the visit is planned, `conditional` ones as long as their condition is known to
    hold for the participant; `optional` ones can be added. `arm` limits it to one arm.
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

    def expected(self, context: Context) -> tuple[str, ...]:
        """The forms that are expected of this participant at this visit."""
        return (*self.required, *(form for form, when in self.conditional if when.holds(context)))

    def dates(self, anchor: date | None) -> tuple[date | None, date | None, date | None]:
        """Target, first and last day of the window for this anchor; None where the visit has none."""
        if anchor is None:
            return None, None, None
        found = [None if d is None else anchor + timedelta(days=d) for d in (self.day, self.first, self.last)]
        return found[0], found[1], found[2]


@dataclass
class Schedule:
    """The planned visits of the study, by code; filled at start-up by the apps that own them."""

    version: str = "1"
    visits: dict[str, PlannedVisit] = field(default_factory=dict)

    def add(self, *planned: PlannedVisit) -> None:
        for visit in planned:
            self.visits[visit.code] = visit

    def title(self, code: str) -> T:
        """The visit's name."""
        planned = self.visits.get(code)
        return planned.title if planned else T(code, code)


SCHEDULE = Schedule()
