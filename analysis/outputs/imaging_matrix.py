"""Imaging adherence of every participant at every visit, as one picture without numbers of participants.

Pure but for the reader's language.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.outputs.characteristics import typeset
from analysis.outputs.expectations import Numbers
from analysis.outputs.imaging import PLACES, Scans, due, scan_numbers
from analysis.outputs.output import Output, Panel, Row, Share, Shown, Table, Text, View
from analysis.survival.results import Result
from prtras.labels import T
from prtras.ui.charts import status_matrix as drawing
from prtras.ui.charts.frame import Size
from visits.codelists.recurrence import VISIT

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

#: What became of a scan, by the letter that stands for it; a space where none was due.
IN_WINDOW, OUTSIDE, MISSING, NOT_DUE = "I", "O", "M", " "


@dataclass(frozen=True)
class ImagingMatrix(Result):
    """`visits` in their order; `participants` has a text per participant with a due scan, a letter per visit.

    The texts are in the order of the picture (fewest missing first) and name nobody: the pooled dashboard is open to
    people who may not know of participants at other sites.
    """

    visits: tuple[str, ...]
    participants: tuple[str, ...]


def compute(data: AnalysisData) -> ImagingMatrix:
    """Put the due scans of everybody into rows."""
    rows: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for scan in due(data.tables, data.cutoff):
        letter = IN_WINDOW if scan.in_window else OUTSIDE if scan.done else MISSING
        rows[scan.participant][scan.visit] = letter
    visits = sorted({visit for row in rows.values() for visit in row}, key=lambda visit: int(visit[1:]))
    texts = ("".join(row.get(visit, NOT_DUE) for visit in visits) for row in rows.values())
    return ImagingMatrix(tuple(visits), tuple(sorted(texts, key=_order)))


def _order(row: str) -> tuple[int, int, str]:
    """Fewest missing, then longest, then by what became of the scans."""
    return row.count(MISSING), -len(row.rstrip(NOT_DUE)), row


def show(result: ImagingMatrix, view: View) -> Shown:
    """The picture, in two sizes on a screen; the counts of each visit behind it."""
    if not result.participants:
        return Shown()
    key = T("每列一位受试者，缺失最少者在左", "One column per participant, the fewest missing on the left")
    sizes: tuple[Size, ...] = ("wide",) if view is View.REPORT else ("wide", "narrow")
    drawings = tuple(_draw(result, size) for size in sizes)
    return Shown(panels=(Panel("im", OUTPUT.title, drawings, key, table=_table(result), main=True),))


def _draw(result: ImagingMatrix, size: Size) -> str:
    looks = {IN_WINDOW: drawing.DONE, OUTSIDE: drawing.PARTLY, MISSING: drawing.MISSING}
    names = {
        IN_WINDOW: T("窗内", "in window"), OUTSIDE: T("窗外", "outside window"), MISSING: T("缺失", "missing"),
    }  # fmt: skip
    counts = Counter("".join(result.participants))
    described = T("{n} 位受试者；{facts}", "{n} participants; {facts}").format(
        n=len(result.participants), facts=", ".join(f"{names[letter]} {counts[letter]}" for letter in names)
    )
    kinds = {letter: drawing.Kind(str(names[letter]), looks[letter]) for letter in names}
    return drawing.status_matrix(
        result.participants, result.visits, kinds, size=size, title=str(OUTPUT.title), desc=str(described), ident="im"
    )


def by_visit(result: ImagingMatrix) -> dict[str, Scans]:
    """The scans of each visit: due, done, in their window."""
    columns = {visit: "".join(row[place] for row in result.participants) for place, visit in enumerate(result.visits)}
    return {
        visit: Scans(len(column) - column.count(NOT_DUE), len(column) - column.count(NOT_DUE) - column.count(MISSING),
                     column.count(IN_WINDOW))
        for visit, column in columns.items()
    }  # fmt: skip


def _table(result: ImagingMatrix) -> Table:
    heads: tuple[Text, ...] = (
        T("访视", "Visit"), T("应查", "Due"), T("已查", "Done"), T("窗内", "In window"), T("缺失", "Missing"),
    )  # fmt: skip
    rows = tuple(
        Row(visit, (scans.due, *(Share(n, scans.percent(n)) for n in (scans.done, scans.in_window)),
                    scans.due - scans.done))
        for visit, scans in by_visit(result).items()
    )  # fmt: skip
    return Table(T("各访视的影像", "Scans of each visit"), heads, rows)


def expected(result: ImagingMatrix) -> Numbers:
    """Participants with a due scan, and the scans of each visit."""
    numbers: Numbers = {"participants": len(result.participants)}
    for visit, scans in by_visit(result).items():
        numbers |= scan_numbers(visit, scans)
    return numbers


OUTPUT = Output(
    code="imaging_matrix",
    title=T("影像依从性矩阵", "Imaging adherence matrix"),
    by_arm=False,
    result=ImagingMatrix,
    compute=compute,
    show=show,
    expected=expected,
    places=PLACES | {visit: typeset(text) for visit, text in VISIT.codes.items()},
)
