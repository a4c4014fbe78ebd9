"""A forest of ratios: a square per estimate on a logarithmic axis, its limits as a line, no ratio at 1.

The area of a square goes by its number of events; limits beyond the axis end in an arrow. On a phone the words of a
line stand above its drawing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from prtras.ui.charts.axes import axes
from prtras.ui.charts.frame import MEASURES, Frame, Measures, Size
from prtras.ui.charts.palette import ACCENT, INK, INK_3, LINE_2
from prtras.ui.charts.scales import Scale
from prtras.ui.charts.svg import Child, Markup, checked_ident, element, figure, group, line, outline, rect, text
from prtras.ui.charts.typesetting import text_width, wrap

#: The ends of the axis, from the narrowest to the widest; what lies beyond the widest is clipped.
ENDS = (2.0, 4.0, 8.0)
LARGEST, SMALLEST = 12.0, 4.0


@dataclass(frozen=True)
class Line:
    """One estimate with its limits, None where it cannot be shown.

    ``size`` is the number of events, ``before`` the counts in words; without any of them it heads the lines below.
    """

    label: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    size: float = 0
    before: str = ""
    behind: str = ""

    @property
    def heads(self) -> bool:
        """Return whether it only names the lines below."""
        return not (self.before or self.behind)


@dataclass(frozen=True)
class Words:
    """Every word of the figure, in the reader's language; ``below`` and ``above`` say what a ratio off 1 favours."""

    title: str
    desc: str
    axis: str
    before: str
    behind: str
    below: str
    above: str


@dataclass(frozen=True)
class _Columns:
    """Where words and drawing stand: the label up to ``label``, ``before`` ends, the plot, ``behind`` begins."""

    label: float
    before: float
    plot: tuple[float, float]
    behind: float


@dataclass(frozen=True)
class _Placed:
    """A line with its wrapped words and the heights of their first baseline and of its drawing."""

    drawn: Line
    label: tuple[str, ...]
    top: float
    middle: float


def forest(lines: Sequence[Line], *, words: Words, size: Size = "wide", ident: str) -> Markup:
    """Draw the lines from above; ValueError for an estimate that is not greater than 0 or outside of its limits."""
    for each in lines:
        _check(each)
    measures = MEASURES[size]
    columns = _columns(lines, words, measures, size)
    placed, base = _placed(lines, measures, columns, size)
    frame = _frame(lines, measures, columns, base)
    named, bottom = _favours(frame, words, size)
    return figure(
        [
            *_heads(words, measures, columns, size),
            *_no_ratio(frame, placed, size),
            *axes(frame, (), [f"{10**tick:g}" for tick in frame.labelled], words.axis),
            *[part for each in placed for part in _words_of(each, measures, columns, size)],
            *[part for each in placed for part in _drawing(frame, each, max(one.size for one in lines))],
            *named,
        ],
        ident=f"{checked_ident(ident)}-{size}",
        kind=f"forest chart-{size}",
        size=(measures.width, bottom),
        title=words.title,
        desc=words.desc,
        font_size=measures.font,
    )


def _check(each: Line) -> None:
    known = [value for value in (each.lower, each.value, each.upper) if value is not None]
    if any(not value > 0 for value in known) or known != sorted(known):
        raise ValueError(f"{each.label}: a ratio is greater than 0 and lies within its limits")


def _columns(lines: Sequence[Line], words: Words, measures: Measures, size: Size) -> _Columns:
    """Share the width: a wide page has four columns, a phone the drawing and what is behind it."""
    font, width = measures.font, measures.width
    behind = max(text_width(each, font) for each in (words.behind, *(one.behind for one in lines)))
    before = max([text_width(each, font) for each in (words.before, *(one.before for one in lines))])
    if size == "narrow":
        behind = max(behind, width * 0.42)
        return _Columns(width - before - 10, width, (6, width - behind - 14), width - behind)
    label = min(max((text_width(one.label, font) for one in lines if not one.heads), default=0), width * 0.38)
    start = label + 12 + before
    return _Columns(label, start, (start + 18, width - behind - 16), width - behind)


def _placed(lines: Sequence[Line], measures: Measures, columns: _Columns, size: Size) -> tuple[list[_Placed], float]:
    """Give every line its heights; return them with the height of the axis."""
    font, apart = measures.font, measures.font * 1.3
    placed, y = [], font * 2.2
    for each in lines:
        label = tuple(wrap(each.label, font, measures.width if each.heads else columns.label, bold=each.heads))
        first = y + font
        if size == "narrow":
            middle = y + len(label) * apart + font * 0.65
            y += (len(label) + (not each.heads)) * apart
        else:
            middle = first - font * 0.35
            y += len(label) * apart
        placed.append(_Placed(each, label, first, middle))
        y += font * 0.45
    return placed, y + 4


def _frame(lines: Sequence[Line], measures: Measures, columns: _Columns, base: float) -> Frame:
    """A symmetric axis around 1, as wide as the limits ask for."""
    known = [value for each in lines for value in (each.lower, each.value, each.upper) if value is not None]
    far = max((max(value, 1 / value) for value in known), default=1.0)
    end = next((each for each in ENDS if far <= each), ENDS[-1])
    steps = round(math.log2(end))
    ticks = tuple(step * math.log10(2) for step in range(-steps, steps + 1))
    x = Scale(ticks[0], ticks[-1], *columns.plot)
    roomy = columns.plot[1] - columns.plot[0] > len(ticks) * text_width("0.125", measures.font) * 1.2
    labelled = range(len(ticks)) if roomy else range(steps % 2, len(ticks), 2)  # 1 is always among them
    y = Scale(0, 1, base, measures.font * 1.9)
    return Frame("forest", measures.width, measures.font, x, y, (), ticks, tuple(labelled))


def _heads(words: Words, measures: Measures, columns: _Columns, size: Size) -> list[Child]:
    """Name the columns."""
    font = measures.font
    rule = line(0, font * 1.6, measures.width, font * 1.6, stroke=LINE_2)
    return [
        text(columns.before, font, words.before, fill=INK_3, text_anchor="end"),
        text(columns.behind if size == "wide" else 0, font, words.behind, fill=INK_3),
        rule,
    ]


def _no_ratio(frame: Frame, placed: Sequence[_Placed], size: Size) -> list[Child]:
    """Mark a ratio of 1: by one line, on a phone beside every drawing, so that it crosses no words."""
    half = frame.font * 0.65
    spans = [(each.middle - half, each.middle + half) for each in placed if not each.drawn.heads]
    spans = spans if size == "narrow" else [(frame.top, frame.base)]
    x = frame.x(0)
    return [line(x, start, x, end, stroke=INK_3, stroke_dasharray="1.5 3") for start, end in spans]


def _words_of(each: _Placed, measures: Measures, columns: _Columns, size: Size) -> list[Child]:
    """Write the label, the counts and what is behind the drawing."""
    apart = measures.font * 1.3
    weight = 600 if each.drawn.heads else None
    behind = each.middle + measures.font * 0.35
    colour = INK if each.drawn.value is not None else INK_3
    return [
        *[text(0, each.top + i * apart, part, font_weight=weight) for i, part in enumerate(each.label)],
        text(columns.before, each.top, each.drawn.before, fill=INK_3, text_anchor="end"),
        text(columns.behind, behind, each.drawn.behind, fill=colour),
    ]


def _drawing(frame: Frame, each: _Placed, most: float) -> list[Child]:
    """Draw the limits and the square; an arrow where a limit lies beyond the axis."""
    drawn = each.drawn
    if drawn.value is None:
        return []
    parts: list[Child] = []
    if drawn.lower is not None and drawn.upper is not None:
        ends = [min(max(math.log10(limit), frame.x.low), frame.end) for limit in (drawn.lower, drawn.upper)]
        left, right = map(frame.x, ends)
        parts.append(line(left, each.middle, right, each.middle, stroke_width=1.6))
        parts += [_arrow(left, each.middle, -1)] if math.log10(drawn.lower) < frame.x.low else []
        parts += [_arrow(right, each.middle, 1)] if math.log10(drawn.upper) > frame.end else []
    at = math.log10(drawn.value)
    if frame.x.low <= at <= frame.end:
        side = max(LARGEST * math.sqrt(drawn.size / most) if most else 0, SMALLEST)
        parts.append(rect(frame.x(at) - side / 2, each.middle - side / 2, side, round(side, 1), fill=ACCENT))
    return [group(parts, class_="forest-estimate", stroke=ACCENT)]


def _arrow(x: float, y: float, way: int) -> Child:
    """A head at the end of a line that goes on."""
    points = ((x, y - 4), (x + way * 6, y), (x, y + 4))
    return element("path", d=outline(*points), class_="forest-arrow", fill=ACCENT, stroke="none")


def _favours(frame: Frame, words: Words, size: Size) -> tuple[list[Child], float]:
    """Say on either side of 1 what it favours; return it with the lower edge of the figure."""
    font = frame.font
    y = frame.base + 11 + font * 3.8
    if size == "narrow":
        below, above = (
            text(0, y, f"← {words.below}", fill=INK_3),
            text(0, y + font * 1.4, f"{words.above} →", fill=INK_3),
        )
        return [below, above], y + font * 2
    at, room = frame.x(0), frame.width
    left, right = text_width(f"← {words.below}", font), text_width(f"{words.above} →", font)
    return [
        text(max(at - 10, left), y, f"← {words.below}", fill=INK_3, text_anchor="end"),
        text(min(at + 10, room - right), y, f"{words.above} →", fill=INK_3),
    ], y + font * 0.8
