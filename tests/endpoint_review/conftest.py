"""A participant with two scans, and what readers say of them."""

from collections.abc import Callable

import pytest

from endpoint_review.case_opening import open_cases
from endpoint_review.judgement import Judgement
from endpoint_review.models import ReviewCase, ReviewRound
from endpoint_review.signing import sign_reading
from prtras.accounts.models import User
from prtras.crf.models import Participant
from prtras.entry.saving import Saved
from tests.casebook import observation

RECURRENCE = Judgement("Y", 168, "LR5", "HIGH", "")
NONE = Judgement("N", None, "", "HIGH", "")


@pytest.fixture
def scanned(enrolled: Participant, fill: Callable[..., Saved]) -> Participant:
    """Day 0 is 2025-06-02; scans on days 84 and 168, the second with an LR-5 observation."""
    fill(enrolled, "mri", "W12")
    seen = {name.replace(".", "__"): value for name, value in observation().items()}
    at_24 = {"mri_date": "2025-11-17", "mri_read_date": "2025-11-18", "mri_nobs": "1", "mri_overall": "RECUR"}
    fill(enrolled, "mri", "W24", **at_24, **seen)
    fill(enrolled, "lbtm", "W12")
    return enrolled


@pytest.fixture
def case(scanned: Participant, qin: User) -> ReviewCase:
    open_cases(user=qin)
    return ReviewCase.objects.get(participant=scanned)


@pytest.fixture
def newest(case: ReviewCase) -> ReviewRound:
    return case.rounds.get()


@pytest.fixture
def both(newest: ReviewRound, mei: User, tao: User) -> Callable[[Judgement, Judgement], ReviewRound]:
    """Two readings of the newest round."""

    def sign(first: Judgement, second: Judgement) -> ReviewRound:
        sign_reading(newest, first, user=mei)
        sign_reading(newest, second, user=tao)
        return newest

    return sign
