"""What earlier visits said: shown beside each field, and copied where the form allows it. Reads."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID

from django.utils import timezone

from prtras.crf.models import CrfPage, Visit
from prtras.crf.records import Stored, Values, records_of
from prtras.crf.registry import Form
from prtras.entry.page_view import Before, as_typed


def before(page: CrfPage, form: Form) -> dict[str, Before]:
    """By control name, from the submitted pages of this form at earlier planned visits. One to three statements."""
    if form.kind != "visit" or page.visit is None:
        return {}
    limit = page.visit.position if not page.visit.sequence else _place_by_day(page.visit)
    earlier = [
        record
        for record in records_of(form.code, [page.participant_id]).get(page.participant_id, [])
        if record.position < limit and not record.sequence
    ]
    numbered = _numbered_rows(page, form) if earlier else {}
    found: dict[str, Before] = {}
    for record in sorted(earlier, key=lambda record: record.position):
        for name, value in _by_control(record, numbered.get(record.page, {}), form):
            if value is not None:
                found[name] = Before(record.visit, tuple(as_typed(value)))
    return found


def _place_by_day(visit: Visit) -> int:
    """Where an unscheduled visit stands among the planned ones: behind those that took place before it."""
    before = Visit.objects.filter(
        participant=visit.participant_id, sequence=0, date__lt=visit.date or timezone.localdate()
    )
    return 1 + max(before.values_list("position", flat=True), default=-1)


def _by_control(record: Stored, numbered: Mapping[str, Values], form: Form) -> Iterator[tuple[str, object]]:
    yield from ((name, record.values[name]) for name in form.items)
    if form.rows:
        for key, row in (record.rows or numbered).items():
            yield from ((f"row.{key}.{name}", row[name]) for name in form.rows.items)


def _numbered_rows(page: CrfPage, form: Form) -> dict[UUID, dict[str, Values]]:
    found: dict[UUID, dict[str, Values]] = defaultdict(dict)
    if form.rows and not form.rows.keys:
        for row in records_of(form.rows.code, [page.participant_id]).get(page.participant_id, []):
            found[row.page][row.values["row"]] = row.values
    return found
