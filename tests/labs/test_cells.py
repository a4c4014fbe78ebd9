"""What a printed cell says: the result to the letter, its unit, its marks, a sample that was no good."""

from datetime import date
from decimal import Decimal

import pytest

from labs.deriving.panels import read
from labs.files.cells import Read, read_day, read_range, read_result
from labs.files.names import is_known, kind_of, named
from labs.files.refusals import CellRefused
from labs.lab_tests import LAB_TESTS
from labs.panels.synonyms import SYNONYMS


@pytest.mark.parametrize(
    ("lab_test", "cell", "text", "unit", "number"),
    [
        ("alt", "30", "30", "", "30"),
        ("alt", "30 U/L", "30", "U/L", "30"),
        ("alt", "30IU/L", "30", "U/L", "30"),
        ("alt", "5.6↑", "5.6↑", "", "5.6"),
        ("alt", "H 5.6", "H 5.6", "", "5.6"),
        ("alt", "↓3.1", "↓3.1", "", "3.1"),
        ("alt", "30*", "30*", "", "30"),
        ("alt", "*30", "*30", "", "30"),
        ("alt", "30(复查)", "30(复查)", "", "30"),
        ("alt", "30（已复查）", "30（已复查）", "", "30"),
        ("alt", "30(rechecked) H", "30(rechecked) H", "", None),
        ("alt", ".5", ".5", "", "0.5"),
        ("alt", "≥250", "≥250", "", "250"),
        ("alt", "<5 U/L", "<5", "U/L", "5"),
        ("k", "5.6↑ mmol/L", "5.6↑", "mmol/L", "5.6"),
        ("wbc", "5.6×10⁹/L", "5.6", "10^9/L", "5.6"),
        ("wbc", "5.6 10^9/L", "5.6", "10^9/L", "5.6"),
        ("hgb", "13.1 g/dL", "13.1", "g/dL", "13.1"),
        ("pt", "12.1秒", "12.1", "s", "12.1"),
        ("inr", "1.02 INR", "1.02", "1", "1.02"),
        ("alt", "30(溶血)", "30(溶血)", "", None),
        ("alt", "阴性", "阴性", "", None),
    ],
)
def test_a_printed_result_is_kept_to_the_letter_and_read_without_its_marks(lab_test, cell, text, unit, number):
    assert read_result(LAB_TESTS[lab_test], cell, "c") == Read(text, unit)
    if number is None:
        with pytest.raises(ValueError):
            read(text)
    else:
        assert read(text).number == Decimal(number)


@pytest.mark.parametrize(
    "cell", ["溶血", "标本溶血", "标本不合格", "标本量不足", "脂血", "凝块", "标本溶血，请重抽", "haemolysed", "QNS"]
)
def test_a_spoilt_sample_is_not_done_for_that_reason(cell):
    for lab_test in ("alt", "hbeag", "hbvdna"):
        assert read_result(LAB_TESTS[lab_test], cell, "c") == Read(reason="SAMPLE")


@pytest.mark.parametrize(
    ("lab_test", "cell", "expected"),
    [
        ("hbeag", "阴性(-)", Read(quality="NEG")),
        ("hbeag", "阳性（+）", Read(quality="POS")),
        ("hbeag", "+", Read(quality="POS")),
        ("hbeag", "++", Read(quality="POS")),
        ("hbeag", "-", Read(quality="NEG")),
        ("hbeag", "弱阳性", Read(quality="POS")),
        ("hbeag", "±", Read(quality="IND")),
        ("hbeag", "0.42(-)", Read("0.42", quality="NEG")),
        ("hbeag", "125.3 阳性(+)", Read("125.3", quality="POS")),
        ("hbeag", "0.42", Read("0.42")),
        ("hbsag", "250.3 IU/mL", Read("250.3", "IU/mL")),
        ("hbsag", ">250", Read(">250")),
        ("hbsab", "<10", Read("<10")),
        ("hbeab", "阳性", Read(quality="POS")),
        ("hbeab", "0.02 (+)", Read(quality="POS")),
        ("hbvdna", "2.5*10^3 IU/mL", Read("2.5*10^3 IU/mL")),
        ("hbvdna", "低于检测下限", Read("低于检测下限")),
        ("hbeag", "阴性(+)", Read("阴性(+)")),  # contradicts itself: no quality, and no number that the form would take
    ],
)  # fmt: skip
def test_serology_is_read_as_it_is_printed(lab_test, cell, expected):
    assert read_result(LAB_TESTS[lab_test], cell, "c") == expected


@pytest.mark.parametrize(("lab_test", "cell", "words"), [
    ("alt", "30 mg/L", "not reported in “mg/L”"), ("hbeab", "0.02", "positive or negative"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_the_reason(lab_test, cell, words):
    with pytest.raises(CellRefused, match=words):
        read_result(LAB_TESTS[lab_test], cell, "c")


@pytest.mark.parametrize(
    ("text", "day", "time"),
    [
        ("2025-08-25", date(2025, 8, 25), ""),
        ("2025/8/25 8:30", date(2025, 8, 25), "08:30:00"),
        ("2025年8月25日 08:30", date(2025, 8, 25), "08:30:00"),
        ("2025-08-25T08:30:12.500", date(2025, 8, 25), "08:30:12"),
        ("20250825", date(2025, 8, 25), ""),
        ("20250825083012", date(2025, 8, 25), "08:30:12"),
        ("202508250830", date(2025, 8, 25), "08:30:00"),
        ("45894", date(2025, 8, 25), ""),
        ("45894.354305555557", date(2025, 8, 25), "08:30:12"),
        ("2025-08-25 00:00:00", date(2025, 8, 25), ""),
    ],
)
def test_a_day_is_read_however_a_laboratory_prints_it(text, day, time):
    assert read_day(text, "c") == (day, time)


@pytest.mark.parametrize(
    "text", ["2025-02-30", "20251301083012", "1234", "99999", "24-8", "2025-08-25 25:00", "x" * 50]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(CellRefused):
        read_day(text, "c")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3.5-9.5", "3.5", "9.5"), ("0~40 U/L", "0", "40"), ("3.5--9.5", "3.5", "9.5"), ("(3.5—9.5)", "3.5", "9.5"),
        ("125-350 ×10⁹/L", "125", "350"), ("<7", None, "7"), ("≤5.0 ng/mL", None, "5.0"), ("≥60", "60", None),
        ("阴性", None, None), ("50-9", None, None), ("", None, None), ("详见说明", None, None),
        ("9-50(男)", "9", "50"), ("9-50 (成人) U/L", "9", "50"), ("男:9-50 女:7-40", None, None),
        ("9-50 M, 7-40 F", None, None), ("9-50(M) 7-40(F)", None, None), ("<50 M; <40 F", None, None),
    ],
)  # fmt: skip
def test_a_reference_range_is_read_and_one_that_says_nothing_gives_none(text, low, high):
    assert read_range(text) == (Decimal(low) if low else None, Decimal(high) if high else None)


@pytest.mark.parametrize(
    ("name", "lab_test", "unit"),
    [
        ("谷丙转氨酶", "alt", ""), ("ALT(U/L)", "alt", "U/L"), ("丙氨酸氨基转移酶(ALT)", "alt", ""),
        ("*谷丙转氨酶（ALT）(U/L)", "alt", "U/L"), ("*谷丙转氨酶(U/L)", "alt", "U/L"), ("＊ 钾(mmol/L)", "k", "mmol/L"),
        ("肌酐", "creat", ""), ("钾", "k", ""), ("K+", "k", ""),
        ("NEUT#", "neut", ""), ("中性粒细胞%", "neutp", ""), ("国际标准化比值(INR)", "inr", ""),
        ("乙肝病毒DNA(IU/mL)", "hbvdna", "IU/mL"), ("WBC(×10⁹/L)", "wbc", "10^9/L"), ("1742-6", "alt", ""),
        ("ＡＬＴ", "alt", ""),
    ],
)  # fmt: skip
def test_names_of_analytes_are_known_in_chinese_english_and_short(name, lab_test, unit):
    guess = named(name)
    assert guess
    assert (guess.lab_test, guess.unit) == (lab_test, unit)


@pytest.mark.parametrize("name", ["白蛋白(ALT)", "糖类抗原125", "", "x" * 1000, "备注"])
def test_a_name_that_is_not_sure_names_nothing(name):
    assert named(name) is None


def test_every_synonym_leads_to_its_measure_and_to_no_other():
    assert SYNONYMS.keys() == LAB_TESTS.keys()
    for code, names in SYNONYMS.items():
        for name in names:
            guess = named(name)
            assert guess, name
            assert guess.lab_test == code, name


@pytest.mark.parametrize(
    ("head", "kind"), [("单位 [2]", "unit"), ("采集时间", "date"), ("姓名", "initials"), ("ID", "participant")]
)
def test_other_columns_are_known_by_their_heads(head, kind):
    assert kind_of(head) == kind


@pytest.mark.parametrize("name", [f"ALT{'*' * 117}", f"{'★' * 110}谷丙转氨酶(U/L)", f"参考范围{'*' * 116}"])
def test_a_name_of_more_than_120_characters_is_not_known(name):
    assert (len(name), is_known(name)) == (120, True)
    assert [is_known(longer) for longer in (f"*{name}", f"{name}*", f"{name} and more")] == [False] * 3
