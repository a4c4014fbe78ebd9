"""Where a participant stands, from what is recorded: state, consent, the end. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


class Pages(Protocol):
    """What is on a participant's pages, by form and item."""

    def value(self, form: str, item: str) -> Any: ...


STATE_AFTER_END = {
    "COMPLETED": "completed",
    "DEATH": "died",
    "LOST TO FOLLOW-UP": "lost",
    "SCREEN FAILURE": "screen_failure",
}


@dataclass(frozen=True)
class ParticipantState:
    """The participant's state, the days of consent and withdrawal, and the day after which no visit is expected."""

    state: str
    consented: date | None
    withdrawn: date | None
    ended: date | None


def participant_state(context: Pages) -> ParticipantState:
    """From the forms consent, eligibility, choice of arm, death and end of study."""
    withdrawn, died = context.value("consent", "withdraw_date"), context.value("death", "dth_date")
    disposition = context.value("eos", "eos_status")
    closed = context.value("eos", "eos_date") if disposition else None
    return ParticipantState(
        _state(context, disposition, died, withdrawn),
        context.value("consent", "icf_date"),
        withdrawn,
        min((day for day in (withdrawn, died, closed) if day), default=None),
    )


def _state(context: Pages, disposition: str | None, died: date | None, withdrawn: date | None) -> str:
    if died:
        return "died"
    if disposition:
        return STATE_AFTER_END.get(disposition, "withdrawn")
    if withdrawn:
        return "withdrawn"
    if context.value("ie", "scr_outcome") == "FAIL":
        return "screen_failure"
    return "on_study" if context.value("alloc", "arm") else "screening"
