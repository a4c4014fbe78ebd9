"""XPT, Dataset-JSON and Define-XML: what is written is what a second reader reads, and what does not fit is refused."""

import gzip
import json
import os
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import jsonschema
import pandas as pd
import pyreadstat
import pytest
from lxml import etree
from odmlib import schema_manager

from prtras.exports.standards import dataset_json, define, xpt
from prtras.exports.standards.dataset import Dataset, Term, TermList, Variable, ascii_text, from_ascii, pieces
from prtras.exports.standards.define import Package, Standard
from prtras.exports.standards.xpt import NotTransportable
from prtras.labels import T

CREATED = datetime.fromisoformat("2026-11-30T08:00:00+00:00")
#: A folder with the CDISC reference files, which may not be published with the program.
REFERENCE = os.environ.get("CDISC_REFERENCE")
YES = TermList("NY", T("是/否", "No/Yes"), (Term("Y", T("是", "Yes"), "C49488"), Term("X", T("另", "X"))), "C66742")
ROWS = [
    {"USUBJID": "S-1", "XXTERM": "发热 38\\℃", "XXNUM": 0.1, "XXCNT": 3, "XXDT": "2026-04-09", "XXYN": "Y"},
    {"USUBJID": "S-2", "XXTERM": "plain", "XXNUM": 1 / 3, "XXDT": "1959-12-31", "XXYN": "X"},
    {"USUBJID": "S-3"},
]
DATASET = Dataset(
    "XX", T("示例", "Example"), "EVENTS", T("One record per subject", "One record per subject"), ("USUBJID",),
    (
        Variable("USUBJID", T("编号", "Identifier"), mandatory=True),
        Variable("XXTERM", T("术语", "Reported Term")),
        Variable("XXNUM", T("数值", "Number"), "float", "Derived", method=T("计算", "computed")),
        Variable("XXCNT", T("个数", "Count"), "integer"),
        Variable("XXDT", T("日期", "Day"), "date"),
        Variable("XXYN", T("是否", "Yes or No"), terms=YES),
        Variable("XXNONE", T("空", "Always Empty")),
    ),
    ROWS, "XX",
)  # fmt: skip


def read_back(content: bytes, path: Path) -> pd.DataFrame:
    path.write_bytes(content)
    return pyreadstat.read_xport(str(path))[0]


def test_an_xpt_file_read_by_two_readers_holds_every_cell(tmp_path):
    content = xpt.write(DATASET, CREATED)
    first, second = (
        read_back(content, tmp_path / "xx.xpt"),
        pd.read_sas(BytesIO(content), format="xport", encoding="ascii"),
    )
    for frame in (first, second):
        assert list(frame.columns) == list(DATASET.names)
        assert [from_ascii(text) for text in frame["XXTERM"].fillna("")] == ["发热 38\\℃", "plain", ""]
        assert frame["XXNUM"].tolist()[:2] == [0.1, 1 / 3]
        assert frame["XXCNT"].isna().tolist() == [False, True, True]
    assert first["XXDT"].tolist()[:2] == [date(2026, 4, 9), date(1959, 12, 31)]


def test_the_same_dataset_gives_the_same_bytes_with_the_time_of_the_cut_in_them():
    content = xpt.write(DATASET, CREATED)
    assert content == xpt.write(DATASET, CREATED)
    assert content[:800].count(b"30NOV26:08:00:00") == 4
    assert len(content) % 80 == 0


def test_a_dataset_without_rows_can_be_written(tmp_path):
    assert list(read_back(xpt.write(replace(DATASET, rows=[]), CREATED), tmp_path / "xx.xpt").columns) == list(
        DATASET.names
    )


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"name": "TOOLONGNAME"}, "no name"),
        ({"label": T("长", "x" * 41)}, "label"),
        ({"variables": (Variable("xxterm", T("小写", "Lower case")),), "rows": []}, "no name"),
        ({"variables": (Variable("XXTERM", T("中文", "中文")),), "rows": []}, "label"),
        ({"variables": DATASET.variables * 2}, "twice"),
        ({"rows": [{"USUBJID": "x" * 201}]}, "201 bytes"),
        ({"rows": [{"USUBJID": "发" * 34}]}, "204 bytes"),
        ({"rows": [{"OTHER": "x"}]}, "no variable OTHER"),
    ],
)
def test_what_the_format_would_cut_or_garble_is_refused(wrong, why):
    with pytest.raises(NotTransportable, match=why):
        xpt.write(replace(DATASET, **wrong), CREATED)


@pytest.mark.parametrize("text", ["发热", "a\\b", "\\u53d1", "line\nbreak", "\U00020000", "µg/L ≥ 5", "plain"])
def test_a_text_in_ascii_loses_nothing(text):
    assert ascii_text(text).isascii()
    assert from_ascii(ascii_text(text)) == text


def test_a_long_text_is_cut_between_characters():
    parts = pieces("发" * 100, 200)
    assert "".join(parts) == "发" * 100
    assert max(len(ascii_text(part)) for part in parts) <= 200


def test_dataset_json_holds_the_texts_as_they_are_in_both_forms():
    document, lines = dataset_json.write(DATASET, "S", CREATED, "define.xml")
    whole = json.loads(document)
    about, *rows = [json.loads(line) for line in gzip.decompress(lines).decode().splitlines()]
    assert whole.pop("rows") == rows
    assert whole == about
    assert about["records"] == len(rows) == 3
    assert {len(row) for row in rows} == {len(about["columns"])}
    assert rows[0] == ["S-1", "发热 38\\℃", 0.1, 3, "2026-04-09", "Y", None]


@pytest.mark.skipif(REFERENCE is None, reason="CDISC_REFERENCE names no folder")
def test_dataset_json_keeps_to_the_schema():
    schema = json.loads((Path(REFERENCE or "") / "dataset.schema.json").read_text())
    document, _ = dataset_json.write(DATASET, "S", CREATED, "define.xml")
    jsonschema.Draft201909Validator(schema).validate(json.loads(document))


def test_define_xml_keeps_to_its_schema_and_marks_the_sponsors_own_terms():
    package = Package("S", T("研究", "Study"), "Tabulation", (Standard("SDTMIG", "IG", "3.4"),
                      Standard("CDISC/NCI", "CT", "2025-03-28", "SDTM")), [DATASET], "csdrg.md")  # fmt: skip
    root = etree.fromstring(define.write(package, CREATED))
    assert_valid(root)
    listed = root.findall(".//{*}CodeListItem")
    extended = [item.get("CodedValue") for item in listed if item.get(f"{{{define.DEF}}}ExtendedValue") == "Yes"]
    assert extended == ["X"]
    texts = [each.text for each in root.findall(".//{*}ItemDef/{*}Description/{*}TranslatedText")]
    assert "Reported Term" in texts
    assert "术语" in texts


def assert_valid(root: etree._Element) -> None:
    """By the XSD of Define-XML 2.1; and every OID that is named is there."""
    schema = etree.XMLSchema(etree.parse(str(schema_manager.get_schema_path("define", "2.1"))))
    assert schema.validate(root), schema.error_log
    defined = {element.get("OID") for element in root.iter() if element.get("OID")}
    leaves = {element.get("ID") for element in root.iter() if element.get("ID")}
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.endswith("OID") and name not in ("OID", "FileOID"):
                assert value in defined, (element.tag, name, value)
            if name.endswith(("leafID", "ArchiveLocationID")):
                assert value in leaves
