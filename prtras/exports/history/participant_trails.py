"""The trail of every participant of a data cut, page by page, without what the cut does not know. Reads."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.dateparse import parse_datetime

from prtras.audit.models import AuditEvent
from prtras.crf.models import Participant
from prtras.datacut import past_tables
from prtras.datacut.past_tables import Moment
from prtras.datacut.snapshot import Snapshot
from prtras.exports.history.casebook import Casebook, Event, Place, Tables, trail_tables
from prtras.exports.history.cutoff import CutRows, LeftOut, left_out, rows_by_subject


@dataclass(frozen=True)
class ParticipantTrail:
    """What happened to one participant: the first event, and the events by place (visit, form, page) in the order of
    the trail; `out` is what a file must not say.
    """

    number: str
    site: str
    first: Event
    places: dict[Place, list[Event]]
    out: LeftOut
    tables: Tables


class ParticipantTrails:
    """The stories of a data cut, by the number of the participant."""

    def __init__(self, picture: Snapshot, moment: Moment, cutoff: date) -> None:
        self.rows, self.cutoff, self.tables = rows_by_subject(picture), cutoff, trail_tables()
        people = Participant.objects.filter(number__in=self.rows).order_by("number")
        self.whose = dict(people.values_list("number", "pk"))
        at = parse_datetime(picture.created_at)
        assert at is not None
        self.events = past_tables.events(at, moment).filter(participant__in=self.whose.values())

    @property
    def people(self) -> set[tuple[int, str]]:
        """Who did anything, and in which role."""
        return set(self.events.order_by().values_list("actor", "role").distinct())

    def __iter__(self) -> Iterator[ParticipantTrail]:
        """Raises TrailDiffers."""
        for number, pk in self.whose.items():
            yield self._trail(number, self.rows[number], _events(self.events, pk))

    def _trail(self, number: str, rows: CutRows, events: list[Event]) -> ParticipantTrail:
        final = Casebook(self.tables)
        for event in events:
            final.apply(event)
        out = left_out(final, rows, self.cutoff)
        places: dict[Place, list[Event]] = defaultdict(list)
        for event in events:
            place = final.place(event)
            if place is not None and str(event.page) not in out.pages and event.key not in out.rows:
                places[place].append(event)
        (site,) = {row["SITEID"] for row in rows.values()}
        return ParticipantTrail(number, site, events[0], places, out, self.tables)


def _events(events: QuerySet[AuditEvent], participant: int) -> list[Event]:
    """The events of one participant; numbers in them are exact."""
    columns = ("id", "at", "transaction", "table", "row", "page", "actor", "role", "reason", "reasons")
    listed = events.filter(participant=participant).annotate(text=Cast("new", TextField())).values(*columns, "text")
    return [Event(new=json.loads(row.pop("text"), parse_float=Decimal), **row) for row in listed]
