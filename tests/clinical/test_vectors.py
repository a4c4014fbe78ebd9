"""Every case of every calculator vector, read once with float and once with Decimal numbers."""

import inspect
import json
from decimal import Decimal
from pathlib import Path

import pytest

from prtras.clinical.calculators import CALCULATORS, calculate

VECTORS = sorted((Path(__file__).parent / "vectors").glob("*.json"))


def cases():
    for path in VECTORS:
        floats = json.loads(path.read_text("utf-8"))
        decimals = json.loads(path.read_text("utf-8"), parse_float=Decimal)
        for case, exact in zip(floats["cases"], decimals["cases"], strict=True):
            name = floats["calculator"]
            yield pytest.param(name, case["input"], exact["input"], case["expected"], id=f"{name}: {case['name']}")


@pytest.mark.parametrize(("name", "floats", "decimals", "expected"), list(cases()))
def test_it_answers_as_the_vector_expects(name, floats, decimals, expected):
    assert json.loads(json.dumps(calculate(name, floats))) == expected
    assert json.loads(json.dumps(calculate(name, decimals))) == expected


def test_every_calculator_has_a_vector_file():
    assert {json.loads(path.read_text("utf-8"))["calculator"] for path in VECTORS} == set(CALCULATORS)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_it_takes_the_inputs_of_the_vector_in_their_order(path):
    vector = json.loads(path.read_text("utf-8"))
    answer = inspect.signature(CALCULATORS[vector["calculator"]].takes).parameters
    assert list(answer) == list(vector["inputs"])
