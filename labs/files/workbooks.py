"""Bytes of a hospital file to sheets of texts: CSV in the encodings of hospitals, XLSX, XLS and ODS. Pure.

Workbooks are read by their cells, whatever their metadata say of their size; a number is as the sheet shows it (33.0 as
33, 0.1 + 0.2 as 0.3), a day without a time as a day.
"""

import csv
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from xml.etree import ElementTree

from labs.files.refusals import FileRefused
from prtras.files.tables import GUARDED
from prtras.labels import T

#: What an unpacked workbook may hold, and how many tags: a small zip can unpack to very much, and a tag takes time.
MAX_UNPACKED, MAX_TAGS, MAX_ROWS, MAX_COLUMNS = 128 * 1024 * 1024, 4_000_000, 200_000, 500
LONGEST_CELL = 32_767  # characters, as in Excel
MAX_SHEETS = 50
SEPARATORS = ",;\t|"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: What the readers of workbooks raise for one that is broken.
BROKEN = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError, SyntaxError,
          zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)  # fmt: skip
#: Lines from which the separator of a text file is told.
SAMPLE = 60
#: The part of Chinese characters beyond GB 2312 from which a text that also reads as Big5 is Big5: simplified Chinese
#: keeps to GB 2312 but for a rare name, while Big5 read as GB18030 scatters over the whole code.
BEYOND_GB2312 = 0.1
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"

TOO_MUCH = T(
    "工作表过大：最多 200000 行、500 列、50 个工作表。请拆分后再试。",
    "The sheet is too large: at most 200000 rows, 500 columns and 50 sheets. Split it and try again.",
)
NO_ENCODING = T(
    "“{n}”的编码无法识别，请另存为 UTF-8 或 GB18030。",
    "The encoding of “{n}” is not recognised; save the file as UTF-8 or GB18030.",
)
NO_FILE = T("“{n}”不是 CSV、XLSX、XLS 或 ODS 文件。", "“{n}” is not a CSV, XLSX, XLS or ODS file.")
NO_WORKBOOK = T(
    "无法读取该工作簿（文件损坏或设有密码）。", "The workbook cannot be read: it is damaged or protected by a password."
)
EMPTY = T("文件为空。", "The file is empty.")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or a text file: its lines of cells, the empty ones at their ends left out.

    `ragged` sheets (text files) say with the number of cells of a line whether it is whole. `numbers` are the lines of
    the file from which they come, where these are not counted through.
    """

    name: str
    lines: tuple[tuple[str, ...], ...]
    ragged: bool = False
    numbers: tuple[int, ...] = ()


def read_sheets(content: bytes, name: str) -> list[Sheet]:
    """The sheets of a file that hold anything. Raises FileRefused."""
    if content[:4] in (ZIP, OLE):
        sheets = list(_workbook(content))
        if not sheets:
            raise FileRefused(NO_WORKBOOK)
    else:
        sheets = [Sheet("", _text_lines(_decoded(content, name), name), ragged=True)]
    if not any(cell.strip() for sheet in sheets for line in sheet.lines for cell in line):
        raise FileRefused(EMPTY)
    return sheets


def _decoded(content: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16, GB18030 or Big5, with or without a mark of its encoding."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _read_as(("utf-16",), content, name)
    if b"\x00" in content:
        return _without_controls(_read_as(_wide(content), content, name), name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _chinese(content, name)


def _read_as(encodings: tuple[str, ...], content: bytes, name: str) -> str:
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused((NO_ENCODING if encodings else NO_FILE).format(n=name))


def _wide(content: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark: separators and digits have their zero byte behind or before them, always on one side."""
    behind, before = content[1::2].count(0), content[::2].count(0)
    if min(behind, before) or 10 * max(behind, before) < len(content):
        return ()
    return ("utf-16-le",) if behind else ("utf-16-be",)


def _without_controls(text: str, name: str) -> str:
    if any(sign < " " and sign not in "\t\r\n" for sign in text):
        raise FileRefused(NO_FILE.format(n=name))
    return text


def _chinese(content: bytes, name: str) -> str:
    text = _read_as(("gb18030", "big5hkscs"), content, name)
    foreign = [sign for sign in text if sign >= "\u0080"]
    beyond = sum(not _in_gb2312(sign) for sign in foreign)
    if foreign and beyond > BEYOND_GB2312 * len(foreign):
        return _read_as(("big5hkscs", "gb18030"), content, name)
    return text


def _in_gb2312(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _text_lines(text: str, name: str) -> tuple[tuple[str, ...], ...]:
    separator = _separator(text)
    try:
        lines = [tuple(line) for line in islice(_records(text, separator), MAX_ROWS + 1)]
    except csv.Error as broken:
        raise FileRefused(NO_FILE.format(n=name)) from broken
    if len(lines) > MAX_ROWS or any(len(line) > MAX_COLUMNS for line in lines):
        raise FileRefused(TOO_MUCH)
    if any(len(cell) > LONGEST_CELL for line in lines for cell in line):  # a quotation mark that nothing closes
        raise FileRefused(NO_FILE.format(n=name))
    return tuple(lines)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """The lines of a text; an apostrophe that guards a cell against being run as a formula is no part of it."""
    for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        yield [cell[1:] if cell[:1] == "'" and cell[1:].startswith(GUARDED) else cell for cell in line]


def _separator(text: str) -> str:
    """The sign that cuts most of the first lines into equally many cells; of two such the one of more cells."""
    head = "\n".join(text.split("\n", SAMPLE)[:SAMPLE])
    return max(SEPARATORS, key=lambda sign: _evenness(head, sign))


def _evenness(head: str, sign: str) -> tuple[int, int]:
    try:
        widths = Counter(len(line) for line in _records(head, sign) if len(line) > 1)
    except csv.Error:
        return 0, 0
    width, often = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    return often, width


def _workbook(content: bytes) -> Iterator[Sheet]:
    import python_calamine  # for the few requests that read a workbook

    try:
        if content[:4] == ZIP:
            _check_size(zipfile.ZipFile(io.BytesIO(content)))
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        if len(book.sheet_names) > MAX_SHEETS:
            raise FileRefused(TOO_MUCH)
        for index, name in enumerate(book.sheet_names):
            if str(book.sheets_metadata[index].typ) == "SheetTypeEnum.WorkSheet":
                yield Sheet(name, _lines(book.get_sheet_by_index(index)))
    except FileRefused:
        raise
    except (*BROKEN, python_calamine.CalamineError) as broken:
        raise FileRefused(NO_WORKBOOK) from broken


def _lines(sheet: Any) -> tuple[tuple[str, ...], ...]:
    if sheet.total_height >= MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise FileRefused(TOO_MUCH)
    return tuple(_cells(row) for row in sheet.to_python(skip_empty_area=False))


def _check_size(archive: zipfile.ZipFile) -> None:
    """Raises FileRefused for a workbook that is too large to be parsed, before anything is."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or sum(_tags(archive, part) for part in parts) > MAX_TAGS:
        raise FileRefused(TOO_MUCH)
    if any(part.filename == "content.xml" for part in parts):
        _check_repeats(archive)


def _tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    with archive.open(part) as opened:
        return sum(block.count(b"<") for block in iter(lambda: opened.read(1 << 20), b""))


def _check_repeats(archive: zipfile.ZipFile) -> None:
    """An ODS may say of a cell or a row that it comes a million times; refused where it is not empty."""
    cells, width = 0, 0
    with archive.open("content.xml") as opened:
        for _, node in ElementTree.iterparse(opened):  # noqa: S314 - expat bounds what entities may unfold to
            if node.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                width += _times(node, "number-columns-repeated") if len(node) else 0
            elif node.tag == f"{_TABLE}table-row":
                cells, width = cells + width * _times(node, "number-rows-repeated"), 0
                node.clear()
            if width > MAX_COLUMNS or cells > MAX_ROWS * MAX_COLUMNS // 10:
                raise FileRefused(TOO_MUCH)


def _times(node: ElementTree.Element, name: str) -> int:
    return int(node.get(f"{_TABLE}{name}", "1")[:9])


def _cells(row: Sequence[Any]) -> tuple[str, ...]:
    """The cells of a line as texts, without the empty ones at its end. Raises FileRefused."""
    cells = [_cell(value) for value in row]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS or any(len(cell) > LONGEST_CELL for cell in cells):
        raise FileRefused(TOO_MUCH)
    return tuple(cells)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value + 0.0:.15g}"  # and -0.0 as 0
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time.min else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
