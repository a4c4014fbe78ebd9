"""HL7 v2 result messages: read by our reader as a second one (hl7apy) reads them."""

from datetime import date
from pathlib import Path

import pytest
from hl7apy.parser import parse_message

from labs.files.contents import read_table
from labs.files.hl7 import COLUMNS, MEANING, is_hl7, read_messages
from labs.files.mapping import mapping_of
from labs.files.refusals import FileRefused
from labs.files.samples import samples

FILES = Path(__file__).parents[1] / "reference" / "labs"
ORU = (FILES / "oru-r01.hl7").read_bytes()


def read(content: bytes):
    mapping = mapping_of(MEANING)
    listed, problems = samples(read_table(content, "f.hl7", mapping), mapping)
    results = {code: result for sample in listed for code, result in sample.results.items()}
    return listed, results, [(problem.line, problem.column, problem.text.en) for problem in problems]


def test_it_works():
    listed, results, problems = read(ORU)
    assert problems == []
    assert {(s.number, s.collected, s.time) for s in listed} == {("01-001", date(2025, 8, 25), "08:30:12")}
    assert listed[0].identity == {"sex": "M", "birth": "19750412", "initials": "WXM"}
    assert {code: (r.text or r.quality, r.unit, r.line) for code, r in results.items()} == {
        "alt": ("35", "U/L", 4), "tbil": ("9.8", "umol/L", 5), "afp": ("<1.3", "ng/mL", 6),
        "gluc": ("5.1", "mmol/L", 7), "hbeag": ("NEG", "S/CO", 8), "creat": ("66", "umol/L", 9),
    }  # fmt: skip
    assert (str(results["alt"].low), str(results["alt"].high)) == ("9", "50")
    assert listed[0].printed == {"report": "S20250825", "laboratory": "HOSP"}


@pytest.mark.parametrize(
    ("source", "specimen"), [(b"BLD^EDTA", "BLD"), (b"BLDV&Venous blood&HL70070^Heparin", "Venous blood"), (b"", "")]
)
def test_the_specimen_of_an_order_is_its_source_and_no_additive(source, specimen):
    order = next(line for line in ORU.replace(b"\n", b"\r").split(b"\r") if line.startswith(b"OBR"))
    cut = order.split(b"|")[:15]
    padded = b"|".join([*cut, *[b""] * (15 - len(cut)), source])
    listed, _, problems = read(ORU.replace(order, padded, 1))
    assert problems == []
    assert listed[0].printed.get("specimen", "") == specimen


@pytest.mark.parametrize("behind", [False, True])
def test_specimen_and_method_are_read_by_name_wherever_the_specimen_stands(behind):
    segment = b"SPM|1|||SER^Serum^HL70487\r"
    with_specimen = ORU.rstrip() + b"\r" + segment if behind else ORU.replace(b"OBX|1|", segment + b"OBX|1|", 1)
    first = next(line for line in with_specimen.split(b"\r") if line.startswith(b"OBX|1|"))
    padded = first + b"|" * (17 - first.count(b"|")) + b"UV^UV rate"
    listed, results, problems = read(with_specimen.replace(first, padded, 1))
    assert problems == []
    assert (listed[0].printed["specimen"], listed[0].printed["method"]) == ("Serum", "UV rate")
    assert results["alt"].text == "35"


def test_a_second_reader_sees_the_same():
    sheet = read_messages(ORU, "f.hl7")
    message = parse_message(ORU.decode(), find_groups=False)
    assert len(sheet.lines) - 1 == len(message.obx)
    for line, obx in zip(sheet.lines[1:], message.obx, strict=True):
        cells = dict(zip(COLUMNS, line, strict=True))
        assert cells["PID-3"] == message.pid.pid_3.pid_3_1.value
        assert cells["OBX-14"] == message.obr.obr_7.value
        assert cells["OBX-7"] == obx.obx_7.value or not obx.obx_7.value
        assert cells["OBX-11"] == obx.obx_11.value


def test_a_correction_in_gb18030_says_that_it_is_one():
    _, results, problems = read((FILES / "oru-r01-corrected-gb18030.hl7").read_bytes())
    assert problems == []
    assert (results["alt"].text, results["alt"].mark, bool(results["alt"].corrects)) == ("53", "HIGH", True)


@pytest.mark.parametrize(("status", "words"), [("P", "not a final result"), ("D", "deleted"), ("W", "another patient"),
                                               ("X", "No result")])  # fmt: skip
def test_what_is_not_the_laboratorys_last_word_is_a_problem(status, words):
    _, _, ((line, column, text),) = read(ORU.replace(b"9-50|N|||F", f"9-50|N|||{status}".encode()))
    assert (line, column) == (4, "OBX-11")
    assert words in text


def test_a_message_brings_its_own_separators_and_escapes():
    head = b"MSH$%~#&$LIS$H$E$S$20250825$$ORU%R01$1$P$2.3\rPID$1$$01-001\rOBR$1$$$$$$20250825\r"
    own = head + b"OBX$1$ST$ALT#S#x%ALT$$3#X35#\r"
    _, results, problems = read(own)
    assert (problems, results["alt"].text) == ([], "35")


def test_several_messages_in_a_frame_and_a_batch_are_one_file():
    framed = b"\x0b" + ORU + b"\r\x1c\r\x0b" + ORU.replace(b"01-001", b"01-002") + b"\r\x1c\r"
    listed, _, problems = read(b"FHS|^~\\&|LIS\rBHS|^~\\&|LIS\r" + framed + b"BTS|2\rFTS|1\r")
    assert problems == []
    assert {sample.number for sample in listed} == {"01-001", "01-002"}


@pytest.mark.parametrize(
    ("content", "words"),
    [(ORU.replace(b"ORU^R01^ORU_R01", b"ADT^A01"), "not an ORU"), (ORU + b"\rgarbage here", "not a valid HL7 segment")],
)
def test_what_holds_no_results_is_refused(content, words):
    with pytest.raises(FileRefused, match=words):
        read(content)


def test_a_table_whose_first_column_is_called_msh_is_a_table():
    assert not is_hl7(b"MSH,ALT\n1,2\n")
    assert not is_hl7(b"MSHX|ALT\n1|2\n")
