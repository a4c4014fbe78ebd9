"""LR-TR: precedence of evaluability, pattern and tissue."""

import pytest

from prtras.clinical.inputs import BadInput, MissingInput
from prtras.clinical.treatment_response import category

UNKNOWN = dict.fromkeys(["tr_eval", "tr_pattern", "tr_morph", "tr_aphe", "tr_wo", "tr_sim"])


def response(**actual):
    return category(**{**UNKNOWN, **actual})


def test_expected_enhancement_needs_nothing_more():
    assert response(tr_eval="Y", tr_pattern="EXPECTED") == "LR-TR-NV"
    assert response(tr_eval="Y", tr_pattern="NOENH", tr_morph="Y") == "LR-TR-NV"


@pytest.mark.parametrize("sign", ["tr_aphe", "tr_wo", "tr_sim"])
@pytest.mark.parametrize("pattern", ["NOENH", "EXPECTED"])
def test_viable_tissue_contradicts_a_nonviable_pattern(sign, pattern):
    with pytest.raises(BadInput) as bad:
        response(tr_eval="Y", tr_pattern=pattern, tr_morph="Y", **{sign: "Y"})
    assert bad.value.field == "tr_pattern"


def test_a_contradiction_outranks_the_missing_evaluability():
    with pytest.raises(BadInput):
        response(tr_pattern="NOENH", tr_morph="Y", tr_aphe="Y")


def test_what_is_not_evaluable_is_not_examined_further():
    assert response(tr_eval="N", tr_pattern="NOENH", tr_morph="Y", tr_aphe="Y") == "LR-TR-NE"


def test_an_equivocal_answer_needs_all_three_signs():
    with pytest.raises(MissingInput) as missing:
        response(tr_eval="Y", tr_pattern="OTHER", tr_morph="Y", tr_wo="N")
    assert missing.value.fields == ("tr_aphe", "tr_sim")
