"""`python -m prtras.clinical`, as a shell would call it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from prtras.clinical.calculators import CALCULATORS

CHECKOUT = Path(__file__).parents[2]


def run(*arguments, stdin=""):
    return subprocess.run(
        [sys.executable, "-m", "prtras.clinical", *arguments],
        input=stdin.encode(),
        capture_output=True,
        cwd=CHECKOUT,
        timeout=60,
        check=False,
    )


def test_it_answers_one_object():
    given = '{"height": 170, "height_unit": "cm", "weight": 65, "weight_unit": "kg"}'
    assert json.loads(run("bmi", stdin=given).stdout) == {"result": {"bmi": 22.5, "cat": "NORMAL"}}


def test_it_answers_a_list_with_a_list():
    given = '[{"raw": "未检出"}, {"raw": null}, {"raw": 100}, 7]'
    assert json.loads(run("hbv_dna", stdin=given).stdout) == [
        {"result": {"q": "TND", "value": None, "log10": 0.0, "flags": []}},
        {"result": None, "missing": ["raw"]},
        {"error": {"field": "raw"}},
        {"error": {"field": "inputs"}},
    ]


def test_it_reads_numbers_as_written():
    given = '{"term": "ALT", "value": 120.00000000000000000001, "unit": "U/L", "uln": 40}'
    assert json.loads(run("ctcae_grade", stdin=given).stdout) == {"result": {"grade": 2}}


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", '"15"', "true"])
def test_it_refuses_what_is_no_measurement(value):
    given = f'{{"path_proven": "Y", "size_mm": {value}}}'
    assert json.loads(run("lirads_category", stdin=given).stdout) == {"error": {"field": "size_mm"}}


def test_it_lists_the_names():
    assert run("--list").stdout.decode().split() == sorted(CALCULATORS)


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [(["meld"], "{}"), ([], "{}"), (["bmi"], "{"), (["bmi"], ""), (["bmi", "--list"], "")],
)
def test_it_fails_loudly_on_an_unknown_name_or_unreadable_json(arguments, stdin):
    failed = run(*arguments, stdin=stdin)
    assert (failed.returncode, failed.stdout) == (2, b"")
    assert failed.stderr
