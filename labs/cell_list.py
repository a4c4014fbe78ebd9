"""Every cell of an import in a file: what the report pages through and a person downloads. Pure.

A CSV in UTF-8 with a line per cell, written as the plan goes on and kept compressed in memory.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass

from labs.files.refusals import Problem
from labs.import_plan import LEFT, Cell, Plan
from labs.page_merge import CHANGED, NEW, REFUSED, SAME
from prtras.labels import T

COLUMNS = ("line", "column", "value", "participant", "day", "visit", "form", "lab_test", "status", "before", "flag",
           "grade", "remark_zh", "remark_en")  # fmt: skip


#: What becomes of a cell, in words.
STATUSES = {
    REFUSED: T("未导入", "refused"), CHANGED: T("更正", "corrected"), NEW: T("新增", "new"),
    SAME: T("相同", "the same"), LEFT: T("按规则不导入", "left out"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One cell as listed."""

    line: int
    column: str
    value: str
    participant: str
    day: str
    visit: str
    form: str
    lab_test: str
    status: str
    before: str
    flag: str
    grade: str
    remark: T


class CellList:
    """The cells of one import, in the order in which they were planned."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self._text = io.TextIOWrapper(gzip.GzipFile(fileobj=self._bytes, mode="wb", mtime=0), "utf-8", newline="")
        self._writer = csv.writer(self._text)
        self._writer.writerow(COLUMNS)

    def add(self, plan: Plan) -> None:
        """The cells of some participants."""
        self._writer.writerows(map(_line, sorted(plan.cells, key=lambda cell: (cell.line, cell.column))))

    def add_problem(self, problem: Problem) -> None:
        """A line of the file that could not be read."""
        cell = Cell(problem.line, problem.column, problem.value, "", "")
        cell.refuse(problem.text)
        self._writer.writerow(_line(cell))

    def content(self) -> bytes:
        """The whole listing, compressed; nothing is added afterwards."""
        self._text.close()
        return self._bytes.getvalue()


def _line(cell: Cell) -> tuple[object, ...]:
    return (
        cell.line, cell.column, cell.value, cell.participant, cell.day or "", cell.visit, cell.form, cell.lab_test,
        cell.status, cell.before, cell.flag, cell.grade, " ".join(r.zh for r in cell.remarks),
        " ".join(r.en for r in cell.remarks),
    )  # fmt: skip


def read(content: bytes) -> Iterator[Listed]:
    """The cells of a stored listing."""
    lines = csv.reader(io.TextIOWrapper(gzip.GzipFile(fileobj=io.BytesIO(content)), "utf-8", newline=""))
    next(lines)
    for line in lines:
        texts = dict(zip(COLUMNS[1:-2], line[1:-2], strict=True))
        yield Listed(int(line[0]), remark=T(line[-2], line[-1]), **texts)


def refused_lines(content: bytes) -> dict[int, T]:
    """The lines of the file that were not taken, with all that is wrong with each."""
    wrong: dict[int, dict[str, T]] = {}
    for cell in read(content):
        if cell.status == REFUSED:
            wrong.setdefault(cell.line, {})[cell.remark.en] = cell.remark
    return {line: T(" ".join(t.zh for t in texts.values()), " ".join(texts)) for line, texts in sorted(wrong.items())}
