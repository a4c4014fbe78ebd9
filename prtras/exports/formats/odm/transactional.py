"""How a data cut came about, as ODM 1.3.2, FileType Transactional: every change with who, when and why.

One StudyEventData for each visit and one FormData for each transaction on a page, in the order of the trail, so that
readers who take the last value take the right one. What anybody typed as a reason or in a query is not written:
anything may stand there.
"""

from collections import defaultdict
from datetime import date

from lxml import etree

from prtras.datacut.past import Moment
from prtras.datacut.snapshot import Snapshot
from prtras.exports.formats.odm.admin import admin_data
from prtras.exports.formats.odm.elements import add, document, element
from prtras.exports.formats.odm.oids import event_oid, location_oid
from prtras.exports.formats.odm.pages import PageWriter, audit_record
from prtras.exports.formats.odm.snapshot import definitions, event_key, sites_of
from prtras.exports.history.casebook import Casebook, Event, Place
from prtras.exports.history.stories import Stories, Story


def write_transactional(picture: Snapshot, moment: Moment, cutoff: date) -> bytes:
    """The definitions, the people, and the trail of every participant of the data cut. Raises TrailDiffers."""
    stories = Stories(picture, moment, cutoff)
    head = [definitions(picture).study(), admin_data(picture, sites_of(picture), stories.people)]
    return document("Transactional", "transactional", picture, head, map(_subject, stories))


def _subject(story: Story) -> etree._Element:
    """A participant with everything that happened, visit by visit and page by page."""
    visits: dict[tuple[str | None, int | None], dict[Place, list[Event]]] = defaultdict(dict)
    for place, events in story.places.items():
        visits[place[:2]][place] = events
    subject = element("SubjectData", SubjectKey=story.number, TransactionType="Insert")
    subject.append(audit_record(story.first, story.site))
    add(subject, "SiteRef", LocationOID=location_oid(story.site))
    book = Casebook(story.tables)
    for (visit, sequence), pages in visits.items():
        key = event_key(visit, sequence)
        data = add(subject, "StudyEventData", StudyEventOID=event_oid(visit), TransactionType="Insert", **key)
        data.append(audit_record(next(iter(pages.values()))[0], story.site))
        for place, listed in pages.items():
            PageWriter(data, place, story.site, book, story.out).write(listed)
    return subject
