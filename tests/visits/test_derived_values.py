"""What forms compute, at the edges of each rule: the values in hand, and what is on record elsewhere."""

from decimal import Decimal
from typing import Any

import pytest

from prtras.crf.limits import Limit
from tests.on_record import OnRecord, day, dose
from visits.deriving.disposition import end_of_study
from visits.deriving.examination import vital_signs
from visits.deriving.recurrence import recurrence
from visits.deriving.treatment import adherence, injection

CHOSEN = day("06-02")


@pytest.mark.parametrize(
    ("days", "missed", "percent"),
    [(84, 2, "97.6"), (84, 0, "100.0"), (84, 84, "0.0"), (16, 1, "93.8"), (84, 85, None), (84, -1, None), (0, 0, None),
     (None, 2, None), (84, None, None)],
)  # fmt: skip
def test_adherence_is_the_share_of_days_on_which_it_was_taken(days, missed, percent):
    expected = None if percent is None else Decimal(percent)
    assert adherence({"adh_na_days": days, "adh_na_missed": missed}, OnRecord()) == {"adh_na_pct": expected}


def test_the_interval_of_an_injection_runs_from_the_last_one_that_was_given_before_it():
    context = OnRecord({"pegifn": [dose(1, "06-05"), dose(2, "06-12"), dose(3, "06-19", "HELD"), dose(4, "06-26")]}, 4)
    assert injection({"pg_date": day("06-26"), "pg_status": "GIVEN"}, context)["pg_interval"] == 14
    assert injection({"pg_date": day("06-26"), "pg_status": "HELD"}, context)["pg_interval"] is None
    assert injection({"pg_date": day("06-05"), "pg_status": "GIVEN"}, context)["pg_interval"] is None
    nothing = dict.fromkeys(("pg_interval", "pg_cum", "pg_advice", "pg_count", "pg_basis"))
    assert injection({}, context) == {"pg_no": 4} | nothing


def test_the_cumulative_dose_sums_what_was_given_up_to_this_dose():
    context = OnRecord({"pegifn": [dose(1, "06-05"), dose(2, "06-12", "REDUCED", 135), dose(3, "06-19", "HELD")]}, 4)
    given = {"pg_date": day("06-26"), "pg_status": "GIVEN", "pg_dose": 90}
    assert injection(given, context)["pg_cum"] == 180 + 135 + 90
    assert injection(given | {"pg_date": day("06-10")}, context)["pg_cum"] == 180 + 90
    assert injection(given | {"pg_status": "HELD"}, context)["pg_cum"] is None
    assert injection(given | {"pg_dose": None}, context)["pg_cum"] is None


def test_an_old_blood_count_advises_nothing_and_nobody_is_told_that_the_dose_may_stay():
    blood = {"hem_date": day("06-01"), "neut_stresn": Decimal("0.4"), "plt_stresn": Decimal(120)}
    context = OnRecord({"lbhem": [blood]})
    last, first = (injection({"pg_date": day(on)}, context) for on in ("07-06", "07-07"))  # 35 and 36 days later
    assert (last["pg_advice"], last["pg_count"]) == ("HOLD", "Y")
    assert (first["pg_advice"], first["pg_count"], first["pg_basis"]) == (None, "N", None)


def test_without_a_count_the_advice_that_follows_from_something_else_still_stands():
    seen = [{"pe_date": day("06-01"), "depress": "SEVERE"}]
    assert injection({"pg_date": day("06-05")}, OnRecord({"pe": seen}))["pg_advice"] == "STOP"


def test_the_values_behind_the_advice_stand_beside_it_with_their_days():
    forms = {
        "lbhem": [{"hem_date": day("06-20"), "neut_stresn": Decimal("0.4200"), "plt_stresn": Decimal("88.0000")}],
        "lbchem": [{"chem_date": day("06-18"), "alt_stresn": Decimal(60), "alt_stnrhi": Decimal(50)}],
        "pe": [{"pe_date": day("06-02"), "depress": "NONE"}],
    }
    basis = injection({"pg_date": day("06-26")}, OnRecord(forms))["pg_basis"]
    year = day("06-20").year
    assert basis == f"NEUT 0.42 <0.5: HOLD, PLAT 88 ({year}-06-20); ALT 1.2 x ULN ({year}-06-18); PE {year}-06-02"


def test_every_rule_that_an_advice_follows_stands_behind_its_value():
    forms = {
        "lbhem": [{"hem_date": day("06-20"), "neut_stresn": Decimal("0.7"), "plt_stresn": Decimal("24")}],
        "lbchem": [{"chem_date": day("06-18"), "alt_stresn": Decimal(300), "alt_stnrhi": Decimal(50),
                    "tbil_stresn": Decimal(63), "tbil_stnrhi": Decimal(21)}],
        "pe": [{"pe_date": day("06-02"), "depress": "SEVERE", "suicidal": "N", "fundus": "ABN_CS", "ascites": "NONE"}],
        "pregtest": [{"pt_date": day("06-01"), "pt_result": "POS"}],
    }  # fmt: skip
    advised = injection({"pg_date": day("06-26")}, OnRecord(forms))
    year = day("06-20").year
    assert advised["pg_advice"] == "STOP"
    assert advised["pg_basis"] == (
        f"NEUT 0.7 <0.75: REDUCE_135, PLAT 24 <25: STOP ({year}-06-20); "
        f"ALT 6.0 x ULN >5 & BILI >2 x ULN: HOLD, BILI 3.0 x ULN ({year}-06-18); "
        f"PE {year}-06-02 DEPRESS SEVERE: STOP, FUNDUS ABN_CS: STOP; PREG POS: STOP ({year}-06-01)"
    )


def test_a_newer_sheet_without_a_result_does_not_hide_the_newest_one_that_has_it():
    forms = {
        "lbhem": [{"hem_date": day("06-20"), "neut_stresn": Decimal("0.4"), "plt_stresn": Decimal(120)},
                  {"hem_date": day("06-24"), "plt_stresn": Decimal(110)}],
        "lbchem": [{"chem_date": day("06-18"), "alt_stresn": Decimal(600), "alt_stnrhi": Decimal(50)},
                   {"chem_date": day("06-25"), "k_stresn": Decimal(4)}],
    }  # fmt: skip
    advised = injection({"pg_date": day("06-26")}, OnRecord(forms))
    year = day("06-20").year
    assert (advised["pg_advice"], advised["pg_count"]) == ("HOLD", "Y")
    assert advised["pg_basis"] == (
        f"NEUT 0.4 <0.5: HOLD ({year}-06-20); PLAT 110 ({year}-06-24); ALT 12.0 x ULN >10: HOLD ({year}-06-18)"
    )


def test_what_an_examination_found_stands_until_it_is_examined_again():
    seen = [
        {"pe_date": day("06-02"), "depress": "NONE", "fundus": "ABN_CS"},
        {"pe_date": day("06-20"), "depress": "NONE"},
    ]
    advised = injection({"pg_date": day("06-26")}, OnRecord({"pe": seen}))
    year = day("06-20").year
    assert advised["pg_advice"] == "STOP"
    assert advised["pg_basis"] == f"PE {year}-06-20; FUNDUS ABN_CS: STOP ({year}-06-02)"
    seen.append({"pe_date": day("06-25"), "depress": "NONE", "fundus": "NORMAL"})
    assert injection({"pg_date": day("06-26")}, OnRecord({"pe": seen}))["pg_advice"] is None


def limit(text: str) -> Limit:
    return Limit(text[0], Decimal(text[1:]))


@pytest.mark.parametrize(
    ("neutrophils", "advice", "counted"),
    [("<0.5", "HOLD", "Y"), ("<0.75", "REDUCE_135", "Y"), ("<1.0", None, "N"), (">0.75", "NONE", "Y"),
     (">0.5", None, "N")],
)  # fmt: skip
def test_a_count_that_is_only_a_limit_advises_what_every_count_that_it_may_be_does(neutrophils, advice, counted):
    blood = {"hem_date": day("06-20"), "neut_stresn": limit(neutrophils), "plt_stresn": Decimal(120)}
    advised = injection({"pg_date": day("06-26")}, OnRecord({"lbhem": [blood]}))
    assert (advised["pg_advice"], advised["pg_count"]) == (advice, counted)
    assert advised["pg_basis"].startswith(f"NEUT {limit(neutrophils)!s}")


@pytest.mark.parametrize(
    ("alt", "bilirubin", "advice", "shown"),
    [(">500", Decimal(21), "HOLD", "ALT >10.0 x ULN >10: HOLD"), (">300", ">42", "HOLD", "BILI >2.0 x ULN"),
     ("<40", Decimal(21), "NONE", "ALT <0.8 x ULN, "), (">100", Decimal(21), "NONE", "ALT >2.0 x ULN, ")],
)  # fmt: skip
def test_a_multiple_of_a_limit_advises_likewise(alt, bilirubin, advice, shown):
    chemistry = {
        "chem_date": day("06-20"), "alt_stresn": limit(alt), "alt_stnrhi": Decimal(50), "tbil_stnrhi": Decimal(21),
        "tbil_stresn": limit(bilirubin) if isinstance(bilirubin, str) else bilirubin,
    }  # fmt: skip
    blood = {"hem_date": day("06-20"), "neut_stresn": Decimal(3), "plt_stresn": Decimal(120)}
    advised = injection({"pg_date": day("06-26")}, OnRecord({"lbhem": [blood], "lbchem": [chemistry]}))
    assert advised["pg_advice"] == advice
    assert shown in advised["pg_basis"]


@pytest.mark.parametrize(("value", "limit"), [(Decimal(60), None), (Decimal(60), Decimal(0)), (None, Decimal(50))])
def test_a_liver_value_without_its_limit_is_no_multiple_and_advises_nothing(value, limit):
    forms = {"lbchem": [{"chem_date": day("06-18"), "alt_stresn": value, "alt_stnrhi": limit}]}
    advised = injection({"pg_date": day("06-26")}, OnRecord(forms))
    assert (advised["pg_basis"], advised["pg_advice"]) == (None, None)


def test_the_advice_on_a_dose_is_that_of_the_latest_results_up_to_its_day():
    blood = [
        {"hem_date": day(on), "neut_stresn": Decimal(count), "plt_stresn": Decimal(120)}
        for on, count in (("06-02", "2.1"), ("06-10", "0.6"), ("06-20", "2.0"))
    ]
    context = OnRecord({"lbhem": blood, "lbchem": [{"chem_date": None}]})
    advice = {on: injection({"pg_date": day(on)}, context)["pg_advice"] for on in ("06-01", "06-05", "06-10", "06-21")}
    assert advice["06-01"] is None
    assert advice["06-05"] == advice["06-21"] != advice["06-10"]


def test_the_end_of_study_sums_what_was_given_and_finds_the_last_evaluable_image():
    images = [
        {"mri_date": day("08-01"), "mri_quality": "GOOD"}, {"mri_date": day("11-01"), "mri_quality": "NONDIAG"},
        {"mri_date": day("12-01"), "mri_quality": None}, {"mri_date": None, "mri_quality": "GOOD"},
    ]  # fmt: skip
    doses = [dose(1, "06-05"), dose(2, "06-12", "REDUCED", 135), dose(3, "06-19", "HELD"), dose(4, "06-26", mg=None)]
    forms = {"mri": images, "pegifn": doses, "alloc": [{"arm": "A2"}]}
    assert end_of_study({}, OnRecord(forms)) == {"last_img": day("08-01"), "pg_total": 315, "pg_ndose": 3}
    assert end_of_study({}, OnRecord({"alloc": [{"arm": "A2"}]})) == {
        "last_img": None, "pg_total": None, "pg_ndose": 0
    }  # fmt: skip
    assert end_of_study({}, OnRecord({"alloc": [{"arm": "A1"}]}))["pg_ndose"] is None


def test_the_body_mass_index_takes_the_height_of_the_visit_or_the_last_one_measured():
    measured = OnRecord({"vs": [{"height": Decimal(160)}, {"height": Decimal(170)}, {"height": None}]})
    assert vital_signs({"weight": Decimal(68)}, measured)["bmi"] == Decimal("23.5")
    assert vital_signs({"weight": Decimal(68), "height": Decimal(180)}, measured)["bmi"] == Decimal("21.0")
    assert vital_signs({"weight": Decimal(68)}, OnRecord()) == {"bmi": None, "bmi_cat": None}


def test_the_first_confirmed_recurrence_is_the_earliest_and_is_counted_from_day_0_as_day_1():
    def derived(on: str, adjudicated: str = "CONFIRMED", row: int = 1) -> dict[str, Any]:
        others = [
            {"row": 1, "rec_date": day("09-01"), "rec_adj": "CONFIRMED"},
            {"row": 2, "rec_date": day("08-01"), "rec_adj": "REFUTED"},
            {"row": 3, "rec_date": None, "rec_adj": "CONFIRMED"},
        ]
        context = OnRecord({"alloc": [{"anchor_date": CHOSEN}], "recur": others}, row)
        return recurrence({"rec_date": day(on), "rec_adj": adjudicated}, context)

    assert derived("09-01") == {"rec_no": 1, "rec_first": "Y", "rec_ttr": 92}
    assert derived("10-01", row=4)["rec_first"] == "N"
    assert derived("08-15", row=4)["rec_first"] == "Y"
    assert derived("08-15", "REFUTED", row=4)["rec_first"] == "N"
    assert recurrence({"rec_date": day("09-01")}, OnRecord()) == {"rec_no": 1, "rec_first": None, "rec_ttr": None}
