"""The one sign of a page: what wins over what, and when an empty page is due."""

from datetime import date, timedelta

import pytest

from prtras.crf import status

TODAY = date(2025, 8, 25)
#: An empty required page in the middle of its window.
PAGE = {
    "submitted": False, "open_queries": 0, "answered": 0, "draft": False, "today": TODAY,
    "opens": TODAY - timedelta(7), "closes": TODAY + timedelta(7),
}  # fmt: skip
SUBMITTED = {"submitted": True}


def sign(**changes) -> status.Status:
    return status.page_status(**PAGE | changes)


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (1, 15, status.PLANNED),
        (0, 14, status.DUE),
        (-14, 0, status.DUE),
        (-15, -1, status.OVERDUE),
        (None, None, status.DUE),
    ],
)
def test_an_empty_page_is_due_from_the_first_day_of_its_window_and_overdue_after_the_last(opens, closes, expected):
    first, last = (None if days is None else TODAY + timedelta(days) for days in (opens, closes))
    assert sign(opens=first, closes=last) is expected


@pytest.mark.parametrize("waits_for_nothing", [{"required": False}, {"missed": True}])
@pytest.mark.parametrize("closes", [7, -1])
def test_a_page_that_is_merely_offered_or_of_a_missed_visit_is_never_due(waits_for_nothing, closes):
    assert sign(closes=TODAY + timedelta(closes), **waits_for_nothing) is status.PLANNED


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (SUBMITTED, status.COMPLETE),
        (SUBMITTED | {"verified": True}, status.VERIFIED),
        (SUBMITTED | {"verified": True, "answered": 1}, status.ANSWERED),
        (SUBMITTED | {"draft": True, "answered": 1}, status.DRAFT),
        ({"answered": 1}, status.DUE),
        ({"draft": True}, status.DRAFT),
        ({"draft": True, "closes": TODAY - timedelta(1)}, status.OVERDUE),
        ({"open_queries": 1, "closes": TODAY - timedelta(1)}, status.QUERY),
        ({"held": True, "open_queries": 1}, status.LOCKED),
    ],
)
def test_the_more_urgent_sign_wins(page, expected):
    assert sign(**page) is expected
