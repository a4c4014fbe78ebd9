"""BMI: categories of the unrounded value, limits after conversion."""

from decimal import Decimal

import pytest

from prtras.clinical.bmi import index
from prtras.clinical.inputs import BadInput, MissingInput


def indexed(height, weight, height_unit="cm", weight_unit="kg"):
    return index(height=height, height_unit=height_unit, weight=weight, weight_unit=weight_unit)


@pytest.mark.parametrize(
    ("weight", "cat"),
    [
        ("73.9999", "UNDER"),
        ("74", "NORMAL"),
        ("95.9999", "NORMAL"),
        ("96", "OVER"),
        ("111.9999", "OVER"),
        ("112", "OBESE"),
    ],
)
def test_the_category_changes_exactly_at_18_5_24_and_28(weight, cat):
    assert indexed(200, Decimal(weight)).cat == cat


@pytest.mark.parametrize("value", [120, 220])
def test_the_ends_of_the_height_range_are_accepted(value):
    assert indexed(value, 60) == indexed(Decimal(value) / 100, 60, height_unit="m")


@pytest.mark.parametrize(
    ("height", "weight", "field"),
    [("119.9", 60, "height"), ("220.1", 60, "height"), (170, "24.9", "weight"), (170, "250.1", "weight")],
)
def test_just_outside_the_range_is_refused(height, weight, field):
    with pytest.raises(BadInput) as bad:
        indexed(Decimal(height), Decimal(weight))
    assert bad.value.field == field


def test_the_range_holds_after_conversion_from_jin():
    assert indexed(170, 50, weight_unit="jin").bmi == Decimal("8.7")
    with pytest.raises(BadInput):
        indexed(170, Decimal("49.9"), weight_unit="jin")


def test_a_missing_unit_leaves_the_range_open_but_not_the_sign():
    with pytest.raises(MissingInput) as missing:
        indexed(300, 60, height_unit=None)
    assert missing.value.fields == ("height_unit",)
    with pytest.raises(BadInput):
        indexed(0, 60, height_unit=None)
