"""The verdicts of the blind endpoint review, from the tables of a data cut. Pure: plain rows in, plain values out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]
ROUNDS, READINGS = "blind_rounds", "blind_readings"


@dataclass(frozen=True)
class Review:
    """The newest round of a participant: the day of the last evaluable scan shown, and the readings by part.

    Days are texts as the cut has them; one that is later than the cut-off date is None.
    """

    through: str | None
    readings: Mapping[str, Row] = field(default_factory=dict)

    @property
    def pair(self) -> tuple[Row, Row] | None:
        """The two independent readings, once there are both."""
        first, second = self.readings.get("first"), self.readings.get("second")
        return (first, second) if first is not None and second is not None else None

    @property
    def agreed(self) -> bool:
        """Both readers came to the same verdict, and with a recurrence to the same scan."""
        if self.pair is None:
            return False
        first, second = self.pair
        return (first["VERDICT"], first["EVIDENCE"]) == (second["VERDICT"], second["EVIDENCE"])

    @property
    def final(self) -> Row | None:
        """The reading that counts: the adjudication, or the first of two that agree."""
        return self.readings.get("final") or (self.readings["first"] if self.agreed else None)


def reviews(tables: Mapping[str, Sequence[Row]]) -> dict[str, Review]:
    """The newest round of every participant who has one."""
    newest: dict[str, Row] = {}
    for row in tables.get(ROUNDS, ()):
        if row["SUBJID"] not in newest or row["ROUND"] > newest[row["SUBJID"]]["ROUND"]:
            newest[row["SUBJID"]] = row
    read: dict[tuple[str, int], dict[str, Row]] = defaultdict(dict)
    for row in tables.get(READINGS, ()):
        read[row["SUBJID"], row["ROUND"]][row["PART"]] = row
    return {number: Review(row.get("THROUGH"), read[number, row["ROUND"]]) for number, row in newest.items()}
