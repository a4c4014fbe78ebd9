"""From a sheet to a table: which row holds the heads, which lines are no data. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from labs.files.names import is_known
from labs.files.refusals import FileRefused, Problem
from labs.files.workbooks import EMPTY, Sheet
from prtras.crf.dates import normal
from prtras.labels import T

#: Among how many rows the one with the heads is looked for: above it stand titles, the hospital's name, the date.
SEARCHED = 40
#: How many rows above the heads may belong to them: cells merged from above.
MERGED = 2
#: How a line starts that sums others up or stands below the data, and holds no sample. Such a word is followed by
#: nothing, a sign, a number or what is counted: `Total protein` and `SD-001` are none.
NO_SAMPLE = re.compile(
    r"(?:合计|总计|小计|总数|平均值?|均值|标准差|中位数|最大值|最小值|合計|總計"
    r"|(?:grand )?total|sum|mean|average|median|sd|std)"
    r"(?: ?[:：=±(（/,，].*| [0-9].*|(?<![a-z])[0-9].*"
    r"| (?:n|of|samples?|results?|lines?|rows?|records?|participants?|sd|std)\b.*)?"
    r"|(?:合计|总计|小计|制表|打印|审核|检验者|报告日期|备注|说明|注|第)\s*[:：].*|第.{1,6}页.*",
    re.IGNORECASE,
)
LEFT_OUT = T("汇总行或页脚，未读入。", "A line of totals or a footer; it was not read.")
WRONG_WIDTH = T("该行有 {a} 列，应为 {b} 列。", "This line has {a} columns, {b} expected.")
NO_LINES = T("列名下没有数据行。", "There are no lines of data below the column names.")
NO_HEADS = T("第 {n} 行没有列名。", "Row {n} holds no column names.")


@dataclass(frozen=True)
class Table:
    """Column names, and rows as texts with their line in the file; lines that could not be read, or are no data."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    broken: tuple[Problem, ...] = ()
    left_out: tuple[Problem, ...] = ()
    header: int = 1


def table_of(sheet: Sheet, header: int = 0) -> Table:
    """The table of a sheet below its heads, in the row `header` (the first is 1) or, with 0, where they seem to stand.

    Raises FileRefused for a row without heads, and for one with nothing below it.
    """
    at = header or header_row(sheet)
    if at > len(sheet.lines) or not any(cell.strip() for cell in sheet.lines[at - 1]):
        raise FileRefused(NO_HEADS.format(n=at) if sheet.lines else EMPTY)
    width = _width(sheet, at)
    columns = _distinct(_heads(sheet, at, width))
    rows: list[tuple[int, dict[str, str]]] = []
    broken: list[Problem] = []
    left_out: list[Problem] = []
    for number, line in zip(sheet.numbers[at:] or count(at + 1), sheet.lines[at:], strict=False):
        if not any(cell.strip() for cell in line):
            continue
        first = next(cell.strip() for cell in line if cell.strip())
        extra = any(cell.strip() for cell in line[width:])
        if NO_SAMPLE.fullmatch(normal(first[:60])) and not is_known(first):
            left_out.append(Problem(number, "", first[:60], LEFT_OUT))
        elif extra or (sheet.ragged and len(line) < width):
            broken.append(Problem(number, "", first[:60], WRONG_WIDTH.format(a=len(line), b=width)))
        else:
            cells = (*line[:width], *[""] * (width - len(line)))
            rows.append((number, dict(zip(columns, cells, strict=True))))
    if not rows and not broken:
        raise FileRefused(NO_LINES)
    return Table(columns, tuple(rows), tuple(broken), tuple(left_out), at)


def header_row(sheet: Sheet) -> int:
    """The row of which most cells are names that hospitals give their columns; the first that holds anything, else."""
    if sheet.numbers:  # messages: the heads are ours
        return 1
    known = {
        number: sum(is_known(cell) for cell in set(line) if cell.strip())
        for number, line in enumerate(sheet.lines[:SEARCHED], start=1)
    }
    best = max(known, key=lambda number: (known[number], -number), default=1)
    if known.get(best):
        return best
    return next((number for number, line in enumerate(sheet.lines, start=1) if any(c.strip() for c in line)), 1)


def fullest(sheets: Sequence[Sheet]) -> int:
    """Which of the sheets seems to hold the data: the one with most known heads, of equals the longest."""
    return max(range(len(sheets)), key=lambda i: (_known_heads(sheets[i]), len(sheets[i].lines), -i))


def _known_heads(sheet: Sheet) -> int:
    row = header_row(sheet)
    return sum(is_known(cell) for cell in set(sheet.lines[row - 1])) if sheet.lines else 0


def _width(sheet: Sheet, at: int) -> int:
    """As many columns as there are heads; in a text file blank ones at the end count, as a data line has them too."""
    line = sheet.lines[at - 1]
    named = max((i for i, cell in enumerate(line, start=1) if cell.strip()), default=0)
    return len(line) if sheet.ragged else named


def _heads(sheet: Sheet, at: int, width: int) -> list[str]:
    """The heads; where a cell is blank because it is merged with the one above, that one."""
    heads = []
    for column in range(width):
        cells = [
            line[column].strip() if column < len(line) else "" for line in sheet.lines[max(0, at - 1 - MERGED) : at]
        ]
        own = cells[-1]
        above = next((cell for cell in reversed(cells[:-1]) if cell), "")
        heads.append(normal(own or (above if is_known(above) else "")))
    return heads


def _distinct(heads: Sequence[str]) -> tuple[str, ...]:
    """The heads; one that is there twice is followed by its turn: `单位 [1]`, `单位 [2]`."""
    often, turns = Counter(heads), Counter[str]()
    columns = []
    for head in heads:
        turns[head] += 1
        columns.append(f"{head} [{turns[head]}]" if often[head] > 1 else head)
    return tuple(columns)
