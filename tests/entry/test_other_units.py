"""The source gives a value in another unit: it is typed as it stands there, converted, and kept as typed."""

from decimal import Decimal
from time import perf_counter

import pytest

from prtras.audit.models import AuditEvent
from prtras.crf.registry import form_of
from prtras.datacut import snapshot
from prtras.entry.parsing import read
from prtras.entry.saving import ReasonsMissing
from prtras.exports.formats import csv
from tests import casebook
from tests.conftest import page_of


@pytest.mark.parametrize(
    ("item", "typed", "value", "reported"),
    [
        ("weight", "136斤", "68.0", "136 jin"), ("weight", "１３６ 斤", "68.0", "136 jin"),
        ("weight", "137.3jin", "68.7", "137.3 jin"),
        ("weight", "68kg", "68", ""), ("weight", "68 公斤", "68", ""), ("weight", "68", "68", ""),
        ("temp", "98.6F", "37.0", "98.6 degF"), ("temp", "98.6°F", "37.0", "98.6 degF"),
        ("temp", "97.7℉", "36.5", "97.7 degF"),
        ("temp", "36.6℃", "36.6", ""), ("temp", "36.6°C", "36.6", ""),
        ("sbp", "16.3kPa", "122", "16.3 kPa"), ("dbp", "10 kpa", "75", "10 kPa"), ("sbp", "122 mmHg", "122", ""),
        ("height", "1.7m", "170.0", "1.7 m"), ("height", "170厘米", "170", ""),
    ],
)  # fmt: skip
def test_it_works(item, typed, value, reported):
    submission = read(form_of("vs"), casebook.typed("vs", **{item: typed}))
    assert submission.problems == {}
    assert (submission.content.values[item], submission.content.reported.get(item, "")) == (Decimal(value), reported)


@pytest.mark.parametrize(
    ("item", "typed"),
    [("weight", "68 lb"), ("temp", "98 K"), ("weight", "jin"), ("sbp", "1 2 kPa"), ("pulse", "72 kPa")],
)
def test_an_unknown_unit_is_refused_at_its_field(item, typed):
    assert item in read(form_of("vs"), casebook.typed("vs", **{item: typed})).problems


def test_the_message_names_the_units_that_are_known():
    problem = read(form_of("vs"), casebook.typed("vs", weight="68 lb")).problems["weight"]
    assert "use kg / jin" in problem.en
    assert "kg / 斤" in problem.zh


def test_what_was_typed_is_stored_shown_and_in_the_trail(enrolled, fill, lin, client_of):
    page = fill(enrolled, "vs", "W12", weight="136斤").page
    stored = page_of(enrolled, "vs", "W12").vitalsigns
    assert (stored.weight, stored.reported) == (Decimal(68), {"weight": "136 jin"})
    assert "source: 136 jin" in client_of(lin).get(f"/pages/{page.id}/").content.decode()
    event = AuditEvent.objects.get(table="visits_vitalsigns", page=page.id, operation="INSERT")
    assert event.new["reported"] == {"weight": "136 jin"}


def test_it_stays_while_the_value_does_and_goes_with_it(enrolled, fill):
    fill(enrolled, "vs", "W12", weight="136斤")
    fill(enrolled, "vs", "W12", pulse="80", reason__all="ENTRY")
    assert page_of(enrolled, "vs", "W12").vitalsigns.reported == {"weight": "136 jin"}
    fill(enrolled, "vs", "W12", weight="69", reason__all="ENTRY")
    assert page_of(enrolled, "vs", "W12").vitalsigns.reported is None


def test_the_same_value_now_as_the_source_gives_it_is_a_change_with_a_reason(enrolled, fill):
    fill(enrolled, "vs", "W12", weight="68")
    with pytest.raises(ReasonsMissing):
        fill(enrolled, "vs", "W12", weight="136斤")
    fill(enrolled, "vs", "W12", weight="136斤", reason__all="SOURCE")
    assert page_of(enrolled, "vs", "W12").vitalsigns.reported == {"weight": "136 jin"}


def test_a_number_beyond_all_measure_is_refused_with_a_unit_too():
    assert "weight" in read(form_of("vs"), casebook.typed("vs", weight="9" * 36 + " jin")).problems


@pytest.mark.parametrize("typed", ["1" + "0" * 20_000, "1 " * 20_000 + "jin", "斤" * 40_000])
def test_a_number_that_is_too_long_is_refused_before_it_is_read(typed):
    start = perf_counter()
    problem = read(form_of("vs"), casebook.typed("vs", weight=typed)).problems["weight"]
    assert "At most 40 characters" in problem.en
    assert perf_counter() - start < 1


def test_a_superscript_is_no_digit():
    assert read(form_of("vs"), casebook.typed("vs", weight="10²")).content.values["weight"] == 100
    assert read(form_of("vs"), casebook.typed("vs", weight="10² 斤")).content.values["weight"] == 50
    assert "weight" in read(form_of("vs"), casebook.typed("vs", weight="7²")).problems


def test_an_observation_in_centimetres_is_kept_per_row(enrolled, fill):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "mri", "W12", mri_nobs="1", mri_overall="RECUR", **casebook.observation(size_mm="2.4 cm"))
    row = page_of(enrolled, "mri", "W12").mriobservation_rows.get()
    assert (row.size_mm, row.reported) == (Decimal(24), {"size_mm": "2.4 cm"})


@pytest.mark.parametrize(
    ("item", "typed", "hint"), [("temp", "98.6", "98.6°F"), ("weight", "150", "150jin"), ("sbp", "16", "16kPa")]
)
def test_a_value_that_looks_like_the_other_unit_says_how_to_type_it(enrolled, lin, client_of, item, typed, hint):
    page = page_of(enrolled, "vs", "W12")
    sent = casebook.typed("vs", **{item: typed}) | {"version": ["0"]}
    answer = client_of(lin).post(f"/pages/{page.id}/", sent)
    assert answer.status_code == 422
    assert f"type “{hint}”" in answer.content.decode()


def test_the_export_has_it(enrolled, fill, monkeypatch):
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed
    fill(enrolled, "vs", "W12", weight="136斤")
    lines = csv.csv_table("vs", snapshot.take().tables["vs"]).decode("utf-8-sig").splitlines()
    assert lines[0].endswith(",MISSING,REPORTED")
    assert lines[1].endswith(",,weight=136 jin")
