"""The file formats in which a bundle can be had. A format is a module of this folder and one line in `apps.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import Row, Snapshot
from prtras.labels import T

Files = dict[str, bytes]


@dataclass(frozen=True)
class Format:
    """How the tables of a data cut become files, how these are read again, and what a reader has to know of them.

    `write` and `read` are pure and undo each other: from a picture to files by name, from files to the tables of the
    picture. Columns that identify a participant are not written. `history` reads the trail and writes how the picture
    came about, for the archive of the site; a format that cannot say it has none, one that is nothing else is
    `site_only`.
    """

    code: str
    title: T
    write: Callable[[Snapshot], Files]
    read: Callable[[Mapping[str, bytes]], Mapping[str, list[Row]]]
    readme: T
    history: Callable[[DataCut, Snapshot], Files] | None = None
    site_only: bool = False


_formats: dict[str, Format] = {}


class UnknownFormat(KeyError):
    """No format of this code is registered."""


def register_format(format: Format) -> None:
    """Offer a format. Raises ValueError for a code used twice."""
    if format.code in _formats:
        raise ValueError(f"format {format.code} is registered twice")
    _formats[format.code] = format


def format_of(code: str) -> Format:
    """The format with this code. Raises UnknownFormat."""
    try:
        return _formats[code]
    except KeyError:
        raise UnknownFormat(code) from None


def all_formats() -> list[Format]:
    """Every format, in the order of registration."""
    return list(_formats.values())
