"""Child-Pugh: both sides of the cut points, and what is missing."""

from decimal import Decimal

import pytest

from prtras.clinical.child_pugh import score
from prtras.clinical.inputs import BadInput, MissingInput

NORMAL = {
    "bil": 15,
    "bil_unit": "umol/L",
    "alb": 42,
    "alb_unit": "g/L",
    "inr": 1,
    "ascites": "NONE",
    "he": "NONE",
}


def scored(**changed):
    return score(**{**NORMAL, **changed})


@pytest.mark.parametrize(("alb", "points"), [("3.51", 1), ("3.5", 2), ("2.8", 2), ("2.79", 3)])
def test_albumin_in_g_dl_is_scored_as_ten_times_g_l(alb, points):
    assert scored(alb=Decimal(alb), alb_unit="g/dL").alb == points


@pytest.mark.parametrize(("pt", "points"), [("15.9", 1), ("16", 2), ("18", 2), ("18.1", 3), ("10", 1)])
def test_prothrombin_time_is_scored_by_its_prolongation(pt, points):
    actual = scored(inr=None, pt=float(pt), pt_ctrl=12)
    assert (actual.coag, actual.coag_source) == (points, "PT")


def test_float_drift_does_not_move_a_prolongation_over_its_cut():
    assert scored(inr=None, pt=16.1, pt_ctrl=12.1).coag == 2  # 16.1 - 12.1 is 4.000000000000002 in binary
    assert scored(inr=None, pt=18.3, pt_ctrl=12.3).coag == 2


def test_encephalopathy_and_ascites_score_1_to_3():
    assert [scored(he=he).he for he in ("NONE", "G1_2", "G3_4")] == [1, 2, 3]
    assert [scored(ascites=ascites).ascites for ascites in ("NONE", "MILD", "MODSEV")] == [1, 2, 3]


def test_a_missing_coagulation_is_named_inr_after_the_units():
    with pytest.raises(MissingInput) as missing:
        score(bil=None, bil_unit=None, alb=None, alb_unit=None, pt_ctrl=12, ascites=None, he=None)
    assert missing.value.fields == ("bil", "bil_unit", "alb", "alb_unit", "inr", "ascites", "he")


@pytest.mark.parametrize(
    ("field", "value"), [("inr", 0.49), ("inr", 20.1), ("pt", 0), ("pt_ctrl", 201), ("alb", 101), ("bil", 0)]
)
def test_an_impossible_value_is_refused_also_when_it_is_not_used(field, value):
    with pytest.raises(BadInput) as bad:
        scored(**{field: value})
    assert bad.value.field == field
