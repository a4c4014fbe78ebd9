"""What is different between the packet that was read and the one of now. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prtras.labels import T

Entries = Sequence[Mapping[str, Any]]
#: The parts of a packet, and what they are called.
PARTS = {
    "scans": T("影像", "scan"),
    "markers": T("肿瘤标志物", "tumour markers"),
    "recurrences": T("复发表单", "recurrence form"),
}
NEW = T("第{day}天：新增{what}", "day {day}: {what} added")
CHANGED = T("第{day}天：{what}已更正", "day {day}: {what} corrected")
GONE = T("第{day}天：{what}已撤销", "day {day}: {what} withdrawn")


def changes(before: Mapping[str, Entries], now: Mapping[str, Entries], until: int | None = None) -> list[T]:
    """Each day on which something came, was corrected or went; up to a day where nothing after it matters."""
    return [text for part, what in PARTS.items() for text in _of_part(what, before[part], now[part], until)]


def _of_part(what: T, before: Entries, now: Entries, until: int | None) -> Iterator[T]:
    days = sorted({entry["day"] for entry in (*before, *now)})
    for day in days if until is None else [day for day in days if day <= until]:
        was, there = _on(before, day), _on(now, day)
        if was != there:
            text = CHANGED if was and there else NEW if there else GONE
            yield text.format(day=day, what=what)


def _on(entries: Entries, day: int) -> list[Mapping[str, Any]]:
    return [entry for entry in entries if entry["day"] == day]
