"""A data cut as ODM 1.3.2, FileType Snapshot, and its definitions alone. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from prtras.crf.items import Item
from prtras.datacut.snapshot import Row, Snapshot
from prtras.exports.columns import is_of_a_form, withheld
from prtras.exports.formats.odm.admin import admin_data
from prtras.exports.formats.odm.definitions import (
    CUTROW,
    Metadata,
    form_of_table,
    is_log,
    is_repeating,
    items_of,
    repeats,
)
from prtras.exports.formats.odm.elements import add, document, element, put_item
from prtras.exports.formats.odm.oids import event_oid, form_oid, group_oid, item_oid, location_oid
from prtras.exports.history.casebook import Cell

#: A visit and its number; both None for what belongs to no visit.
Event = tuple[str | None, int | None]
#: A form and which of its pages.
Page = tuple[str, int]


def write_metadata(picture: Snapshot) -> bytes:
    """The definitions alone."""
    return document("Snapshot", "metadata", picture, [definitions(picture).study()])


def write_snapshot(picture: Snapshot) -> bytes:
    """The definitions, and every value of the data cut."""
    head = [definitions(picture).study(), admin_data(picture, sites_of(picture))]
    return document("Snapshot", "snapshot", picture, head, _subjects(picture))


def definitions(picture: Snapshot) -> Metadata:
    """What a data cut needs to be defined: its tables, and the forms that it has at each visit."""
    uses: dict[str, set[str]] = defaultdict(set)
    for name, rows in picture.tables.items():
        form = form_of_table(name)
        for row in rows:
            uses[row["VISIT"] or ""].add(form or row["FORM"])
    return Metadata(tuple(picture.tables), uses)


def sites_of(picture: Snapshot) -> set[str]:
    """The sites whose data are in a data cut."""
    return {row["SITEID"] for rows in picture.tables.values() for row in rows}


def event_key(visit: str | None, sequence: int | None) -> dict[str, str]:
    """Which of the visits of this code it is, where there may be several."""
    return {"StudyEventRepeatKey": str(sequence)} if visit and (sequence or is_repeating(visit)) else {}


def form_key(form: str, repeat: int) -> dict[str, str]:
    """Which page of the form it is, where there may be several."""
    return {"FormRepeatKey": str(repeat)} if repeat or is_log(form) else {}


def unit_of(item: object) -> str:
    """The unit of an item; empty if it has none."""
    return item.unit if isinstance(item, Item) else ""


class _Table:
    """The rows of one table of the data cut, as they are written."""

    def __init__(self, name: str) -> None:
        self.name, self.form, self.repeats = name, form_of_table(name), repeats(name)
        self._items, self._withheld = items_of(name), withheld(name)

    def write(self, page: etree._Element, number: int, row: Row) -> None:
        """One row; it says its number in the table."""
        key = str(row["ROW"] if is_of_a_form(self.name) else number) if self.repeats else None
        group = add(page, "ItemGroupData", ItemGroupOID=group_oid(self.name), ItemGroupRepeatKey=key)
        for name, cell in self._cells(number, row).items():
            put_item(group, item_oid(self.name, name), cell, unit_of(self._items.get(name)))

    def _cells(self, number: int, row: Row) -> dict[str, Cell]:
        reasons: Mapping[str, str] = row["missing"] or {}
        reported: Mapping[str, str] = row["reported"] or {}
        values: dict[str, Any] = {name: row[name] for name in self._items if name not in self._withheld}
        values[CUTROW] = number
        cells = {
            name: Cell(values.get(name), reasons.get(name), reported.get(name))
            for name in dict.fromkeys((*self._items, *reasons, *reported))
        }
        return {name: cell for name, cell in cells.items() if cell}


def _subjects(picture: Snapshot) -> Iterator[etree._Element]:
    """Participants in the order of the data cut, each with everything that its tables say of them."""
    whose: dict[str, list[tuple[_Table, int, Row]]] = defaultdict(list)
    for name, rows in picture.tables.items():
        table = _Table(name)
        for number, row in enumerate(rows, start=1):
            whose[row["SUBJID"]].append((table, number, row))
    for subject, listed in whose.items():
        yield _subject(subject, listed)


def _subject(number: str, listed: list[tuple[_Table, int, Row]]) -> etree._Element:
    events: dict[Event, dict[Page, list[tuple[_Table, int, Row]]]] = defaultdict(lambda: defaultdict(list))
    for table, place, row in listed:
        page = table.form or row["FORM"], row["REPEAT"] or 0
        events[row["VISIT"], row["VISITSEQ"]][page].append((table, place, row))
    subject = element("SubjectData", SubjectKey=number)
    add(subject, "SiteRef", LocationOID=location_oid(listed[0][2]["SITEID"]))
    for (visit, sequence), pages in events.items():
        event = add(subject, "StudyEventData", StudyEventOID=event_oid(visit), **event_key(visit, sequence))
        for (form, repeat), rows in pages.items():
            data = add(event, "FormData", FormOID=form_oid(form), **form_key(form, repeat))
            for table, place, row in rows:
                table.write(data, place, row)
    return subject
