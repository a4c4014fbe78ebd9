"""HBsAg: both sides of the limits, with and without dilution."""

from decimal import Decimal

import pytest

from prtras.clinical.hbsag import parse
from prtras.clinical.inputs import BadInput
from prtras.clinical.printed_result import AssayResult

NEGATIVE_LOG10 = Decimal("-1.60")


@pytest.mark.parametrize(
    ("raw", "dilution", "q", "flags"),
    [
        ("0.05", None, "QUANT", ()),
        ("0.0499", None, "LT_LLOQ", ("BELOW_LLOQ_NUMERIC",)),
        ("0.0499", 1, "LT_LLOQ", ("BELOW_LLOQ_NUMERIC",)),
        ("0.0499", 2, "INVALID", ("BELOW_DILUTION_RANGE",)),
        ("0.05", 2, "QUANT", ("BELOW_DILUTION_RANGE",)),
        ("0.0999", 2, "QUANT", ("BELOW_DILUTION_RANGE",)),
        ("0.1", 2, "QUANT", ()),
        ("500", 2, "QUANT", ()),
        ("500.01", 2, "INVALID", ("EXCEEDS_DILUTION_RANGE",)),
        ("250", 1, "QUANT", ()),
        ("250.01", 1, "INVALID", ("EXCEEDS_DILUTION_RANGE",)),
        ("250.01", None, "QUANT", ("DILUTION_MISSING",)),
    ],
)
def test_a_number_is_judged_by_the_diluted_range(raw, dilution, q, flags):
    actual = parse(raw, dilution)
    assert (actual.q, actual.flags) == (q, flags)


@pytest.mark.parametrize(
    ("raw", "dilution", "q", "flags"),
    [
        ("≤0.05 IU/mL", None, "LT_LLOQ", ()),
        ("<0.049", 1, "LT_LLOQ", ("LLOQ_MISMATCH",)),
        ("<0.051", None, "INVALID", ("LLOQ_MISMATCH",)),
        ("<0.049", 2, "INVALID", ("BELOW_DILUTION_RANGE",)),
        ("<0.051", 2, "INVALID", ("LLOQ_MISMATCH",)),
    ],
)
def test_a_less_than_result_proves_loss_only_undiluted_and_at_the_limit(raw, dilution, q, flags):
    actual = parse(raw, dilution)
    assert (actual.q, actual.log10, actual.flags) == (q, NEGATIVE_LOG10 if q == "LT_LLOQ" else None, flags)


def test_a_greater_than_result_must_equal_the_range_limit():
    assert parse("≥250", 1) == AssayResult("GT_RANGE")
    assert parse("> 500", 2) == AssayResult("GT_ULOQ", log10=Decimal("2.70"))
    assert parse(">249.9") == parse(">250.1") == AssayResult("INVALID", flags=("ULOQ_MISMATCH",))


@pytest.mark.parametrize("raw", ["0,050", "<0.05 COI", "negative", "12 ng/mL", "1e", "<LLOQ"])
def test_anything_else_is_unparsable(raw):
    assert parse(raw) == AssayResult("INVALID", flags=("UNPARSABLE",))


def test_other_limits_can_be_given():
    assert parse("<0.005", lloq=Decimal("0.005")).flags == ()
    assert parse(">130", upper=130) == AssayResult("GT_RANGE")


@pytest.mark.parametrize("dilution", [0, 100_001, True, "500", 1.5])
def test_an_impossible_dilution_is_refused(dilution):
    with pytest.raises(BadInput) as bad:
        parse("100", dilution)
    assert bad.value.field == "dilution"


def test_a_whole_dilution_written_as_a_decimal_is_accepted():
    assert parse("125000", 500.0).q == "QUANT"
