"""From rows of text to the lines of a table: below which head a text stands, in one part of a sheet or in two. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from labs.files.names import kind_of
from labs.sheets.text_boxes import Placed, TextBox, rows_of

#: The columns of a sheet that are read; others have a place and are left alone.
KINDS = ("item", "result", "unit", "range", "flag")
#: How far a text may stand from its column, in heights of its letters.
ASTRAY = 3.0
_CODE = ("代号", "代码", "缩写", "英文名称", "英文缩写", "英文名", "CODE", "ABBR")
_CHINESE = re.compile(r"[^\u4e00-\u9fff]+")
_BETWEEN = " |丨☑☐口/·"
_LATIN = re.compile(r"[^A-Za-z .]+")


@dataclass(frozen=True)
class Cell:
    """What stands in one column of one line: the text, how sure the reader is, and what a second look read."""

    text: str = ""
    score: float = 1.0
    again: str | None = None


@dataclass(frozen=True)
class SheetLine:
    """One line of one part of a sheet: its cells by column, and where it is from top to bottom."""

    number: int
    cells: dict[str, Cell] = field(default_factory=dict)

    def cell(self, kind: str) -> Cell:
        """What stands in a column; an empty cell where nothing does."""
        return self.cells.get(kind, Cell())


@dataclass(frozen=True)
class _Column:
    kind: str
    part: int
    head: Placed


def lines_of(boxes: Iterable[TextBox]) -> list[SheetLine]:
    """The lines below the heads of a sheet, part by part; none where no row of heads is recognised."""
    rows = rows_of(boxes)
    at, columns = _heads(rows)
    listed: list[SheetLine] = []
    for part in sorted({column.part for column in columns}):
        for number, row in enumerate(rows[at + 1 :], start=1):
            cells = _cells(row, columns, part)
            if "item" in cells or "result" in cells:
                listed.append(SheetLine(number, cells))
    return listed


def _heads(rows: Sequence[Sequence[Placed]]) -> tuple[int, list[_Column]]:
    """The first row that names items and results, and its columns; a part begins where a kind comes again."""
    for at, row in enumerate(rows):
        row = [head for placed in row for head in _separate(placed)]
        kinds = [head_kind(placed.box.text) for placed in row]
        if "item" in kinds and "result" in kinds:
            columns, part, seen = [], 0, set[str]()
            for kind, placed in zip(kinds, row, strict=True):
                if kind and kind in seen:
                    part, seen = part + 1, set()
                seen.add(kind)
                columns.append(_Column(kind, part, placed))
            return at, columns
    return len(rows), []


def _separate(placed: Placed) -> list[Placed]:
    """Two heads that stand so close that they were read as one text; else the one."""
    text, width = placed.box.text, placed.right - placed.left
    if head_kind(text):
        return [placed]
    for at in range(2, len(text) - 1):
        first, second = text[:at].rstrip(_BETWEEN), text[at:].lstrip(_BETWEEN)
        if head_kind(first) and head_kind(second):
            end, start = len(first) / len(text), 1 - len(second) / len(text)
            return [
                replace(placed, box=replace(placed.box, text=first), right=placed.left + end * width),
                replace(placed, box=replace(placed.box, text=second), left=placed.left + start * width),
            ]
    return [placed]


def head_kind(text: str) -> str:
    """What a head of a sheet means, in one language or in two: one of KINDS, `code`, or empty."""
    if text.strip().upper() in _CODE:
        return "code"
    spellings = (text, _CHINESE.sub("", text), _LATIN.sub("", text))
    kinds = {kind_of(each.strip()) for each in spellings if each.strip()} - {""}
    return next(iter(kinds)) if len(kinds) == 1 and kinds <= set(KINDS) else ""


def _cells(row: Sequence[Placed], columns: Sequence[_Column], part: int) -> dict[str, Cell]:
    """The cells of one part of a row, by kind. Texts that stand in one column belong together."""
    texts: dict[str, list[TextBox]] = {}
    for placed in row:
        column = min(columns, key=lambda each: _astray(placed, each.head))
        if column.part == part and column.kind and _astray(placed, column.head) <= ASTRAY * placed.height:
            texts.setdefault(column.kind, []).append(placed.box)
    return {kind: _joined(boxes) for kind, boxes in texts.items()}


def _astray(placed: Placed, head: Placed) -> float:
    """How far a text is from standing under a head: at its left, in its middle or at its right."""
    return min(
        abs(placed.left - head.left), abs(placed.centre - head.centre), abs(placed.right - head.right)
    )  # fmt: skip


def _joined(boxes: Sequence[TextBox]) -> Cell:
    looks = [box.again for box in boxes]
    again = " ".join(look for look in looks if look is not None) if None not in looks else None
    return Cell(" ".join(box.text for box in boxes), min(box.score for box in boxes), again)
