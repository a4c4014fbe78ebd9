"""What the database holds of a form, as plain records: of one participant while a page is saved, of many in a batch.

The statement of each form is written once and kept: building it anew costs more than running it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from prtras.crf.content import PageContent
from prtras.crf.models import CrfPage, Visit
from prtras.crf.places import Place
from prtras.crf.registry import Form, holder_of

Values = Mapping[str, Any]
Reader = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """A submitted page or one of its rows, with its place in the schedule. `row` is the repeat, or the row's number.

    `values` also has the coded reasons of `missing` values. The values of rows with fixed keys (a laboratory panel)
    stand on their page as `key_item` as well; `rows` has them by key.
    """

    page: UUID
    visit: str
    sequence: int
    position: int
    values: Values
    rows: Mapping[str, Values] = field(default_factory=dict)


#: Gives the records of a form (or of its rows) of one participant, in the order of visits and repeats.
Source = Callable[[str], list[Stored]]


def source_of(participant: int) -> Source:
    """The database's word on one participant; each form is read at most once."""
    return cache(lambda code: records_of(code, [participant]).get(participant, []))


class PanelValues(Mapping[str, Any]):
    """A page's own values, and those of its rows by `key_item`; nothing is copied."""

    def __init__(self, own: Values, rows: Mapping[str, Values]) -> None:
        self._own, self._rows = own, rows

    def __getitem__(self, name: str) -> Any:
        if name in self._own:
            return self._own[name]
        key, _, item = name.rpartition("_")
        return self._rows[key][item]

    def __iter__(self) -> Iterator[str]:
        yield from self._own
        yield from (f"{key}_{item}" for key, row in self._rows.items() for item in row)

    def __len__(self) -> int:
        return len(self._own) + sum(len(row) for row in self._rows.values())


def records_of(code: str, participants: Collection[int]) -> dict[int, list[Stored]]:
    """The submitted records of a form, or of its rows, by participant. One statement, two for a panel."""
    form, are_rows = holder_of(code)
    by_participant: dict[int, list[Stored]] = defaultdict(list)
    if are_rows:
        assert form.rows
        for whose, record in _read(form, form.rows.model, ("row", *form.rows.items), participants):
            by_participant[whose].append(replace(record, values={**record.values, "row": str(record.values["row"])}))
        return by_participant
    rows = _panel_rows(form, participants)
    for whose, record in _read(form, form.model, tuple(form.items), participants):
        own = rows.get(record.page)
        by_participant[whose].append(
            replace(record, values=PanelValues(record.values, own), rows=own) if own else record
        )
    return by_participant


def numbered_rows(form: Form, participants: Collection[int]) -> dict[UUID, dict[str, Values]]:
    """The rows of a form whose rows are numbered, by page and number; nothing for other forms. One statement."""
    if form.rows is None or form.rows.keys:
        return {}
    return by_number(records_of(form.rows.code, participants))


def by_number(records: Mapping[int, Iterable[Stored]]) -> dict[UUID, dict[str, Values]]:
    """Records of rows (by participant) as rows by page and number."""
    by_page: dict[UUID, dict[str, Values]] = defaultdict(dict)
    for listed in records.values():
        for record in listed:
            by_page[record.page][record.values["row"]] = record.values
    return by_page


def content_of(form: Form, page: Stored, numbered: Mapping[str, Values]) -> PageContent:
    """The content of a page from its record, and its rows where they are numbered."""
    content = PageContent({name: page.values[name] for name in form.items})
    content.missing = {Place(item): code for item, code in page.values["missing"].items()}
    for key, row in (page.rows or numbered).items():
        assert form.rows
        content.add_row(key, {name: row[name] for name in form.rows.items}, row["missing"])
    return content


def _panel_rows(form: Form, participants: Collection[int]) -> dict[UUID, dict[str, Values]]:
    """The rows of a panel by page and key."""
    by_page: dict[UUID, dict[str, Values]] = defaultdict(dict)
    rows = form.rows
    if rows and rows.keys:
        for _, record in _read(form, rows.model, tuple(rows.items), participants):
            by_page[record.page][record.values[rows.key]] = record.values
    return by_page


def _read(
    form: Form, model: type[models.Model], names: tuple[str, ...], participants: Collection[int]
) -> Iterable[tuple[int, Stored]]:
    names = (*names, "missing")
    statement, readers = _statement(model, names)
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(participants), form.code])
        for whose, page, visit, sequence, position, repeat, *columns in cursor.fetchall():
            values = {"row": repeat, **dict(zip(names, columns, strict=True))}
            for name, reader in readers.items():
                values[name] = reader(values[name])
            yield whose, Stored(page, visit, sequence, position, values)


@cache
def _statement(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, dict[str, Reader]]:
    quoted = connection.ops.quote_name
    fields = {field.name: field for field in model._meta.concrete_fields}
    columns = ", ".join(f"t.{quoted(fields[name].column or name)}" for name in names)
    alive = "AND t.void_reason = ''" if "void_reason" in fields else ""
    statement = f"""
        SELECT p.participant_id, p.id, coalesce(v.code, ''), coalesce(v.sequence, 0), coalesce(v.position, 0),
               p.repeat, {columns}
        FROM {quoted(model._meta.db_table)} t
        JOIN {quoted(CrfPage._meta.db_table)} p ON p.id = t.page_id
        LEFT JOIN {quoted(Visit._meta.db_table)} v ON v.id = p.visit_id
        WHERE p.participant_id = ANY(%s) AND p.form = %s AND p.state = 'submitted' {alive}
        ORDER BY p.participant_id, v.position, p.repeat{", t.row" if alive else ""}"""  # noqa: S608 - names of models
    converters = {name: getattr(fields[name], "from_db_value", None) for name in names}
    return statement, {name: _reader(convert) for name, convert in converters.items() if convert}


def _reader(from_db_value: Callable[[Any, None, Any], Any]) -> Reader:
    return lambda value: from_db_value(value, None, connection)
