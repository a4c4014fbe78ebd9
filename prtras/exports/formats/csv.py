"""From rows to bytes and back. Pure. The same in every language: codes, with both languages in the codebook."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from prtras.codelists import CodeList
from prtras.crf.items import Item
from prtras.datacut.snapshot import Row, Snapshot
from prtras.exports.columns import REMARKS, cells_of, columns_of, tables
from prtras.exports.companions.decoded import decoded
from prtras.exports.companions.value_labels import label_files
from prtras.exports.companions.workbook import workbook
from prtras.exports.formats.registry import Files, Format
from prtras.files.tables import csv_bytes
from prtras.labels import T

FOLDER = "data/"


def csv_table(name: str, rows: Sequence[Row]) -> bytes:
    """A table as CSV (UTF-8 with byte order mark, RFC 4180): ISO dates, codes, nothing imputed, texts as stored."""
    columns = list(columns_of(name))
    cells = [_remarks_of(rows, each) if each in REMARKS else cells_of(rows, each) for each in columns]
    return csv_bytes(columns, zip(*cells, strict=True))


def _remarks_of(rows: Sequence[Row], column: str) -> list[str]:
    return [
        ";".join(f"{item}={_escaped(text)}" for item, text in sorted((row[column.lower()] or {}).items()))
        for row in rows
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;")


def write(picture: Snapshot) -> Files:
    """A CSV per table, the same with the texts of codes, the codebook, and the labels for statistical programs."""
    written = {f"{FOLDER}{name}.csv": csv_table(name, rows) for name, rows in picture.tables.items()}
    explained = {"codebook.csv": codebook(), "value_labels.csv": value_labels()}
    sheets = {name.removesuffix(".csv"): _records(content) for name, content in explained.items()}
    return written | explained | {"codebook.xlsx": workbook(sheets)} | decoded(picture) | label_files()


def read(files: Mapping[str, bytes]) -> dict[str, list[Row]]:
    """The tables of a data cut as their files give them, each value by the type that the codebook names.

    Raises ValueError for a row of another length than its head, KeyError for a column or type that is not explained.
    """
    types = {(table, column): kind for table, column, _zh, _en, kind, *_ in _records(files["codebook.csv"])}
    return {
        (table := name.removeprefix(FOLDER).removesuffix(".csv")): list(_rows(table, content, types))
        for name, content in files.items()
        if name.startswith(FOLDER)
    }


def _rows(table: str, content: bytes, types: Mapping[tuple[str, str], str]) -> Iterator[Row]:
    head, *records = _records(content)
    kinds = [types[table, column] for column in head]
    names = [column.lower() if kind == "remarks" else column for column, kind in zip(head, kinds, strict=True)]
    for record in records:
        cells = zip(names, kinds, record, strict=True)
        yield Row({name: VALUES[kind](cell) for name, kind, cell in cells if cell})


def _records(content: bytes) -> Iterator[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(content)))  # a narrative may be longer than its default
    return csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)


def _remarks(cell: str) -> dict[str, str]:
    """`item=text;item=text`, in which a backslash takes away what the next character means."""
    parts = (part.split("=", 1) for part in re.findall(r"(?:[^;\\]|\\.)+", cell, re.DOTALL))
    return {item: re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL) for item, text in parts}


#: How a cell that is not empty is read, by the type of its column. Decimals, dates and times are texts in a data cut.
VALUES: dict[str, Callable[[str], Any]] = dict.fromkeys(
    ("text", "long", "code", "decimal", "date", "partial", "time", "datetime"), str
) | {"integer": int, "codes": lambda cell: cell.split(";"), "remarks": _remarks}


def count_rows(content: bytes) -> int:
    """Data rows of a CSV, counted by reading it."""
    return sum(1 for _ in _records(content)) - 1


def codebook() -> bytes:
    """Every column of every table: both labels, type, unit, ranges, code list, CDASH and SDTM names."""
    head = ("TABLE", "COLUMN", "LABEL_ZH", "LABEL_EN", "TYPE", "UNIT", "NEED", "HARD_RANGE", "SOFT_RANGE", "CODELIST",
            "CDASH", "SDTM")  # fmt: skip
    lines = []
    for table in tables():
        for name, column in columns_of(table).items():
            codes = column.codes.name if column.codes else ""
            own = ("", "", "", "", codes, "", "")
            if isinstance(column, Item):
                own = (column.unit, column.need, str(column.hard or ""), str(column.soft or ""), codes, column.cdash,
                       column.sdtm)  # fmt: skip
            lines.append((table, name, column.label.zh, column.label.en, column.kind, *own))
    return csv_bytes(head, lines)


def value_labels() -> bytes:
    """Every code of every code list with both texts."""
    columns = [column for table in tables() for column in columns_of(table).values()]
    lists: dict[str, CodeList] = {column.codes.name: column.codes for column in columns if column.codes}
    lines = [
        (name, code, text.zh, text.en, codelist.standard)
        for name, codelist in sorted(lists.items())
        for code, text in codelist.choices(*codelist.retired)
    ]
    return csv_bytes(("CODELIST", "CODE", "TEXT_ZH", "TEXT_EN", "STANDARD"), lines)


README = T(
    """CSV 文件的约定
* UTF-8（带 BOM），逗号分隔，遵循 RFC 4180；首行为列名。data/ 中的每一列都在 codebook.csv 中说明。
* 空单元格表示没有值；原因（如有）见 MISSING 列。
* 文本与系统中存储的完全一致，不作任何改动：以 = + - @ 开头的文本前面不加撇号。
  因此请用程序读取，或以“文本”方式导入电子表格；不要双击打开。
* 类型 codes：多个代码以分号分隔。类型 remarks：项目=文本，以分号分隔；文本中的分号写作 \\;，反斜杠写作 \\\\。
* decoded/ 中是同样的表，每个代码列之后有中文（_ZH）和英文（_EN）文本；codebook.xlsx 与两个 CSV 手册内容相同。
* formats/ 供统计程序使用：labels.R（R）、formats.sas（SAS）、labels.sps（SPSS）、labels.do（Stata）。
* 每个数据包在提供下载之前，都会从压缩包的字节重新读取，并与数据快照逐个单元格核对（先核对主键）。
* 屏幕上下载的列表（如稽查轨迹）供人阅读，不在本数据包中：其中以 ' = + - @、制表符、换行或全角 ＝＋－＠ 开头
  且不是数字的文本前面加一个撇号。还原：凡以撇号开头的单元格，去掉一个撇号。
""",
    """How the CSV files are written
* UTF-8 with byte order mark, commas, RFC 4180; the first line names the columns; codebook.csv explains all of data/.
* An empty cell is no value; the reason, where there is one, stands in MISSING.
* Texts are what is stored, unchanged: no apostrophe stands before a text that begins with = + - @.
  So read them with a program, or import them into a spreadsheet as text; do not open them by a double click.
* Type codes: several codes, separated by semicolons. Type remarks: item=text, separated by semicolons; in the text a
  semicolon is written \\; and a backslash \\\\.
* decoded/ holds the same tables with the Chinese (_ZH) and English (_EN) text behind every column of codes;
  codebook.xlsx says what codebook.csv and value_labels.csv say.
* formats/ is for statistical programs: labels.R (R), formats.sas (SAS), labels.sps (SPSS), labels.do (Stata).
* Before a bundle is offered, it is read again from the bytes of the zip and compared with the data cut cell by cell,
  keys first.
* Lists that screens offer (such as the audit trail) are for people and not in this bundle: there an apostrophe stands
  before every text that begins with ' = + - @, tab, line break or full-width ＝＋－＠ and is no number. To undo it,
  take one apostrophe away wherever a cell begins with one.
""",
)

CSV = Format("csv", T("CSV，每表一个文件", "CSV, one file for each table"), write, read, README)
