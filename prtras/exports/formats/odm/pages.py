"""The transactions on one page as FormData: what each changed, who, when and why. Pure."""

from collections.abc import Iterable
from typing import Any

from lxml import etree

from prtras.crf.places import Place as PlaceOnPage
from prtras.crf.registry import form_of
from prtras.exports.formats.odm import codes
from prtras.exports.formats.odm.codes import Flag
from prtras.exports.formats.odm.elements import add, annotate, element, put_item
from prtras.exports.formats.odm.oids import (
    form_oid,
    group_oid,
    item_oid,
    location_oid,
    signature_oid,
    user_oid,
)
from prtras.exports.formats.odm.snapshot import form_key, unit_of
from prtras.exports.history.casebook import (
    PAGE,
    QUERY,
    SIGNATURE,
    VERIFICATION,
    Casebook,
    Cell,
    Cells,
    Event,
    Key,
    Place,
    Step,
    steps,
)
from prtras.exports.history.cutoff import LeftOut
from prtras.exports.history.reasons import reason_of


def audit_record(event: Event, site: str, place: PlaceOnPage | None = None) -> etree._Element:
    """Who, where, when and why; which event of the trail says so."""
    record = element("AuditRecord")
    _stamp(record, event, site)
    if reason := reason_of(event, place):
        add(record, "ReasonForChange", reason)
    add(record, "SourceID", f"AUD.{event.id}")
    return record


def _stamp(parent: etree._Element, event: Event, site: str, meaning: str = "") -> None:
    add(parent, "UserRef", UserOID=user_oid(event.actor, event.role))
    add(parent, "LocationRef", LocationOID=location_oid(site))
    if meaning:
        add(parent, "SignatureRef", SignatureOID=signature_oid(meaning))
    add(parent, "DateTimeStamp", event.at.isoformat())


class PageWriter:
    """Writes the steps of one page (or of the participant, or of a visit) below its StudyEventData, in their order."""

    def __init__(self, parent: etree._Element, place: Place, site: str, book: Casebook, out: LeftOut) -> None:
        _visit, _sequence, self.form, self.repeat = place
        self.parent, self.site, self.book, self.out = parent, site, book, out
        self.is_new, self.is_removed = True, False

    def write(self, events: Iterable[Event]) -> None:
        """Every event, in one of its steps."""
        for step in steps(events, self.book.tables):
            self._step(step)

    def _step(self, step: Step) -> None:
        act = step.act
        turns = act is not None and act.table == PAGE and "state" in act.new
        before = self._view(step.first) if turns else {}
        if act is not None:
            self.book.apply(act)
        kind = self._turn(step.first.new["state"], bool(before)) if turns else self._no_turn()
        page = add(
            self.parent, "FormData", FormOID=form_oid(self.form), TransactionType=kind,
            **form_key(self.form, self.repeat),
        )  # fmt: skip
        page.append(audit_record(step.first, self.site))
        if act is not None:
            self._act(page, act)
        for key, cells in self._view(step.first).items() if turns else ():
            if key not in before:
                self._group(page, step.first, key, None, cells)
        for event in step.data:
            old = self._cells(event.key)
            self.book.apply(event)
            self._group(page, event, event.key, old, self._cells(event.key))

    def _turn(self, state: str, had_data: bool) -> str:
        """What a new state is for the page as a whole: one in error is removed, and inserted when it comes back."""
        was_removed, is_new = self.is_removed, self.is_new
        self.is_new, self.is_removed = False, state == "void" or (had_data and state != "submitted")
        if self.is_removed:
            return "Context" if was_removed else "Remove"
        return "Insert" if was_removed or is_new else "Update"

    def _no_turn(self) -> str:
        is_new, self.is_new = self.is_new, False
        return "Context" if self.is_removed else "Insert" if is_new else "Update"

    # -- Data -------------------------------------------------------------------------------------------

    def _cells(self, key: Key) -> Cells | None:
        return self.out.visible(key, self.book.cells(key))

    def _view(self, event: Event) -> dict[Key, Cells]:
        """The rows of the page that count now."""
        keys = self.book.rows_of(event.page) if event.page is not None else []
        return {key: cells for key in keys if (cells := self._cells(key)) is not None}

    def _group(self, page: etree._Element, event: Event, key: Key, before: Cells | None, after: Cells | None) -> None:
        """What one event did to one row."""
        table, kind = self.book.table(key), _kind(before, after)
        row = self.book.raw(key)
        group = add(
            page, "ItemGroupData", ItemGroupOID=group_oid(table.name), TransactionType=kind,
            ItemGroupRepeatKey=str(row["row"]) if table.rows else None,
        )  # fmt: skip
        named = str(row[table.rows.key_column]) if table.rows else ""
        group.append(audit_record(event, self.site, PlaceOnPage.at("", named)))
        if after is None:
            return
        for name in dict.fromkeys((*(before or {}), *after)):
            old, new = (before or {}).get(name), after.get(name)
            if old != new:
                put_item(
                    group, item_oid(table.name, name), new or Cell(), unit_of(table.items.get(name)),
                    audit_record(event, self.site, PlaceOnPage.at(name, named)), _kind(old, new),
                )  # fmt: skip

    # -- Acts on the page as a whole ------------------------------------------------------------------------

    def _act(self, page: etree._Element, act: Event) -> None:
        """Signature, then flags; a query about an item stands at the item."""
        if act.table == SIGNATURE and "meaning" in act.new:
            signature = add(page, "Signature", ID=f"SIG.{act.row}")
            _stamp(signature, act, self.site, act.new["meaning"])
        elif act.table == QUERY:
            self._query(page, act)
        else:
            for flag in _flags(act):
                annotate(page, flag)

    def _query(self, page: etree._Element, act: Event) -> None:
        query = self.book.raw(act.key)
        flag, check = Flag("QUERY", query["state"], codes.QUERY), query["check_id"]
        place, form = PlaceOnPage(query["place"]), form_of(self.form)
        if form.item_at(place) is None:
            annotate(page, flag, comment=check)
            return
        rows = form.rows if place.row else None
        group = add(
            page, "ItemGroupData", ItemGroupOID=group_oid(rows.code if rows else form.code), TransactionType="Context",
            ItemGroupRepeatKey=str(rows.number_of(place.row)) if rows else None,
        )  # fmt: skip
        table = rows.code if rows else form.code
        data = add(group, "ItemData", ItemOID=item_oid(table, place.item), TransactionType="Context")
        annotate(data, flag, comment=check)


def _kind(before: Any, after: Any) -> str:
    if after is None:
        return "Context" if before is None else "Remove"
    return "Insert" if before is None else "Update" if before != after else "Context"


def _flags(act: Event) -> list[Flag]:
    """What an act says of the page as a whole."""
    new, flags = act.new, []
    if act.table == PAGE:
        if "state" in new:
            flags.append(Flag("PAGE", new["state"], codes.PAGE))
        if new.get("hold") is not None and (new["hold"] or "state" not in new):
            flags.append(Flag("HOLD", new["hold"] or "released", codes.HOLD))
    elif act.table == VERIFICATION:
        flags.append(Flag("VERIFICATION", "ended" if new.get("dropped_at") else "valid", codes.VALIDITY))
    elif act.table == SIGNATURE:
        flags.append(Flag("SIGNATURE", "ended", codes.VALIDITY))
    return flags
