"""Acts of an amendment: a new version of the schedule moves the visits to come and leaves the others alone."""

from dataclasses import dataclass, fields
from datetime import date

from django.utils import timezone

from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf.context import ParticipantContext
from prtras.crf.models import FOLLOWED, CrfPage, Participant, Visit
from prtras.crf.planning import new_pages
from prtras.crf.schedule import SCHEDULE, PlannedVisit
from visits.planning import arm_chosen, drop_pages, drop_visits, opens_after, plan_visits, visits_of_arm


@dataclass
class Amended:
    """What an amendment did: participants looked at; visits moved to the new version, added and dropped."""

    participants: int = 0
    moved: int = 0
    added: int = 0
    dropped: int = 0

    def __add__(self, other: "Amended") -> "Amended":
        return Amended(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


class NotTheNewest(ValueError):
    """Visits can only move to the newest version of the schedule."""


class _TakeBack(Exception):
    """Ends a dry run."""


def amend(version: str, reason: str, *, user: User, dry_run: bool = False) -> Amended:
    """Move everyone who is followed to the newest version of the schedule; all or nothing. Safe to repeat.

    Visits that took place, were missed, or whose window has opened keep the version by which they were planned. A dry
    run counts and writes nothing. Raises NotTheNewest.
    """
    if version != SCHEDULE.newest.version:
        raise NotTheNewest(version)
    done = Amended()
    try:
        with acting(user, reason=reason, source="amendment"):
            people = Participant.objects.select_for_update().filter(state__in=FOLLOWED, anchor__isnull=False, hold="")
            for participant in people.order_by("number"):
                done += _amend(participant, timezone.localdate(), user)
            if dry_run:
                raise _TakeBack
    except _TakeBack:
        pass
    return done


def _amend(participant: Participant, today: date, user: User) -> Amended:
    choice = arm_chosen(participant)
    if choice is None or choice.anchor_date is None:
        return Amended()
    planned_visits = {planned.code: planned for planned in visits_of_arm(choice, SCHEDULE.newest)}
    before = list(participant.visits.filter(sequence=0, state="planned"))
    to_come = [visit for visit in before if visit.opens is None or visit.opens > today]
    old = [visit for visit in to_come if visit.schedule != SCHEDULE.newest.version and visit.code in planned_visits]
    for visit in old:
        _move(visit, planned_visits[visit.code], participant, user)
    gone = [visit for visit in to_come if visit.code not in planned_visits]
    drop_visits(gone, user=user)
    had = set(participant.visits.values_list("code", flat=True))
    new = [
        planned
        for code, planned in planned_visits.items()
        if code not in had and opens_after(planned, choice.anchor_date, today)
    ]
    plan_visits(participant, new, SCHEDULE.newest)
    return Amended(1, len(old), len(new), sum(visit.state == "dropped" for visit in gone))


def _move(visit: Visit, planned: PlannedVisit, participant: Participant, user: User) -> None:
    """The new version's window and forms; what is entered already stays."""
    visit.target, visit.opens, visit.closes = planned.dates(participant.anchor)
    visit.schedule, visit.position = SCHEDULE.newest.version, planned.position
    visit.save(update_fields=["target", "opens", "closes", "schedule", "position"])
    expected = {page.form: page for page in new_pages(visit, planned, ParticipantContext.of(participant)) if page.visit}
    for page in visit.pages.all():
        if page.form in expected and page.state != "submitted" and not page.hold:
            page.state, page.required = "expected", True
            page.save(update_fields=["state", "required"])
        elif page.form not in expected and page.state == "expected" and not page.hold and not _offered(page, planned):
            drop_pages([page], user=user)
        expected.pop(page.form, None)
    CrfPage.objects.bulk_create(expected.values())


def _offered(page: CrfPage, planned: PlannedVisit) -> bool:
    """Someone added the page, and it may still be added."""
    return not page.required and page.form in planned.optional
