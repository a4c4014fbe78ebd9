"""Define-XML 2.1: what the datasets of a folder are, from the same metadata that their files are written from.

Labels and decodes stand in English and Chinese. Source: CDISC Define-XML 2.1.0 on ODM 1.3.2.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from prtras.exports.standards.dataset import SOURCES, Dataset, Row, TermList, Variable
from prtras.labels import T

ODM = "http://www.cdisc.org/ns/odm/v1.3"
DEF = "http://www.cdisc.org/ns/def/v2.1"
XLINK = "http://www.w3.org/1999/xlink"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPES = {"text": "text", "integer": "integer", "float": "float", "date": "date"}
NAMESPACES: Any = {None: ODM, "def": DEF, "xlink": XLINK}
Element = Any  # lxml has no class of its own for it in its public types


@dataclass(frozen=True)
class Standard:
    """An implementation guide (`IG`) or controlled terminology (`CT`, with its `publishing_set`), and its version."""

    name: str
    kind: str
    version: str
    publishing_set: str = ""


@dataclass(frozen=True)
class Package:
    """The datasets of one folder. `guide` is the name of the reviewer's guide that lies beside them."""

    study: str
    title: T
    purpose: str
    standards: tuple[Standard, ...]
    datasets: Sequence[Dataset]
    guide: str


def write(package: Package, created: datetime) -> bytes:
    """define.xml."""
    root = etree.Element(f"{{{ODM}}}ODM", nsmap=NAMESPACES)
    root.attrib.update({
        "FileType": "Snapshot", "FileOID": f"DEF.{package.study}.{package.purpose}", "ODMVersion": "1.3.2",
        "CreationDateTime": f"{created:%Y-%m-%dT%H:%M:%S}", "Originator": "PRTRAS EDC", f"{{{DEF}}}Context": "Other",
    })  # fmt: skip
    study = _add(root, "Study", OID=f"ST.{package.study}")
    about = _add(study, "GlobalVariables")
    for name, text in (("Name", package.study), ("Description", package.title.en)):
        _add(about, f"Study{name}").text = text
    _add(about, "ProtocolName").text = package.study
    version = _add(study, "MetaDataVersion", OID="MDV.1", Name=f"{package.study} {package.purpose}")
    version.set(f"{{{DEF}}}DefineVersion", "2.1.0")
    _standards(version, package.standards)
    guide = _add(version, f"{{{DEF}}}SupplementalDoc")
    _add(guide, f"{{{DEF}}}DocumentRef", leafID="LF.GUIDE")
    _levels(version, package.datasets)
    for dataset in package.datasets:
        _group(version, dataset, package.purpose)
    for dataset in package.datasets:
        for variable in dataset.variables:
            _item(version, dataset, variable)
        _level_items(version, dataset)
    for terms in _lists(package.datasets):
        _codes(version, terms)
    for oid, variable in _derived(package.datasets):
        method = _add(version, "MethodDef", OID=oid, Name=f"Algorithm for {variable.name}", Type="Computation")
        _describe(method, variable.method or T("", ""))
    _leaf(version, "LF.GUIDE", package.guide)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _add(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, name if name.startswith("{") else f"{{{ODM}}}{name}", attributes)


def _define(element: Element, **attributes: str) -> None:
    for name, value in attributes.items():
        element.set(f"{{{DEF}}}{name}", value)


def _describe(parent: Element, text: T, within: str = "Description") -> None:
    inside = _add(parent, within)
    for language, words in (("en", text.en), ("zh", text.zh)):
        _add(inside, "TranslatedText", **{LANGUAGE: language}).text = words


def _leaf(parent: Element, oid: str, file: str) -> None:
    leaf = _add(parent, f"{{{DEF}}}leaf", ID=oid)
    leaf.set(f"{{{XLINK}}}href", file)
    _add(leaf, f"{{{DEF}}}title").text = file


def _standards(version: Element, standards: Iterable[Standard]) -> None:
    listed = _add(version, f"{{{DEF}}}Standards")
    for number, standard in enumerate(standards, start=1):
        own = {"PublishingSet": standard.publishing_set} if standard.publishing_set else {}
        _add(listed, f"{{{DEF}}}Standard", OID=f"STD.{number}", Name=standard.name, Type=standard.kind,
             Version=standard.version, Status="Final", **own)  # fmt: skip


def _group(version: Element, dataset: Dataset, purpose: str) -> None:
    group = _add(
        version, "ItemGroupDef", OID=f"IG.{dataset.name}", Name=dataset.name,
        Repeating="No" if dataset.keys[-1:] == ("USUBJID",) else "Yes",
        IsReferenceData="Yes" if dataset.reference else "No", SASDatasetName=dataset.name, Purpose=purpose,
        **({"Domain": dataset.domain} if dataset.domain else {}),
    )  # fmt: skip
    _define(group, Structure=dataset.structure.en, StandardOID="STD.1", ArchiveLocationID=f"LF.{dataset.name}")
    if not dataset.rows:
        _define(group, HasNoData="Yes")
    _describe(group, dataset.label)
    for number, variable in enumerate(dataset.variables, start=1):
        reference = _add(group, "ItemRef", ItemOID=_oid("IT", dataset, variable.name), OrderNumber=str(number),
                         Mandatory="Yes" if variable.mandatory else "No")  # fmt: skip
        if variable.name in dataset.keys:
            reference.set("KeySequence", str(dataset.keys.index(variable.name) + 1))
        if variable.method:
            reference.set("MethodOID", _oid("MT", dataset, variable.name))
        if variable.role:
            reference.set("Role", variable.role)
        if dataset.rows and variable.kind != "text" and not dataset.values(variable.name):
            _define(reference, HasNoData="Yes")
    _add(group, f"{{{DEF}}}Class", Name=dataset.category)
    _leaf(group, f"LF.{dataset.name}", f"{dataset.name.lower()}.xpt")


def _oid(kind: str, dataset: Dataset, name: str, *more: str) -> str:
    return ".".join((kind, dataset.name, name, *more))


def _item(version: Element, dataset: Dataset, variable: Variable) -> None:
    item = _add(version, "ItemDef", OID=_oid("IT", dataset, variable.name), Name=variable.name,
                DataType=_TYPES[variable.kind], SASFieldName=variable.name)  # fmt: skip
    _measure(item, variable.kind, dataset.lengths.get(variable.name, 8), dataset.values(variable.name))
    if variable.kind == "date":
        _define(item, DisplayFormat="DATE9.")
    _describe(item, variable.label)
    if variable.terms and dataset.values(variable.name):
        _add(item, "CodeListRef", CodeListOID=f"CL.{variable.terms.name}")
    origin = _add(item, f"{{{DEF}}}Origin", Type=variable.origin)
    if SOURCES[variable.origin]:
        origin.set("Source", SOURCES[variable.origin])
    if variable.source:
        _describe(origin, T(variable.source, variable.source))
    if dataset.levels and dataset.levels.of == variable.name and dataset.rows:
        _add(item, f"{{{DEF}}}ValueListRef", ValueListOID=_oid("VL", dataset, variable.name))


def _measure(item: Element, kind: str, length: int, values: Iterable[Any]) -> None:
    """Length, and the digits behind the point of what has some."""
    if kind == "date":
        return
    item.set("Length", str(length))
    if kind == "float":
        digits = max((len(f"{value}".partition(".")[2]) for value in values if value is not None), default=0)
        item.set("SignificantDigits", str(digits))


def _meanings(dataset: Dataset) -> dict[str, list[Row]]:
    """The rows of each meaning that a variable has, by the value that gives it."""
    rows: dict[str, list[Row]] = {}
    if dataset.levels:
        for row in dataset.rows:
            rows.setdefault(row[dataset.levels.by], []).append(row)
    return dict(sorted(rows.items()))


def _levels(version: Element, datasets: Sequence[Dataset]) -> None:
    """The value lists, then the conditions under which each of their items holds."""
    leveled = [(dataset, dataset.levels) for dataset in datasets if dataset.levels and dataset.rows]
    for dataset, levels in leveled:
        listed = _add(version, f"{{{DEF}}}ValueListDef", OID=_oid("VL", dataset, levels.of))
        for number, value in enumerate(_meanings(dataset), start=1):
            reference = _add(listed, "ItemRef", ItemOID=_oid("IT", dataset, levels.of, value), Mandatory="No",
                             OrderNumber=str(number))  # fmt: skip
            _add(reference, f"{{{DEF}}}WhereClauseRef", WhereClauseOID=_oid("WC", dataset, levels.of, value))
    for dataset, levels in leveled:
        for value in _meanings(dataset):
            clause = _add(version, f"{{{DEF}}}WhereClauseDef", OID=_oid("WC", dataset, levels.of, value))
            check = _add(clause, "RangeCheck", Comparator="EQ", SoftHard="Soft")
            _define(check, ItemOID=_oid("IT", dataset, levels.by))
            _add(check, "CheckValue").text = value


def _level_items(version: Element, dataset: Dataset) -> None:
    for value, rows in _meanings(dataset).items():
        levels = dataset.levels
        assert levels is not None
        texts = [str(row[levels.of]) for row in rows if row.get(levels.of) is not None]
        item = _add(version, "ItemDef", OID=_oid("IT", dataset, levels.of, value), Name=value,
                    DataType="text", SASFieldName=levels.of)  # fmt: skip
        _measure(item, "text", max((len(text.encode()) for text in texts), default=1), texts)
        if value in levels.titles:
            _describe(item, levels.titles[value])
        _add(item, f"{{{DEF}}}Origin", Type="Collected", Source="Investigator")


def _lists(datasets: Iterable[Dataset]) -> list[TermList]:
    """Every code list with the values that stand in the data, by its name."""
    used: dict[str, tuple[TermList, set[str]]] = {}
    for dataset in datasets:
        for variable in dataset.variables:
            if variable.terms and (values := {str(value) for value in dataset.values(variable.name)}):
                used.setdefault(variable.terms.name, (variable.terms, set()))[1].update(values)
    lists = []
    for name, (terms, values) in sorted(used.items()):
        listed = tuple(term for term in terms.terms if term.value in values)
        lists.append(TermList(name, terms.title, listed, terms.concept))
    return lists


def _codes(version: Element, terms: TermList) -> None:
    listed = _add(version, "CodeList", OID=f"CL.{terms.name}", Name=terms.title.en, DataType="text")
    _define(listed, **({"StandardOID": "STD.2"} if terms.concept else {"IsNonStandard": "Yes"}))
    for term in terms.terms:
        item = _add(listed, "CodeListItem", CodedValue=term.value)
        if terms.concept and not term.concept:
            _define(item, ExtendedValue="Yes")
        _describe(item, term.decode, "Decode")
        if term.concept:
            _add(item, "Alias", Context="nci:ExtCodeID", Name=term.concept)
    if terms.concept:
        _add(listed, "Alias", Context="nci:ExtCodeID", Name=terms.concept)


def _derived(datasets: Iterable[Dataset]) -> list[tuple[str, Variable]]:
    return [
        (_oid("MT", dataset, variable.name), variable)
        for dataset in datasets
        for variable in dataset.variables
        if variable.method
    ]
