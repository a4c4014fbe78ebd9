"""The design tokens of the interface as colours for presentation attributes.

The contrast on white is in brackets. Pale fills never carry meaning alone: a shape,
a dash or a word stands beside each of them.
"""

from __future__ import annotations

from dataclasses import dataclass

FONT_FAMILY = (
    "Segoe UI,Microsoft YaHei UI,Microsoft YaHei,PingFang SC,Noto Sans,Noto Sans CJK SC,"
    "Source Han Sans SC,system-ui,sans-serif"
)  # no spaces after the commas: WeasyPrint splits at the comma and keeps them

INK = "#16202A"  # 16.5
INK_2 = "#384552"  # 9.8
INK_3 = "#56636F"  # 6.2
INK_4 = "#7A8691"  # 3.7, marks only, never text
CONTROL = "#7C8995"  # 3.6, axes
LINE = "#D5DCE1"
LINE_2 = "#E8ECEF"
SURFACE = "#FFFFFF"
SUNK = "#F8FAFA"

ACCENT = "#0B6470"  # 6.8
ACCENT_2 = "#08505B"  # 9.1
ACCENT_TINT = "#DCEDED"
OK = "#0C7258"  # 5.9
OK_TINT = "#E1F1EB"
PROGRESS = "#173F86"  # 10.0
PROGRESS_TINT = "#E4EDF8"
OVERDUE = "#9C3F08"  # 6.7
OVERDUE_TINT = "#FCE9DC"
ERROR = "#8A0C1E"  # 9.8
MUTE = "#505D69"  # 6.8
MUTE_TINT = "#E9EDF0"

FIRST = "#1766A6"  # 6.0, the first group, solid
SECOND = "#B84A08"  # 5.2, the second group, dashed

WINDOW = "#CFDFEE"  # a visit window still ahead
WINDOW_ELAPSED = "#5A89BA"  # 3.6; the part that has passed also ends at the today mark
WINDOW_OVERDUE = "#F3CDB5"


@dataclass(frozen=True)
class Series:
    """How one group of participants looks everywhere: colour, dash, and colour of its words."""

    colour: str
    text: str
    dash: str | None
    band: float


POOLED = Series(ACCENT, ACCENT_2, None, 0.14)
FIRST_GROUP = Series(FIRST, FIRST, None, 0.13)
SECOND_GROUP = Series(SECOND, SECOND, "7 3", 0.13)


def series(key: str) -> Series:
    """Return the look of a group: ``all`` pooled, a key ending in 1 the first, in 2 the second."""
    if key == "all":
        return POOLED
    if key.endswith("1"):
        return FIRST_GROUP
    if key.endswith("2"):
        return SECOND_GROUP
    raise ValueError(f"no look is defined for the group {key!r}: use 'all' or a key ending in 1 or 2")
