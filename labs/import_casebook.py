"""What an import needs of the casebook: some participants' visits, pages and records, read once; pages that come to be.

Decides nothing and writes nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from labs.lab_tests import DAY_ITEM
from prtras.crf.cohort_records import CohortRecords
from prtras.crf.content import StoredPage, stored_pages
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.crf.records import Stored
from prtras.crf.registry import form_of
from prtras.entry.bulk_saving import Queries


class ImportCasebook:
    """What the database holds of some participants, read once, with pages and visits that come into being."""

    def __init__(self, people: Sequence[Participant]) -> None:
        ids = [person.pk for person in people]
        self.records = CohortRecords(ids)
        self.known = Queries(ids)
        self.visits: dict[int, list[Visit]] = defaultdict(list)
        by_id = {person.pk: person for person in people}
        visits = {}
        for visit in Visit.objects.filter(participant__in=ids).order_by("position", "sequence"):
            visit.participant = by_id[visit.participant_id]
            visits[visit.pk] = visit
            self.visits[visit.participant_id].append(visit)
        self._pages: dict[tuple[int, int, str], CrfPage] = {}
        for page in CrfPage.objects.filter(participant__in=ids, form__in=DAY_ITEM, visit__isnull=False):
            page.participant, page.visit = by_id[page.participant_id], visits[page.visit_id or 0]
            self._pages[page.participant_id, id(page.visit), page.form] = page

    def page(self, participant: Participant, visit: Visit, form: str) -> CrfPage:
        """The page of a form at a visit; one that was not expected comes into being."""
        page = self._pages.get((participant.pk, id(visit), form))
        if page is None:
            page = CrfPage(form=form, participant=participant, visit=visit, required=False)
            self.add(page)
        return page

    def state_of(self, page: CrfPage) -> tuple[Any, ...] | None:
        """How the database has a page; None for one that is new."""
        return None if page._state.adding else (page.pk, page.version, page.state, page.hold)

    def add(self, page: CrfPage) -> None:
        self._pages[page.participant_id, id(page.visit), page.form] = page

    def stored(self, pages: Sequence[CrfPage]) -> dict[Any, StoredPage]:
        stored: dict[Any, StoredPage] = {}
        for form in {page.form: None for page in pages}:
            stored |= stored_pages(form_of(form), [page for page in pages if page.form == form])
        return stored

    def identity(self, participant: Participant) -> dict[str, Any]:
        values = next((record.values for record in self.records.source(participant.pk)("dm")), {})
        return {"sex": values.get("sex"), "birth": values.get("brthdat"), "initials": values.get("initials")}

    def died(self, participant: Participant) -> date | None:
        return next((record.values.get("dth_date") for record in self.records.source(participant.pk)("death")), None)

    def day_on_page(self, participant: Participant, form: str, visit: Visit) -> date | None:
        """The day of the sample that a visit's page has."""
        page = self._pages.get((participant.pk, id(visit), form))
        records = self.records.source(participant.pk)(form) if page else []
        return next((r.values[DAY_ITEM[form]] for r in records if page and r.page == page.pk), None)

    def earlier(self, participant: Participant) -> list[tuple[date, dict[str, Decimal]]]:
        """Results in standard units of a participant's samples, by day."""
        by_day: dict[date, dict[str, Decimal]] = defaultdict(dict)
        for form in DAY_ITEM:
            for record in self.records.source(participant.pk)(form):
                if day := record.values.get(DAY_ITEM[form]):
                    by_day[day] |= _standard(record)
        return sorted(by_day.items())


def _standard(record: Stored) -> dict[str, Decimal]:
    values = {
        key: row["stresn"] for key, row in record.rows.items() if row.get("stresn") is not None and not row["qualifier"]
    }
    if record.values.get("hbsag_val"):
        values["hbsag"] = record.values["hbsag_val"]
    return values
