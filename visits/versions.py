"""The versions of the schedule as lists: what each visit asks for, how many were planned by it. Reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from prtras.accounts.models import User
from prtras.crf.access import visits_visible_to
from prtras.crf.registry import form_of
from prtras.crf.schedule import PlannedVisit, Schedule
from prtras.labels import T


@dataclass(frozen=True)
class Line:
    """One visit of a version."""

    planned: PlannedVisit
    required: list[T]
    conditional: list[T]
    optional: list[T]
    to_come: int
    done: int


def planned_by(schedule: Schedule, user: User) -> list[Line]:
    """The visits of a version in their order."""
    counted = visits_visible_to(user).filter(schedule=schedule.version).order_by().values("code").annotate(
        to_come=Count("id", filter=Q(state="planned")), done=Count("id", filter=Q(state__in=("done", "partial")))
    )  # fmt: skip
    numbers = {row["code"]: (row["to_come"], row["done"]) for row in counted}
    ordered = sorted(schedule.visits.values(), key=lambda planned: planned.position)
    return [
        Line(
            planned, _titles(planned.required), _titles(code for code, _ in planned.conditional),
            _titles(planned.optional), *numbers.get(planned.code, (0, 0)),
        )
        for planned in ordered
    ]  # fmt: skip


def _titles(codes: Iterable[str]) -> list[T]:
    return [form_of(code).brief for code in codes]
