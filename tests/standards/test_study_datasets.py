"""The study as SDTM and ADaM: every item of every form goes somewhere, and its value stands there."""

import csv
import json
import os
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from lxml import etree

from analysis.endpoints import adtte
from analysis.standards import exchange
from analysis.standards.reviewers_guides import where
from analysis.standards.row_conversion import collect
from analysis.standards.table_mappings import TableMappings, table_mappings
from analysis.standards.tabulation import study_day, tabulate
from analysis.standards.targets import UnknownTarget
from analysis.standards.values import written
from prtras.crf.items import TextItem
from prtras.crf.registry import Table, all_forms, form_of
from prtras.datacut.snapshot import Snapshot
from prtras.exports.standards.dataset import Dataset, from_ascii
from tests.analysis.studies import CUTOFF as STUDY_CUTOFF
from tests.analysis.studies import study
from tests.standards.casebook import CHINESE, CUTOFF, LONG, casebook, row_of
from tests.standards.test_exchange_files import assert_valid, read_back

REFERENCE = os.environ.get("CDISC_REFERENCE")
needs_reference = pytest.mark.skipif(REFERENCE is None, reason="CDISC_REFERENCE names no folder")
#: Items whose value shows in another way than as itself.
SHOWN_OTHERWISE = {
    "analyte": "LBTESTCD", "qualifier": "stands in LBORRES", "lab_time": "behind the day in --DTC",
    "ae_narr": "in pieces", "hbvdna_q": "the number stands", "hbvrna_q": "stands in MBORRES",
    "orresu": "in controlled terms",
}  # fmt: skip


@pytest.fixture(scope="module")
def tables():
    return casebook()


@pytest.fixture(scope="module")
def named(tables) -> dict[str, Dataset]:
    tabulation, analysis = exchange.datasets(tables, CUTOFF)
    return {dataset.name: dataset for dataset in (*tabulation, *analysis)}


@pytest.fixture(scope="module")
def files(tables) -> dict[str, bytes]:
    lines = {name: [json.dumps(row) for row in rows] for name, rows in tables.items()}
    return exchange.files(Snapshot("2026-11-30T08:00:00+00:00", "-", lines), CUTOFF)


def test_every_item_of_every_form_goes_to_a_variable_or_says_why_not():
    for mapping in table_mappings().by_table.values():
        for name, target in mapping.targets.items():
            assert target.sort in ("variable", "supplement", "link") or target.reason, f"{mapping.table.code}.{name}"


def test_every_value_stands_where_the_guide_says(tables, named):
    lost = []
    for mapping in table_mappings().by_table.values():
        for name, target in mapping.targets.items():
            if target.sort not in ("variable", "supplement") or name in SHOWN_OTHERWISE:
                continue
            item = mapping.table.items[name]
            there = {str(value) for place in (target.domain, f"SUPP{target.domain}", "SUPPSV") if place in named
                     for row in named[place].rows for value in row.values()}  # fmt: skip
            for row in tables[mapping.table.code]:
                value = row[name]
                for each in value if isinstance(value, list) else [value]:
                    ways = {str(each)} | ({written(item, each, target.part)[0]} if each is not None else set())
                    ways |= {item.codes.text(each).en} if item.codes and each is not None else set()
                    if each is not None and not ways & there:
                        lost.append(f"{mapping.table.code}.{name} → {where(target)}: {each}")
    assert not lost


def test_a_new_item_with_an_sdtm_name_appears_by_itself(tables, monkeypatch):
    form = form_of("ae")
    items = dict(form.items) | {"ae_pattern": TextItem("类型", "Pattern", sdtm="AE.AELOC"),
                                "ae_more": TextItem("更多", "More", sdtm="SUPPAE")}  # fmt: skip
    table = Table("ae", form.title, form.model, items)
    other = SimpleNamespace(code="ae", first_date=form.first_date, tables=lambda: [table])
    monkeypatch.setattr("analysis.standards.table_mappings.all_forms", lambda: [other])
    cut = {"participants": tables["participants"], "ae": [row_of(form, table)]}
    done = tabulate(collect(cut, TableMappings(), CUTOFF), cut, "S")
    assert done.rows["AE"][0]["AELOC"] == "ae_pattern text"
    assert ("AEMORE", "ae_more text") in [(row["QNAM"], row["QVAL"]) for row in done.qualifiers["AE"]]


def test_an_sdtm_name_that_cannot_be_read_is_an_error(monkeypatch):
    form = form_of("ae")
    table = Table("ae", form.title, form.model, {"ae_x": TextItem("x", "x", sdtm="ZZ.ZZTERM")})
    other = SimpleNamespace(code="ae", first_date="", tables=lambda: [table])
    monkeypatch.setattr("analysis.standards.table_mappings.all_forms", lambda: [other])
    with pytest.raises(UnknownTarget, match=r"ae\.ae_x"):
        TableMappings()


def test_one_subject_has_one_row_of_dm_with_the_chosen_arm(named):
    (row,) = named["DM"].rows
    assert row["USUBJID"] == "PRTRAS-001-01-001"
    expected = {"RFSTDTC": "2026-01-15", "RFICDTC": "2026-01-02", "ARMCD": "NAPEG", "ACTARMCD": "NAPEG", "SEX": "M",
                "DTHDTC": "2026-10-05", "DTHFL": "Y", "RFPENDTC": "2026-10-06", "COUNTRY": "CHN"}  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert "BRTHDTC" not in row
    assert "RANDDT" not in named["ADSL"].names


def test_a_screening_failure_has_no_arm_and_a_reason():
    tables = casebook()
    tables["participants"][0].update(STATE="screen_failure", ARMCD=None, DAY0=None)
    tables["alloc"] = []
    (row,) = next(each for each in exchange.datasets(tables, CUTOFF)[0] if each.name == "DM").rows
    assert row["ARMNRS"] == "SCREEN FAILURE"
    assert "ARMCD" not in row
    assert "RFSTDTC" not in row


def test_a_result_behind_a_sign_has_a_text_and_no_number(named):
    rows = {row["LBTESTCD"]: row for row in named["LB"].rows if row.get("LBCAT") == "HEMATOLOGY"}
    assert rows["WBC"]["LBORRES"] == rows["WBC"]["LBSTRESC"] == "<7.25"
    assert "LBSTRESN" not in rows["WBC"]
    assert rows["NEUT"]["LBSTRESN"] == 7.25
    virology = {row["MBTESTCD"]: row for row in named["MB"].rows}
    assert virology["HBRNA"]["MBORRES"] == virology["HBRNA"]["MBSTRESC"] == "<7.25"
    assert "MBSTRESN" not in virology["HBRNA"]
    assert rows["NEUT"]["LBDTC"] == "2026-04-09T08:30"
    assert (rows["NEUT"]["LBTEST"], rows["NEUT"]["LBLOINC"], rows["NEUT"]["VISIT"]) == (
        "Neutrophils",
        "751-8",
        "Week 12",
    )


def test_a_result_below_an_unknown_lloq_says_so_and_a_known_one_stands_beside_the_result():
    tables = casebook()
    rows = {row["analyte"]: row for row in tables["lbhem_results"]}
    rows["wbc"].update(orres="低于检测下限", qualifier="<", stresn=None, lloq=None)
    rows["neut"].update(lloq=Decimal("0.02"))
    made = {
        row["LBTESTCD"]: row
        for each in exchange.datasets(tables, CUTOFF)[0] if each.name == "LB"
        for row in each.rows if row.get("LBCAT") == "HEMATOLOGY"
    }  # fmt: skip
    assert (made["WBC"]["LBORRES"], made["WBC"]["LBSTRESC"]) == ("低于检测下限", "<LLOQ")
    assert not {"LBSTRESN", "LBLLOQ"} & made["WBC"].keys()
    assert made["NEUT"]["LBLLOQ"] == 0.02


def test_hepatitis_b_stands_in_mb_and_its_antibodies_in_is(named):
    assert {"HBDNA", "HBSAG", "HBEAG"} <= {row["MBTESTCD"] for row in named["MB"].rows}
    assert "HBSAB" in {row["ISTESTCD"] for row in named["IS"].rows}
    assert not {"HBDNA", "HBSAG"} & {row["LBTESTCD"] for row in named["LB"].rows}
    quantity = next(
        row for row in named["MB"].rows if row["MBTESTCD"] == "HBSAG" and row.get("MBCAT") == "QUANTITATIVE"
    )
    assert quantity["MBSTRESC"] == "<0.05 IU/mL (below cut-off)"
    assert "MBSTRESN" not in quantity


def test_what_was_not_done_is_a_record_with_its_reason():
    tables = casebook()
    tables["vs"][0].update(weight=None, missing={"weight": "REFUSED"})
    tables["pregtest"][0].update(pt_done="N", pt_result=None)
    named = {each.name: each for each in exchange.datasets(tables, CUTOFF)[0]}
    weight = next(row for row in named["VS"].rows if row["VSTESTCD"] == "WEIGHT")
    assert (weight["VSSTAT"], weight["VSREASND"]) == ("NOT DONE", "Participant refused")
    assert "VSORRES" not in weight
    test = next(row for row in named["LB"].rows if row["LBTESTCD"] == "HCG")
    assert test["LBSTAT"] == "NOT DONE"


def test_a_long_chinese_text_goes_on_in_qualifiers(named):
    parts = [row["QVAL"] for row in named["SUPPAE"].rows if row["QNAM"].startswith("AENARR")]
    assert "".join(parts) == LONG


def test_days_have_no_zero_and_partial_dates_stay_partial(named):
    assert [study_day(day, "2026-01-15") for day in ("2026-01-14", "2026-01-15", "2026-01")] == [-1, 1, None]
    assert named["AE"].rows[0]["AESTDTC"] == "2025-03"
    assert "AESTDY" not in named["AE"].rows[0]
    days = [value for dataset in named.values() for name in dataset.names if name.endswith("DY")
            for value in dataset.values(name)]  # fmt: skip
    assert days
    assert 0 not in days


def test_keys_tell_the_rows_of_every_dataset_apart(named):
    for dataset in named.values():
        keys = Counter(tuple(row.get(name) for name in dataset.keys) for row in dataset.rows)
        assert max(keys.values()) == 1, dataset.name


def test_every_qualifier_has_a_parent(named):
    for name, dataset in named.items():
        if name.startswith("SUPP"):
            for row in dataset.rows:
                parents = named[row["RDOMAIN"]].rows
                if row.get("IDVAR"):
                    assert any(f"{parent.get(row['IDVAR'])}" == row["IDVARVAL"] for parent in parents), row
    assert named["RELREC"].rows


def test_the_rows_of_adtte_are_those_of_the_analysis_and_name_their_records():
    people = [{"scans": (12, 24), "recurrence": 24}, {"scans": (12,), "death": 30}, {"arm": "A2", "scans": (12, 24)}]
    tables = study(people)
    tables["recur"][0]["rec_site"] = "LOCAL"
    tabulation, (_, times, *_) = exchange.datasets(tables, STUDY_CUTOFF)
    named = {dataset.name: dataset for dataset in tabulation}
    expected, _ = adtte(tables, STUDY_CUTOFF)
    same = ("SUBJID", "PARAMCD", "AVAL", "CNSR", "STARTDT", "ADT", "ENTRY", "NOMWEEK", "FASFL")
    facts = [
        {name: row[name] for name in same} for row in sorted(expected, key=lambda row: (row["SUBJID"], row["PARAMCD"]))
    ]
    assert [{name: row[name] for name in same} for row in times.rows] == facts
    for row in times.rows:
        if row["SRCDOM"] in ("PR", "RS"):
            number = f"{row['SRCDOM']}SEQ"
            (source,) = (
                each
                for each in named[row["SRCDOM"]].rows
                if (each["USUBJID"], each[number]) == (row["USUBJID"], row["SRCSEQ"])
            )
            assert source[row["SRCVAR"]] == row["ADT"]
    assert {row["SRCDOM"] for row in times.rows} >= {"PR", "RS", "DM"}


def test_the_same_cut_gives_the_same_files_in_the_folders_of_a_submission(files, tables):
    sdtm, adam = "m5/datasets/prtras001/tabulations/sdtm", "m5/datasets/prtras001/analysis/adam/datasets"
    assert {f"{sdtm}/dm.xpt", f"{sdtm}/define.xml", f"{sdtm}/csdrg.md", f"{adam}/adtte.xpt", f"{adam}/define.xml",
            f"{adam}/adrg.md", "dataset-json/dm.json", "dataset-json/dm.ndjson.gz"} <= files.keys()  # fmt: skip
    for folder in (sdtm, adam):
        assert_valid(etree.fromstring(files[f"{folder}/define.xml"]))
    lines = {name: [json.dumps(row) for row in rows] for name, rows in tables.items()}
    assert exchange.files(Snapshot("2026-11-30T08:00:00+00:00", "-", lines), CUTOFF) == files


def test_a_file_holds_every_cell_of_its_dataset(files, named, tmp_path):
    for path, content in files.items():
        if not path.endswith(".xpt"):
            continue
        dataset = named[Path(path).stem.upper()]
        frame = read_back(content, tmp_path / Path(path).name)
        for variable in dataset.variables:
            cells = frame[variable.name]
            if variable.kind == "text":
                assert [from_ascii(text) for text in cells] == [text or "" for text in dataset.column(variable.name)]
            elif variable.kind == "date":
                assert [str(day) if day == day and day else None for day in cells] == dataset.column(variable.name)
            else:
                assert [None if number != number else number for number in cells] == dataset.column(variable.name)


def test_nothing_that_identifies_a_participant_leaves(files):
    hidden = {
        name for form in all_forms() for table in form.tables() for name, item in table.items.items() if item.identifies
    }
    assert hidden == {"brthdat", "initials"}
    for content in files.values():
        assert b"initials text" not in content
        assert b"BRTHDTC" not in content


def test_the_guides_are_in_both_languages_and_list_every_item(files):
    guide = files["m5/datasets/prtras001/tabulations/sdtm/csdrg.md"].decode()
    for mapping in table_mappings().by_table.values():
        for name in mapping.targets:
            assert f"| {mapping.table.code} | {name} |" in guide
    assert "未随机" in guide
    assert "not randomized" in guide


def test_chinese_stays_chinese_in_dataset_json(files):
    assert CHINESE in files["dataset-json/ae.json"].decode()
    assert datetime.fromisoformat(json.loads(files["dataset-json/ae.json"])["datasetJSONCreationDateTime"])


@needs_reference
def test_required_and_expected_variables_are_there(named):
    with (Path(REFERENCE or "") / "ig_metadata.csv").open() as lines:
        listed = [row for row in csv.DictReader(lines) if row["core"] in ("Req", "Exp")]
    needed = [
        (row["dataset"], row["var"]) for row in listed if row["ig"].startswith("SDTMIG") or row["dataset"] == "ADSL"
    ]
    lacking = [f"{domain}.{name}" for domain, name in needed if domain in named and name not in named[domain].names]
    lacking.remove("ADSL.TRTxxP")  # TRT01P
    assert not lacking


@needs_reference
def test_controlled_terms_are_in_the_terminology(named):
    with (Path(REFERENCE or "") / "sdtm_ct_2025-03.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    closed = {row["code"] for row in rows if row["is_clst"] == "TRUE" and row["ext"] == "FALSE"}
    known = {(row["clst_code"], row["term"]): row["code"] for row in rows}
    for dataset in named.values():
        for variable in dataset.variables:
            if variable.terms and variable.terms.concept:
                for term in variable.terms.terms:
                    if term.concept:
                        concepts = {known.get((variable.terms.concept, term.value)), known.get(("C114118", term.value))}
                        assert term.concept in concepts, (dataset.name, variable.name, term.value)
                    else:
                        assert variable.terms.concept not in closed, (dataset.name, variable.name, term.value)
