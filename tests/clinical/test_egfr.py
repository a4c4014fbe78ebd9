"""CKD-EPI 2021: units and the ends of the age range."""

from decimal import Decimal

import pytest

from prtras.clinical.egfr import estimate
from prtras.clinical.inputs import BadInput


@pytest.mark.parametrize(("sex", "kappa"), [("F", "0.7"), ("M", "0.9")])
def test_the_two_branches_meet_at_kappa(sex, kappa):
    step = Decimal("1E-9")
    around = {estimate(creat=Decimal(kappa) + shift, unit="mg/dL", age=50, sex=sex) for shift in (-step, 0, step)}
    assert len(around) == 1


def test_88_4_umol_l_is_1_mg_dl():
    for age in (18, 70, 120):
        assert estimate(creat=Decimal("88.4"), unit="umol/L", age=age, sex="F") == estimate(
            creat=1, unit="mg/dL", age=age, sex="F"
        )


@pytest.mark.parametrize(("field", "value"), [("age", 121), ("age", 17), ("creat", Decimal("3000.1"))])
def test_a_value_outside_its_range_is_refused(field, value):
    with pytest.raises(BadInput) as bad:
        estimate(**{"creat": 80, "unit": "umol/L", "age": 50, "sex": "M", field: value})
    assert bad.value.field == field


def test_a_whole_age_written_as_a_decimal_is_accepted():
    assert estimate(creat=80, unit="umol/L", age=50.0, sex="M") == Decimal("103.4")
