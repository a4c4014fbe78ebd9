"""The audit trail for people: which rows someone reads, in what order, and as a file. Reads only.

By participant, page, person, time and kind of act. What a reader may not know of is not there: the casebook of other
sites, and for an administrator everything clinical.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from prtras.accounts.access import may, sites_where
from prtras.accounts.models import SYSTEM, User
from prtras.accounts.rights import Action
from prtras.audit.kinds import Kind, all_kinds, tables_of_every_site
from prtras.audit.models import AuditEvent
from prtras.crf.days import midnight
from prtras.crf.models import Participant
from prtras.entry.history import DATA, Change, Line, data_tables
from prtras.entry.in_words import reason_in_words


@dataclass(frozen=True)
class TrailFilter:
    """What a reader looks for; empty means all."""

    participant: str = ""
    page: str = ""
    user: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None


def kinds_for(user: User) -> list[Kind]:
    """The kinds of act that this reader may look for."""
    if may(user, Action.SEE_TRAIL):
        return [DATA, *(kind for kind in all_kinds() if not kind.conduct or may(user, Action.HOLD))]
    return [kind for kind in all_kinds() if kind.conduct]


def people_for(user: User) -> list[User]:
    """Whom this reader may look for: the people of the same sites, an administrator everyone; last, the machine."""
    everyone = User.objects.order_by("display_name")
    if may(user, Action.SEE_TRAIL):
        everyone = everyone.filter(memberships__site__in=sites_where(user, Action.SEE_TRAIL)).distinct()
    return [*everyone.exclude(username=SYSTEM), *User.objects.filter(username=SYSTEM)]


def events_for(user: User, filters: TrailFilter) -> QuerySet[AuditEvent]:
    """The rows of the trail that this reader may see and looks for, newest first."""
    kinds = kinds_for(user)
    events = AuditEvent.objects.order_by("-id")
    conduct = [table for kind in kinds if kind.conduct for table in kind.tables]
    if may(user, Action.SEE_TRAIL):
        whose = Participant.objects.filter(site__in=sites_where(user, Action.SEE_TRAIL)).values("pk")
        team = User.objects.filter(memberships__site__in=sites_where(user, Action.SEE_TRAIL)).values("pk")
        about_work = Q(participant=None, table__in=conduct) & (Q(actor__in=team) | Q(actor_name=SYSTEM))
        events = events.filter(
            Q(participant__in=whose) | about_work | Q(participant=None, table__in=tables_of_every_site())
        )
    else:
        events = events.filter(participant=None, table__in=conduct)
    if filters.kind:
        chosen = next((kind for kind in kinds if kind.code == filters.kind), None)
        tables = data_tables() if chosen is DATA else chosen.tables if chosen else ()
        events = events.filter(table__in=tables)
    if filters.participant:
        events = events.filter(participant__in=Participant.objects.filter(number=filters.participant).values("pk"))
    if filters.page:
        events = events.filter(page=filters.page)
    if filters.user:
        events = events.filter(actor_name=filters.user)
    if filters.since:
        events = events.filter(at__gte=midnight(filters.since))
    if filters.until:
        events = events.filter(at__lt=midnight(filters.until + timedelta(days=1)))
    return events


CSV_COLUMNS = ("EVENT", "AT_UTC", "TRANSACTION", "ACTOR", "ROLE", "SOURCE", "TABLE", "ROW", "OPERATION", "SUBJID",
               "FORM", "VISIT", "ITEM", "OLD", "NEW", "REASON")  # fmt: skip


def csv_rows(lines: Iterable[Line]) -> Iterator[tuple[Any, ...]]:
    """A row for each changed value, as in the trail: ISO time in UTC, codes untranslated names of columns."""
    for line in lines:
        event, page = line.event, line.page
        head = (event.pk, event.at.isoformat(), event.transaction, event.actor_name, event.role, event.source,
                event.table, event.row, event.operation, line.participant, page.form if page else "",
                str(page.visit or "") if page else "")  # fmt: skip
        for change in line.changes or [Change("", None, "", "")]:
            yield (*head, change.place, change.old, change.new, change.why or reason_in_words(event.reason))
