"""The tables of a data cut again, from the file that holds them. Pure."""

import io
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from prtras.datacut.snapshot import Row
from prtras.exports.columns import columns_of
from prtras.exports.formats.odm.definitions import CUTROW, SEVERAL_CODES
from prtras.exports.formats.odm.elements import attribute, tag
from prtras.exports.formats.odm.oids import COMMON

#: What a reader waits for: the definitions that name things, and participants.
_DEFINED = ("Location", "StudyEventDef", "FormDef", "ItemGroupDef", "ItemDef")


class _Reader:
    """Names and types by OID as the file defines them, and the rows so far. Raises KeyError for a dangling OID."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.types: dict[str, str] = {}
        self.columns: dict[str, set[str]] = {}
        self.rows: dict[str, list[tuple[int, Row]]] = defaultdict(list)

    def define(self, definition: etree._Element) -> None:
        """Take in one definition."""
        identity = attribute(definition, "OID")
        self.names[identity] = attribute(definition, "Name")
        if definition.tag == tag("ItemDef"):
            several = any(alias.get("Context") == SEVERAL_CODES for alias in definition.iterfind(tag("Alias")))
            self.types[identity] = SEVERAL_CODES if several else attribute(definition, "DataType")
        elif definition.tag == tag("ItemGroupDef"):
            table = attribute(definition, "Name")
            self.columns[table] = set(columns_of(table))
            self.rows[table] = []

    def subject(self, subject: etree._Element) -> None:
        """Take in one participant."""
        (site,) = (self.names[attribute(each, "LocationOID")] for each in subject.iterfind(tag("SiteRef")))
        for event in subject.iterfind(tag("StudyEventData")):
            place: dict[str, Any] = {"SITEID": site, "SUBJID": attribute(subject, "SubjectKey")}
            if attribute(event, "StudyEventOID") != COMMON:
                visit = self.names[attribute(event, "StudyEventOID")]
                place |= {"VISIT": visit, "VISITSEQ": int(event.get("StudyEventRepeatKey", "0"))}
            for page in event.iterfind(tag("FormData")):
                form, repeat = self.names[attribute(page, "FormOID")], int(page.get("FormRepeatKey", "0"))
                for group in page.iterfind(tag("ItemGroupData")):
                    self._row(group, place | {"FORM": form, "REPEAT": repeat})

    def _row(self, group: etree._Element, place: Mapping[str, Any]) -> None:
        table = self.names[attribute(group, "ItemGroupOID")]
        row = Row({name: value for name, value in place.items() if name in self.columns[table]})
        if "ROW" in self.columns[table] and (key := group.get("ItemGroupRepeatKey")):
            row["ROW"] = int(key)
        for data in group.iterfind(tag("ItemData")):
            self._item(row, data)
        self.rows[table].append((row.pop(CUTROW), row))

    def _item(self, row: Row, data: etree._Element) -> None:
        identity = attribute(data, "ItemOID")
        name, value = identity.rpartition(".")[2], data.get("Value")
        for about, flag, comment in _remarks(data):
            if about == "MISSING":
                row.setdefault("missing", {})[name] = flag
            elif flag == "REPORTED":
                row.setdefault("reported", {})[name] = comment
            elif flag == "VALUE":
                value = comment
        if value is not None:
            row[self.names[identity]] = _value(self.types[identity], value)


def _remarks(data: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Of each annotation: what it is about, its code, its comment."""
    for annotation in data.iterfind(tag("Annotation")):
        flags = [
            (flag.findtext(tag("FlagType"), ""), flag.findtext(tag("FlagValue"), ""))
            for flag in annotation.iterfind(tag("Flag"))
        ]
        comment = annotation.findtext(tag("Comment"), "")
        yield *flags[0], json.loads(comment) if ("REMARK", "JSON") in flags else comment


def _value(kind: str, text: str) -> Any:
    if kind == "integer":
        return int(text)
    return text.split(";") if kind == SEVERAL_CODES else text


def read(content: bytes) -> dict[str, list[Row]]:
    """Every table that the file defines, its rows in the order of the data cut; one participant at a time is held."""
    reader = _Reader()
    names = [tag(name) for name in (*_DEFINED, "SubjectData")]
    options = {"huge_tree": True, "resolve_entities": False, "no_network": True}
    for _event, each in etree.iterparse(io.BytesIO(content), events=("end",), tag=names, **options):
        if each.tag == tag("SubjectData"):
            reader.subject(each)
            each.clear()
            while each.getprevious() is not None:
                del each.getparent()[0]
        else:
            reader.define(each)
    return {
        table: [row for _number, row in sorted(rows, key=lambda pair: pair[0])] for table, rows in reader.rows.items()
    }
