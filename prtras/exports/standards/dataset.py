"""What a dataset is: rows, and for each variable its name, labels, type, code list and origin. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from prtras.labels import T

#: `date` is a day as an ISO text in a row, and a SAS date in an XPT file.
Kind = Literal["text", "integer", "float", "date"]
Origin = Literal["Collected", "Derived", "Assigned", "Protocol", "Predecessor"]
Row = Mapping[str, Any]
#: Who a value comes from, by its origin (Define-XML 2.1, def:Origin).
SOURCES: dict[Origin, str] = {
    "Collected": "Investigator",
    "Derived": "Sponsor",
    "Assigned": "Sponsor",
    "Protocol": "Sponsor",
    "Predecessor": "",
}


@dataclass(frozen=True)
class Term:
    """A value of a code list, what it means, and its NCI concept; a term without one is the sponsor's own."""

    value: str
    decode: T
    concept: str = ""


@dataclass(frozen=True)
class TermList:
    """A code list. With a `concept` it is one of the CDISC controlled terminology, which the sponsor may extend."""

    name: str
    title: T
    terms: tuple[Term, ...]
    concept: str = ""


@dataclass(frozen=True)
class Variable:
    """A column. `method` says how a derived value is computed, `source` which variable a predecessor is."""

    name: str
    label: T
    kind: Kind = "text"
    origin: Origin = "Collected"
    terms: TermList | None = None
    mandatory: bool = False
    role: str = ""
    method: T | None = None
    source: str = ""


@dataclass(frozen=True)
class Levels:
    """Each value of the variable `by` gives the variable `of` a meaning of its own, named in `titles`."""

    of: str
    by: str
    titles: Mapping[str, T] = field(default_factory=dict)


@dataclass(frozen=True)
class Dataset:
    """A table to be exchanged. `keys` are the variables that tell its rows apart, in the order of sorting."""

    name: str
    label: T
    category: str
    structure: T
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]
    rows: Sequence[Row]
    domain: str = ""
    reference: bool = False
    levels: Levels | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(variable.name for variable in self.variables)

    @cached_property
    def _columns(self) -> dict[str, list[Any]]:
        return {name: [row.get(name) for row in self.rows] for name in self.names}

    @cached_property
    def _distinct(self) -> dict[str, frozenset[Any]]:
        return {name: frozenset(column) - {None, ""} for name, column in self._columns.items()}

    def column(self, name: str) -> list[Any]:
        """The values of a variable, None where a row has none."""
        return self._columns[name]

    def values(self, name: str) -> frozenset[Any]:
        """The different values that a variable has somewhere."""
        return self._distinct[name]

    @cached_property
    def lengths(self) -> dict[str, int]:
        """Bytes of the longest text of each text variable, at least 1: as an ASCII file writes it."""
        texts = (variable.name for variable in self.variables if variable.kind == "text")
        return {name: max((len(ascii_text(text)) for text in self.values(name)), default=1) for name in texts}


def ascii_text(text: str) -> str:
    r"""A text in ASCII that loses nothing: any other character, and a backslash, as `\uXXXX` or `\UXXXXXXXX`.

    >>> ascii_text("发热 38")
    '\\u53d1\\u70ed 38'
    """
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    plain = (character for character in text)
    return "".join(each if " " <= each <= "~" and each != "\\" else _escaped(ord(each)) for each in plain)


def _escaped(point: int) -> str:
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def from_ascii(text: str) -> str:
    """The text of which `ascii_text` made this one."""
    return text.encode("ascii").decode("unicode_escape") if "\\" in text else text


def pieces(text: str, size: int) -> list[str]:
    """A text in parts of at most `size` bytes as `ascii_text` writes them; no character is taken apart."""
    if len(text) * 10 <= size or len(ascii_text(text)) <= size:  # 10 bytes at most for a character
        return [text]
    parts, used = [""], 0
    for character in text:
        width = len(ascii_text(character))
        if used + width > size:
            parts, used = [*parts, ""], 0
        parts[-1] += character
        used += width
    return parts
