"""The tables of a bundle: every row says whose it is."""

import csv
import io

from prtras.datacut.snapshot import PAGE_COLUMNS, Row
from prtras.exports.formats.csv import csv_table


def test_a_row_of_a_form_says_whose_it_is_and_of_which_visit():
    whose = {"SITEID": "01", "SUBJID": "01-001", "VISIT": "W12", "VISITSEQ": "0", "REPEAT": "0", "PAGEVERSION": "1"}
    assert whose.keys() == PAGE_COLUMNS.keys()
    written = csv_table("mri", [Row(whose)]).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(written))
    assert {name: row.get(name) for name in whose} == whose
