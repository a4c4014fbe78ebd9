"""A result of a file laid over what a page says: what of the row before it still holds, and what does not."""

from decimal import Decimal
from typing import Any

import pytest

from labs.files.samples import Result
from labs.page_merge import CHANGED, NEW, REFUSED, SAME, merge
from prtras.crf.content import PageContent
from prtras.crf.registry import form_of

LOW, HIGH = Decimal(9), Decimal(50)


def page(**row: Any) -> PageContent:
    return PageContent(rows={"alt": {"analyte": "alt", "orres": "45", "orresu": "U/L"} | row})


def laid_over(content: PageContent, text: str, *limits: Decimal, unit: str = "U/L", correct: bool = False) -> str:
    low, high = limits or (None, None)
    result = Result(2, "result", text, unit, low=low, high=high)
    return merge(content, form_of("lbchem"), "alt", result, correct=correct).status


def test_whoever_judged_a_result_did_not_judge_the_one_that_replaces_it():
    content = page(clsig="NCS")
    assert laid_over(content, "450", correct=True) == CHANGED
    assert (content.rows["alt"]["orres"], content.rows["alt"]["clsig"]) == ("450", None)


def test_the_same_result_however_it_is_written_leaves_the_judgement():
    content = page(clsig="NCS")
    assert laid_over(content, "45.0") == SAME
    assert content.rows["alt"]["clsig"] == "NCS"


def test_the_range_of_the_file_is_put_beside_a_result_that_has_none():
    content = page()
    assert laid_over(content, "45", LOW, HIGH) == NEW
    assert (content.rows["alt"]["ornrlo"], content.rows["alt"]["ornrhi"]) == (LOW, HIGH)
    assert laid_over(content, "45", LOW, HIGH) == SAME


def test_another_range_of_the_same_result_is_a_correction():
    content = page(ornrlo=LOW, ornrhi=HIGH, clsig="NCS")
    assert laid_over(content, "45", LOW, Decimal(40)) == REFUSED
    assert content.rows["alt"]["ornrhi"] == HIGH
    assert laid_over(content, "45", LOW, Decimal(40), correct=True) == CHANGED
    assert (content.rows["alt"]["ornrhi"], content.rows["alt"]["clsig"]) == (Decimal(40), None)


@pytest.mark.parametrize(("limits", "unit"), [((), "U/L"), ((Decimal("0.15"), Decimal("0.83")), "ukat/L")])
def test_a_file_without_a_range_or_in_the_other_unit_says_nothing_about_the_range(limits, unit):
    content = page(orres="45", ornrlo=LOW, ornrhi=HIGH)
    text = "45" if unit == "U/L" else "0.75"
    assert laid_over(content, text, *limits, unit=unit) in (SAME, REFUSED)
    assert (content.rows["alt"]["ornrlo"], content.rows["alt"]["ornrhi"]) == (LOW, HIGH)
