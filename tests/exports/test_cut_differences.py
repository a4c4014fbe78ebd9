"""Two data cuts value by value: what is new, changed and removed, and nothing else."""

from typing import Any

import pytest

from prtras.exports.cut_differences import CHANGED, NEW, REMOVED, counted, differences

KEYS = {"SITEID": "01", "SUBJID": "01-001", "VISIT": "W12", "VISITSEQ": 0, "REPEAT": 0, "PAGEVERSION": 1}


def row(**values: Any) -> dict[str, Any]:
    return KEYS | values


def compared(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[tuple[str, str, Any, Any]]:
    both = differences({"vs": before}, {"vs": after}, lambda table: {"secret"})
    return [(each.column, each.change, each.before, each.after) for each in both]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (row(pulse=70), row(pulse=70), []),
        (row(pulse=70), row(pulse=71), [("pulse", CHANGED, 70, 71)]),
        (row(pulse=70), row(), [("pulse", REMOVED, 70, None)]),
        (row(), row(pulse=70), [("pulse", NEW, None, 70)]),
        (row(pulse=None), row(pulse=""), []),
        (row(pulse=70), row(pulse=70, PAGEVERSION=4), []),
        (row(pulse=0), row(pulse=None), [("pulse", REMOVED, 0, None)]),
        (row(pulse="70"), row(pulse=70), [("pulse", CHANGED, "70", 70)]),
        (row(secret="a"), row(secret="b"), []),
        (row(parts=["A"]), row(parts=["A", "B"]), [("parts", CHANGED, ["A"], ["A", "B"])]),
        (row(missing={"pulse": "ND"}), row(missing={"pulse": "UNK"}), [("missing.pulse", CHANGED, "ND", "UNK")]),
        (
            row(missing={"pulse": "ND"}),
            row(pulse=70),
            [("pulse", NEW, None, 70), ("missing.pulse", REMOVED, "ND", None)],
        ),
        (row(missing={"secret": "ND"}), row(), []),
    ],
)
def test_a_value_is_new_changed_or_removed(before: dict[str, Any], after: dict[str, Any], expected: list[Any]) -> None:
    assert compared([before], [after]) == expected


def test_every_value_of_a_row_that_came_or_went_counts() -> None:
    whole = row(pulse=70, weight="61.5")
    assert compared([], [whole]) == [("pulse", NEW, None, 70), ("weight", NEW, None, "61.5")]
    assert compared([whole], []) == [("pulse", REMOVED, 70, None), ("weight", REMOVED, "61.5", None)]
    assert compared([], [row()]) == [("", NEW, None, None)], "an empty row is there all the same"


def test_rows_are_known_by_their_keys_and_not_by_their_order() -> None:
    first, second = row(ROW=1, size=10), row(ROW=2, size=20)
    assert compared([first, second], [second, first]) == []
    other = row(ROW=1, size=10, VISITSEQ=1)
    assert compared([first], [other]) == [("size", NEW, None, 10), ("size", REMOVED, 10, None)]


def test_two_queries_at_one_place_are_two_rows() -> None:
    at = {"SUBJID": "01-001", "FORM": "vs", "PLACE": "pulse"}
    before = {"queries": [at | {"STATE": "closed"}, at | {"STATE": "open"}]}
    after = {"queries": [at | {"STATE": "closed"}, at | {"STATE": "answered"}, at | {"STATE": "open"}]}
    compared = [(each.before, each.after) for each in differences(before, after)]
    assert compared == [("open", "answered"), (None, "open")]


def test_a_table_that_only_one_of_them_has_is_all_new_or_all_gone() -> None:
    compared = list(differences({"old": [row(a=1)]}, {"new": [row(b=2)]}))
    assert counted(compared) == {
        "new": {NEW: 1, CHANGED: 0, REMOVED: 0}, "old": {NEW: 0, CHANGED: 0, REMOVED: 1},
    }  # fmt: skip
    assert {each.participant for each in compared} == {"01-001"}
