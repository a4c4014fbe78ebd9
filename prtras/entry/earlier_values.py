"""What earlier visits said: shown beside each field, and copied where the form allows it. Reads."""

from collections.abc import Iterator, Mapping

from django.utils import timezone

from prtras.crf.models import CrfPage, Visit
from prtras.crf.places import Place
from prtras.crf.records import Stored, Values, numbered_rows, records_of
from prtras.crf.registry import Form
from prtras.crf.typed_values import from_columns
from prtras.entry.page_view import EarlierValue
from prtras.entry.parsing import as_typed


def earlier_values(page: CrfPage, form: Form) -> dict[Place, EarlierValue]:
    """By place, from the submitted pages of this form at earlier planned visits. One to three statements."""
    if form.kind != "visit" or page.visit is None:
        return {}
    limit = page.visit.position if not page.visit.sequence else _place_by_day(page.visit)
    earlier = [
        record
        for record in records_of(form.code, [page.participant_id]).get(page.participant_id, [])
        if record.position < limit and not record.sequence
    ]
    numbered = numbered_rows(form, [page.participant_id]) if earlier else {}
    values: dict[Place, EarlierValue] = {}
    for record in sorted(earlier, key=lambda record: record.position):
        for place, value in _by_place(record, numbered.get(record.page, {}), form):
            if value is not None:
                values[place] = EarlierValue(record.visit, tuple(as_typed(value)))
    return values


def _place_by_day(visit: Visit) -> int:
    """Where an unscheduled visit stands among the planned ones: behind those that took place before it."""
    before = Visit.objects.filter(
        participant=visit.participant_id, sequence=0, date__lt=visit.date or timezone.localdate()
    )
    return 1 + max(before.values_list("position", flat=True), default=-1)


def _by_place(record: Stored, numbered: Mapping[str, Values], form: Form) -> Iterator[tuple[Place, object]]:
    yield from ((Place(name), from_columns(item, name, record.values)) for name, item in form.items.items())
    if form.rows:
        for key, row in (record.rows or numbered).items():
            yield from ((Place.at(name, key), row[name]) for name in form.rows.items)
