"""A finished figure with lines of words below it: a file that stands alone, away from its page."""

from __future__ import annotations

import re

from prtras.ui.charts.palette import FONT_FAMILY, INK_2, SURFACE
from prtras.ui.charts.svg import XMLNS, Markup, element, number, text
from prtras.ui.charts.typesetting import wrap

_BOX = re.compile(r'viewBox="0 0 (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)" width="100%"')
FONT = 11.0
MARGIN = 10.0


def captioned(drawing: str, below: str) -> Markup:
    """The figure in its own size, the words below it. Raises ValueError for what is no figure of these charts."""
    box = _BOX.search(drawing)
    if box is None:
        raise ValueError("this is no figure with a viewBox from 0 0 that fills its container")
    width, height = float(box[1]), float(box[2])
    lines = wrap(below, FONT, width - 2 * MARGIN)
    whole = height + FONT * 1.5 * (len(lines) + 0.5)
    inner = drawing.replace(box[0], f'viewBox="0 0 {box[1]} {box[2]}" width="{box[1]}" height="{box[2]}"', 1)
    words = [text(MARGIN, height + FONT * 1.5 * (n + 0.8), line, font_size=FONT) for n, line in enumerate(lines)]
    outside = element(
        "svg",
        *words,
        xmlns=XMLNS,
        viewBox=f"0 0 {number(width)} {number(whole, 1)}",
        width=width,
        height=round(whole, 1),
        font_family=FONT_FAMILY,
        fill=INK_2,
    )
    return Markup(str(outside).replace(">", f'><rect width="100%" height="100%" fill="{SURFACE}"/>{inner}', 1))
