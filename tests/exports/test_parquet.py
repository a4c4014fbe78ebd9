"""Parquet: types that a warehouse knows, labels beside the columns, and nothing that is not to the letter."""

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pyarrow.parquet as pq
import pytest

from prtras.datacut import snapshot
from prtras.datacut.snapshot import Snapshot
from prtras.exports.formats.parquet import read, write
from prtras.exports.read_back import compare_tables
from prtras.review.querying import raise_query
from tests.conftest import page_of
from tests.exports.bundles import picture

WHOSE = {"SITEID": "01", "SUBJID": "01-001", "VISIT": "W12", "VISITSEQ": 0, "REPEAT": 0, "PAGEVERSION": 1}


def of(table: str, **row: object) -> Snapshot:
    return Snapshot("2026-01-01T00:00:00+00:00", "-", {table: [json.dumps(WHOSE | row)]})


def test_values_have_types_and_what_is_not_there_is_null():
    content = write(of("vs", vs_date="2025-08-25", weight="68.5", pulse=72, missing={"height": "UNK"}))
    frame = pd.read_parquet(io.BytesIO(content["parquet/vs.parquet"]))
    (row,) = frame.to_dict("records")
    assert (row["vs_date"], row["weight"], row["pulse"]) == (date(2025, 8, 25), Decimal("68.5"), 72)
    assert (row["MISSING"], row["REPORTED"], row["SUBJID"]) == ([("height", "UNK")], None, "01-001")
    assert pd.isna(row["height"])


def test_a_table_without_rows_has_its_columns_all_the_same():
    (content,) = write(Snapshot("2026-01-01T00:00:00+00:00", "-", {"death": []})).values()
    table = pq.read_table(io.BytesIO(content))
    assert table.num_rows == 0
    assert {"SUBJID", "dth_date", "MISSING"} <= {*table.column_names}


def test_every_column_brings_what_the_codebook_says_of_it():
    field = pq.read_schema(io.BytesIO(write(of("vs"))["parquet/vs.parquet"])).field("weight")
    facts = {key.decode(): text.decode() for key, text in field.metadata.items()}
    assert (facts["label_zh"], facts["unit"], facts["type"]) == ("体重", "kg", "decimal")


@pytest.mark.parametrize(
    "row", [{"weight": "68.55"}, {"weight": "many"}, {"vs_date": "2025-8-25"}, {"vs_date": "2025"}]
)
def test_what_a_type_cannot_hold_to_the_letter_ends_the_export(row):
    with pytest.raises((ValueError, ArithmeticError)):
        write(of("vs", **row))


def test_a_study_is_read_back_cell_by_cell():
    real = picture()
    compare_tables(read(write(real)), real.tables)


def test_what_the_database_gives_is_read_back_with_its_moments(enrolled, fill, wang, monkeypatch):
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed
    fill(enrolled, "lbviro", "W12", hbsab_val="<2.00")
    fill(enrolled, "vs", "W12", weight="136斤")
    raise_query(page_of(enrolled, "vs", "W12"), "weight", "Is this right?", user=wang)
    real = snapshot.take()
    files = write(real)
    compare_tables(read(files), real.tables)
    opened = pd.read_parquet(io.BytesIO(files["parquet/queries.parquet"]))["OPENED"].iloc[-1]
    assert abs(datetime.now(UTC) - opened.to_pydatetime()).total_seconds() < 60
