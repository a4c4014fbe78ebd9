"""What forms compute, at the edges of each rule: the values in hand, and what is on record elsewhere."""

from dataclasses import replace
from datetime import date

import pytest

from enrollment import protocol
from enrollment.deriving.arm import arm_choice
from enrollment.deriving.consent import completed_years, demographics
from enrollment.deriving.disease import index_tumour, radical_treatment
from enrollment.deriving.doses import doses_given
from tests.on_record import OnRecord, day, dose

CHOSEN, TREATED, FIRST = day("06-02"), day("04-20"), day("06-05")


@pytest.mark.parametrize(
    ("rule", "arm", "anchor"),
    [
        ("ALLOC", "A1", CHOSEN), ("ALLOC", "A2", CHOSEN), ("FIRST_DOSE", "A2", FIRST), ("FIRST_DOSE", "A1", CHOSEN),
        ("RADICAL_TX", "A1", TREATED), ("RADICAL_TX", "A2", TREATED),
    ],
)  # fmt: skip
def test_day_0_follows_the_anchor_rule_of_the_protocol(monkeypatch, rule, arm, anchor):
    monkeypatch.setattr(protocol, "ANCHOR_RULE", replace(protocol.ANCHOR_RULE, original=rule))
    context = OnRecord({"radtx": [{"tx_date": TREATED}], "pegifn": [dose(2, "06-12"), dose(1, "06-05")]})
    derived = arm_choice({"arm": arm, "alloc_date": CHOSEN}, context)
    assert derived == {"anchor_date": anchor, "a2_first_dose": FIRST, "arm_actual": "A2"}


@pytest.mark.parametrize("rule", ["ALLOC", "FIRST_DOSE", "RADICAL_TX"])
def test_without_a_choice_there_is_no_day_0_and_without_a_dose_the_arm_in_fact_is_the_first(monkeypatch, rule):
    monkeypatch.setattr(protocol, "ANCHOR_RULE", replace(protocol.ANCHOR_RULE, original=rule))
    context = OnRecord({"radtx": [{"tx_date": TREATED}]})
    assert arm_choice({}, context) == {"anchor_date": None, "a2_first_dose": None, "arm_actual": None}
    assert arm_choice({"arm": "A2", "alloc_date": CHOSEN}, context)["arm_actual"] == "A1"


def test_a_dose_counts_as_given_when_it_was_given_reduced_or_delayed_on_a_known_day():
    statuses = ("GIVEN", "REDUCED", "DELAYED", "HELD", "MISSED", "STOPPED", None)
    rows = [dose(number, "06-05", status) for number, status in enumerate(statuses, start=1)]
    rows.append({"row": 8, "pg_status": "GIVEN", "pg_date": None})
    context = OnRecord({"pegifn": rows})
    assert [given.values["row"] for given in doses_given(context)] == [1, 2, 3]
    assert [given.values["row"] for given in doses_given(context, but=2)] == [1, 3]


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [("1970-06-15", "2025-06-14", 54), ("1970-06-15", "2025-06-15", 55), ("1972-02-29", "2025-02-28", 52),
     ("1972-02-29", "2025-03-01", 53)],
)  # fmt: skip
def test_age_is_in_completed_years(born, on, years):
    assert completed_years(date.fromisoformat(born), date.fromisoformat(on)) == years
    context = OnRecord({"consent": [{"icf_date": date.fromisoformat(on)}]})
    assert demographics({"brthdat": date.fromisoformat(born)}, context)["age_consent"] == years
    assert demographics({}, context)["age_consent"] is None


@pytest.mark.parametrize(
    ("number", "largest", "invasion", "spread", "within"),
    [(1, 50, "NONE", "N", "Y"), (1, 51, "NONE", "N", "N"), (3, 30, "NONE", "N", "Y"), (3, 31, "NONE", "N", "N"),
     (4, 10, "NONE", "N", "N"), (1, 20, "MICRO", "N", "N"), (1, 20, "NONE", "Y", "N"), (None, 20, "NONE", "N", None),
     (1, None, "NONE", "N", None), (1, 20, None, "N", None), (1, 20, "NONE", None, None)],
)  # fmt: skip
def test_the_milan_criteria_are_one_tumour_to_50_mm_or_three_to_30_mm(number, largest, invasion, spread, within):
    values = {"n_tumours": number, "largest_mm": largest, "vasc_inv": invasion, "extrahep": spread}
    assert index_tumour(values, OnRecord())["milan"] == within


def test_the_day_of_radical_treatment_is_the_later_of_resection_and_ablation():
    context = OnRecord({"alloc": [{"anchor_date": CHOSEN}]})
    both = {"res_date": day("04-20"), "abl_date": day("04-25")}
    assert radical_treatment(both, context) == {"tx_date": day("04-25"), "days_to_w0": 38}
    assert radical_treatment({"res_date": TREATED}, OnRecord()) == {"tx_date": TREATED, "days_to_w0": None}
    assert radical_treatment({}, context) == {"tx_date": None, "days_to_w0": None}
