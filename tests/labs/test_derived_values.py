"""What the immune profile, tissue and liver forms compute, at the edges of each rule."""

from datetime import date
from decimal import Decimal

import pytest

from labs.deriving.biomarkers import HIGH, immune_profile, tissue
from labs.deriving.liver import liver_function
from prtras.crf.limits import Limit
from tests.on_record import OnRecord


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("cd4", "cd8", "pd1", "ratio", "share"),
    [("38", "28", "12", "1.36", "3.36"), ("38", "28", None, "1.36", None), (None, "28", "12", None, "3.36"),
     ("38", None, "12", None, None), ("38", "0", "12", None, "0.00"), ("0", "28", "0", "0.00", "0.00")],
)  # fmt: skip
def test_the_immune_profile_divides_only_what_is_known_and_not_zero(cd4, cd8, pd1, ratio, share):
    typed = {"cd4p": number(cd4), "cd8p": number(cd8), "pd1cd8": number(pd1)}
    assert immune_profile(typed, OnRecord()) == {"cd4cd8": number(ratio), "pd1cd8_ofcd3": number(share)}


@pytest.mark.parametrize(
    ("score", "tps", "cps"),
    [("0", "LT1", "LT1"), ("0.9", "LT1", "LT1"), ("1", "1_49", "1_9"), ("9.9", "1_49", "1_9"), ("10", "1_49", "GE10"),
     ("49", "1_49", "GE10"), ("50", "GE50", "GE10"), (None, None, None)],
)  # fmt: skip
def test_tps_and_cps_fall_into_the_bands_of_the_specification(score, tps, cps):
    derived = tissue({"tps": number(score), "cps": number(score)}, OnRecord())
    assert (derived["tps_cat"], derived["cps_cat"]) == (tps, cps)


def test_the_immune_score_counts_high_densities_when_all_four_are_known():
    flags = dict.fromkeys(HIGH, "N") | {"cd3_ct_hi": "Y", "cd8_im_hi": "Y"}
    assert tissue(flags, OnRecord())["tc_score_i"] == 2
    assert tissue(dict.fromkeys(HIGH, "N"), OnRecord())["tc_score_i"] == 0
    assert tissue(flags | {"cd3_im_hi": None}, OnRecord())["tc_score_i"] is None


#: 01-001 on 2025-08-25: 50 years old that day.
RESULTS = {
    "lbchem": [{"chem_date": date(2025, 8, 25), "tbil_stresn": Decimal("12.35"), "alb_stresn": Decimal("41.25"),
                "creat_stresn": Decimal("75")}],
    "lbcoag": [{"inr_stresn": Decimal("1.055")}],
    "pe": [{"ascites": "NONE", "he_grade": "NONE"}],
    "dm": [{"brthdat": date(1975, 8, 25), "sex": "M"}],
}  # fmt: skip


def without(form: str, item: str) -> OnRecord:
    return OnRecord(RESULTS | {form: [{name: value for name, value in RESULTS[form][0].items() if name != item}]})


def with_limit(form: str, item: str, sign: str, value: str) -> OnRecord:
    return OnRecord(RESULTS | {form: [RESULTS[form][0] | {item: Limit(sign, Decimal(value))}]})


@pytest.mark.parametrize(
    ("item", "sign", "value", "score"),
    [("tbil_stresn", "<", "17.1", 5), ("tbil_stresn", "<", "34", 5), ("tbil_stresn", "<", "40", None),
     ("tbil_stresn", ">", "51", 7), ("tbil_stresn", ">", "40", None), ("alb_stresn", ">", "35", 5),
     ("alb_stresn", "<", "28", 7), ("alb_stresn", "<", "41", None)],
)  # fmt: skip
def test_a_result_that_is_only_a_limit_scores_where_all_that_it_may_be_score_the_same(item, sign, value, score):
    derived = liver_function({}, with_limit("lbchem", item, sign, value))
    assert derived["cp_score"] == score
    assert (derived["albi"], derived["cp_bil" if item == "tbil_stresn" else "cp_alb"]) == (None, None)
    assert derived["egfr"] is not None


def test_a_creatinine_that_is_only_a_limit_gives_no_filtration_rate():
    assert liver_function({}, with_limit("lbchem", "creat_stresn", "<", "27"))["egfr"] is None


def test_the_liver_scores_show_what_they_used_to_the_printed_places():
    derived = liver_function({}, OnRecord(RESULTS))
    assert (derived["cp_bil"], derived["cp_alb"], derived["cp_inr"]) == (
        Decimal("12.4"),
        Decimal("41.3"),
        Decimal("1.06"),
    )
    assert (derived["cp_score"], derived["cp_class"], derived["albi_grade"]) == (5, "A", "1")


@pytest.mark.parametrize(
    ("form", "item", "unknown"),
    [
        ("lbchem", "tbil_stresn", {"cp_bil", "cp_score", "cp_class", "albi", "albi_grade"}),
        ("lbchem", "alb_stresn", {"cp_alb", "cp_score", "cp_class", "albi", "albi_grade"}),
        ("lbcoag", "inr_stresn", {"cp_inr", "cp_score", "cp_class"}),
        ("pe", "ascites", {"cp_score", "cp_class"}),
        ("pe", "he_grade", {"cp_score", "cp_class"}),
        ("lbchem", "creat_stresn", {"egfr"}),
        ("lbchem", "chem_date", {"egfr"}),
        ("dm", "brthdat", {"egfr"}),
        ("dm", "sex", {"egfr"}),
    ],
)
def test_what_is_not_known_leaves_empty_only_what_needs_it(form, item, unknown):
    derived = liver_function({}, without(form, item))
    assert {name for name, value in derived.items() if value is None} == unknown
    whole = liver_function({}, OnRecord(RESULTS))
    assert {name: derived[name] for name in derived if name not in unknown} == {
        name: whole[name] for name in whole if name not in unknown
    }


def test_egfr_is_that_of_the_completed_years_on_the_day_of_the_sample():
    birthday = liver_function({}, OnRecord(RESULTS))["egfr"]
    eve = liver_function({}, OnRecord(RESULTS | {"dm": [{"brthdat": date(1975, 8, 26), "sex": "M"}]}))["egfr"]
    assert eve > birthday
