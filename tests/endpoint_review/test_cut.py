"""The review in a data cut and in its bundle: rounds and readings as they were signed, nobody's name or comment."""

from datetime import date

import pytest
from django.utils import timezone

from prtras.datacut import snapshot
from prtras.datacut.cutting import take_cut
from prtras.exports.building import bundle
from prtras.exports.formats.csv import CSV
from tests.endpoint_review.conftest import NONE, RECURRENCE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch):
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed


def test_a_cut_holds_every_round_and_reading_and_a_bundle_says_the_same(both, scanned, chen):
    both(RECURRENCE, NONE)
    cut, picture = take_cut(timezone.localdate(), user=chen)
    (latest,) = picture.tables["blind_rounds"]
    assert (latest["SUBJID"], latest["ROUND"], latest["THROUGH"]) == (scanned.number, 1, "2025-11-17")
    columns = ("PART", "VERDICT", "EVIDENCE", "CATEGORY", "CONFIDENCE")
    assert [tuple(row[name] for name in columns) for row in picture.tables["blind_readings"]] == [
        ("first", "Y", "2025-11-17", "LR5", "HIGH"), ("second", "N", None, "", "HIGH"),
    ]  # fmt: skip
    assert not any("Mei" in line for lines in picture.lines.values() for line in lines)
    assert bundle(cut, picture, CSV)  # read again and compared, cell by cell


def test_up_to_an_earlier_day_the_scans_after_it_are_not_dated(both):
    both(RECURRENCE, RECURRENCE)
    earlier = snapshot.take().up_to(date(2025, 10, 1))
    assert [row["EVIDENCE"] for row in earlier.tables["blind_readings"]] == [None, None]
    assert [row["THROUGH"] for row in earlier.tables["blind_rounds"]] == [None]


def test_before_the_participant_came_there_is_no_review(both):
    both(NONE, NONE)
    before = snapshot.take().up_to(date(2025, 5, 1))
    assert (before.tables["blind_rounds"], before.tables["blind_readings"]) == ([], [])
