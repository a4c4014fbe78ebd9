"""A packet in words, for the page of a case: lesions over time, scans, markers, the evidence on the recurrence form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from endpoint_review.packet import MARKERS, SHOWN, Packet
from labs.panels import PANELS
from prtras.crf.items import Item
from prtras.crf.registry import table_of
from prtras.labels import T

#: The columns of an observation; what else is recorded of it stands together in the last one.
COLUMNS = ("obs_no", "obs_type", "obs_new", "obs_seg", "size_mm")
CATEGORIES = ("lr_cat", "lrtr")
COMPUTED = ("lr_adj", "lrtr_calc")
#: The markers in the order of a packet, each with its unit.
TITLED = [
    (code, analyte.title + T(f"（{analyte.unit}）", f" ({analyte.unit})"))
    for code in MARKERS for analyte in PANELS["lbtm"] if analyte.code == code
]  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """What an item is called, and its value in words."""

    label: T
    text: T


@dataclass(frozen=True)
class Observation:
    """One lesion at one scan: its columns, its category as the site's radiologist and the program have it, the rest."""

    cells: tuple[Fact, ...]
    category: T
    computed: T
    others: tuple[Fact, ...]


@dataclass(frozen=True)
class Scan:
    """One scan: its day, how it was made, what was seen."""

    day: int
    facts: tuple[Fact, ...]
    observations: tuple[Observation, ...]


@dataclass(frozen=True)
class Lesion:
    """One lesion over time: at the day of each scan its category and size; empty where it was not recorded."""

    number: Any
    cells: tuple[tuple[int, T], ...]


@dataclass(frozen=True)
class Drawn:
    """Tumour markers of one day: what each is called, the result, its flag (HIGH, LOW or nothing)."""

    day: int
    results: tuple[tuple[T, str, str], ...]


@dataclass(frozen=True)
class Event:
    """The evidence that one recurrence form names."""

    day: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class ShownPacket:
    """Everything on the page of a case, in the reader's language when it is printed."""

    scans: tuple[Scan, ...]
    lesions: tuple[Lesion, ...]
    drawn: tuple[Drawn, ...]
    events: tuple[Event, ...]

    @property
    def heads(self) -> list[T]:
        """What the columns of an observation are called."""
        return [_items("mriobs")[name].label for name in COLUMNS]

    @property
    def markers(self) -> list[T]:
        """The markers with their units."""
        return [title for _, title in TITLED]


def shown(packet: Packet) -> ShownPacket:
    """A packet as its page shows it."""
    scans = tuple(
        Scan(scan["day"], _facts("mri", scan, SHOWN["mri"]), tuple(map(_observation, scan["observations"])))
        for scan in packet["scans"]
    )
    drawn = tuple(
        Drawn(each["day"], tuple((text, each.get(code, ""), each.get(f"{code}_flag", "")) for code, text in TITLED))
        for each in packet["markers"]
    )
    events = tuple(Event(each["day"], _facts("recur", each, SHOWN["recur"])) for each in packet["recurrences"])
    return ShownPacket(scans, _lesions(packet), drawn, events)


def _lesions(packet: Packet) -> tuple[Lesion, ...]:
    numbers = sorted({row["obs_no"] for scan in packet["scans"] for row in scan["observations"] if "obs_no" in row})
    return tuple(
        Lesion(number, tuple((scan["day"], _seen(scan, number)) for scan in packet["scans"])) for number in numbers
    )


def _seen(scan: Mapping[str, Any], number: int) -> T:
    rows = [row for row in scan["observations"] if row.get("obs_no") == number]
    return _joined([T("{category} {size}", "{category} {size}").format(category=_category(row, CATEGORIES),
                                                                      size=_size(row)) for row in rows])  # fmt: skip


def _size(row: Mapping[str, Any]) -> str:
    size = row.get("size_mm") or row.get("tr_size")
    return f"{size} mm" if size else ""


def _observation(row: Mapping[str, Any]) -> Observation:
    others = [name for name in SHOWN["mriobs"] if name not in (*COLUMNS, *CATEGORIES, *COMPUTED)]
    return Observation(
        tuple(Fact(_items("mriobs")[name].label, _text("mriobs", name, row.get(name))) for name in COLUMNS),
        _category(row, CATEGORIES),
        _category(row, COMPUTED),
        _facts("mriobs", row, others),
    )


def _category(row: Mapping[str, Any], names: tuple[str, ...]) -> T:
    return _joined([_text("mriobs", name, row[name]) for name in names if row.get(name)])


def _facts(form: str, values: Mapping[str, Any], names: tuple[str, ...] | list[str]) -> tuple[Fact, ...]:
    return tuple(Fact(_items(form)[name].label, _text(form, name, values[name])) for name in names if name in values)


def _text(form: str, name: str, value: Any) -> T:
    """A value in words: the texts of its codes, or the number with its unit."""
    item = _items(form)[name]
    if value in (None, ""):
        return T("", "")
    if item.codes is not None:
        return _joined([item.codes.text(code) for code in (value if isinstance(value, list) else [value])])
    unit = f" {item.unit_shown}" if item.unit else ""
    return T(f"{value}{unit}", f"{value}{unit}")


def _joined(texts: list[T]) -> T:
    return T("、".join(text.zh for text in texts), ", ".join(text.en for text in texts))


def _items(form: str) -> Mapping[str, Item]:
    return table_of(form).items
