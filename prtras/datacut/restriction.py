"""What a picture holds that is dated up to a day. Works on plain rows; reads no database.

Pages and rows are left out by their own date, visits read as they did before they took place, and what the study says
of a participant (state, arm, Day 0) is what it says of the pages that are left. What was typed later about something
earlier stays: that is cut by the time of entry (`past_tables`).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from prtras.crf.dates import PartialDate
from prtras.crf.items import Item
from prtras.crf.registry import Form, Table, all_forms
from prtras.datacut.study_tables import study_tables

Record = Mapping[str, Any]
Lines = dict[str, list[str]]
Key = tuple[object, ...]
#: The value of an item on a participant's page of a form, by form and item; None where there is none.
Value = Callable[[str, str], Any]
#: The tables of what people say about pages.
REVIEWS = ("queries", "verifications", "signatures", "codings")


@dataclass(frozen=True)
class Course:
    """Where a participant stands by what is on their pages.

    `present`: they are in the study. `columns` are columns of their row in the picture. `ends`: something is recorded
    that makes planned visits unnecessary. `visits` are the only planned visits that there are yet; None: all.
    """

    present: bool
    columns: Mapping[str, Any] = field(default_factory=dict)
    ends: bool = False
    visits: frozenset[str] | None = None


def _as_it_is(value: Value) -> Course:
    return Course(present=True)


_course_of: list[Callable[[Value], Course]] = [_as_it_is]
_dated_by: dict[str, str] = {}


def register_course(course_of: Callable[[Value], Course], dated_by: Mapping[str, str]) -> None:
    """Let the study say where a participant stands, and which item dates a form whose first date does not."""
    _course_of[:] = [course_of]
    _dated_by.update(dated_by)


def days_in(table: Table) -> dict[str, Item]:
    """The items of a table that are dates of something that happened."""
    dated = {name: item for name, item in table.items.items() if item.kind in ("date", "partial")}
    return {name: item for name, item in dated.items() if not item.may_be_future}


@dataclass(frozen=True)
class _Dated:
    """A table of a form: its days, and in rows the one that dates the row itself."""

    form: Form
    days: tuple[str, ...]
    own: str | None

    @classmethod
    def of(cls, form: Form, table: Table) -> "_Dated":
        days = days_in(table)
        own = next((item for item, each in days.items() if not each.derived), None) if table.rows else None
        return cls(form, tuple(days), own)


def day(text: str | None) -> date | None:
    """The earliest day that a stored date may mean."""
    return PartialDate(text).earliest if text else None


def restricted(tables: Mapping[str, Sequence[Record]], lines: Mapping[str, Sequence[str]], cutoff: date) -> Lines:
    """The lines of a picture without what is dated after a day."""
    return _Restriction(tables, lines, cutoff).lines()


@dataclass(frozen=True)
class _Restriction:
    tables: Mapping[str, Sequence[Record]]
    stored: Mapping[str, Sequence[str]]
    cutoff: date

    def lines(self) -> Lines:
        """Every table, in the order of the picture."""
        return {name: list(self._table(name)) for name in self.stored}

    def _table(self, name: str) -> Iterator[str]:
        restrict = self._of_pages if name in self._tables_of_forms else self._others[name]
        for line, row in zip(self.stored[name], self.tables[name], strict=True):
            then = restrict(name, row)
            if then is not None:
                yield line if then is row else _line(then)

    @cached_property
    def _others(self) -> Mapping[str, Callable[[str, Record], Record | None]]:
        reviews = dict.fromkeys(REVIEWS, self._review)
        own = dict.fromkeys(study_tables(), self._of_study)
        return {"participants": self._participant, "visits": self._visit} | reviews | own

    @cached_property
    def _tables_of_forms(self) -> dict[str, _Dated]:
        return {table.code: _Dated.of(form, table) for form in all_forms() for table in form.tables()}

    # -- Pages ------------------------------------------------------------------------------------------

    @cached_property
    def _undone(self) -> set[Key]:
        """The visits that had not taken place, or been missed, by the day."""
        return {_visit_of(row) for row in self.tables["visits"] if self._is_later(row)}

    def _is_later(self, row: Record) -> bool:
        text = row["SVSTDTC"] or (row["CLOSES"] if row["STATE"] == "missed" else None)
        at = day(text)
        return at is not None and at > self.cutoff

    @cached_property
    def _later_pages(self) -> set[Key]:
        """The pages that are dated later; a page without a date has the day of its visit."""
        later = set()
        for form in all_forms():
            dated = _dated_by.get(form.code, form.first_date)
            for row in self.tables[form.code]:
                at = day(row[dated]) if dated else None
                if at > self.cutoff if at else _visit_of(row) in self._undone:
                    later.add(_page_of(row, form.code))
        return later

    def _is_gone(self, row: Record, form: str) -> bool:
        return (
            row["SUBJID"] in self._absent
            or _visit_of(row) in self._unplanned
            or _page_of(row, form) in self._later_pages
        )

    def _of_pages(self, name: str, row: Record) -> Record | None:
        """A page or a row of one: None if it is later; without the days that are."""
        table = self._tables_of_forms[name]
        if self._is_gone(row, table.form.code):
            return None
        later = [item for item in table.days if (at := day(row[item])) and at > self.cutoff]
        if not later:
            return row
        return None if table.own in later else _without(row, later)

    def _review(self, name: str, row: Record) -> Record | None:
        undone = _visit_of(row) in self._undone and _page_of(row, row["FORM"]) not in self._pages
        return None if undone or self._is_gone(row, row["FORM"]) else row

    def _of_study(self, name: str, row: Record) -> Record | None:
        """A row of a table of the study, without the days that are later; None with its participant."""
        if row["SUBJID"] in self._absent:
            return None
        later = [column for column in study_tables()[name].days if (at := day(row[column])) and at > self.cutoff]
        return _without(row, later) if later else row

    @cached_property
    def _pages(self) -> set[Key]:
        return {_page_of(row, form.code) for form in all_forms() for row in self.tables[form.code]}

    # -- Participants and visits --------------------------------------------------------------------------

    @cached_property
    def _courses(self) -> dict[str, tuple[Course, Course]]:
        """Of each participant: by all of their pages, and by those up to the day."""
        (course_of,) = _course_of
        values, then = self._values(), self._values(up_to=True)
        return {
            row["SUBJID"]: (course_of(_reader(values, row["SUBJID"])), course_of(_reader(then, row["SUBJID"])))
            for row in self.tables["participants"]
        }

    def _values(self, *, up_to: bool = False) -> dict[Key, Any]:
        """The values of forms that a participant has once."""
        values: dict[Key, Any] = {}
        for form in (form for form in all_forms() if form.kind == "single"):
            days = self._tables_of_forms[form.code].days
            for row in self.tables[form.code]:
                if up_to and _page_of(row, form.code) in self._later_pages:
                    continue
                for item, value in row.items():
                    if not (up_to and item in days and (at := day(value)) and at > self.cutoff):
                        values.setdefault((row["SUBJID"], form.code, item), _typed(form.items.get(item), value))
        return values

    @cached_property
    def _absent(self) -> set[str]:
        """The participants who came later."""
        return {number for number, (now, then) in self._courses.items() if now.present and not then.present}

    def _participant(self, name: str, row: Record) -> Record | None:
        number = row["SUBJID"]
        if number in self._absent:
            return None
        now, then = self._courses[number]
        other = {column: value for column, value in then.columns.items() if value != now.columns[column]}
        return _with(row, other) if other else row

    @cached_property
    def _unplanned(self) -> set[Key]:
        """The visits that nobody had planned by the day: unscheduled ones that came later, and those from Day 0 on."""
        return {_visit_of(row) for row in self.tables["visits"] if self._is_unplanned(row)}

    def _is_unplanned(self, row: Record) -> bool:
        if row["VISITSEQ"]:
            return _visit_of(row) in self._undone
        now, then = self._courses[row["SUBJID"]]
        return then.visits is not None and then.visits != now.visits and row["VISIT"] not in then.visits

    def _visit(self, name: str, row: Record) -> Record | None:
        """A visit as it was planned: None while nobody had planned it."""
        key, (now, then) = _visit_of(row), self._courses[row["SUBJID"]]
        if row["SUBJID"] in self._absent or key in self._unplanned:
            return None
        other: dict[str, Any] = {}
        if key in self._undone:
            other |= {"SVSTDTC": None, "STATE": "planned"}
        elif row["STATE"] == "dropped" and now.ends and not then.ends:
            other["STATE"] = "planned"
        if then.visits is not None and then.visits != now.visits:
            other |= dict.fromkeys(("TARGET", "OPENS", "CLOSES"))
        return _with(row, other) if other else row


def _visit_of(row: Record) -> Key:
    return row["SUBJID"], row["VISIT"], row["VISITSEQ"]


def _page_of(row: Record, form: str) -> Key:
    return row["SUBJID"], form, row["VISIT"], row["VISITSEQ"], row["REPEAT"]


def _reader(values: Mapping[Key, Any], number: str) -> Value:
    return lambda form, item: values.get((number, form, item))


def _typed(item: Item | None, value: Any) -> Any:
    return date.fromisoformat(value) if item is not None and item.kind == "date" else value


def _with(row: Record, columns: Mapping[str, Any]) -> Record:
    return {name: value for name, value in {**row, **columns}.items() if value is not None}


def _without(row: Record, columns: Sequence[str]) -> Record:
    return {name: value for name, value in row.items() if name not in columns}


def _line(row: Record) -> str:
    """As the database writes a row."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
