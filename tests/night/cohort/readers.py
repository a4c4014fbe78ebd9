"""What a page and a PDF say in their tables, cell by cell."""

import contextlib
import re
import subprocess
import zlib
from html.parser import HTMLParser
from pathlib import Path

from analysis.outputs.output import Table


def plain(text: str) -> str:
    """Without any white space: a cell may be broken anywhere."""
    return re.sub(r"\s+", "", text)


def rows_of(table: Table) -> list[list[str]]:
    """The cells of a table, heads of the lines first; an empty one is left out."""
    return [
        [plain(str(cell)) for cell in (row.head, *row.cells, row.instead) if str(cell).strip()] for row in table.rows
    ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._caption, self._rows, self._text = "", [], ""  # type: str, list[list[str]], str

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._caption, self._rows = "", []
        if tag == "tr":
            self._rows.append([])
        if tag in ("caption", "td", "th"):
            self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        text = plain(self._text)
        if tag == "caption":
            self._caption = text
        if tag in ("td", "th") and text:
            self._rows[-1].append(text)
        if tag == "table" and self._caption:
            self.tables[self._caption] = self._rows[1:]


def tables_of(page: str) -> dict[str, list[list[str]]]:
    """The lines of every table of a page below its head, by what stands in its caption."""
    reader = _Reader()
    reader.feed(page)
    return reader.tables


def text_of(pdf: bytes, folder: Path) -> str:
    """The text of a PDF, cell by cell, without white space."""
    (folder / "report.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", "report.pdf", "-"], cwd=folder, check=True, capture_output=True)
    return plain(done.stdout.decode())


def outline_of(pdf: bytes) -> list[str]:
    """The titles of the bookmarks, without white space (the title of the document among them)."""
    content = pdf
    for stream in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            content += zlib.decompress(stream[1])
    titles = re.findall(rb"/Title ?(?:\(([^)]*)\)|<([0-9a-f]*)>)", content)
    return [plain(text.decode() if text else bytes.fromhex(code.decode()).decode("utf-16")) for text, code in titles]


def structure_of(pdf: bytes, folder: Path) -> str:
    """The facts of a PDF and the tags of its contents."""
    (folder / "report.pdf").write_bytes(pdf)
    printed = [subprocess.run(["pdfinfo", *how, "report.pdf"], cwd=folder, check=True, capture_output=True).stdout
            for how in ([], ["-struct"])]  # fmt: skip
    return b"".join(printed).decode()
