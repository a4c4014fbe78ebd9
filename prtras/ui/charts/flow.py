"""A flow of participants: boxes below one another, then one column for each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prtras.ui.charts.palette import ACCENT_TINT, CONTROL, INK, INK_2, SURFACE
from prtras.ui.charts.svg import Child, Markup, checked_ident, element, figure, line, outline, rect, text
from prtras.ui.charts.typesetting import wrap

_WIDTH = 860.0
_FONT = 13.0
_LINE = 18.0
_PAD = 11.0
_GAP = 26.0
_TRUNK = 250.0


@dataclass(frozen=True)
class Box:
    """A count with the lines that explain it; `beside` stands to the right of the arrow that leads on."""

    title: str
    lines: tuple[str, ...] = ()
    beside: Box | None = None


@dataclass(frozen=True)
class _Placed:
    x: float
    y: float
    width: float
    rows: tuple[tuple[str, bool], ...]

    @property
    def height(self) -> float:
        return len(self.rows) * _LINE + 2 * _PAD - 4

    @property
    def centre(self) -> float:
        return self.x + self.width / 2

    @property
    def base(self) -> float:
        return self.y + self.height


def flow_diagram(
    trunk: Sequence[Box], branches: Sequence[Sequence[Box]], *, title: str, desc: str, ident: str = "flow"
) -> Markup:
    """Draw the trunk, which all share, and below it the branches side by side; the height grows with the words."""
    drawn: list[Child] = []
    y, above = 2.0, None
    for box in trunk:
        placed = _place(box, (_WIDTH - _TRUNK) / 2, y, _TRUNK)
        y = placed.base + _GAP
        if above:
            drawn.append(_arrow(above.centre, above.base, placed.y))
        drawn += _box(placed, ACCENT_TINT)
        if box.beside:
            side = _place(box.beside, placed.x + _TRUNK + 30, placed.base + 6, _WIDTH - placed.x - _TRUNK - 31)
            y = max(y, side.base + 6)
            middle = (side.y + side.base) / 2
            drawn += [line(placed.centre, middle, side.x, middle, stroke=CONTROL), *_box(side, SURFACE)]
        above = placed
    height = y
    for column, boxes in enumerate(branches):
        parts, base = _column(boxes, column, len(branches), above, y + _GAP / 2)
        drawn += parts
        height = max(height, base)
    size = (_WIDTH, height + 3)
    return figure(drawn, ident=checked_ident(ident), kind="flow", size=size, title=title, desc=desc, font_size=_FONT)


def _column(
    boxes: Sequence[Box], column: int, columns: int, above: _Placed | None, y: float
) -> tuple[list[Child], float]:
    """One branch from the fork down, and where it ends."""
    width = (_WIDTH - 2) / columns - 24
    drawn: list[Child] = []
    previous: _Placed | None = None
    for box in boxes:
        placed = _place(box, 1 + column * (width + 24) + 12, y, width)
        if previous:
            drawn.append(_arrow(placed.centre, previous.base, placed.y))
        elif above:
            fork = placed.y - _GAP * 0.7
            drawn += [
                line(above.centre, above.base, above.centre, fork, stroke=CONTROL),
                line(above.centre, fork, placed.centre, fork, stroke=CONTROL),
                _arrow(placed.centre, fork, placed.y),
            ]
        drawn += _box(placed, SURFACE if previous else ACCENT_TINT)
        previous, y = placed, placed.base + _GAP
    return drawn, previous.base if previous else y


def _place(box: Box, x: float, y: float, width: float) -> _Placed:
    rows = [(each, True) for each in wrap(box.title, _FONT, width - 2 * _PAD, bold=True)]
    rows += [(each, False) for words in box.lines for each in wrap(words, _FONT, width - 2 * _PAD)]
    return _Placed(x, y, width, tuple(rows))


def _box(placed: _Placed, ground: str) -> Iterator[Child]:
    yield rect(placed.x, placed.y, placed.width, placed.height, rx=3, fill=ground, stroke=CONTROL)
    for n, (words, bold) in enumerate(placed.rows, start=1):
        weight, ink = (600, INK) if bold else (400, INK_2)
        y = placed.y + _PAD + n * _LINE - 7
        yield text(placed.x + _PAD, y, words, font_weight=weight, fill=ink)


def _arrow(x: float, y1: float, y2: float) -> Child:
    tip = outline((x, y2), (x - 4, y2 - 7), (x + 4, y2 - 7))
    return element("g", line(x, y1, x, y2 - 5, stroke=CONTROL), element("path", d=tip, fill=CONTROL))
