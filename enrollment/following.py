"""Acts that follow from an enrollment page: the participant's state."""

from enrollment.models import Eligibility
from prtras.accounts.models import User
from prtras.crf.models import CrfPage, FormPage


def after_eligibility(page: CrfPage, saved: FormPage, user: User) -> None:
    """A screening failure is a state of the participant; an assessment put right takes it back."""
    assert isinstance(saved, Eligibility)
    participant = page.participant
    state = "screen_failure" if saved.scr_outcome == "FAIL" else "screening"
    if participant.state in ("screening", "screen_failure") and participant.state != state:
        participant.state = state
        participant.save(update_fields=["state"])
