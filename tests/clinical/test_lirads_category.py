"""LI-RADS v2018: every cell of the diagnostic table, and what stands before and after it."""

from decimal import Decimal

import pytest

from prtras.clinical.inputs import BadInput, MissingInput
from prtras.clinical.lirads import LiradsResult, Observation, category

ABSENT = {
    "path_proven": "N",
    "nc": "N",
    "tiv": "N",
    "benign": "NONE",
    "washout": "NONE",
    "capsule": "N",
    "tg": "N",
}
FEATURES = {
    "none": {},
    "washout": {"washout": "NONPERIPH"},
    "capsule": {"capsule": "Y"},
    "growth": {"tg": "Y"},
    "washout and capsule": {"washout": "NONPERIPH", "capsule": "Y"},
    "all three": {"washout": "NONPERIPH", "capsule": "Y", "tg": "Y"},
}


def seen(**features):
    return category(Observation(**{**ABSENT, **features}))


@pytest.mark.parametrize(
    ("aphe", "size_mm", "expected"),
    [
        ("NONE", "19.9", ["LR-3", "LR-3", "LR-3", "LR-3", "LR-4", "LR-4"]),
        ("NONE", "20", ["LR-3", "LR-4", "LR-4", "LR-4", "LR-4", "LR-4"]),
        ("NONRIM", "9.9", ["LR-3", "LR-4", "LR-4", "LR-4", "LR-4", "LR-4"]),
        ("NONRIM", "10", ["LR-3", "LR-5", "LR-4", "LR-5", "LR-5", "LR-5"]),
        ("NONRIM", "19.9", ["LR-3", "LR-5", "LR-4", "LR-5", "LR-5", "LR-5"]),
        ("NONRIM", "20", ["LR-4", "LR-5", "LR-5", "LR-5", "LR-5", "LR-5"]),
    ],
)
def test_it_follows_the_diagnostic_table_in_every_cell(aphe, size_mm, expected):
    actual = [seen(aphe=aphe, size_mm=Decimal(size_mm), **features).base for features in FEATURES.values()]
    assert actual == expected


@pytest.mark.parametrize("lrm", ["RIM_APHE", "PERIPH_WO", "DELAYED_CENTRAL", "TARGET_DWI", "TARGET_TP_HBP"])
def test_a_targetoid_feature_is_lr_m_even_with_lr_5_features(lrm):
    assert seen(aphe="NONRIM", size_mm=25, washout="NONPERIPH", lrm=[lrm]).base == "LR-M"


@pytest.mark.parametrize("lrm", ["INFILTRATIVE", "MARKED_DWI", "NECROSIS", "OTHER_NONHCC"])
def test_a_nontargetoid_feature_is_lr_m_unless_the_table_gives_lr_5(lrm):
    assert seen(aphe="NONRIM", size_mm=15, capsule="Y", lrm=[lrm]).base == "LR-M"
    assert seen(aphe="NONRIM", size_mm=15, tg="Y", lrm=[lrm]).base == "LR-5"


def test_a_malignancy_feature_raises_up_to_lr_4_and_lr_5_stays():
    assert seen(benign="DEF", afmal=["DWI"]) == LiradsResult("LR-1", "LR-2")
    assert seen(benign="PROB", afhcc=["MOSAIC"]) == LiradsResult("LR-2", "LR-3")
    assert seen(aphe="NONRIM", size_mm=20, tg="Y", afmal=["DWI"]) == LiradsResult("LR-5", "LR-5")


def test_a_benign_feature_lowers_but_not_below_lr_1():
    assert seen(benign="DEF", afben=["SIZERED"]) == LiradsResult("LR-1", "LR-1")
    assert seen(benign="PROB", afben=["SIZERED"]) == LiradsResult("LR-2", "LR-1")


def test_tumour_in_vein_is_not_adjusted():
    assert seen(tiv="Y", afben=["SIZERED"]) == LiradsResult("LR-TIV", "LR-TIV")


def test_each_step_needs_only_its_own_inputs():
    assert category(Observation(path_proven="Y")).base == "PATH"
    assert category(Observation(path_proven="N", nc="Y")).base == "LR-NC"
    with pytest.raises(MissingInput) as missing:
        category(Observation(nc="Y"))
    assert missing.value.fields == ("path_proven",)


def test_the_table_names_all_it_lacks_even_when_a_targetoid_feature_is_seen():
    with pytest.raises(MissingInput) as missing:
        category(Observation(path_proven="N", nc="N", tiv="N", benign="NONE", lrm=["RIM_APHE"]))
    assert missing.value.fields == ("size_mm", "aphe", "washout", "capsule", "tg")


@pytest.mark.parametrize("size_mm", [Decimal("0.9"), Decimal("300.1")])
def test_a_size_outside_1_to_300_mm_is_refused_even_where_it_is_not_needed(size_mm):
    with pytest.raises(BadInput):
        category(Observation(path_proven="Y", size_mm=size_mm))


@pytest.mark.parametrize("field", ["lrm", "afmal", "afhcc", "afben"])
@pytest.mark.parametrize("value", ["DWI", ["HALO"], [None], {"DWI": 1}])
def test_a_list_of_features_holds_known_codes_only(field, value):
    with pytest.raises(BadInput) as bad:
        category(Observation(path_proven="Y", **{field: value}))
    assert bad.value.field == field
