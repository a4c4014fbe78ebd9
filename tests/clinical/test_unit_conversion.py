"""Laboratory values between the reported and the standard unit."""

from decimal import Decimal

import pytest

from prtras.clinical.inputs import BadInput, MissingInput
from prtras.clinical.units import to_reported, to_standard


def test_it_multiplies_exactly():
    assert to_standard(1.1, 1.1) == Decimal("1.21")  # 1.2100000000000002 in binary
    assert to_standard(Decimal("1.2"), Decimal("17.1")) == Decimal("20.52")


def test_it_converts_back_to_the_reported_value():
    assert to_reported(to_standard(Decimal("0.9"), Decimal("88.4")), Decimal("88.4")) == Decimal("0.9")


def test_it_does_not_depend_on_the_precision_of_the_caller():
    long = Decimal("1." + "0" * 40 + "1")
    assert to_standard(long, 10) == Decimal("10." + "0" * 39 + "1")


@pytest.mark.parametrize("factor", [0, -1, True, "88.4", float("nan"), float("inf")])
def test_a_factor_that_is_not_a_positive_number_is_refused(factor):
    for convert in (to_standard, to_reported):
        with pytest.raises(BadInput) as bad:
            convert(1, factor)
        assert bad.value.field == "factor"


def test_a_missing_value_or_factor_is_named():
    with pytest.raises(MissingInput) as missing:
        to_standard(None, None)
    assert missing.value.fields == ("reported", "factor")
    with pytest.raises(MissingInput) as missing:
        to_reported(None, 2)
    assert missing.value.fields == ("standard",)
