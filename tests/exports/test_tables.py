"""The tables of a bundle: every row says whose it is."""

import csv
import io

import pytest

from prtras.crf.registry import form_of
from prtras.datacut import snapshot
from prtras.datacut.snapshot import PAGE_COLUMNS, Row
from prtras.exports.columns import columns_of, tables
from prtras.exports.formats.csv import CSV, codebook, csv_table, value_labels
from tests import casebook


def test_a_row_of_a_form_says_whose_it_is_and_of_which_visit():
    whose = {"SITEID": "01", "SUBJID": "01-001", "VISIT": "W12", "VISITSEQ": "0", "REPEAT": "0", "PAGEVERSION": "1"}
    assert whose.keys() == PAGE_COLUMNS.keys()
    written = csv_table("mri", [Row(whose)]).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(written))
    assert {name: row.get(name) for name in whose} == whose


def test_what_identifies_a_participant_is_no_column():
    assert {"brthdat", "initials"}.isdisjoint(columns_of("dm"))


def test_a_row_entered_in_error_is_not_in_a_data_cut(enrolled, fill, monkeypatch):
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed
    fill(enrolled, "visit", "W12")
    observed = casebook.observation()
    fill(enrolled, "mri", "W12", mri_nobs="1", mri_overall="SUSP", **observed)
    rows = form_of("mri").rows.code
    assert len(snapshot.take().tables[rows]) == 1
    fill(enrolled, "mri", "W12", mri_nobs="0", reason__all="ENTRY", void__1="Wrong participant.", **observed)
    assert snapshot.take().tables[rows] == []


def test_the_codebook_explains_every_column_of_every_file_in_both_languages(picture_of_all_tables):
    files = CSV.write(picture_of_all_tables)
    explained: dict[str, list[str]] = {}
    for line in csv.DictReader(io.StringIO(codebook().decode("utf-8-sig"))):
        assert line["LABEL_ZH"], line
        assert line["LABEL_EN"], line
        assert line["LABEL_ZH"] != line["COLUMN"] != line["LABEL_EN"], line
        explained.setdefault(line["TABLE"], []).append(line["COLUMN"])
    heads = {
        name.removeprefix("data/").removesuffix(".csv"): content.decode("utf-8-sig").splitlines()[0].split(",")
        for name, content in files.items()
        if name.startswith("data/")
    }
    assert explained == heads
    assert list(heads) == tables()


def test_every_code_list_that_the_codebook_names_has_its_labels():
    named = {line["CODELIST"] for line in csv.DictReader(io.StringIO(codebook().decode("utf-8-sig")))} - {""}
    labels = csv.DictReader(io.StringIO(value_labels().decode("utf-8-sig")))
    assert named == {line["CODELIST"] for line in labels}


def test_no_code_holds_what_separates_codes():
    labels = csv.DictReader(io.StringIO(value_labels().decode("utf-8-sig")))
    assert [line["CODE"] for line in labels if ";" in line["CODE"]] == []


@pytest.fixture
def picture_of_all_tables(db, monkeypatch) -> snapshot.Snapshot:
    monkeypatch.setattr(snapshot, "CONNECTION", "default")
    return snapshot.take()
