"""HBV DNA: what laboratories print, and both sides of the limits."""

from decimal import Decimal

import pytest

from prtras.clinical.hbv_dna import parse
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.clinical.printed_result import AssayResult


@pytest.mark.parametrize(
    "raw",
    [
        "HBV DNA not detected",
        "Not  Detected",
        "ＴＮＤ",
        "未检测到",
        "未检测到靶标",
        "靶标未检出",
        "TND IU/mL",
        "<10 未检出",
        "<10 IU/mL, not detected",
        "<20，未检测到靶标",
    ],
)
def test_every_not_detected_text_is_target_not_detected(raw):
    assert parse(raw) == AssayResult("TND", log10=Decimal("0.00"))


@pytest.mark.parametrize(
    "raw",
    [
        "<LLOQ",
        "< lloq detected",
        "Detected <LLOQ",
        "<定量下限",
        "低于定量下限",
        "≤10",
        "<= 10 IU/mL",
        "<10, Detected",
        "<10 IU/mL, detected",
        "<1.0×10¹",
        "<10 ↓",
        "<10L",
        "低于检测下限",
        "<检测下限 IU/mL",
    ],
)
def test_every_below_limit_text_is_half_the_limit(raw):
    assert parse(raw) == AssayResult("LLOQ_DET", log10=Decimal("0.70"))


@pytest.mark.parametrize("raw", [">ULOQ", ">定量上限", "高于定量上限", "≥1.0E+09", "＞ 1,000,000,000 IU/mL"])
def test_every_above_limit_text_is_the_upper_limit(raw):
    assert parse(raw) == AssayResult("GT_ULOQ", log10=Decimal("9.00"))


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1.25E+03", "1250"),
        ("1.25x10^3", "1250"),
        ("1.25 X 10³", "1250"),
        ("1,234,567.8", "1234570"),
        ("１２３", "123"),
        ("500IU/ml", "500"),
        ("2.50*10^4", "25000"),
        ("2.50×10⁴", "25000"),
        ("10⁵", "100000"),
        ("10^5 IU/mL", "100000"),
        (".5E2", "50"),
        ("1.25E+03 H", "1250"),
        ("1250 ↑", "1250"),
        ("1250IU/mL↑↑", "1250"),
        ("1250 ↓ IU/mL", "1250"),
    ],
)
def test_a_printed_number_is_read_to_six_significant_digits(raw, value):
    assert parse(raw).value == Decimal(value)


@pytest.mark.parametrize(
    "raw",
    [
        "0,123",
        "12,34",
        "1,2345",
        "1.",
        "-5",
        "+5",
        "2.5x104",
        "1.5E",
        "5 6",
        "500 copies/mL",
        "100 IU/L",
        "positive",
        "IU/mL",
        "2⁵",
        "10²5",
        "1.2×10",
        "positive 未检出",
        "1250 HL",
        "H",
        "<",
        "<10<",
        "detected",
    ],
)
def test_anything_else_is_unparsable(raw):
    assert parse(raw) == AssayResult("INVALID", flags=("UNPARSABLE",))


def test_the_limits_themselves_are_quantified_within_a_millionth():
    assert parse("10").q == parse("9.99999").q == parse("1E9").q == parse("1000001000").q == "QUANT"
    assert parse("9.99998").flags == ("BELOW_LLOQ_NUMERIC",)
    assert parse("1000001001").flags == ("ABOVE_ULOQ_NUMERIC",)
    assert parse("<10.00001").flags == ()
    assert parse("<10.00002").q == "INVALID"


def test_a_greater_printed_limit_is_kept_with_a_flag_and_a_smaller_one_is_not():
    assert parse(">2E9") == AssayResult("GT_ULOQ", log10=Decimal("9.00"), flags=("ULOQ_MISMATCH",))
    assert parse(">9E8") == AssayResult("INVALID", flags=("ULOQ_MISMATCH",))


def test_logarithms_are_compared_after_conversion_and_shown_as_printed():
    assert parse("3.305", "log10 IU/mL").log10 == Decimal("3.31")
    assert parse("0.025", "log10 IU/mL", lloq=1).log10 == Decimal("0.03")
    assert parse("0", "log10 IU/mL").flags == ("BELOW_LLOQ_NUMERIC",)
    assert parse("999999", "log10 IU/mL").flags == ("ABOVE_ULOQ_NUMERIC",)
    assert parse("9.00 log10 IU/mL", "log10 IU/mL").q == "QUANT"
    assert parse("3.30 IU/mL", "log10 IU/mL").flags == ("UNPARSABLE",)


def test_copies_are_divided_by_5_82_or_the_given_factor():
    assert parse("58.2", "copies/mL").value == 10
    assert parse("58.19", "copies/mL").flags == ("BELOW_LLOQ_NUMERIC",)
    assert parse("50", "copies/mL", copies_per_iu=5).value == 10


def test_the_limits_of_another_assay_can_be_given():
    assert parse("<20", lloq=20) == AssayResult("LLOQ_DET", log10=Decimal("1.00"))
    assert parse("15", lloq=20).flags == ("BELOW_LLOQ_NUMERIC",)


def test_a_bad_limit_outranks_a_blank_text():
    with pytest.raises(BadInput) as bad:
        parse(" ", lloq=-1)
    assert bad.value.field == "lloq"
    with pytest.raises(MissingInput):
        parse("\u3000")
