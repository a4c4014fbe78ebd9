"""A signed reading in words. Of two independent ones nobody is told whose they are."""

from dataclasses import dataclass
from datetime import datetime

from endpoint_review.codelists import CATEGORY, CONFIDENCE, VERDICT
from endpoint_review.models import Reading
from endpoint_review.signing import fits
from prtras.labels import T

TITLES = {"first": T("评审A", "Reading A"), "second": T("评审B", "Reading B"), "final": T("裁定", "Adjudication")}


@dataclass(frozen=True)
class ReadingShown:
    """Which reading it is, whether it is one's own, what was read, when it was signed, whether that still fits."""

    title: T
    own: bool
    verdict: T
    day: int | None
    category: T
    confidence: T
    comment: str
    at: datetime
    fits: bool

    @classmethod
    def of(cls, reading: Reading, *, user_id: int) -> "ReadingShown":
        """A reading as someone sees it."""
        category = CATEGORY.text(reading.category) if reading.category else T("", "")
        return cls(
            TITLES[reading.part], reading.user_id == user_id, VERDICT.text(reading.verdict), reading.day, category,
            CONFIDENCE.text(reading.confidence), reading.comment, reading.at, fits(reading),
        )  # fmt: skip
