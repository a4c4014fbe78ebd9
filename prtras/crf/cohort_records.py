"""The records of some participants, each form read once for all of them, with what is about to be written laid over.

Where many pages are judged before anything is written, the later ones see the earlier ones here.
"""

from bisect import insort
from collections.abc import Collection
from functools import partial
from sys import maxsize

from prtras.crf.content import PageContent
from prtras.crf.models import CrfPage
from prtras.crf.records import PanelValues, Source, Stored, records_of
from prtras.crf.registry import Form


class CohortRecords:
    """Submitted records of participants: the database's, and over them the pages that `lay_over` was given."""

    def __init__(self, participants: Collection[int]) -> None:
        self._participants = participants
        self._records: dict[str, dict[int, list[Stored]]] = {}

    def source(self, participant: int) -> Source:
        """The records of one participant, by form."""
        return partial(self._of, participant)

    def lay_over(self, page: CrfPage, form: Form, content: PageContent) -> None:
        """From now on the page says this. Raises ValueError for a form whose rows are numbered; none is imported."""
        if form.rows and not form.rows.keys:
            raise ValueError(form.code)
        whose = page.participant_id
        listed = [record for record in self._of(whose, form.code) if record.page != page.pk]
        insort(listed, _as_record(page, form, content), key=_place)
        self._records[form.code][whose] = listed

    def of_form(self, code: str) -> dict[int, list[Stored]]:
        """The records of a form, or of its rows, by participant."""
        if code not in self._records:
            self._records[code] = records_of(code, self._participants)
        return self._records[code]

    def _of(self, participant: int, code: str) -> list[Stored]:
        return self.of_form(code).get(participant, [])


def _as_record(page: CrfPage, form: Form, content: PageContent) -> Stored:
    own = {"row": page.repeat, **dict.fromkeys(form.items), **content.values, "missing": content.missing_in()}
    rows = {}
    if form.rows:
        empty = dict.fromkeys(form.rows.items)
        rows = {key: {**empty, **row, "missing": content.missing_in(key)} for key, row in content.rows.items()}
    visit = page.visit
    return Stored(
        page.pk, visit.code if visit else "", visit.sequence if visit else 0, visit.position if visit else 0,
        PanelValues(own, rows) if rows else own, rows,
    )  # fmt: skip


def _place(record: Stored) -> tuple[int, int]:
    """By visit, those of no visit last, then by repeat: as the database gives them."""
    return (record.position if record.visit else maxsize), int(record.values["row"])
