"""Time to recurrence: limits, ties, and the missed-visit rule."""

from datetime import date, timedelta

import pytest

from prtras.clinical.inputs import BadInput
from prtras.clinical.time_to_recurrence import Outcome, derive

ANCHOR = date(2026, 1, 5)


def day(days):
    return ANCHOR + timedelta(days)


def outcome(confirmed=(), scans=(), death=None, therapies=(), cutoff=None, **options):
    """Event or not, day after the anchor, reason; all dates in days after the anchor."""
    actual = derive(
        ANCHOR,
        [{"date": day(days), "adj": "CONFIRMED"} for days in confirmed],
        [{"date": day(days), "evaluable": "Y"} for days in scans],
        None if death is None else day(death),
        [{"start": day(days), "type": kind} for days, kind in therapies],
        None if cutoff is None else day(cutoff),
        options,
    )
    assert actual.days == (actual.date - ANCHOR).days + 1
    return actual.event, actual.days - 1, actual.reason


def test_only_the_anchor_is_needed():
    assert derive("2026-01-05") == Outcome(0, ANCHOR, 1, "NOIMG")


def test_new_therapy_censors_from_the_anchor_day_on():
    assert outcome([100], [0, 84], therapies=[(0, "TACE")]) == (0, 0, "NEWTX")
    assert outcome([100], [0, 84], therapies=[(-1, "TACE")]) == (1, 100, "RECURRENCE")
    assert outcome([100], [84], therapies=[(99, "BSC"), (98, "TCM")]) == (1, 100, "RECURRENCE")
    assert outcome([100], [84], therapies=[(99, "OTHER")]) == (0, 84, "NEWTX")


def test_an_event_on_the_day_of_the_limit_stands():
    assert outcome([100], therapies=[(100, "TKI")], cutoff=100) == (1, 100, "RECURRENCE")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"therapies": [(90, "ICI")], "death": 90, "cutoff": 90}, "NEWTX"),
        ({"death": 90, "cutoff": 90}, "DEATH"),
        ({"therapies": [(91, "ICI")], "death": 91, "cutoff": 90}, "CUTOFF"),
        ({}, "LASTIMG"),
    ],
)
def test_the_earliest_limit_gives_the_reason_ties_in_order(limits, reason):
    assert outcome(scans=[84, 90], **limits) == (0, 90, reason)


def test_imaging_before_the_anchor_or_after_the_limit_does_not_count():
    assert outcome(scans=[-1, 91], death=90) == (0, 0, "NOIMG")
    assert outcome(scans=[0]) == (0, 0, "LASTIMG")


def test_death_as_event_comes_after_a_recurrence_of_the_same_day():
    actual = derive(
        ANCHOR,
        [{"date": day(90), "adj": "CONFIRMED"}],
        death_date=day(90),
        options={"death": "EVENT"},
    )
    assert (actual.event, actual.reason) == (1, "RECURRENCE")


def test_death_as_event_is_censored_by_an_earlier_limit():
    actual = derive(ANCHOR, death_date=day(90), cutoff_date=day(89), options={"death": "EVENT"})
    assert (actual.event, actual.reason) == (0, "NOIMG")


def test_the_missed_rule_applies_to_death_as_event_and_takes_its_own_gap():
    options = {"death": "EVENT", "missed_rule": "CENSOR", "gap_days": 10}
    actual = derive(ANCHOR, imaging=[{"date": day(84), "evaluable": "Y"}], death_date=day(95), options=options)
    assert (actual.event, actual.date, actual.reason) == (0, day(84), "MISSED2")
    actual = derive(ANCHOR, imaging=[{"date": day(84), "evaluable": "Y"}], death_date=day(94), options=options)
    assert (actual.event, actual.reason) == (1, "DEATH")


def test_the_missed_rule_leaves_a_plain_censoring_alone():
    assert outcome(scans=[84], death=900, missed_rule="CENSOR") == (0, 84, "DEATH")


def test_recurrence_on_the_day_of_death_is_possible_and_after_it_is_not():
    assert outcome([90], death=90) == (1, 90, "RECURRENCE")
    with pytest.raises(BadInput) as bad:
        outcome([91], death=90)
    assert bad.value.field == "recurrences"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recurrences", [{"date": "2026-05-01"}]),
        ("recurrences", {"date": "2026-05-01", "adj": "CONFIRMED"}),
        ("imaging", [{"date": None, "evaluable": "Y"}]),
        ("imaging", [None]),
        ("therapies", [{"start": "2026-05-01", "type": "SURGERY"}]),
        ("death_date", "2026-01-04"),
        ("cutoff_date", "2026-01-04"),
        ("options", []),
    ],
)
def test_a_bad_item_names_its_list_or_date(field, value):
    with pytest.raises(BadInput) as bad:
        derive(**{"anchor_date": ANCHOR, field: value})
    assert bad.value.field == field


@pytest.mark.parametrize(
    ("option", "value"), [("death", "Y"), ("new_therapy", "EVENT"), ("gap_days", 0), ("gap_days", 1.5)]
)
def test_a_bad_option_is_named(option, value):
    with pytest.raises(BadInput) as bad:
        derive(ANCHOR, options={option: value})
    assert bad.value.field == option


def test_the_days_of_death_and_cutoff_may_be_the_anchor_itself():
    assert outcome(scans=[0], death=0, cutoff=0) == (0, 0, "DEATH")
