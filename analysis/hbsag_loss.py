"""Time to confirmed HBsAg loss (TTHBSL) from the samples of a participant. Pure.

Source: crf-spec E5 (confirmed loss: a further negative at least 77 days after the first of a run without a positive
between, `prtras.clinical.hbsag_status`) and E6 (event: the first negative of that run; else the last HBsAg sample).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from prtras.clinical import hbsag_status

CONFIRMED = ("LOSS_CONF", "FUNCURE")
NEGATIVE = "LT_LLOQ"


@dataclass(frozen=True)
class Loss:
    """The day of the first negative of a confirmed run, or of the last sample; `lost`: which of them."""

    day: date
    lost: bool


def reaction(row: Mapping[str, Any]) -> str | None:
    """The qualifier; without a valid quantity the laboratory's own negative counts as negative."""
    quantified: str | None = row["hbsag_q"]
    return NEGATIVE if quantified in (None, "INVALID") and row["hbsag_res"] == "NEG" else quantified


def loss(anchor: date, samples: Sequence[tuple[date, str | None]]) -> Loss | None:
    """The endpoint of samples (day, qualifier) up to the cut-off, in any order; of two on a day the later row counts.

    None where the participant is not at risk: negative in the last valid sample up to Day 0. Without a later sample
    the last day is Day 0.
    """
    valid = sorted((day, q) for day, q in dict(samples).items() if q not in (None, "INVALID"))
    before = [q for day, q in valid if day <= anchor]
    if before and before[-1] == NEGATIVE:
        return None
    after = [(day, q) for day, q in valid if day > anchor]
    statuses = hbsag_status.statuses(
        records=[{"date": day, "hbsag_q": q, "hbvdna_q": None} for day, q in after], na_ongoing="Y"
    )
    confirmed = next((i for i, status in enumerate(statuses) if status in CONFIRMED), None)
    if confirmed is None:
        return Loss(after[-1][0] if after else anchor, False)
    first = confirmed
    while first and after[first - 1][1] == NEGATIVE:
        first -= 1
    return Loss(after[first][0], True)
