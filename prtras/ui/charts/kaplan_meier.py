"""The recurrence figure: cumulative recurrence by Kaplan-Meier with its risk table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from prtras.ui.charts.frame import Size
from prtras.ui.charts.step_figure import Words, step_figure
from prtras.ui.charts.steps import Curve, StepPoint
from prtras.ui.charts.svg import Markup

__all__ = ["Curve", "RiskCounts", "Size", "StepPoint", "Texts", "cumulative_recurrence"]


class RiskCounts(NamedTuple):
    """The three numbers under one tick: at risk, censored so far, events so far."""

    at_risk: int
    censored: int
    events: int


@dataclass(frozen=True)
class Texts:
    """The words of the figure but for its axes, in the reader's language."""

    title: str
    desc: str
    at_risk: str
    censored: str
    events: str
    few_at_risk: str
    empty: str


def cumulative_recurrence(
    curves: Sequence[Curve],
    *,
    ticks: Sequence[float],
    x_label: str,
    y_label: str,
    read_at: float | None,
    read_label: str,
    texts: Texts,
    size: Size = "wide",
    ident: str = "km",
) -> Markup:
    """Draw the figure of curves whose rows are RiskCounts; ``ticks`` are the labelled times."""
    rows = (texts.at_risk, texts.censored, texts.events)
    words = Words(texts.title, texts.desc, x_label, y_label, rows, texts.few_at_risk, texts.empty, read_label)
    return step_figure("km", curves, ticks=ticks, words=words, read_at=read_at, size=size, ident=ident)
