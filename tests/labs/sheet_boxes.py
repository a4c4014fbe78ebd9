"""Text at places, as a reader of pictures gives it, made of a small table."""

import io
import math
from collections.abc import Sequence

from PIL import Image

from labs.sheets.text_boxes import Corners, TextBox

HEADS = ("项目名称", "结果", "提示", "单位", "参考区间")
AT = (50, 400, 520, 600, 760)
PART = 900  # dots from one part of a sheet to the next
SIZE = 24


def box(
    text: str, left: float, top: float, *, score: float = 1.0, again: str | None = None, turn: float = 0
) -> TextBox:
    """A text of a usual size; `turn` in degrees, around the upper left corner of the sheet."""
    right = left + SIZE * max(1.0, sum(1.0 if ord(sign) > 127 else 0.55 for sign in text))
    corners = [(left, top), (right, top), (right, top + SIZE), (left, top + SIZE)]
    sine, cosine = math.sin(math.radians(turn)), math.cos(math.radians(turn))
    turned: Corners = tuple((x * cosine - y * sine, x * sine + y * cosine) for x, y in corners)  # type: ignore[assignment]
    return TextBox(text, turned, score, again)


def sheet_of(
    *rows: Sequence[str], heads: Sequence[str] = HEADS, parts: int = 1, turn: float = 0
) -> list[TextBox]:  # fmt: skip
    """The boxes of a sheet with a title; in several parts its rows are dealt out from left to right."""
    boxes = [box("虚构市样例医院检验报告单", 300, 20, turn=turn), box("姓名：虚构甲 性别：男", 50, 60, turn=turn)]
    for part in range(parts):
        own = [heads, *rows[part::parts]]
        for row, texts in enumerate(own):
            places = zip(texts, AT, strict=False)
            boxes += [
                box(text, part * PART + left, 120 + 45 * row, turn=turn) for text, left in places if text
            ]  # fmt: skip
    return boxes


def photograph() -> bytes:
    """A picture of an empty sheet."""
    stream = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(stream, "JPEG")
    return stream.getvalue()
