"""Visit windows on both sides, for every scheduled visit."""

from datetime import date, timedelta

import pytest

from prtras.clinical.inputs import BadInput, MissingInput
from prtras.clinical.visit_window import VisitWindow, window

ANCHOR = date(2026, 1, 5)
FOLLOW_UP = range(12, 157, 12)
SAFETY = (2, 4, 8, 16, 20, 28, 32, 40, 44, 52)


@pytest.mark.parametrize(
    ("visit", "target", "days"),
    [(f"W{week}", 7 * week, 7) for week in FOLLOW_UP] + [(f"S{week}", 7 * week, 3) for week in SAFETY],
)
def test_both_ends_of_the_window_are_inside(visit, target, days):
    statuses = [
        window(ANCHOR, visit, ANCHOR + timedelta(target + dev)).status for dev in (-days - 1, -days, days, days + 1)
    ]
    assert statuses == ["EARLY", "IN", "IN", "LATE"]


def test_screening_ends_on_the_anchor_and_has_no_target():
    assert window(ANCHOR, "SCR", ANCHOR).status == "IN"
    assert window(ANCHOR, "SCR", ANCHOR + timedelta(1)) == VisitWindow(None, date(2025, 12, 8), ANCHOR, "LATE", None)


@pytest.mark.parametrize("visit", ["EOS", "UNS"])
def test_an_unplanned_visit_has_no_window_but_still_an_anchor(visit):
    assert window(ANCHOR, visit) == VisitWindow(None, None, None, "NA", None)
    with pytest.raises(MissingInput) as missing:
        window(None, visit)
    assert missing.value.fields == ("anchor_date",)


@pytest.mark.parametrize("visit", ["W6", "W168", "S12", "w12", "W012", ""])
def test_a_visit_that_is_not_scheduled_is_refused(visit):
    with pytest.raises(BadInput) as bad:
        window(ANCHOR, visit)
    assert bad.value.field == "visit"


def test_a_window_outside_the_calendar_is_a_bad_anchor():
    with pytest.raises(BadInput) as bad:
        window("9999-12-31", "W12")
    assert bad.value.field == "anchor_date"


@pytest.mark.parametrize(
    "text", ["20260105", "2026-W02-1", "2026-1-5", "2026-01-05T00:00", " 2026-01-05", "0000-01-01"]
)
def test_only_the_full_iso_date_is_read(text):
    with pytest.raises(BadInput):
        window(text, "W12")
