"""The tables of a bundle: every row says whose it is."""

import csv
import io

from prtras.crf.registry import form_of
from prtras.datacut import snapshot
from prtras.datacut.snapshot import PAGE_COLUMNS, Row
from prtras.exports.formats.csv import columns_of, csv_table
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
