"""What a person says with the content of a page. Pure."""

from dataclasses import dataclass, field

from prtras.crf.places import Place

#: The reason under this name holds for every change of the page.
EVERY_CHANGE = "all"
#: Characters of the reason why a row was entered in error.
VOID_LIMIT = 200


@dataclass
class Remarks:
    """Reasons for changes, by place or for `EVERY_CHANGE`; why rows were entered in error, by key; why a value stands
    though a check asks about it, by `check@place`; answers to queries, by their number.
    """

    reasons: dict[str, str] = field(default_factory=dict)
    voided: dict[str, str] = field(default_factory=dict)
    confirmed: dict[str, str] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)

    @property
    def general(self) -> str:
        """The reason that holds for every change; empty if there is none."""
        return self.reasons.get(EVERY_CHANGE, "")

    def reason_for(self, place: Place) -> str:
        """Why the value at a place changes, or a row was entered in error; empty if nobody said."""
        own = self.reasons.get(place) or (self.voided.get(place.row, "") if not place.item else "")
        return own or self.general
