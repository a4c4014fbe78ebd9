"""Text at places of a picture: turned upright, in rows from top to bottom. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import median

#: A box at least this much wider than high says how the sheet is turned; a single sign says nothing.
WIDE = 2.0
#: Rows are told apart by this part of the height of their letters; those nearer than the second one are left out.
SAME_ROW, APART = 0.5, 0.75
#: How much steeper than their line (1 is 45 degrees) one in five texts may be; the paper is curled beyond it.
BENT = 0.03
#: Long texts from which one sees how much a sheet is seen from one side.
ENOUGH = 12

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class TextBox:
    """A text that was recognised: its corners (from the upper left one clockwise), how sure the reader is (0 to 1).

    `again` is what a second look at the same place, enlarged, read; None where there was none.
    """

    text: str
    corners: Corners
    score: float
    again: str | None = None


@dataclass(frozen=True)
class Placed:
    """A box on the upright sheet."""

    box: TextBox
    left: float
    right: float
    middle: float
    height: float

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


def rows_of(boxes: Iterable[TextBox]) -> list[list[Placed]]:
    """The rows of a sheet from top to bottom, each from left to right.

    Rows that come too near each other are left out, and of paper that is curled nothing is read: a text might belong to
    the row above or below.
    """
    rows: list[list[Placed]] = []
    for placed in sorted(_upright(list(boxes)), key=lambda each: each.middle):
        if rows and placed.middle - _middle(rows[-1]) < SAME_ROW * min(placed.height, _height(rows[-1])):
            rows[-1].append(placed)
        else:
            rows.append([placed])
    close = {at for at, (one, other) in enumerate(pairwise(rows)) if _too_near(one, other)}
    clear = [row for at, row in enumerate(rows) if not {at, at - 1} & close]
    return [sorted(row, key=lambda each: each.left) for row in clear]


def _too_near(one: Sequence[Placed], other: Sequence[Placed]) -> bool:
    return _middle(other) - _middle(one) < APART * min(_height(one), _height(other))


def _middle(row: Sequence[Placed]) -> float:
    return median(each.middle for each in row)


def _height(row: Sequence[Placed]) -> float:
    return median(each.height for each in row)


def _upright(boxes: Sequence[TextBox]) -> list[Placed]:
    """The boxes as they stand when the sheet is turned back, its lines level though it was seen from one side."""
    lines = [line for box in boxes if (line := _line(box)) is not None]
    lean = _lean(lines)
    return [] if _is_bent(lines, lean) else [_placed(box, lean) for box in boxes]


@dataclass(frozen=True)
class _Line:
    """A long text: at which height of the left margin its line begins, and how steep it is."""

    begins: float
    steep: float


@dataclass(frozen=True)
class _Lean:
    """How a sheet lies: how steep the line at `middle` is, and how much steeper each one below it."""

    steep: float = 0.0
    bend: float = 0.0
    middle: float = 0.0

    def steep_at(self, height: float) -> float:
        """How steep the line is that begins at a height of the left margin."""
        return self.steep + self.bend * (height - self.middle)

    def begins(self, x: float, y: float) -> float:
        """The height at the left margin of the line through a point."""
        return (y - (self.steep - self.bend * self.middle) * x) / (1 + self.bend * x)


def _line(box: TextBox) -> _Line | None:
    (ax, ay), (bx, by) = box.corners[0], box.corners[1]
    wide, high = math.dist(box.corners[0], box.corners[1]), math.dist(box.corners[0], box.corners[3])
    if wide < WIDE * high or high <= 0 or bx <= ax:
        return None
    steep = (by - ay) / (bx - ax)
    return _Line(ay - steep * ax, steep)


def _lean(lines: Sequence[_Line]) -> _Lean:
    """The middle of all lines, and of what pairs of them that are far from each other say (Theil and Sen)."""
    if not lines:
        return _Lean()
    steep, middle = median(line.steep for line in lines), median(line.begins for line in lines)
    if len(lines) < ENOUGH:
        return _Lean(steep, 0.0, middle)
    ordered = sorted(lines, key=lambda line: line.begins)
    far = (ordered[-1].begins - ordered[0].begins) / 3
    pairs = [(one, other) for one, other in combinations(ordered, 2) if other.begins - one.begins > far > 0]
    bends = [(other.steep - one.steep) / (other.begins - one.begins) for one, other in pairs]
    return _Lean(steep, median(bends) if bends else 0.0, middle)


def _is_bent(lines: Sequence[_Line], lean: _Lean) -> bool:
    """Whether the paper is curled: one text in five lies more askew than its line would."""
    askew = sorted(abs(line.steep - lean.steep_at(line.begins)) for line in lines)
    return bool(askew) and askew[len(askew) * 4 // 5] > BENT


def _placed(box: TextBox, lean: _Lean) -> Placed:
    """Its columns by the turn of the whole sheet, its row by the line that it stands on."""
    x, y = (sum(corner[axis] for corner in box.corners) / 4 for axis in (0, 1))
    across = [corner_x + lean.steep * corner_y for corner_x, corner_y in box.corners]
    return Placed(box, min(across), max(across), lean.begins(x, y), math.dist(box.corners[0], box.corners[3]))
