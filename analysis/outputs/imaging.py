"""Imaging adherence: scans due by the cut-off, done, and done in their window. Pure but for the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.outputs.expectations import Numbers
from analysis.outputs.number_texts import percent
from analysis.outputs.output import Output, Shown, Tile, View
from analysis.survival.results import Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.endpoints import Tables
    from analysis.outputs.data import AnalysisData

EVALUABLE = ("GOOD", "ADEQUATE", "LIMITED")
#: What ends the follow-up of a participant: table and column of its date.
ENDS = (("eos", "eos_date"), ("death", "dth_date"))


@dataclass(frozen=True)
class Scans(Result):
    """Scans that were due by the cut-off, and how many were done and in their window."""

    due: int
    done: int
    in_window: int

    def percent(self, part: int) -> str:
        """A part of the scans due; a dash when none was due."""
        return percent(part / self.due, 0) if self.due else "–"


@dataclass(frozen=True)
class DueScan:
    """A scan that was due: whose, at which visit, whether it was done (evaluable) and in its window."""

    participant: str
    visit: str
    done: bool
    in_window: bool


def compute(data: AnalysisData) -> Scans:
    """Count over all participants."""
    return counted(data.tables, data.cutoff).get("all", Scans(0, 0, 0))


def counted(tables: Tables, cutoff: date) -> dict[str, Scans]:
    """The scans of `all` participants, and of each arm."""
    arms = {person["SUBJID"]: person["ARMCD"] for person in tables["participants"]}
    counts: Counter[tuple[str, str]] = Counter()
    for scan in due(tables, cutoff):
        facts = ("due", *("done",) * scan.done, *("in_window",) * scan.in_window)
        counts.update((group, fact) for group in ("all", arms[scan.participant]) for fact in facts)
    return {
        group: Scans(counts[group, "due"], counts[group, "done"], counts[group, "in_window"])
        for group in dict.fromkeys(group for group, _ in counts)
    }


def due(tables: Tables, cutoff: date) -> Iterator[DueScan]:
    """Each scan that was due, and what became of it.

    None is due after death, the end of the study or the first confirmed recurrence (schedule.yaml, after_recurrence).
    """
    confirmed = [row for row in tables.get("recur", ()) if row["rec_adj"] == "CONFIRMED"]
    left = {name: tables.get(name, ()) for name, _ in ENDS} | {"recur": confirmed}
    ended = last_days(left, (*ENDS, ("recur", "rec_date")))
    scans = {
        (row["SUBJID"], row["VISIT"]): row["mri_date"]
        for row in tables["mri"]
        if row["mri_done"] == "Y" and row["mri_quality"] in EVALUABLE
    }
    for visit in tables["visits"]:
        participant, week = visit["SUBJID"], visit["VISIT"]
        if week[0] != "W" or week == "W0" or not visit["CLOSES"] or visit["CLOSES"] > cutoff.isoformat():
            continue
        scan = scans.get((participant, week))
        if scan is not None:
            yield DueScan(participant, week, True, visit["OPENS"] <= scan <= visit["CLOSES"])
        elif not _left(visit, ended.get(participant)):
            yield DueScan(participant, week, False, False)


def _left(visit: Mapping[str, Any], ended: str | None) -> bool:
    """The participant ended the study, or recurred, before this visit, or it is not needed: no scan is expected."""
    return visit["STATE"] == "dropped" or (ended is not None and visit["OPENS"] > ended)


def last_days(tables: Tables, what_ends: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The earliest day in these columns, each of a table, by participant."""
    ends: dict[str, str] = {}
    for name, column in what_ends:
        for row in tables.get(name, ()):
            if row[column]:
                ends[row["SUBJID"]] = min(ends.get(row["SUBJID"], row[column]), row[column])
    return ends


def show(result: Scans, view: View) -> Shown:
    """A tile on the dashboards."""
    if view is View.REPORT:
        return Shown()
    if not result.due:
        return Shown(tiles=(Tile(OUTPUT.title, ("–",)),))
    note = T("应查 {d}，缺 {m}", "{d} due, {m} missing").format(d=result.due, m=result.due - result.done)
    return Shown(tiles=(Tile(OUTPUT.title, (result.percent(result.in_window),), "%", note),))


#: The words of the places of `scan_numbers`.
PLACES = {"due": T("应查", "due"), "done": T("已查", "done"), "in window": T("窗内", "in the window")}


def scan_numbers(place: str, scans: Scans) -> Numbers:
    """The scans of a group."""
    return {f"{place} due": scans.due, f"{place} done": scans.done, f"{place} in window": scans.in_window}


def expected(result: Scans) -> Numbers:
    """The scans of everybody."""
    return scan_numbers("all", result)


OUTPUT = Output(
    code="imaging",
    title=T("影像在窗内", "Imaging in window"),
    by_arm=False,
    result=Scans,
    compute=compute,
    show=show,
    expected=expected,
    places=PLACES,
)
