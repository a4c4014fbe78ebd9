"""How much room a text takes, where it breaks, and which line it goes on.

The server has no browser to measure with, so widths are estimated on the generous side
from Segoe UI and Noto Sans; Chinese characters are one em wide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_NARROW = frozenset("iIljtfr.,:;'|!()[]·")
_BROAD = frozenset("mwMW@%—")


def _em(character: str) -> float:
    """Return the width of one character in em."""
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if character == " ":
        return 0.27
    if character in _NARROW:
        return 0.33
    if character in _BROAD:
        return 0.88
    return 0.66 if character.isupper() else 0.57


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate the width of a text in user units."""
    return sum(map(_em, text)) * size * (1.07 if bold else 1.0)


def wrap(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than ``width``: at spaces, and between Chinese characters."""
    lines: list[str] = []
    current = ""
    for piece in _pieces(text):
        if current and text_width((current + piece).rstrip(), size, bold=bold) > width:
            lines.append(current.rstrip())
            current = piece.lstrip()
        else:
            current += piece
    return [*lines, current.rstrip()] if current.strip() else lines


def _pieces(text: str) -> list[str]:
    """Split a text where a line may end; the blank stays with the word before it."""
    pieces: list[str] = []
    open_word = False
    for character in text:
        wide = unicodedata.east_asian_width(character) == "W"
        if open_word and not wide:
            pieces[-1] += character
        else:
            pieces.append(character)
        open_word = not wide and character != " "
    return pieces


@dataclass(frozen=True)
class Extent:
    """The stretch of a row that something occupies."""

    start: float
    end: float

    def touches(self, other: Extent, gap: float = 0) -> bool:
        """Say whether two stretches overlap or come closer than the gap."""
        return self.start < other.end + gap and other.start < self.end + gap


def lanes(extents: Sequence[Extent], gap: float = 6) -> list[int]:
    """Give every extent the first line on which it touches no earlier one."""
    ends: list[float] = []
    chosen: list[int] = []
    for extent in extents:
        free = next((i for i, end in enumerate(ends) if extent.start >= end + gap), len(ends))
        if free == len(ends):
            ends.append(extent.end)
        else:
            ends[free] = extent.end
        chosen.append(free)
    return chosen


def clamped(start: float, width: float, low: float, high: float) -> Extent:
    """Shift a stretch of the given width so that it stays between two borders."""
    left = max(low, min(start, high - width))
    return Extent(left, left + width)


def spread(ideal: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Move centres apart so that boxes do not overlap, as little as possible, inside low..high."""
    order = sorted(range(len(ideal)), key=lambda i: ideal[i])
    placed = [0.0] * len(ideal)
    floor = low
    for i in order:
        placed[i] = max(ideal[i], floor + heights[i] / 2)
        floor = placed[i] + heights[i] / 2
    ceiling = high
    for i in reversed(order):
        placed[i] = min(placed[i], ceiling - heights[i] / 2)
        ceiling = placed[i] - heights[i] / 2
    return placed
