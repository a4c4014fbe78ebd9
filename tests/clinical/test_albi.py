"""ALBI: the grade follows the unrounded score."""

from decimal import Decimal

import pytest

from prtras.clinical.albi import Albi, score


def scored(bil, alb, bil_unit="umol/L", alb_unit="g/L"):
    return score(bil=bil, bil_unit=bil_unit, alb=alb, alb_unit=alb_unit)


@pytest.mark.parametrize(
    ("alb", "grade"),
    [("38.3529411764706", 1), ("38.3529411764705", 2), ("24.1176470588236", 2), ("24.1176470588235", 3)],
)
def test_the_grade_changes_exactly_at_minus_2_60_and_minus_1_39(alb, grade):
    assert scored(10, Decimal(alb)).grade == grade


def test_both_unit_conversions_give_the_same_score():
    assert scored(1, 4, "mg/dL", "g/dL") == scored(Decimal("17.1"), 40)


def test_a_half_is_rounded_away_from_zero():
    assert scored(1, Decimal("1")) == Albi(Decimal("-0.09"), 3)  # -0.085


def test_zero_is_never_shown_as_minus_zero():
    assert str(scored(1, Decimal("0.01")).score) == "0.00"
