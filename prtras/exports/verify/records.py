"""CSV (RFC 4180, UTF-8 with byte order mark) as records with the line on which each begins."""

import csv
import io
from collections.abc import Iterator

BOM = b"\xef\xbb\xbf"


class Unreadable(ValueError):
    """This is no CSV of a bundle: on which line (None: nowhere in particular), and why."""

    def __init__(self, line: int | None, why: str) -> None:
        super().__init__(why)
        self.line, self.why = line, why


def records(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Every record, the head first. Raises Unreadable."""
    if not content.startswith(BOM):
        raise Unreadable(1, "UTF-8, BOM")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Unreadable(content.count(b"\n", 0, wrong.start) + 1, "UTF-8") from None
    csv.field_size_limit(max(csv.field_size_limit(), len(content)))  # a narrative may be longer than its default
    reader, line = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as wrong:
        raise Unreadable(line, str(wrong)) from None
