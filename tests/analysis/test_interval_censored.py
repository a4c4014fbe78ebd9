"""Missed scans and the interval of a recurrence: what the table of the run says."""

from typing import Any

from analysis import results
from analysis.outputs import interval_censored
from analysis.outputs.data import AnalysisData
from analysis.outputs.interval_censored import Between, IntervalCensored
from analysis.outputs.output import View
from tests.analysis.studies import CUTOFF, cohort, study


def computed(people: list[dict[str, Any]]) -> IntervalCensored:
    return results.compute(study(people), CUTOFF)[interval_censored.OUTPUT]


def test_a_recurrence_lies_after_the_last_negative_scan_and_without_one_after_day_0() -> None:
    people = [{"scans": [12, 24, 48], "recurrence": 48}, {"scans": [12], "recurrence": 12}, {"scans": [12, 24]}]
    rows = interval_censored.with_interval(AnalysisData.of(study(people), CUTOFF).primary)
    assert rows["LEFT"].tolist() == [7 * 24 + 1, 0, 7 * 24 + 1]
    assert rows["RIGHT"].tolist()[:2] == [7 * 48 + 1, 7 * 12 + 1]
    assert rows["RIGHT"].isna().tolist() == [False, False, True]


def test_a_recurrence_after_two_missed_scans_counts_in_one_rule_and_not_in_the_other() -> None:
    gap = [{"arm": "A2", "scans": [12, 60], "recurrence": 60, "hbsag": 2.0}] * 3
    result = computed([*cohort(), *gap])
    assert {line.method: line.events for line in result.methods} == {
        "planned": 25, "gap": 22, "midpoint": 25, "grouped": 25, "weibull": 25, "turnbull": 25
    }  # fmt: skip
    assert {arm: (each.events, each.after_gap) for arm, each in result.missed.items()} == {"A1": (15, 0), "A2": (10, 3)}


def test_the_estimate_without_a_model_is_a_range_within_an_interval_and_none_beyond_the_last_scan() -> None:
    full = [{"arm": "A1", "scans": list(range(12, 169, 12)), "recurrence": 168 if n < 2 else None} for n in range(4)]
    short = [{"arm": "A2", "scans": [12, 24], "recurrence": 24}]
    turnbull = computed([*full, *short]).methods[-1]
    assert turnbull.rates == {"A1": Between(0.0, 0.5), "A2": Between(None, None)}
    cells = [
        str(cell) for cell in interval_censored.show(computed([*full, *short]), View.REPORT).tables[0].rows[-1].cells
    ]
    assert cells == ["5", "3", "0.0–50.0", "NE", "–", "–"]


def test_with_few_events_in_an_arm_no_model_of_the_interval_shows_a_hazard_ratio() -> None:
    result = computed(cohort(recurrence=None))
    assert [line.hazard for line in result.methods] == [None] * 6
