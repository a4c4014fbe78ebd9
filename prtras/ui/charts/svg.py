"""A tiny, safe SVG builder: allow-listed names, everything escaped, numbers rounded.

The strict Content-Security-Policy forbids ``style`` attributes and scripts, so the builder
refuses them; only presentation attributes remain, which the PDF renderer understands too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from prtras.ui.charts.palette import FONT_FAMILY, INK_2, SURFACE

Value = str | int | float | None

XMLNS = "http://www.w3.org/2000/svg"
TAGS = frozenset({"circle", "desc", "g", "line", "path", "rect", "svg", "text", "title", "tspan"})
_ATTRIBUTES = """
    aria-hidden aria-labelledby class cx cy d dx fill fill-opacity focusable font-family font-size font-weight
    height id opacity r role rx stroke stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity
    stroke-width text-anchor transform viewBox width x x1 x2 xmlns y y1 y2
"""
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
_IDENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Markup(str):
    """Finished markup; templates recognise ``__html__`` and do not escape it again."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the markup itself."""
        return self


@dataclass(frozen=True)
class Element:
    """One SVG element with its attributes already turned into text."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Element | str, ...]

    def __str__(self) -> str:
        opening = self.tag + "".join(f' {name}="{clean(value)}"' for name, value in self.attributes)
        if not self.children:
            return f"<{opening}/>"
        inside = "".join(str(c) if isinstance(c, Element) else clean(c) for c in self.children)
        return f"<{opening}>{inside}</{self.tag}>"


Child = Element | str | None


def clean(text: str) -> str:
    """Escape text for XML content or a quoted attribute; drop characters XML cannot hold."""
    return escape(_NOT_XML.sub("", text), quote=True)


def number(value: float, digits: int = 2) -> str:
    """Write a number as short as possible: 12.0 becomes 12, -0.001 becomes 0."""
    if not math.isfinite(value):
        raise ValueError(f"a chart coordinate must be finite, not {value!r}")
    written = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if written in {"-0", ""} else written


def element(tag: str, *children: Child, **attributes: Value) -> Element:
    """Build an element; ``stroke_width`` becomes ``stroke-width``, ``None`` leaves an attribute out."""
    if tag not in TAGS:
        raise ValueError(f"<{tag}> is not an element these charts may draw")
    pairs = tuple((_name(n), _value(v)) for n, v in attributes.items() if v is not None)
    return Element(tag, pairs, tuple(c for c in children if c is not None and c != ""))


def _name(python_name: str) -> str:
    """Turn a keyword into an attribute name and refuse what is not on the list."""
    name = python_name.rstrip("_").replace("_", "-")
    if name not in ATTRIBUTES:
        raise ValueError(f"the attribute {name!r} is not one these charts may write")
    return name


def _value(value: str | int | float) -> str:
    """Write an attribute value; numbers to a hundredth."""
    return value if isinstance(value, str) else number(value)


def group(children: Iterable[Child], **attributes: Value) -> Element | None:
    """Return a ``<g>``, or nothing when there is nothing to group."""
    present = [child for child in children if child is not None]
    return element("g", *present, **attributes) if present else None


def text(x: float, y: float, content: str, **attributes: Value) -> Element | None:
    """Return a text with its baseline at ``y``, or nothing for an empty text."""
    return element("text", content, x=round(x, 1), y=round(y, 1), **attributes) if content else None


def line(x1: float, y1: float, x2: float, y2: float, **attributes: Value) -> Element:
    """Return a straight line."""
    ends = {"x1": round(x1, 1), "y1": round(y1, 1), "x2": round(x2, 1), "y2": round(y2, 1)}
    return element("line", **ends, **attributes)


def rect(x: float, y: float, width: float, height: float, **attributes: Value) -> Element:
    """Return a rectangle; a negative width or height counts as none."""
    box = {"x": round(x, 1), "y": round(y, 1), "width": max(round(width, 1), 0), "height": max(height, 0)}
    return element("rect", **box, **attributes)


def circle(cx: float, cy: float, r: float, **attributes: Value) -> Element:
    """Return a circle."""
    return element("circle", cx=round(cx, 1), cy=round(cy, 1), r=r, **attributes)


class PathData:
    """Collect path commands; absolute coordinates, rounded to a tenth."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def move(self, x: float, y: float) -> PathData:
        """Start at a point."""
        return self._add("M", x, y)

    def to(self, x: float, y: float) -> PathData:
        """Draw straight to a point."""
        return self._add("L", x, y)

    def across(self, x: float) -> PathData:
        """Draw horizontally."""
        return self._add("H", x)

    def up_or_down(self, y: float) -> PathData:
        """Draw vertically."""
        return self._add("V", y)

    def close(self) -> PathData:
        """Close the outline."""
        self._parts.append("Z")
        return self

    def _add(self, command: str, *coordinates: float) -> PathData:
        self._parts.append(command + " ".join(number(c, 1) for c in coordinates))
        return self

    def __bool__(self) -> bool:
        return bool(self._parts)

    def __str__(self) -> str:
        return "".join(self._parts)


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """Return the path of an open line through the points."""
    data = PathData()
    for i, point in enumerate(points):
        data.to(*point) if i else data.move(*point)
    return str(data)


def outline(*points: tuple[float, float]) -> str:
    """Return the path of a closed polygon through the points."""
    return polyline(points) + "Z"


def checked_ident(ident: str) -> str:
    """Return the identifier, or refuse one that cannot be an XML id."""
    if not _IDENT.fullmatch(ident):
        raise ValueError(f"{ident!r} cannot be the id of a chart: letters, digits, - and _ only")
    return ident


def figure(
    children: Iterable[Child],
    *,
    ident: str,
    kind: str,
    size: tuple[float, float],
    title: str,
    desc: str = "",
    font_size: float = 13,
) -> Markup:
    """Wrap a chart: scales to its container, names itself to screen readers, brings its own ground.

    The white ground keeps ink readable in forced colours and in a downloaded file.
    """
    ids = named_by(ident, title, desc)
    width, height = size
    root = element(
        "svg",
        *ids.elements,
        rect(0, 0, width, round(height, 1), fill=SURFACE),
        *children,
        xmlns=XMLNS,
        class_=f"chart chart-{kind}",
        viewBox=f"0 0 {number(width)} {number(height, 1)}",
        width="100%",
        role="img",
        aria_labelledby=ids.labelledby,
        focusable="false",
        font_family=FONT_FAMILY,
        font_size=font_size,
        fill=INK_2,
    )
    return Markup(root)


@dataclass(frozen=True)
class Naming:
    """The ``<title>`` and ``<desc>`` of a picture and the ids that point at them."""

    elements: tuple[Element, ...]
    labelledby: str


def named_by(ident: str, title: str, desc: str) -> Naming:
    """Build title and description with ids derived from ``ident``."""
    if not title:
        raise ValueError("a chart needs a title for screen readers")
    checked_ident(ident)
    parts = [element("title", title, id=f"{ident}-title")]
    if desc:
        parts.append(element("desc", desc, id=f"{ident}-desc"))
    ids = [f"{ident}-title", f"{ident}-desc"][: len(parts)]
    return Naming(tuple(parts), " ".join(ids))
