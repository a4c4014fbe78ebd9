"""The conventions every calculator shares: what is read, what is refused, how it is answered."""

import inspect
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from prtras.clinical.calculators import CALCULATORS, calculate
from prtras.clinical.decimals import rounded, significant
from prtras.clinical.inputs import BadInput, code, day, number, whole

ODD = [
    True,
    "",
    "x",
    "12",
    -1,
    10**400,
    1.5,
    float("nan"),
    float("inf"),
    Decimal("sNaN"),
    Decimal("1E+999999"),
    Decimal("1E-999999"),
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    [],
    [None],
    [{}],
    {},
    {"date": 1},
]
EXAMPLES = {
    vector["calculator"]: vector["cases"][0]["input"]
    for vector in (json.loads(path.read_text("utf-8")) for path in (Path(__file__).parent / "vectors").glob("*.json"))
}


@pytest.mark.parametrize("name", CALCULATORS)
def test_every_odd_value_in_every_field_gets_an_answer_of_the_protocol(name):
    for field in inspect.signature(CALCULATORS[name].takes).parameters:
        for odd in ODD:
            answer = calculate(name, {**EXAMPLES[name], field: odd})
            json.dumps(answer, allow_nan=False)
            assert set(answer) in ({"result"}, {"error"}, {"result", "missing"})


@pytest.mark.parametrize("name", CALCULATORS)
def test_unknown_inputs_are_ignored(name):
    assert calculate(name, {**EXAMPLES[name], "colour": object()}) == calculate(name, EXAMPLES[name])


@pytest.mark.parametrize("name", sorted(set(CALCULATORS) - {"peg_ifn_advice", "threshold_growth"}))
def test_an_empty_object_lacks_inputs(name):
    answer = calculate(name, {})
    assert answer["result"] is None
    assert answer["missing"]


def test_anything_but_an_object_is_an_error():
    assert calculate("bmi", [1]) == {"error": {"field": "inputs"}}


def test_an_unknown_calculator_is_a_key_error():
    with pytest.raises(KeyError):
        calculate("meld", {})


@pytest.mark.parametrize(
    "value", [True, "1", "", [1], float("nan"), float("-inf"), Decimal("NaN"), Decimal("Infinity"), 1j]
)
def test_a_number_is_a_finite_json_number(value):
    with pytest.raises(BadInput):
        number("size_mm", value)


def test_a_float_is_taken_as_it_prints():
    assert number("size_mm", 0.1) == Decimal("0.1")


def test_limits_are_exact():
    assert number("x", 1, above=0, at_most=1) == 1
    for value in (0, Decimal("1.0000000000000000000000000000000000001")):
        with pytest.raises(BadInput):
            number("x", value, above=0, at_most=1)


def test_a_whole_number_may_have_empty_decimals():
    assert whole("age", Decimal("50.00")) == 50
    with pytest.raises(BadInput):
        whole("age", Decimal("50.01"))


def test_a_code_is_case_sensitive():
    assert code("sex", "M", ("M", "F")) == "M"
    for value in ("m", "M ", "", 1, ["M"]):
        with pytest.raises(BadInput):
            code("sex", value, ("M", "F"))


def test_a_day_is_a_date_and_not_a_moment():
    assert day("exam_date", date(2026, 1, 5)) == day("exam_date", "2026-01-05") == date(2026, 1, 5)
    for value in (datetime(2026, 1, 5), 20260105, "2026-01", "2026-02-29", "2026-01-05\n", "２０２６-01-05"):
        with pytest.raises(BadInput):
            day("exam_date", value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2.25", "2.3"), ("-2.25", "-2.3"), ("2.2499", "2.2"), ("-0.04", "0.0"), ("-0.05", "-0.1")],
)
def test_rounding_is_half_away_from_zero(value, shown):
    assert str(rounded(Decimal(value), 1)) == shown


def test_significant_digits_are_rounded_half_away_from_zero_too():
    assert significant(Decimal("1234565"), 6) == Decimal("1234570")
