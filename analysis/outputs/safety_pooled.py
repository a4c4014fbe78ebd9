"""Adverse events and deaths of all participants. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.outputs import safety
from analysis.outputs.number_texts import ALL
from analysis.outputs.output import Panel, Shown, View, pooled_only
from analysis.outputs.safety import Safety
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


def compute(data: AnalysisData) -> Safety:
    """Count everybody who received treatment."""
    return safety.of_groups(data.tables, dict.fromkeys(safety.received(data.tables), ALL), (ALL,))


def show(result: Safety, _view: View) -> Shown:
    """A table, small with bars too."""
    key = T("受试者数（%）", "participants (%)")
    table = safety.table_of(result, T("{title}：{what}", "{title}: {what}").format(title=OUTPUT.title, what=key))
    return Shown(panels=(Panel("ae", OUTPUT.title, key=key, table=table),), tables=(table,))


OUTPUT = replace(
    safety.OUTPUT,
    code="safety_pooled",
    title=T("不良事件（合并）", "Adverse events, pooled"),
    by_arm=False,
    compute=compute,
    show=pooled_only(show),
)
