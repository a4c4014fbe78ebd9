"""HBV DNA response and the decline of HBsAg of all participants. Pure but for the reader's language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.outputs import virological_response
from analysis.outputs.number_texts import ALL
from analysis.outputs.output import Shown, View, pooled_only
from analysis.outputs.virological_response import CAPTION, RESPONSE_NOTE, VirologicalResponse
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


def compute(data: AnalysisData) -> VirologicalResponse:
    """Everybody with an arm and a Day 0, by the visits of the samples."""
    people = (number for number, _ in virological_response.arms(data.tables))
    return virological_response.of_groups(data.tables, dict.fromkeys(people, ALL), (ALL,))


def show(result: VirologicalResponse, view: View) -> Shown:
    """Two figures and a table."""
    head = T("受试者", "Participants")
    figures = (
        virological_response.panel(result, head, CAPTION, view),
        *virological_response.dna_panels(result, head, RESPONSE_NOTE, view),
    )
    return Shown((), figures, (virological_response.response_table(result, OUTPUT.title, head, RESPONSE_NOTE),))


OUTPUT = replace(
    virological_response.OUTPUT,
    code="virological_response_pooled",
    title=T("病毒学应答（HBV DNA，合并）", "Virological response (HBV DNA), pooled"),
    by_arm=False,
    compute=compute,
    show=pooled_only(show),
)
