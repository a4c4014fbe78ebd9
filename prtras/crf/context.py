"""Where checks and derivations find values: the page in hand, its visit, the participant's other pages.

Reads each other form at most once per save, and only when something asks for it.
"""

from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import Any

from django.utils import timezone

from prtras.amendments import Versions
from prtras.crf.conditions import Context
from prtras.crf.dates import days_of
from prtras.crf.limits import number_or_limit, read_value
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.crf.records import Source, Stored, Values, source_of
from prtras.crf.registry import Form, Tables, holder_of, signs_of, visit_record
from prtras.crf.schedule import SCHEDULE


class Record:
    """One stored record of a form (a page or one of its rows) with its visit."""

    def __init__(
        self, form: str, values: Values, visit: str, position: int, outer: "PageContext", sequence: int = 0
    ) -> None:
        self.form, self.values, self.visit, self.position = form, values, visit, position
        self.outer, self.today, self.versions, self.sequence = outer, outer.today, outer.versions, sequence

    def value(self, form: str, item: str, at: str | None = None) -> Any:
        if form == self.form and at is None:
            return self.visit if item == "visit" else read_value(signs_of(form), self.values, item)
        return self.outer.value(form, item, at)

    def previous(self, form: str, item: str) -> Any:
        return self.outer.previous(form, item)

    def records(self, form: str) -> list["Record"]:
        return self.outer.records(form)


class PageContext:
    """The page being saved, with the values it is about to have, over what the database holds for all others.

    `row` narrows the view to one row of the page; rows of fixed keys read as `key_item` on the page's own form;
    `participant.number` and the like are the participant's own; `page.day` is the first day that the page tells.
    `versions` are those of the protocol by which its visit was planned; a page of no visit has the newest.
    """

    def __init__(
        self,
        page: CrfPage,
        form: Form,
        values: Values,
        rows: Mapping[str, Values] | None = None,
        *,
        source: Source | None = None,
        tables: Tables | None = None,
        today: date | None = None,
    ) -> None:
        self._tables = tables or Tables()
        self.page, self.form, self.values, self.rows = page, form, values, rows or {}
        self.today = today or timezone.localdate()
        self.row: str | None = None
        self._source = source or source_of(page.participant_id)
        self._stored: dict[str, list[Record]] = {}
        self._by_visit: dict[str, dict[str, Record]] = {}
        self.visit: Visit | None = page.visit
        self.versions: Versions = SCHEDULE.up_to(self.visit.schedule) if self.visit else None

    def on_row(self, key: str) -> "PageContext":
        """The same view, with one row of the page in hand."""
        view = copy(self)
        view.row = key
        return view

    def table(self, name: str) -> Any:
        """A reference table of the participant's site."""
        return self._tables.of(name, self.page.participant.site_id)

    @property
    def visit_code(self) -> str | None:
        return self.visit.code if self.visit else None

    @property
    def sequence(self) -> int:
        """Tells one unscheduled visit from another."""
        return self.visit.sequence if self.visit else 0

    def value(self, form: str, item: str, at: str | None = None) -> Any:
        if form == "participant":
            return getattr(self.page.participant, item)
        if form == "page":
            return days_of(self.values.get(self.form.first_date))[0]
        if at is not None and at != self.visit_code:
            record = self._at(form, at)
            return record.value(form, item) if record else None
        if item == "visit":
            return self.visit_code
        if form == self.form.code:
            return self._own(item)
        if self.form.rows and form == self.form.rows.code:
            return None if self.row is None else self._in_row(self.row, item)
        if self.visit is not None or _is_visit_record(form):
            value = self._at_same_visit(form, item)
            if value is not _NOWHERE:
                return value
        stored = self._load(form)
        return stored[0].value(form, item) if stored else None

    def _own(self, item: str) -> Any:
        sign = self.form.signs.get(item)
        return number_or_limit(self._column(sign), self._column(item)) if sign else self._column(item)

    def _column(self, item: str) -> Any:
        if item == "row":
            return self.page.repeat
        if item in self.form.items:
            return self.values.get(item)
        if self.form.rows and self.form.rows.keys:
            key, _, part = item.rpartition("_")
            return self.rows.get(key, {}).get(part)
        return None

    def _in_row(self, key: str, item: str) -> Any:
        assert self.form.rows
        return key if item == "row" else read_value(self.form.rows.signs, self.rows.get(key, {}), item)

    def _at_same_visit(self, form: str, item: str) -> Any:
        matching = [r for r in self._load(form) if r.visit == self.visit_code and r.sequence == self.sequence]
        if matching:
            return matching[0].value(form, item)
        holder, _ = holder_of(form)
        return None if holder.kind == "visit" else _NOWHERE

    def _at(self, form: str, visit: str) -> Record | None:
        """The first record of a form at a visit."""
        if form not in self._by_visit:
            first: dict[str, Record] = {}
            for record in self._load(form):
                first.setdefault(record.visit, record)
            self._by_visit[form] = first
        return self._by_visit[form].get(visit)

    def previous(self, form: str, item: str) -> Any:
        limit = self._planned_before()
        before = [r for r in self._load(form) if not r.sequence and r.position < limit] if limit is not None else []
        return max(before, key=lambda r: r.position).value(form, item) if before else None

    def _planned_before(self) -> int | None:
        """Planned visits at positions below this one came before; an unscheduled visit has its place by its day."""
        if self.visit is None or not self.visit.sequence:
            return self.visit.position if self.visit else None
        record = visit_record()
        if record is None:
            return None
        day = record.first_date
        on = self.values.get(day) if self.form.code == record.code else self.visit.date
        dated = [r for r in self._load(record.code) if not r.sequence and r.values.get(day)]
        return 1 + max((r.position for r in dated if on and r.values[day] < on), default=-1)

    def records(self, form: str) -> list[Record]:
        stored = [Record(r.form, r.values, r.visit, r.position, self, r.sequence) for r in self._load(form)]
        return stored + self._own_records(form)

    def _own_records(self, form: str) -> list[Record]:
        visit, position = self.visit_code or "", self.visit.position if self.visit else 0
        if form == self.form.code:
            values = dict(self.values) | {"row": self.page.repeat}
            return [Record(form, values, visit, position, self, self.sequence)]
        if self.form.rows and form == self.form.rows.code:
            return [
                Record(form, dict(values) | {"row": key}, visit, position, self, self.sequence)
                for key, values in self.rows.items()
            ]
        return []

    def _load(self, code: str) -> list[Record]:
        if code not in self._stored:
            self._stored[code] = [
                Record(code, stored.values, stored.visit, stored.position, self, stored.sequence)
                for stored in self._source(code)
                if stored.page != self.page.pk
            ]
        return self._stored[code]


class ParticipantContext:
    """A participant as stored, with no page in hand: for what depends on the participant as a whole."""

    def __init__(self, source: Source, today: date | None = None) -> None:
        self.today = today or timezone.localdate()
        self.versions: Versions = None
        self._source = source

    @classmethod
    def of(cls, participant: Participant) -> "ParticipantContext":
        """What is submitted of a participant."""
        return cls(source_of(participant.pk))

    def value(self, form: str, item: str, at: str | None = None) -> Any:
        records = (record for record in self._source(form) if at is None or record.visit == at)
        return next((read_value(signs_of(form), record.values, item) for record in records), None)

    def previous(self, form: str, item: str) -> Any:
        return None

    def records(self, form: str) -> "list[Context]":
        return [_Plain(self, form, stored) for stored in self._source(form)]


class _Plain:
    """One record seen from a participant."""

    def __init__(self, outer: ParticipantContext, form: str, stored: Stored) -> None:
        self.outer, self.form, self.stored = outer, form, stored
        self.today, self.versions = outer.today, outer.versions

    def value(self, form: str, item: str, at: str | None = None) -> Any:
        if form == self.form and at is None:
            return self.stored.visit if item == "visit" else read_value(signs_of(form), self.stored.values, item)
        return self.outer.value(form, item, at)

    def previous(self, form: str, item: str) -> Any:
        return None

    def records(self, form: str) -> "list[Context]":
        return self.outer.records(form)


def _is_visit_record(form: str) -> bool:
    record = visit_record()
    return record is not None and record.code == form


_NOWHERE = object()
