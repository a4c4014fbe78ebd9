"""The alarm of the night: who left a count is named, who joined without data is named, growth by data is silent."""

from collections.abc import Callable
from typing import Any

import pytest

from analysis.alarms import Alarm, Counted, alarms, counted
from analysis.outputs.data import AnalysisData
from analysis.outputs.stored_results import from_json
from tests.analysis.studies import CUTOFF, cohort, study

People = list[dict[str, Any]]


def night(people: People) -> Counted:
    """A night of these people, as it is stored and read again."""
    return from_json(Counted, counted(AnalysisData.of(study(people), CUTOFF)).to_dict(), "counted")


@pytest.fixture(scope="module")
def before() -> Counted:
    return night(cohort())


def changed(change: Callable[[People], object]) -> Counted:
    people = cohort()
    change(people)
    return night(people)


def test_two_nights_of_the_same_data_are_silent(before: Counted) -> None:
    assert alarms(before, night(cohort())) == ()


def test_growth_by_what_was_entered_is_silent(before: Counted) -> None:
    def grow(people: People) -> None:
        people[0] |= {"scans": [*people[0]["scans"], 36, 48], "recurrence": 48}
        people[4]["death"] = 150
        people.append(cohort()[0])

    after = changed(grow)
    assert alarms(before, after) == ()
    assert len(after.members["events"]) > len(before.members["events"])
    assert len(after.members["deaths"]) == 1


def test_a_recurrence_that_is_gone_is_named(before: Counted) -> None:
    (raised,) = alarms(before, changed(lambda people: people[1].pop("recurrence")))
    assert raised == Alarm("events", "lost", 22, 21, ("01-002",))
    assert raised.text.en == "recurrences: 1 no longer counted (22 → 21)"
    assert raised.text.zh == "复发事件：1 项不再计入（22 → 21）"


def test_a_recurrence_that_is_gone_does_not_hide_behind_a_new_one(before: Counted) -> None:
    def exchange(people: People) -> None:
        people[1].pop("recurrence")
        people[0]["recurrence"] = people[0]["scans"][-1]

    (raised,) = alarms(before, changed(exchange))
    assert (raised.before, raised.after, raised.members) == (22, 22, ("01-002",))


def test_a_participant_who_vanishes_is_named_in_every_count_and_their_scans_too(before: Counted) -> None:
    raised = {alarm.count: alarm for alarm in alarms(before, changed(lambda people: people.pop()))}
    assert set(raised) == {"arm", "analysed", "events", "scans"}
    assert {alarm.participants for alarm in raised.values()} == {("01-040",)}
    assert raised["scans"].members[0] == "01-040 W12 - 1"


def test_who_is_counted_newly_without_a_new_record_is_named(before: Counted) -> None:
    without = {count: those[1:] if count == "events" else those for count, those in before.members.items()}
    (raised,) = alarms(Counted(without, before.records), before)
    assert (raised.code, raised.before, raised.after, len(raised.members)) == ("unexplained", 21, 22, 1)


def test_one_scan_less_is_named_though_more_were_entered(before: Counted) -> None:
    def exchange(people: People) -> None:
        people[5]["scans"] = people[5]["scans"][1:]
        people[6]["scans"] = [*people[6]["scans"], 120, 132]

    (raised,) = alarms(before, changed(exchange))
    assert (raised.count, raised.code, raised.members) == ("scans", "lost", ("01-006 W12 - 1",))
