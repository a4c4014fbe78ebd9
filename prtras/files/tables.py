"""Tables as CSV bytes (RFC 4180, UTF-8 with byte order mark), exact for programs, guarded for people; zips. Pure."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

#: How a text begins that a spreadsheet might run, and the guard itself.
GUARDED = ("'", "=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


MOMENT = (2000, 1, 1, 0, 0, 0)  # in every zip entry, so that the same files give the same bytes


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes depend on its files only."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, MOMENT), files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def csv_bytes(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """Any table as CSV bytes, every text as it is."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def csv_for_people(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A table that people open in a spreadsheet: a text that it might run stands behind an apostrophe.

    So does a text that begins with an apostrophe: who takes one away wherever a cell begins with it has all texts back.
    """
    return csv_bytes(columns, ([_guarded(value) for value in row] for row in rows))


def _guarded(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(GUARDED) and not _is_number(value) else value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
