"""What the reader must know of single participants beside the numbers. Pure."""

from dataclasses import dataclass, field

from analysis.survival.results import Result


@dataclass(frozen=True)
class ParticipantCaution(Result):
    """What is uncertain about one participant's dates.

    `code`: `contradiction` (an endpoint could not be derived), `partial` (the earliest day that it may be counts),
    `partial_start` (the same of a therapy, but not before a recurrence) or
    `no_origin` (no day from which time could run: known in part, no date, or after Day 0).
    """

    participant: str
    code: str
    facts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_text(cls, text: str) -> "ParticipantCaution":
        """The caution of an older run, which kept its sentence alone."""
        return cls("", "stored", {"text": text})
