"""Who has what, at every visit: a column per participant, a line per visit, a mark for what became of each.

A kind of mark has its own height as well as its colour, so that the picture is readable in grey.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from prtras.ui.charts.frame import Size
from prtras.ui.charts.palette import ACCENT, ACCENT_TINT, INK_2, LINE_2, OVERDUE
from prtras.ui.charts.svg import Child, Element, Markup, checked_ident, figure, line, rect, text
from prtras.ui.charts.typesetting import text_width


@dataclass(frozen=True)
class Look:
    """A colour, and the part of a line's height that a mark takes, from its foot."""

    colour: str
    height: float


DONE = Look(ACCENT_TINT, 1.0)
PARTLY = Look(ACCENT, 0.45)
MISSING = Look(OVERDUE, 1.0)


@dataclass(frozen=True)
class Kind:
    """What a letter stands for: its words and its look."""

    words: str
    look: Look


@dataclass(frozen=True)
class _Measures:
    width: float
    font: float
    line: float
    left: float


_MEASURES: dict[Size, _Measures] = {"wide": _Measures(860, 13, 18, 52), "narrow": _Measures(360, 13.5, 18, 52)}


def status_matrix(
    columns: Sequence[str], lines: Sequence[str], kinds: Mapping[str, Kind], *, size: Size, title: str, desc: str,
    ident: str,
) -> Markup:  # fmt: skip
    """Draw the letters of every column, one per line; a letter that is no kind stays empty."""
    measures = _MEASURES[size]
    top = measures.font * 2
    step = (measures.width - measures.left) / max(len(columns), 1)
    drawn: list[Child] = list(_legend(kinds, measures))
    for place, name in enumerate(lines):
        foot = top + (place + 1) * measures.line
        drawn.append(text(measures.left - 8, foot - 5, name, text_anchor="end"))
        drawn.append(line(measures.left, foot, measures.width, foot, stroke=LINE_2))
        drawn += _marks("".join(column[place] for column in columns), kinds, foot, step, measures)
    height = top + len(lines) * measures.line + 4
    return figure(
        drawn,
        ident=f"{checked_ident(ident)}-{size}",
        kind=f"matrix chart-{size}",
        size=(measures.width, height),
        title=title,
        desc=desc,
        font_size=measures.font,
    )


def _marks(letters: str, kinds: Mapping[str, Kind], foot: float, step: float, measures: _Measures) -> Iterator[Element]:
    """The marks of a line, neighbours of one kind as one."""
    start = 0
    for letter, run in groupby(letters):
        count = len(list(run))
        if letter in kinds:
            look = kinds[letter].look
            tall = round((measures.line - 3) * look.height, 1)
            yield rect(measures.left + start * step, foot - tall, count * step, tall, fill=look.colour)
        start += count


def _legend(kinds: Mapping[str, Kind], measures: _Measures) -> Iterator[Child]:
    x, foot = measures.left, measures.font * 1.2
    for kind in kinds.values():
        tall = 11 * kind.look.height
        yield rect(x, foot - tall, 11, tall, fill=kind.look.colour)
        yield text(x + 16, foot, kind.words, fill=INK_2)
        x += 16 + text_width(kind.words, measures.font) + 18
