"""A hospital file of any kind as one table: which sheet, which row of heads. Pure."""

from collections.abc import Sequence

from labs.files.hl7 import is_hl7, read_messages
from labs.files.mapping import ColumnMapping
from labs.files.refusals import FileRefused
from labs.files.tables import Table, fullest, table_of
from labs.files.workbooks import Sheet, read_sheets
from prtras.labels import T

NO_SHEET = T("工作表“{s}”不存在。", "There is no sheet “{s}”.")


def sheets_of(content: bytes, name: str) -> list[Sheet]:
    """The sheets of a file; messages are one. Raises FileRefused."""
    return [read_messages(content, name)] if is_hl7(content) else read_sheets(content, name)


def read_table(content: bytes, name: str, mapping: ColumnMapping | None = None) -> Table:
    """The table where the mapping has it, else where the data seem to stand. Raises FileRefused."""
    sheets = sheets_of(content, name)
    chosen = mapping.sheet if mapping else ""
    if chosen and chosen not in [sheet.name for sheet in sheets]:
        raise FileRefused(NO_SHEET.format(s=chosen))
    return table_of(sheet_called(sheets, chosen), mapping.header if mapping else 0)


def sheet_called(sheets: Sequence[Sheet], name: str) -> Sheet:
    """The sheet of this name, else the one that seems to hold the data."""
    named = [sheet for sheet in sheets if name and sheet.name == name]
    return named[0] if named else sheets[fullest(sheets)]
