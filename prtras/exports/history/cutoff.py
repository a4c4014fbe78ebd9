"""What of the trail a data cut leaves out, because it is dated after its day; the rest has to be the same. Pure."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from prtras.crf.registry import table_of
from prtras.datacut.restriction import day, days_in
from prtras.datacut.snapshot import Row, Snapshot
from prtras.exports.columns import is_of_a_form
from prtras.exports.history.casebook import VISIT, Casebook, Cell, Cells, CutKey, Key, TrailTable

CutRows = dict[CutKey, Row]
#: What every data cut says of participants beside the forms.
OWN_TABLES = ("participants", "visits")


class TrailDiffers(Exception):
    """The trail ends with another value than the data cut has: the place, and both."""


@dataclass
class LeftOut:
    """Rows, items of rows and pages of which the file does not speak."""

    rows: set[Key] = field(default_factory=set)
    items: set[tuple[Key, str]] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)

    def visible(self, key: Key, cells: Cells | None) -> Cells | None:
        """What the file says of a row."""
        if cells is None or key in self.rows:
            return None
        return {name: cell for name, cell in cells.items() if (key, name) not in self.items}


def rows_by_subject(picture: Snapshot) -> dict[str, CutRows]:
    """The rows of a data cut that the trail tells as well, by participant and place."""
    rows_of: dict[str, CutRows] = defaultdict(dict)
    for name, rows in picture.tables.items():
        if name in OWN_TABLES or is_of_a_form(name):
            for row in rows:
                key = name, row["VISIT"], row["VISITSEQ"], row["REPEAT"] or 0, row["ROW"] or 0
                rows_of[row["SUBJID"]][key] = row
    return rows_of


def left_out(final: Casebook, rows: CutRows, cutoff: date) -> LeftOut:
    """What is in the trail and not in the data cut. Raises TrailDiffers where its day does not explain that."""
    out, seen = LeftOut(), set()
    for key in final.data():
        place, cells = final.cut_key(key), final.cells(key)
        row = rows.get(place)
        if row is not None and cells is not None:
            seen.add(place)
            out.items |= {(key, name) for name in _differing(final.table(key), cells, row, cutoff)}
        elif cells is not None or _is_later(final.table(key), final.stored(key), cutoff):
            out.rows.add(key)
    if unexplained := rows.keys() - seen:
        raise TrailDiffers(f"{min(unexplained, key=str)}: in the data cut, not in the trail")
    _leave_out_pages(final, rows, out)
    return out


def _leave_out_pages(final: Casebook, rows: CutRows, out: LeftOut) -> None:
    """A page goes with its own row, and all of a visit that had not taken place but what is in the data cut."""
    undone = {row for table, row in (*out.rows, *(key for key, _name in out.items)) if table == VISIT}
    for page in final.pages():
        own = [key for key in final.rows_of(page[1]) if final.table(key).rows is None]
        in_the_cut = any(final.cut_key(key) in rows for key in own)
        later = any(key in out.rows for key in own)
        if later or (str(final.raw(page).get("visit_id")) in undone and not in_the_cut):
            out.pages.add(page[1])


def _differing(table: TrailTable, cells: Cells, row: Row, cutoff: date) -> list[str]:
    """The items whose last word in the trail is not the data cut's."""
    reasons, reported = row["missing"] or {}, row["reported"] or {}
    differing = []
    for name in dict.fromkeys((*table.columns, *reasons, *reported)):
        value = None if name in table.withheld else row[name]
        last, cut = cells.get(name, Cell()), Cell(value, reasons.get(name), reported.get(name))
        if (last.text, last.reason, last.reported) == (cut.text, cut.reason, cut.reported):
            continue
        if table.name not in OWN_TABLES and not _is_later(table, {name: last}, cutoff):
            raise TrailDiffers(f"{table.name}.{name}: {cut} in the data cut, {last} in the trail")
        differing.append(name)
    return differing


def _is_later(table: TrailTable, cells: Cells, cutoff: date) -> bool:
    """Is anything in a row dated after the day?"""
    if table.name in OWN_TABLES:
        return False
    dates = (day(cells[name].text) for name in days_in(table_of(table.name)) if name in cells)
    return any(at is not None and at > cutoff for at in dates)
