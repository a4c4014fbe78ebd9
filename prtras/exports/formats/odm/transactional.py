"""How a data cut came about, as ODM 1.3.2, FileType Transactional: every change with who, when and why.

One StudyEventData for each visit and one FormData for each transaction on a page, in the order of the trail, so that
readers who take the last value take the right one. What anybody typed as a reason or in a query is not written:
anything may stand there.
"""

from collections import defaultdict
from datetime import date

from lxml import etree

from prtras.datacut.past_tables import Moment
from prtras.datacut.snapshot import Snapshot
from prtras.exports.formats.odm.admin import admin_data
from prtras.exports.formats.odm.elements import add, document, element
from prtras.exports.formats.odm.oids import event_oid, location_oid
from prtras.exports.formats.odm.pages import PageWriter, audit_record
from prtras.exports.formats.odm.snapshot import definitions, event_key, sites_of
from prtras.exports.history.casebook import Casebook, Event, Place
from prtras.exports.history.participant_trails import ParticipantTrail, ParticipantTrails


def write_transactional(picture: Snapshot, moment: Moment, cutoff: date) -> bytes:
    """The definitions, the people, and the trail of every participant of the data cut. Raises TrailDiffers."""
    trails = ParticipantTrails(picture, moment, cutoff)
    head = [definitions(picture).study(), admin_data(picture, sites_of(picture), trails.people)]
    return document("Transactional", "transactional", picture, head, map(_subject, trails))


def _subject(trail: ParticipantTrail) -> etree._Element:
    """A participant with everything that happened, visit by visit and page by page."""
    visits: dict[tuple[str | None, int | None], dict[Place, list[Event]]] = defaultdict(dict)
    for place, events in trail.places.items():
        visits[place[:2]][place] = events
    subject = element("SubjectData", SubjectKey=trail.number, TransactionType="Insert")
    subject.append(audit_record(trail.first, trail.site))
    add(subject, "SiteRef", LocationOID=location_oid(trail.site))
    book = Casebook(trail.tables)
    for (visit, sequence), pages in visits.items():
        key = event_key(visit, sequence)
        data = add(subject, "StudyEventData", StudyEventOID=event_oid(visit), TransactionType="Insert", **key)
        data.append(audit_record(next(iter(pages.values()))[0], trail.site))
        for place, listed in pages.items():
            PageWriter(data, place, trail.site, book, trail.out).write(listed)
    return subject
