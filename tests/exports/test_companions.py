"""Beside the CSV files: texts of codes, labels for statistical programs, and the codebook as a workbook."""

import csv
import io
import re
import subprocess

import openpyxl
import pytest

from prtras.exports.columns import tables
from prtras.exports.companions.value_labels import coded_columns, label_files
from prtras.exports.formats.csv import CSV
from prtras.exports.formats.registry import Files
from prtras.files.tables import csv_bytes
from tests.exports.bundles import picture


@pytest.fixture(scope="module")
def files() -> Files:
    return CSV.write(picture())


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def labels() -> dict[str, list[tuple[str, str]]]:
    """Code and English text of every list that a label file can hold."""
    lists = {codes.name: codes for columns in coded_columns().values() for codes in columns.values()}
    return {name: [(c, t.en) for c, t in codes.choices(*codes.retired)] for name, codes in lists.items()}


def test_every_table_is_there_with_the_texts_of_its_codes_beside_them(files):
    assert {name for name in files if name.startswith("decoded/")} == {f"decoded/{name}.csv" for name in tables()}
    for raw, decoded in zip(rows_of(files["data/ae.csv"]), rows_of(files["decoded/ae.csv"]), strict=True):
        assert {name: value for name, value in decoded.items() if name in raw}.items() <= raw.items()
        assert (decoded["ae_grade"], decoded["ae_grade_EN"]) == ("2", "Grade 2 Moderate")
        assert decoded["ae_grade_ZH"] == "2级 中度"
        assert decoded["ae_ser_EN"] == decoded["ae_ser"] == ""


def test_the_workbook_says_what_both_csv_files_say_and_has_the_same_bytes_again(files):
    book = openpyxl.load_workbook(io.BytesIO(files["codebook.xlsx"]))
    assert book.sheetnames == ["codebook", "value_labels"]
    for name in book.sheetnames:
        cells = [["" if cell is None else cell for cell in row] for row in book[name].iter_rows(values_only=True)]
        assert cells == list(csv.reader(io.StringIO(files[f"{name}.csv"].decode("utf-8-sig"), newline="")))
    assert CSV.write(picture()) == files


def test_r_reads_the_labels_and_refuses_a_code_that_it_does_not_know(files, tmp_path):
    (tmp_path / "labels.R").write_bytes(files["formats/labels.R"])
    (tmp_path / "ae.csv").write_bytes(files["data/ae.csv"])
    (tmp_path / "wrong.csv").write_bytes(csv_bytes(["ae_grade"], [["9"]]))
    code = """
    source("labels.R", encoding = "UTF-8")
    read <- function(name) read.csv(name, fileEncoding = "UTF-8-BOM", colClasses = "character")
    cat(as.character(with_labels(read("ae.csv"), "ae", "en")$ae_grade), sep = "|")
    cat("\\n", as.character(with_labels(read("ae.csv"), "ae", "zh")$ae_grade[1]), "\\n", sep = "")
    cat(length(value_labels), length(code_lists), sum(lengths(lapply(value_labels, `[[`, "code"))), "\\n")
    tryCatch(with_labels(read("wrong.csv"), "ae"), error = function(e) cat(conditionMessage(e)))
    """
    done = subprocess.run(
        ["Rscript", "-e", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    known = labels()
    assert done.stdout.splitlines() == [
        "|".join(["Grade 2 Moderate"] * 3),
        "2级 中度",
        f"{len(known)} {len(coded_columns())} {sum(map(len, known.values()))} ",
        "ae ae_grade: unknown code 9",
    ]


def test_the_formats_of_sas_hold_every_code_once_and_every_column_has_one():
    text = label_files()["formats/formats.sas"].decode()
    blocks = re.findall(r"  value \$(\w+)_E\n(.*?)\n  ;", text, re.DOTALL)
    actual = {name: re.findall(r"'((?:[^']|'')*)' = '((?:[^']|'')*)'", body) for name, body in blocks}
    assert {name: [(c, t.replace("''", "'")) for c, t in pairs] for name, pairs in actual.items()} == labels()
    names = re.findall(r"  value \$(\w+)", text)
    assert len(names) == len(set(names)) == 2 * len(labels())
    assert all(len(name) <= 31 and not name[-1].isdigit() for name in names)
    used = re.findall(r"%macro label_(\w+); format (.*?); %mend;", text)
    assert {table: len(columns.split()) // 2 for table, columns in used} == {
        t: len(c) for t, c in coded_columns().items()
    }


def test_the_labels_of_spss_stand_behind_every_column():
    text = label_files()["formats/labels.sps"].decode()
    known = labels()
    for table, columns in coded_columns().items():
        (body,) = re.findall(
            rf"^DEFINE !label_{table} \(\)\nVALUE LABELS\n(.*?)\n  \.\n!ENDDEFINE\.", text, re.DOTALL | re.M
        )
        each = re.findall(r"^  /(\w+)\n((?:    .*\n?)*)", body, re.M)
        assert [name for name, _ in each] == list(columns)
        for name, listed in each:
            pairs = re.findall(r"^    '((?:[^']|'')*)' '((?:[^']|'')*)'", listed, re.M)
            assert [(c, t.replace("''", "'")) for c, t in pairs] == known[columns[name].name]
    assert max(len(text.encode()) for pairs in known.values() for _, text in pairs) <= 120, "what SPSS holds"


def test_stata_turns_every_code_into_its_number_and_label():
    text = label_files()["formats/labels.do"].decode()
    known = labels()
    defined = re.findall(r"^label define (\w+) (\d+) `\"(.*?)\"', add$", text, re.M)
    assert defined == [(name, str(n), t) for name in sorted(known) for n, (_, t) in enumerate(known[name], start=1)]
    for table, columns in coded_columns().items():
        (body,) = re.findall(rf"^program define label_{table}\n(.*?)^end$", text, re.DOTALL | re.M)
        replaced = re.findall(r"  replace (\w+) = (\d+) if \1_code == `\"(.*?)\"'", body)
        assert replaced == [
            (column, str(n), code)
            for column, codes in columns.items()
            for n, (code, _) in enumerate(known[codes.name], start=1)
        ]
