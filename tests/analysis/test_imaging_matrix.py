"""The matrix of imaging adherence agrees with the counts, and names nobody."""

import json
from typing import Any

import pytest

from analysis import results
from analysis.outputs import imaging, imaging_by_arm, imaging_matrix
from analysis.outputs.output import View
from tests.analysis.studies import CUTOFF, on, study

VISITS = [
    {"SUBJID": f"01-00{n}", "VISIT": f"W{week}", "OPENS": on(week - 1), "CLOSES": on(week + 1), "STATE": "planned"}
    for n in (1, 2, 3)
    for week in (24, 36)
]


def computed() -> results.Results:
    people = [
        {"arm": "A1", "scans": [12, 24, 36]}, {"arm": "A2", "scans": [12]},
        {"arm": "A2", "scans": [12], "recurrence": 12},
    ]  # fmt: skip
    return results.compute(study(people, visits=VISITS), CUTOFF)


def test_a_scan_that_was_due_is_in_its_window_outside_or_missing_and_after_recurrence_none_is_due() -> None:
    matrix = computed()[imaging_matrix.OUTPUT]
    assert matrix.visits == ("W12", "W24", "W36")
    assert sorted(matrix.participants) == ["I  ", "III", "IMM"]
    assert matrix.participants[-1] == "IMM"


def due_of(**person: Any) -> list[str]:
    """The visits of which a scan was due of one participant who was scanned at week 12 only."""
    states = person.pop("states", ("planned", "planned"))
    visits = [row | {"STATE": state} for row, state in zip(VISITS[:2], states, strict=True)]
    tables = study([{"arm": "A1", "scans": [12]} | person], visits=visits)
    return [scan.visit for scan in imaging.due(tables, CUTOFF)]


def test_nothing_is_due_of_who_died_and_of_visits_that_are_not_needed_any_more() -> None:
    assert due_of() == ["W12", "W24", "W36"]
    assert due_of(death=20, states=("dropped", "dropped")) == ["W12"]
    assert due_of(death=30, states=("missed", "dropped")) == ["W12", "W24"]
    assert due_of(states=("done", "dropped")) == ["W12", "W24"]


@pytest.mark.parametrize(("judged", "due"), [("CONFIRMED", ["W12"]), ("NOTREC", ["W12", "W24", "W36"]),
                                             ("PENDING", ["W12", "W24", "W36"])])  # fmt: skip
def test_only_a_confirmed_recurrence_ends_the_scans(judged: str, due: list[str]) -> None:
    assert due_of(recurrence=12, forms={"recur": {"rec_adj": judged}}) == due


def test_its_counts_are_those_of_everybody_and_of_the_arms() -> None:
    outputs = computed()
    scans = imaging_matrix.by_visit(outputs[imaging_matrix.OUTPUT]).values()
    whole, arms = outputs[imaging.OUTPUT], outputs[imaging_by_arm.OUTPUT].arms.values()
    for count in ("due", "done", "in_window"):
        assert sum(getattr(each, count) for each in scans) == getattr(whole, count)
        assert sum(getattr(each, count) for each in arms) == getattr(whole, count)


def test_neither_the_result_nor_the_picture_names_a_participant() -> None:
    result = computed()[imaging_matrix.OUTPUT]
    shown = imaging_matrix.OUTPUT.show(result, View.POOLED)
    assert "01-0" not in json.dumps(result.to_dict())
    assert all("01-0" not in drawing for panel in shown.panels for drawing in panel.drawings)
