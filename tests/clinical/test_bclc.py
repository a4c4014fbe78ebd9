"""BCLC 2022: precedence D, C, then tumour burden."""

from decimal import Decimal

import pytest

from prtras.clinical.bclc import stage
from prtras.clinical.inputs import BadInput

EARLY = {
    "n_tumours": 1,
    "largest_mm": 20,
    "vasc_inv": "NONE",
    "extrahep": "N",
    "ecog": 0,
    "child_pugh_class": "A",
}


def staged(**changed):
    return stage(**{**EARLY, **changed}).stage


@pytest.mark.parametrize("vasc_inv", ["PV", "HV", "BD", "MULTI"])
def test_any_macrovascular_invasion_is_c(vasc_inv):
    assert staged(vasc_inv=vasc_inv) == "C"


def test_child_pugh_c_is_d_whatever_else():
    assert staged(child_pugh_class="C", extrahep="Y", n_tumours=9) == "D"


@pytest.mark.parametrize(
    ("n_tumours", "largest_mm", "expected"),
    [(1, "20.01", "A"), (2, "30", "A"), (2, "30.01", "B"), (3, "30", "A"), (4, "1", "B"), (1, "300", "A")],
)
def test_the_tumour_burden_decides_between_0_a_and_b(n_tumours, largest_mm, expected):
    assert staged(n_tumours=n_tumours, largest_mm=Decimal(largest_mm)) == expected


def test_stages_0_and_a_are_the_ones_the_study_enrols():
    actual = [stage(**{**EARLY, "n_tumours": n, "largest_mm": mm}) for n, mm in ((1, 20), (1, 21), (4, 21))]
    assert [one.is_0_or_a for one in actual] == [True, True, False]


def test_a_whole_number_written_as_a_decimal_is_accepted():
    assert staged(n_tumours=1.0, ecog=Decimal("0.0")) == "0"


@pytest.mark.parametrize(("field", "value"), [("ecog", True), ("ecog", -1), ("n_tumours", 100), ("ecog", 0.5)])
def test_an_impossible_count_is_refused(field, value):
    with pytest.raises(BadInput) as bad:
        staged(**{field: value})
    assert bad.value.field == field
