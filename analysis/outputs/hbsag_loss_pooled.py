"""Confirmed HBsAg loss, death competing, of all participants. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.outputs import hbsag_loss, incidences
from analysis.outputs.hbsag_loss import HbsagLoss
from analysis.outputs.number_texts import ALL
from analysis.outputs.output import Shown, View, pooled_only
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


def compute(data: AnalysisData) -> HbsagLoss:
    """Everybody with an arm who was not negative at Day 0, on nominal visit weeks."""
    return hbsag_loss.of_groups(data, hbsag_loss.with_death(data).assign(ARMCD=ALL), (ALL,))


def show(result: HbsagLoss, view: View) -> Shown:
    """A figure and both tables."""
    tables = (
        hbsag_loss.incidence_table(result, OUTPUT.title, incidences.POOLED_HEADS),
        hbsag_loss.outcome_table(result, T("受试者", "Participants")),
    )
    return Shown(panels=hbsag_loss.figure(result, hbsag_loss.CAPTION, view), tables=tables)


OUTPUT = replace(
    hbsag_loss.OUTPUT,
    code="hbsag_loss_pooled",
    title=T("HBsAg确认消失的累积发生率（死亡为竞争事件，合并）", "Confirmed HBsAg loss, death competing, pooled"),
    by_arm=False,
    compute=compute,
    show=pooled_only(show),
)
