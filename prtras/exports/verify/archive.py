"""From the bytes of a zip to its files, each by a safe name."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping

from prtras.exports.verify.findings import Report

#: Bytes of all files of a bundle together; a small zip can unpack to very much.
MOST_UNPACKED = 1_000_000_000
NAME = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
LONGEST_NAME = 200
#: Bytes around an entry: its local head, its line in the directory, and the end of the directory.
LOCAL, CENTRAL, END = 30, 46, 22


def unpacked(content: bytes, report: Report) -> Mapping[str, bytes] | None:
    """The files by name; None where nothing can be read."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        report.add("not_a_zip", "-")
        return None
    with archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            report.add("too_large", "-", limit=MOST_UNPACKED)
            return None
        if len(content) != _bytes_of(entries):
            report.add("surplus_bytes", "-")
        files: dict[str, bytes] = {}
        for entry in entries:
            name = entry.filename
            if not is_safe(entry):
                report.add("unsafe_name", ascii(name[:LONGEST_NAME]))
            elif name.lower() in map(str.lower, files):
                report.add("twice_in_zip", name)
            else:
                files[name] = _content(archive, entry, report)
        return files


def is_safe(entry: zipfile.ZipInfo) -> bool:
    """A plain file below the folder into which it is unpacked, on every system."""
    name = entry.filename
    link = stat.S_ISLNK(entry.external_attr >> 16)
    parts = name.split("/")
    short = len(name) <= LONGEST_NAME
    return short and not link and bool(NAME.fullmatch(name)) and not any(part.strip(".") == "" for part in parts)


def _bytes_of(entries: list[zipfile.ZipInfo]) -> int:
    """How long a zip of these entries is with nothing else in it."""
    around = sum(LOCAL + CENTRAL + 2 * len(entry.orig_filename.encode()) for entry in entries)
    return around + sum(entry.compress_size for entry in entries) + END


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, report: Report) -> bytes:
    try:
        with archive.open(entry) as file:  # never more than the directory says, whatever it unpacks to
            return file.read(entry.file_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        report.add("damaged", entry.filename)
        return b""
