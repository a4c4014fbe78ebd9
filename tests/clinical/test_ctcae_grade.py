"""CTCAE v5.0: both sides of the cuts that the vectors leave open."""

from decimal import Decimal

import pytest

from prtras.clinical.ctcae import Grade, grade, qualified_grade
from prtras.clinical.inputs import BadInput, MissingInput


def graded(term, value, unit, **limits):
    return grade(term=term, value=Decimal(str(value)), unit=unit, **limits).grade


@pytest.mark.parametrize(
    ("value", "expected"), [(1500, 1), (1499, 2), (1000, 2), (999, 3), (500, 3), (499, 4), (1800, 0)]
)
def test_cells_per_mm3_are_a_thousandth(value, expected):
    assert graded("NEUT", value, "/mm3", lln=1800) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(70, 0), (69, 1), (55, 1), (54, 2), (40, 2), (39, 3), (30, 3), (29, 4)]
)
def test_glucose_in_mg_dl_has_its_own_cuts(value, expected):
    assert graded("GLUC_LOW", value, "mg/dL", lln=70) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(5.3, 0), (5.4, 1), (5.5, 1), (5.51, 2), (6, 2), (6.1, 3), (7, 3), (7.1, 4)]
)
def test_high_potassium_is_graded_on_both_sides_of_each_cut(value, expected):
    assert graded("K_HIGH", value, "mmol/L", uln=Decimal("5.3")) == expected


@pytest.mark.parametrize(
    ("term", "cuts"),
    [
        ("K_LOW", [(3.5, 0), (3.4, 1), (3, 1), (2.9, 3), (2.5, 3), (2.4, 4)]),
        ("NA_LOW", [(137, 0), (136, 1), (130, 1), (129, 2), (125, 2), (124, 3), (120, 3), (119, 4)]),
    ],
)
def test_low_electrolytes_are_graded_on_both_sides_of_each_cut(term, cuts):
    lln = Decimal(str(cuts[0][0]))
    assert [graded(term, value, "mmol/L", lln=lln) for value, _ in cuts] == [actual for _, actual in cuts]


def test_an_absolute_cut_applies_even_when_the_site_limit_lies_beyond_it():
    assert graded("NEUT", 1.4, "10^9/L", lln=Decimal("1.2")) == 2
    assert graded("K_HIGH", 5.6, "mmol/L", uln=6) == 2


def test_the_site_limit_is_needed_only_to_decide_between_0_and_1():
    assert graded("PLT", 74, "10^9/L") == 2
    assert graded("K_HIGH", 5.6, "mmol/L") == 2
    for term, field in (("PLT", "lln"), ("K_HIGH", "uln")):
        with pytest.raises(MissingInput) as missing:
            graded(term, 5 if term == "K_HIGH" else 75, "mmol/L" if term == "K_HIGH" else "10^9/L")
        assert missing.value.fields == (field,)


def test_the_uln_is_always_needed_for_multiples():
    with pytest.raises(MissingInput) as missing:
        grade(term="ALT", value=None, unit=None)
    assert missing.value.fields == ("value", "unit", "uln")


def test_the_baseline_is_judged_by_its_own_uln():
    assert graded("ALT", 130, "U/L", uln=40, baseline=50, baseline_uln=60) == 2  # normal: 3 x ULN
    assert graded("ALT", 130, "U/L", uln=40, baseline=50, baseline_uln=49) == 1  # abnormal: x baseline
    assert graded("ALT", 61, "U/L", uln=60, baseline=60) == 1  # equal to the ULN is normal


@pytest.mark.parametrize(
    ("times", "expected"),
    [("1", 0), ("1.01", 1), ("1.5", 1), ("1.51", 2), ("3", 2), ("3.01", 3), ("10", 3), ("10.01", 4)],
)
def test_bilirubin_with_an_abnormal_baseline_is_graded_by_multiples_of_it(times, expected):
    assert graded("TBIL", 2 * Decimal(times), "mg/dL", uln=1, baseline=2) == expected


@pytest.mark.parametrize(
    ("times", "expected"), [("1", 0), ("1.01", 1), ("1.5", 1), ("1.51", 2), ("2.5", 2), ("2.51", 3), ("9", 3)]
)
def test_an_anticoagulated_inr_is_graded_by_multiples_of_its_baseline(times, expected):
    assert graded("INR", Decimal(times) * 2, "ratio", on_anticoag="Y", baseline=2) == expected


def test_multiples_are_exact_where_binary_floats_drift():
    assert grade(term="ALT", value=3.6, unit="U/L", uln=1.2).grade == 1  # 3 x 1.2 is 3.5999999999999996
    assert grade(term="CREAT", value=0.3, unit="mg/dL", uln=0.2, baseline=0.1).grade == 2  # 3 x 0.1


def test_without_a_baseline_creatinine_is_graded_by_the_uln_alone():
    assert graded("CREAT", 156, "umol/L", uln=104) == 1
    assert graded("CREAT", "156.1", "umol/L", uln=104) == 2


def test_a_term_without_value_grades_needs_nothing_but_still_checks_what_is_there():
    assert grade(term="TSH", value=None, unit=None) == Grade(None, "NOT_GRADABLE_FROM_VALUE")
    with pytest.raises(BadInput) as bad:
        grade(term="GLUC_HIGH", value=-1, unit="mmol/L")
    assert bad.value.field == "value"


def test_a_unit_of_another_term_is_refused():
    with pytest.raises(BadInput) as bad:
        graded("K_LOW", 3, "mg/dL")
    assert bad.value.field == "unit"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (("K_LOW", "<", "3.5"), 1), (("K_LOW", "<", "3.0"), 3), (("K_LOW", "<", "2"), 4), (("K_LOW", "<", "4"), None),
        (("K_LOW", ">", "3.5"), 0), (("K_LOW", ">", "3.4"), None), (("K_HIGH", ">", "5.3"), 1),
        (("K_HIGH", ">", "7"), 4), (("K_HIGH", ">", "5"), None), (("K_HIGH", "<", "5.3"), 0),
        (("K_HIGH", "<", "6"), None), (("INR", ">", "2.5"), 3), (("INR", "<", "1.2"), 0), (("INR", "<", "1.3"), None),
    ],
)  # fmt: skip
def test_a_qualified_result_is_graded_by_its_limit_where_that_decides(result, expected):
    term, qualifier, value = result
    unit = "1" if term == "INR" else "mmol/L"
    limits = {"lln": Decimal("3.5"), "uln": Decimal("5.3")}
    graded = qualified_grade(qualifier, term=term, value=Decimal(value), unit=unit, **limits)
    assert graded.grade == expected
    assert graded.note == (None if expected is not None else "NOT_GRADABLE_FROM_QUALIFIER")


@pytest.mark.parametrize(("value", "expected"), [("40", 1), ("120", 2), ("200", 3), ("800", 4), ("39", None)])
def test_more_than_a_multiple_of_the_limit_is_above_it(value, expected):
    graded = qualified_grade(">", term="ALT", value=Decimal(value), unit="U/L", uln=40)
    assert graded.grade == expected


@pytest.mark.parametrize(
    ("term", "value", "limits", "basis", "number"),
    [
        ("PLT", "49", {"lln": 125}, "CUT", "50"), ("PLT", "110", {"lln": 125}, "LIMIT", "125"),
        ("ALT", "128", {"uln": 40, "baseline": 30}, "ULN", "3.2"), ("ALT", "128", {"uln": 40}, "ULN_ONLY", "3.2"),
        ("ALT", "240", {"uln": 40, "baseline": 80}, "BASELINE", "3"), ("K_HIGH", "5.8", {"uln": "5.3"}, "CUT", "5.5"),
        ("K_HIGH", "5.4", {"uln": "5.3"}, "LIMIT", "5.3"), ("INR", "1.6", {}, "CUT", "1.5"),
        ("CREAT", "170", {"uln": 100, "baseline": 120}, "ULN_ONLY", "1.7"),
        ("CREAT", "170", {"uln": 100, "baseline": 100}, "ULN", "1.7"),
        ("CREAT", "160", {"uln": 110, "baseline": 50}, "BASELINE", "3.2"),
        ("CREAT", "120", {"uln": 100}, "ULN_ONLY", "1.2"),
        ("INR", "2", {"baseline": "1.25", "on_anticoag": "Y"}, "BASELINE", "1.6"), ("ALT", "30", {"uln": 40}, "", None),
    ],
)  # fmt: skip
def test_a_grade_says_what_it_was_decided_by(term, value, limits, basis, number):
    units = {"PLT": "10^9/L", "K_HIGH": "mmol/L", "INR": "1", "CREAT": "umol/L", "ALT": "U/L"}
    given = {name: limit if limit == "Y" else Decimal(limit) for name, limit in limits.items()}
    result = qualified_grade("", term=term, value=Decimal(value), unit=units[term], **given)
    assert (result.basis, result.number) == (basis, None if number is None else Decimal(number))


def test_a_cut_stands_in_the_unit_of_the_value():
    assert qualified_grade("", term="HGB", value=Decimal("7.5"), unit="g/dL", lln=12).number == 8
