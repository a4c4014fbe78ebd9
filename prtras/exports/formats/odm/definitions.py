"""Study and MetaDataVersion of an ODM file: visits, forms, tables, items, code lists, from what is registered. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from prtras.codelists import CodeList
from prtras.crf.items import Item, Range
from prtras.crf.numbers import plain
from prtras.crf.registry import all_forms, form_of, holder_of, table_of
from prtras.crf.schedule import SCHEDULE, PlannedVisit
from prtras.crf.study import protocol
from prtras.crf.units import shown
from prtras.datacut.restriction import REVIEWS
from prtras.datacut.study_tables import study_tables
from prtras.exports.columns import REMARKS, Column, columns_of, is_of_a_form
from prtras.exports.formats.odm.codes import LISTS
from prtras.exports.formats.odm.elements import add, element, translated
from prtras.exports.formats.odm.oids import (
    event_oid,
    form_oid,
    group_oid,
    item_oid,
    list_oid,
    study_oid,
    unit_oid,
    version_oid,
)
from prtras.labels import T

#: Columns that the place of a row says: participant, visit, form, repeat, row.
PLACES = ("SITEID", "SUBJID", "VISIT", "VISITSEQ", "FORM", "REPEAT", "ROW")
#: The number of a row in its table of the data cut, from 1.
CUTROW = "CUTROW"
#: What every data cut says of participants beside the forms.
OWN_FORMS = {"participants": T("受试者", "Participant"), "visits": T("访视计划", "Visit as planned")}
REVIEW_TITLES = {
    "queries": T("质疑", "Queries"),
    "verifications": T("源数据核查", "Verification against the source"),
    "signatures": T("签名", "Signatures"),
    "codings": T("医学编码", "Medical coding"),
}
#: How a type of column is called in ODM.
DATA_TYPES = {
    "text": "text", "long": "text", "code": "text", "codes": "text", "integer": "integer", "decimal": "float",
    "date": "date", "partial": "partialDate", "time": "partialTime", "datetime": "datetime",
}  # fmt: skip
#: The context of an alias that names the list from which an item takes several codes, which a semicolon separates.
SEVERAL_CODES = "SeveralCodes"

Uses = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Metadata:
    """What an ODM file defines: the tables (of a data cut), and which forms occur at which visit ("": at none)."""

    tables: tuple[str, ...]
    uses: Uses

    def study(self) -> etree._Element:
        """The element Study."""
        study = element("Study", OID=study_oid())
        names = add(study, "GlobalVariables")
        add(names, "StudyName", protocol().code)
        add(names, "StudyDescription", f"{protocol().title.zh} / {protocol().title.en}")
        add(names, "ProtocolName", protocol().identifiers)
        units = add(study, "BasicDefinitions")
        for unit in sorted({item.unit for _, _, item in self._items() if isinstance(item, Item) and item.unit}):
            translated(add(units, "MeasurementUnit", OID=unit_oid(unit), Name=unit), "Symbol", shown(unit))
        version = add(study, "MetaDataVersion", OID=version_oid(), Name=f"CRF {protocol().specification}")
        self._events(version)
        self._forms(version)
        self._groups(version)
        for table, name, item in self._items():
            _item(version, table, name, item)
        for codes in self._lists():
            _list(version, codes)
        return study

    def _items(self) -> Iterator[tuple[str, str, Column | Item]]:
        for table in self.tables:
            for name, item in items_of(table).items():
                yield table, name, item

    def _lists(self) -> list[CodeList]:
        lists = {item.codes.name: item.codes for _, _, item in self._items() if item.codes}
        return [codes for _, codes in sorted((lists | {codes.name: codes for codes in LISTS}).items())]

    # -- Visits and forms -------------------------------------------------------------------------------

    def forms(self) -> list[str]:
        """The forms of the tables, what the data cut says of participants and visits first."""
        held = {form_of_table(table) for table in self.tables if table not in REVIEWS}
        held |= {form for forms in self.uses.values() for form in forms}
        return [code for code in (*own_forms(), *(form.code for form in all_forms())) if code in held]

    def _events(self, version: etree._Element) -> None:
        planned = planned_visits()
        visits = sorted({*planned, *(visit for visit in self.uses if visit)}, key=lambda code: _order(planned, code))
        protocol_element = add(version, "Protocol")
        for number, visit in enumerate(("", *visits), start=1):
            add(
                protocol_element, "StudyEventRef", StudyEventOID=event_oid(visit), OrderNumber=str(number),
                Mandatory="No" if is_repeating(visit) else "Yes",
            )  # fmt: skip
        for visit in ("", *visits):
            self._event(version, visit, planned.get(visit))

    def _event(self, version: etree._Element, visit: str, planned: PlannedVisit | None) -> None:
        kind = "Common" if not visit else "Unscheduled" if is_repeating(visit) else "Scheduled"
        event = add(
            version, "StudyEventDef", OID=event_oid(visit), Name=visit or event_oid(visit), Type=kind,
            Repeating="Yes" if is_repeating(visit) else "No",
        )  # fmt: skip
        translated(event, "Description", SCHEDULE.title(visit) if visit else T("不属于访视", "Of no visit"))
        required = planned.required if planned else ()
        occurring = {*self.uses.get(visit, ()), *_forms_of(visit, planned)}
        for number, form in enumerate((form for form in self.forms() if form in occurring), start=1):
            add(
                event, "FormRef", FormOID=form_oid(form), OrderNumber=str(number),
                Mandatory="Yes" if form in required or form in OWN_FORMS else "No",
            )  # fmt: skip

    def _forms(self, version: etree._Element) -> None:
        for code in self.forms():
            form = add(version, "FormDef", OID=form_oid(code), Name=code, Repeating="Yes" if is_log(code) else "No")
            translated(form, "Description", own_forms().get(code) or form_of(code).title)
            reviews = () if code in own_forms() else REVIEWS
            groups = (table for table in self.tables if table in reviews or form_of_table(table) == code)
            for number, table in enumerate(groups, start=1):
                own = table == code
                add(
                    form, "ItemGroupRef", ItemGroupOID=group_oid(table), OrderNumber=str(number),
                    Mandatory="Yes" if own else "No",
                )  # fmt: skip

    # -- Tables and items ---------------------------------------------------------------------------------

    def _groups(self, version: etree._Element) -> None:
        for table in self.tables:
            group = add(
                version, "ItemGroupDef", OID=group_oid(table), Name=table, Domain=_domain(table),
                Repeating="Yes" if repeats(table) else "No",
            )  # fmt: skip
            translated(group, "Description", _title(table))
            for number, (name, item) in enumerate(items_of(table).items(), start=1):
                add(
                    group, "ItemRef", ItemOID=item_oid(table, name), OrderNumber=str(number),
                    Mandatory="Yes" if _is_mandatory(item) else "No",
                )  # fmt: skip


def own_forms() -> dict[str, T]:
    """What a data cut says of participants beside the forms, each a form of its own here."""
    return OWN_FORMS | {name: T(f"研究数据表 {name}", f"Table of the study: {name}") for name in study_tables()}


def planned_visits() -> dict[str, PlannedVisit]:
    """Every visit of every version of the schedule, as its newest version has it."""
    return {code: planned for schedule in SCHEDULE for code, planned in schedule.visits.items()}


def is_repeating(visit: str) -> bool:
    """A visit that no day is planned for may occur several times."""
    planned = planned_visits().get(visit)
    return planned is not None and planned.day is planned.first is planned.last is None


def is_log(form: str) -> bool:
    """A form of which a participant has any number of pages."""
    return form not in own_forms() and form_of(form).kind == "log"


def form_of_table(table: str) -> str | None:
    """The form in whose pages a table's rows stand; None for reviews, which stand in those of every form."""
    if table in REVIEWS:
        return None
    return table if table in own_forms() else holder_of(table)[0].code


def repeats(table: str) -> bool:
    """May a page have several rows of this table?"""
    return table_of(table).rows is not None if is_of_a_form(table) else table not in OWN_FORMS


def items_of(table: str) -> dict[str, Column | Item]:
    """What is an item of this table: all but places and remarks. Also items that identify, which no file fills in."""
    columns = {name: column for name, column in columns_of(table).items() if name not in (*PLACES, *REMARKS)}
    own = dict(table_of(table).items) if is_of_a_form(table) else {}
    number = Column(T("数据快照中的行号", "Number of the row in the data cut"), "integer")
    return {CUTROW: number} | columns | own


def _forms_of(visit: str, planned: PlannedVisit | None) -> tuple[str, ...]:
    """The forms that may be filled at a visit, by the schedule."""
    if not visit:
        return "participants", *study_tables(), *(form.code for form in all_forms() if form.kind != "visit")
    if planned is None:
        return ("visits",)
    listed = (*planned.required, *planned.optional, *(form for form, _ in planned.conditional))
    return "visits", *(form for form in listed if not is_log(form))


def _order(planned: Mapping[str, PlannedVisit], code: str) -> tuple[float, str]:
    return (planned[code].position if code in planned else float("inf")), code


def _domain(table: str) -> str | None:
    return holder_of(table)[0].domain if is_of_a_form(table) else None


def _title(table: str) -> T:
    return own_forms().get(table) or REVIEW_TITLES.get(table) or table_of(table).title


def _is_mandatory(item: Column | Item) -> bool:
    return isinstance(item, Item) and item.need == "required" and item.show is None and not item.identifies


def _item(version: etree._Element, table: str, name: str, item: Column | Item) -> None:
    definition = add(
        version, "ItemDef", OID=item_oid(table, name), Name=name, DataType=DATA_TYPES[item.kind], **_size(item)
    )
    translated(definition, "Question", item.label)
    if isinstance(item, Item):
        if item.unit:
            add(definition, "MeasurementUnitRef", MeasurementUnitOID=unit_oid(item.unit))
        _ranges(definition, item)
    if item.codes and item.kind != "codes":
        add(definition, "CodeListRef", CodeListOID=list_oid(item.codes.name))
    if item.kind == "codes":
        add(definition, "Alias", Context=SEVERAL_CODES, Name=list_oid(item.codes.name) if item.codes else "")
    if isinstance(item, Item):
        for context, other in (("CDASH", item.cdash), ("SDTM", item.sdtm)):
            if other:
                add(definition, "Alias", Context=context, Name=other)


def _size(item: Column | Item) -> dict[str, str]:
    """Length and decimal places as they are stored; a text without a limit has no length."""
    if item.kind == "integer":
        return {"Length": str(len(str(2**31)))}  # digits of the largest whole number that is stored
    if not isinstance(item, Item):
        return {}
    size: dict[str, str] = {"Origin": "Derived"} if item.derived else {}
    if item.kind == "decimal":
        places, digits = getattr(item, "decimal_places", None), getattr(item, "max_digits", None)
        return size | ({"Length": str(digits), "SignificantDigits": str(places)} if digits else {})
    return size | ({"Length": str(item.max_length)} if item.kind in ("text", "code") and item.max_length else {})


def _ranges(definition: etree._Element, item: Item) -> None:
    for how, limits in (("Hard", item.hard), ("Soft", item.soft)):
        if limits is not None:
            _range(definition, item, how, limits)


def _range(definition: etree._Element, item: Item, how: str, limits: Range) -> None:
    for comparator, limit, sign in (("GE", limits.low, "≥"), ("LE", limits.high, "≤")):
        check = add(definition, "RangeCheck", Comparator=comparator, SoftHard=how)
        add(check, "CheckValue", plain(limit))
        if item.unit:
            add(check, "MeasurementUnitRef", MeasurementUnitOID=unit_oid(item.unit))
        allowed = f"{sign} {plain(limit)}"
        translated(check, "ErrorMessage", T(f"{item.label.zh}应{allowed}", f"{item.label.en} should be {allowed}"))


def _list(version: etree._Element, codes: CodeList) -> None:
    """A code list with both texts of each code, also of those that left it."""
    definition = add(version, "CodeList", OID=list_oid(codes.name), Name=codes.name, DataType="text")
    translated(definition, "Description", codes.title)
    for number, (code, text) in enumerate(codes.choices(*codes.retired), start=1):
        translated(add(definition, "CodeListItem", CodedValue=code, OrderNumber=str(number)), "Decode", text)
