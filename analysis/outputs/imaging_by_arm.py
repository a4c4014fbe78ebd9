"""Imaging adherence by arm. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs.expectations import Numbers
from analysis.outputs.imaging import PLACES, Scans, counted, scan_numbers
from analysis.outputs.output import Output, Row, Share, Shown, Table, View
from analysis.survival.results import Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


@dataclass(frozen=True)
class ImagingByArm(Result):
    """The scans of each arm."""

    arms: dict[str, Scans]


def compute(data: AnalysisData) -> ImagingByArm:
    """Count within the arms."""
    scans = counted(data.tables, data.cutoff)
    return ImagingByArm({arm: scans.get(arm, Scans(0, 0, 0)) for arm in plan.ARMS})


def show(result: ImagingByArm, _view: View) -> Shown:
    """A table."""
    heads = (T("治疗组", "Arm"), T("应查", "Due"), T("已查", "Done"), T("窗内", "In window"))
    rows = tuple(
        Row(plan.ARMS[arm], (scans.due, *(Share(n, scans.percent(n)) for n in (scans.done, scans.in_window))))
        for arm, scans in result.arms.items()
    )
    return Shown(tables=(Table(OUTPUT.title, heads, rows),))


def expected(result: ImagingByArm) -> Numbers:
    """The scans of each arm."""
    numbers: Numbers = {}
    for arm, scans in result.arms.items():
        numbers |= scan_numbers(arm, scans)
    return numbers


OUTPUT = Output(
    code="imaging_by_arm",
    title=T("影像依从性", "Imaging adherence"),
    by_arm=True,
    result=ImagingByArm,
    compute=compute,
    show=show,
    expected=expected,
    places=PLACES,
)
