"""The one reader of numbers: what is read, what is ambiguous, what is no number."""

from decimal import Decimal
from time import perf_counter

import pytest

from prtras.clinical.printed_number import LONGEST_NUMBER, Ambiguous, NotANumber, TooLong, half_width, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.5", "12.5"), ("71,5", "71.5"), ("28，5", "28.5"), ("0,05", "0.05"), ("0,050", "0.050"),
        ("1234,567", "1234.567"), (".5", "0.5"), ("-3", "-3"), ("1,234.5", "1234.5"), ("1,234,567", "1234567"),
        ("1.2E+03", "1200"), ("1.2×10³", "1200"), ("1.2*10^3", "1200"), ("1.2 x 10^-3", "0.0012"), ("10²", "100"),
        ("10⁵", "100000"), ("１２。５", "12.5"), ("１０⁻²", "0.01"), (".5E2", "50"),
    ],
)  # fmt: skip
def test_it_works(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["1,234", "12,345", "１，２３４", "-1,234", "1,234E3"])
def test_a_comma_that_may_mean_thousands_or_decimals_is_ambiguous(text):
    with pytest.raises(Ambiguous):
        read_number(text)


@pytest.mark.parametrize(
    "text",
    ["", "5²", "²", "1.2×103", "10²5", "1,5E3", "1,2,3", "0,123,456", "1.", "5 6", "1 234", "1_000", "1.234,5", "NaN",
     "∞", "½", "٣", "0x10", "--1", "1e9999999999"],
)  # fmt: skip
def test_anything_else_is_no_number(text):
    with pytest.raises(NotANumber) as refused:
        read_number(text)
    assert refused.type is NotANumber


@pytest.mark.parametrize("text", ["1" + "0" * 20_000, "1," * 20_000, "⁵" * 50_000, "1" * (LONGEST_NUMBER + 1)])
def test_a_text_that_is_too_long_is_not_looked_at(text):
    start = perf_counter()
    with pytest.raises(TooLong):
        read_number(text)
    assert perf_counter() - start < 0.1


def test_superscripts_are_no_digits_when_the_width_is_made_plain():
    assert half_width("ＡＢ　10⁹／Ｌ ×") == "AB 10⁹/L ×"
