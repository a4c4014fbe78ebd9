"""What was read stays within the review: the API's feed of changes says nothing of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from endpoint_review.models import ReviewCase
from prtras.accounts.models import User
from prtras.audit.models import AuditEvent
from tests.api.conftest import Program, program, token_of
from tests.endpoint_review.conftest import NONE, RECURRENCE

__all__ = ["program", "token_of"]


def test_the_feed_of_changes_tells_nothing_of_cases_and_readings(
    case: ReviewCase, both: Callable[..., Any], wang: User, program: Callable[..., Program], monkeypatch: Any
) -> None:
    monkeypatch.setattr("prtras.audit.trail.MARGIN", timedelta())
    both(RECURRENCE, NONE)
    assert AuditEvent.objects.filter(table="endpoint_review_reviewcase", participant=case.participant_id).exists()
    items = program(wang).get("changes?limit=500").json()["items"]
    assert {"visits_mri", "crf_crfpage"} <= {event["table"] for event in items}
    assert not [event for event in items if event["table"].startswith("endpoint_review")]
    assert case.number not in json.dumps(items)
