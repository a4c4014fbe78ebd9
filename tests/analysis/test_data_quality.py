"""What the data quality of a cut counts: due visits, pages, verification and signatures that hold, queries by age."""

from datetime import timedelta
from typing import Any

import pytest

from analysis import results
from analysis.outputs import data_quality
from analysis.outputs.data_quality import DataQuality, FormQuality
from analysis.outputs.output import View
from tests.analysis.studies import CUTOFF, on, study

PAGE = {"SUBJID": "01-001", "VISIT": "W12", "VISITSEQ": 0, "FORM": "mri", "REPEAT": 1}


def quality(*people: dict[str, Any], **tables: list[dict[str, Any]]) -> DataQuality:
    made = study(people or [{"scans": [12]}], **tables)
    if "visits" in tables:
        made["visits"] = made["visits"][len(people or [1]) :]  # not the planned one that everybody has
    return results.compute(made, CUTOFF)[data_quality.OUTPUT]


def visit(state: str = "planned", day: str | None = None, week: int = 24) -> dict[str, Any]:
    return {
        "SUBJID": "01-001", "VISIT": f"W{week}", "OPENS": on(week - 1), "CLOSES": on(week + 1), "SVSTDTC": day,
        "STATE": state,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "due", "done"),
    [
        (visit("done", on(24)), 1, 1),
        (visit("missed"), 1, 0),
        (visit("planned"), 1, 0),
        (visit("dropped"), 0, 0),
        (visit("planned", week=600), 0, 0),
    ],
    ids=["done", "missed", "forgotten", "not needed", "to come"],
)
def test_a_visit_is_due_when_its_window_has_closed(seen: dict[str, Any], due: int, done: int) -> None:
    counted = quality(visits=[seen])
    assert (counted.due, counted.done) == (due, done)


def test_after_death_or_the_end_of_study_no_visit_is_due() -> None:
    assert quality({"scans": [12], "death": 20}, visits=[visit(), visit(week=12)]).due == 1
    assert quality({"scans": [12], "forms": {"eos": {"eos_date": on(13)}}}, visits=[visit()]).due == 0


def test_a_verification_or_signature_that_a_change_ended_is_none_and_a_page_counts_once() -> None:
    ended = "2026-01-01T00:00:00+00:00"
    counted = quality(
        verifications=[PAGE | {"DROPPED": None}, PAGE | {"DROPPED": None}, PAGE | {"REPEAT": 2, "DROPPED": ended}],
        signatures=[PAGE | {"BROKEN": ended}],
    )
    assert FormQuality("mri", 1, 1, 0, 0, 0) in counted.forms


@pytest.mark.parametrize(
    ("days", "where"), [(0, "new"), (7, "new"), (8, "late"), (30, "late"), (31, "overdue"), (-2, "new")]
)
def test_open_queries_are_counted_by_their_age_at_the_cut_off(days: int, where: str) -> None:
    opened = f"{(CUTOFF - timedelta(days=days)).isoformat()}T10:00:00+00:00"
    others = [PAGE | {"STATE": state, "OPENED": opened} for state in ("answered", "closed")]
    counted = quality(queries=[PAGE | {"STATE": "open", "OPENED": opened}, *others])
    assert {name: getattr(counted, name) for name in ("new", "late", "overdue") if getattr(counted, name)} == {where: 1}
    assert (counted.answered, counted.total("queries"), counted.total("open")) == (1, 3, 1)


def test_the_report_has_the_summary_and_the_dashboard_each_form_as_well() -> None:
    counted = quality(queries=[PAGE | {"STATE": "open", "OPENED": "2027-01-01T00:00:00+00:00"}])
    assert len(data_quality.show(counted, View.REPORT).tables) == 1
    shown = data_quality.show(counted, View.POOLED)
    assert [str(cell) for row in shown.tables[1].rows for cell in row.cells if "MRI" in row.head.en][-2:] == ["1", "1"]
    assert shown.tiles[0].values == ("1",)


def test_a_study_without_anything_counts_nothing() -> None:
    empty = results.compute(study([]), CUTOFF)[data_quality.OUTPUT]
    assert empty == DataQuality(0, 0, 0, 0, 0, 0, ())
    assert data_quality.show(empty, View.REPORT).tables
