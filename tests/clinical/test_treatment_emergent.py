"""Treatment-emergent by crf-spec E4: from the first dose (NA alone: Day 0) to thirty days after the last."""

import pytest

from prtras.clinical.treatment_emergent import Window, is_emergent, window

DAY_0 = "2025-06-02"
DOSES = ["2025-06-16", "2025-06-09", "2025-07-01"]


def test_the_combination_runs_from_the_first_dose_to_thirty_days_after_the_last() -> None:
    assert window(DAY_0, DOSES, combination=True, days_after=30) == Window("2025-06-09", "2025-07-31")


@pytest.mark.parametrize(("doses", "combination"), [(DOSES, False), ([], True), ([], False)])
def test_na_alone_and_a_combination_without_a_known_dose_run_from_day_0(doses: list[str], combination: bool) -> None:
    assert window(DAY_0, doses, combination=combination, days_after=30) == Window(DAY_0, None)


@pytest.mark.parametrize(
    ("start", "emergent"),
    [
        ("2025-06-08", False), ("2025-06-09", True), ("2025-07-31", True), ("2025-08-01", False),
        ("2025-05", False), ("2025-06", True), ("2025-07", True), ("2025-08", False), ("2024", False), ("2025", True),
        (None, True), ("", True),
    ],
)  # fmt: skip
def test_an_event_counts_that_began_within_or_may_have(start: str | None, emergent: bool) -> None:
    assert is_emergent(start, Window("2025-06-09", "2025-07-31")) is emergent
