"""How a data cut came about, as ODM 1.3.2, FileType Transactional: every change with who, when and why.

One StudyEventData for each visit and one FormData for each transaction on a page, in the order of the trail, so that
readers who take the last value take the right one. What anybody typed as a reason or in a query is not written:
anything may stand there.
"""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.dateparse import parse_datetime
from lxml import etree

from prtras.audit.models import AuditEvent
from prtras.crf.models import Participant
from prtras.datacut import past
from prtras.datacut.past import Moment
from prtras.datacut.snapshot import Snapshot
from prtras.exports.formats.odm.admin import admin_data
from prtras.exports.formats.odm.casebook import Casebook, Event, Place, Tables, trail_tables
from prtras.exports.formats.odm.cutoff import CutRows, left_out, rows_by_subject
from prtras.exports.formats.odm.elements import add, document, element
from prtras.exports.formats.odm.oids import event_oid, location_oid
from prtras.exports.formats.odm.pages import PageWriter, audit_record
from prtras.exports.formats.odm.snapshot import definitions, event_key, sites_of


def write_transactional(picture: Snapshot, moment: Moment, cutoff: date) -> bytes:
    """The definitions, the people, and the trail of every participant of the data cut. Raises TrailDiffers."""
    at = parse_datetime(picture.created_at)
    assert at is not None
    rows, tables = rows_by_subject(picture), trail_tables()
    whose = dict(Participant.objects.filter(number__in=rows).order_by("number").values_list("number", "pk"))
    events = past.events(at, moment).filter(participant__in=whose.values())
    people = set(events.order_by().values_list("actor", "role").distinct())
    head = [definitions(picture).study(), admin_data(picture, sites_of(picture), people)]
    subjects = (_subject(number, rows[number], _events(events, pk), tables, cutoff) for number, pk in whose.items())
    return document("Transactional", "transactional", picture, head, subjects)


def _events(events: QuerySet[AuditEvent], participant: int) -> list[Event]:
    """The events of one participant; numbers in them are exact."""
    columns = ("id", "at", "transaction", "table", "row", "page", "actor", "role", "reason", "reasons")
    listed = events.filter(participant=participant).annotate(text=Cast("new", TextField())).values(*columns, "text")
    return [Event(new=json.loads(row.pop("text"), parse_float=Decimal), **row) for row in listed]


def _subject(number: str, rows: CutRows, events: list[Event], tables: Tables, cutoff: date) -> etree._Element:
    """A participant with everything that happened, visit by visit and page by page."""
    final = Casebook(tables)
    for event in events:
        final.apply(event)
    out = left_out(final, rows, cutoff)
    places: dict[tuple[str | None, int | None], dict[Place, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        place = final.place(event)
        if place is not None and str(event.page) not in out.pages and event.key not in out.rows:
            places[place[:2]][place].append(event)
    (site,) = {row["SITEID"] for row in rows.values()}
    subject = element("SubjectData", SubjectKey=number, TransactionType="Insert")
    subject.append(audit_record(events[0], site))
    add(subject, "SiteRef", LocationOID=location_oid(site))
    book = Casebook(tables)
    for (visit, sequence), pages in places.items():
        key = event_key(visit, sequence)
        data = add(subject, "StudyEventData", StudyEventOID=event_oid(visit), TransactionType="Insert", **key)
        data.append(audit_record(next(iter(pages.values()))[0], site))
        for place, listed in pages.items():
            PageWriter(data, place, site, book, out).write(listed)
    return subject
