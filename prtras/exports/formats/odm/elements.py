"""The elements of an ODM 1.3.2 file, and the file as a stream of them. Pure."""

import io
import json
import re
from collections.abc import Iterable
from typing import Any

from lxml import etree

from prtras.crf.study import protocol
from prtras.datacut.snapshot import Snapshot
from prtras.exports.formats.odm.codes import EXACT, FLAG, REPORTED, VALUE, Flag, missing
from prtras.exports.formats.odm.oids import list_oid, oid, study_oid, unit_oid, version_oid
from prtras.exports.history.casebook import Cell
from prtras.labels import T

NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
_DEFAULT: Any = {None: NAMESPACE}
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
#: What no XML file can hold.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SYSTEM = "PRTRAS EDC"


def tag(name: str) -> str:
    """The name of an element with its namespace."""
    return f"{{{NAMESPACE}}}{name}"


def element(name: str, **attributes: str | None) -> etree._Element:
    """An element of its own; an attribute without a value is left out."""
    filled = {key: value for key, value in attributes.items() if value is not None}
    return etree.Element(tag(name), filled, nsmap=_DEFAULT)


def attribute(element: etree._Element, name: str) -> str:
    """An attribute that has to be there. Raises KeyError."""
    return str(element.attrib[name])


def add(parent: etree._Element, name: str, text: str = "", **attributes: str | None) -> etree._Element:
    """An element inside another; an attribute without a value is left out."""
    filled = {key: value for key, value in attributes.items() if value is not None}
    child = etree.SubElement(parent, tag(name), filled)
    if text:
        child.text = text
    return child


def translated(parent: etree._Element, name: str, text: T) -> None:
    """A text in both languages."""
    holder = add(parent, name)
    for language, words in (("zh-CN", text.zh), ("en", text.en)):
        add(holder, "TranslatedText", words, **{_LANGUAGE: language})


def annotate(parent: etree._Element, *flags: Flag, comment: str = "") -> None:
    """A remark on what `parent` says: its comment and its flags; one that XML cannot hold stands as a JSON string."""
    possible = not _IMPOSSIBLE.search(comment)
    annotation = add(parent, "Annotation", SeqNum=str(len(parent.findall(tag("Annotation"))) + 1))
    if comment:
        add(annotation, "Comment", comment if possible else json.dumps(comment), SponsorOrSite="Sponsor")
    for flag in (*flags, *(() if possible else (EXACT,))):
        holder = add(annotation, "Flag")
        add(holder, "FlagValue", flag.value, CodeListOID=list_oid(flag.codes.name))
        add(holder, "FlagType", flag.kind, CodeListOID=list_oid(FLAG.name))


def possible_text(text: str) -> str:
    """A text with a mark in the place of what XML cannot hold."""
    return _IMPOSSIBLE.sub("\ufffd", text)


def put_item(
    group: etree._Element, item_oid: str, cell: Cell, unit: str = "", record: etree._Element | None = None,
    transaction: str | None = None,
) -> None:  # fmt: skip
    """An ItemData with what stands at an item; for a transaction its kind, and who made it."""
    text = possible_text(cell.text)
    data = add(
        group, "ItemData", ItemOID=item_oid, TransactionType=transaction, Value=text or None,
        IsNull=None if text or transaction == "Remove" else "Yes",
    )  # fmt: skip
    if record is not None:
        data.append(record)
    if unit and text:
        add(data, "MeasurementUnitRef", MeasurementUnitOID=unit_oid(unit))
    if cell.reason:
        annotate(data, missing(cell.reason))
    if cell.reported:
        annotate(data, REPORTED, comment=cell.reported)
    if text != cell.text:
        annotate(data, VALUE, comment=cell.text)


def document(
    kind: str, name: str, picture: Snapshot, head: Iterable[etree._Element],
    subjects: Iterable[etree._Element] | None = None,
) -> bytes:  # fmt: skip
    """One file: what stands before the participants, and these one by one; no more than one is built at a time.

    It is identified by the data cut's checksum and created at the data cut's moment.
    """
    root = {
        "FileType": kind, "Granularity": "Metadata" if subjects is None else "All",
        "FileOID": oid("FILE", protocol().code) + f".{name}.{picture.checksum[:16]}",
        "CreationDateTime": picture.created_at, "AsOfDateTime": picture.created_at, "ODMVersion": "1.3.2",
        "SourceSystem": SYSTEM,
    }  # fmt: skip
    stream = io.BytesIO()
    with etree.xmlfile(stream, encoding="UTF-8") as file:
        file.write_declaration()
        with file.element(tag("ODM"), root, nsmap=_DEFAULT):
            _write(file, head)
            if subjects is not None:
                of = {"StudyOID": study_oid(), "MetaDataVersionOID": version_oid()}
                with file.element(tag("ClinicalData"), of):
                    _write(file, subjects)
    return stream.getvalue()


def _write(file: "etree._IncrementalFileWriter", elements: Iterable[etree._Element]) -> None:
    for each in elements:
        file.write(each, "\n")
