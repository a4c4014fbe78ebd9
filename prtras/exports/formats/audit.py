"""The audit trail of a data cut as a table: a line for every item that ever changed, and for every act on a page."""

from collections.abc import Iterator
from typing import Any

from prtras.crf.places import Place as PlaceOnPage
from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import Snapshot
from prtras.exports.formats import csv
from prtras.exports.formats.registry import Files, Format
from prtras.exports.history.casebook import PAGE, QUERY, SIGNATURE, VERIFICATION, Casebook, Cell, Event, Place
from prtras.exports.history.participant_trails import ParticipantTrail, ParticipantTrails
from prtras.exports.history.reasons import reason_of
from prtras.files.tables import csv_bytes
from prtras.labels import T

CHANGES, ACTS = "audit/changes.csv", "audit/acts.csv"
_WHERE = ("SITEID", "SUBJID", "VISIT", "VISITSEQ", "FORM", "REPEAT")
_WHO = ("EVENT", "AT", "PERSON", "ROLE", "REASON")
CHANGE_HEAD = (*_WHERE, "TABLE", "ROW", "ITEM", *_WHO, "OLD", "NEW", "OLDMISSING", "NEWMISSING", "OLDREPORTED",
               "NEWREPORTED")  # fmt: skip
ACT_HEAD = (*_WHERE, *_WHO, "ABOUT", "STATE", "PLACE", "CHECKID", "MEANING")
Line = tuple[Any, ...]


def write(picture: Snapshot) -> Files:
    """Nothing beside the CSV of the data."""
    return {}


def history(cut: DataCut, picture: Snapshot) -> Files:
    """Both tables; none where it is not on record what of the trail the data cut saw. Raises TrailDiffers.

    A person is a number and the role of then. Reasons are their codes with their texts; what was typed as a reason or
    in a query is not written, nor a value that identifies a participant.
    """
    if cut.moment is None:
        return {}
    changes: list[Line] = []
    acts: list[Line] = []
    for trail in ParticipantTrails(picture, cut.moment, cut.cutoff):
        for place, event, book in _in_order(trail):
            where = (trail.site, trail.number, *place)
            if event.table in book.tables:
                changes += ((*where, *line) for line in _changes(event, book, trail))
            else:
                book.apply(event)
                acts += ((*where, *_who(event, None), *line) for line in _acts(event, book))
    return {CHANGES: csv_bytes(CHANGE_HEAD, changes), ACTS: csv_bytes(ACT_HEAD, acts)}


def _in_order(trail: ParticipantTrail) -> Iterator[tuple[Place, Event, Casebook]]:
    """The events of a participant in the order of the trail, with the casebook before each."""
    book = Casebook(trail.tables)
    listed = ((event.id, place, event) for place, events in trail.places.items() for event in events)
    for _id, place, event in sorted(listed, key=lambda each: each[0]):
        yield place, event, book


def _who(event: Event, place: PlaceOnPage | None) -> Line:
    return event.id, event.at.isoformat(), event.actor, event.role, reason_of(event, place)


def _changes(event: Event, book: Casebook, trail: ParticipantTrail) -> Iterator[Line]:
    """What one event changed in one row; a row that was entered in error, or taken back, loses or has its values."""
    before = {} if not book.raw(event.key) else _cells(event, book, trail)
    book.apply(event)
    after, table, row = _cells(event, book, trail), book.table(event.key), book.raw(event.key)
    named = str(row[table.rows.key_column]) if table.rows else ""
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, Cell()), after.get(name, Cell())
        if old != new:
            who = _who(event, PlaceOnPage.at(name, named))
            sides = [side for pair in zip(_three(old), _three(new), strict=True) for side in pair]
            yield table.name, row["row"] if table.rows else None, name, *who, *sides


def _cells(event: Event, book: Casebook, trail: ParticipantTrail) -> dict[str, Cell]:
    if book.raw(event.key).get("void_reason"):
        return {}
    return trail.out.visible(event.key, book.stored(event.key)) or {}


def _three(cell: Cell) -> tuple[str, str | None, str | None]:
    return cell.text, cell.reason, cell.reported


def _acts(event: Event, book: Casebook) -> Iterator[Line]:
    """What one event says of a page: its state, a hold, a verification, a signature, a query."""
    new = event.new
    if event.table == PAGE and "state" in new:
        yield "PAGE", new["state"], None, None, None
    if event.table == PAGE and new.get("hold") is not None and (new["hold"] or "state" not in new):
        yield "HOLD", new["hold"] or "released", None, None, None
    if event.table == VERIFICATION:
        yield "VERIFICATION", "ended" if new.get("dropped_at") else "valid", None, None, None
    if event.table == SIGNATURE:
        yield "SIGNATURE", "valid" if "meaning" in new else "ended", None, None, book.raw(event.key)["meaning"]
    if event.table == QUERY:
        query = book.raw(event.key)
        yield "QUERY", query["state"], query["place"], query["check_id"], None


README = T(
    """稽查轨迹的约定（只在研究中心存档中提供）
* audit/changes.csv 为每个项目的每次变更：旧值、新值、缺失原因、原始记录中的写法、何时、
  何人（编号与当时的角色）、原因代码。
* audit/acts.csv 为对页面的每次操作：状态、冻结与锁定、源数据核查、签名、质疑。
* EVENT 是稽查轨迹的事件编号，AT 为 UTC；每个项目最后一行的新值即 data/ 中的值。被标注为录入有误的行失去其值。
* 自由填写的修改原因、质疑的文字和可识别受试者的值不导出。日期在数据截止日之后的内容不在其中。
* 数据快照未记录它所见的轨迹时，没有这两个表。
""",
    """How the audit trail is written (in the archive of the site only)
* audit/changes.csv holds every change of every item: old and new value, why it is missing, how the source gives it,
  when, who (number and role of then), code of the reason.
* audit/acts.csv holds every act on a page: state, freeze and lock, verification, signature, queries.
* EVENT is the number of the event in the audit trail, AT is UTC; the last new value of an item is the one in data/. A
  row that was entered in error loses its values.
* Reasons and queries in words of one's own, and values that identify a participant, are not exported; nor is what is
  dated after the cut-off.
* Where it is not on record what of the trail a data cut saw, there are no such tables.
""",
)

AUDIT = Format("audit", T("CSV 与稽查轨迹", "CSV and audit trail"), write, csv.read, README, history,
               site_only=True)  # fmt: skip
