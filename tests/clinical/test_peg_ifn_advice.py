"""Peginterferon advice: strict limits, the strongest action wins."""

from decimal import Decimal

import pytest

from prtras.clinical.peg_ifn import Advice, Findings, advice, rules

UNKNOWN = dict.fromkeys(
    ["anc", "plt", "depress", "suicidal", "retina_new", "decomp", "pregnant", "alt_x_uln", "tbil_x_uln"]
)


def advised(**actual):
    return advice(known(**actual))


def known(**actual):
    return Findings(**{**UNKNOWN, **actual})


@pytest.mark.parametrize(
    ("actual", "rule"),
    [
        ({"anc": Decimal("0.49")}, {"anc": " <0.5: HOLD"}),
        ({"anc": Decimal("0.5")}, {"anc": " <0.75: REDUCE_135"}),
        ({"plt": 49, "anc": 3}, {"plt": " <50: REDUCE_90"}),
        ({"alt_x_uln": 6}, {"alt_x_uln": " >5: REDUCE_135"}),
        ({"alt_x_uln": 6, "tbil_x_uln": 3}, {"alt_x_uln": " >5 & BILI >2 x ULN: HOLD"}),
        ({"alt_x_uln": 11}, {"alt_x_uln": " >10: HOLD"}),
        ({"suicidal": "Y", "depress": "MILD"}, {"suicidal": ": STOP"}),
        ({"anc": 3, "plt": 150}, {}),
    ],
)
def test_every_trigger_has_its_limit_and_its_own_action(actual, rule):
    assert rules(known(**actual)) == rule


def test_nothing_known_is_no_advice_and_incomplete():
    assert advised() == Advice("NONE", (), incomplete=True)


@pytest.mark.parametrize("field", ["anc", "plt", "alt_x_uln"])
def test_each_of_three_missing_values_makes_it_incomplete(field):
    usual = {"anc": 2, "plt": 150, "alt_x_uln": 1}
    assert not advised(**usual).incomplete
    assert advised(**{**usual, field: None}).incomplete


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ({"anc": "0.7499", "alt_x_uln": "5.01"}, "REDUCE_135"),
        ({"anc": "0.7499", "plt": "49.99"}, "REDUCE_90"),
        ({"plt": "49.99", "anc": "0.4999"}, "HOLD"),
        ({"anc": "0.4999", "plt": "24.99"}, "STOP"),
        ({"alt_x_uln": "10", "tbil_x_uln": "2"}, "REDUCE_135"),
        ({"alt_x_uln": "10.01", "tbil_x_uln": "0"}, "HOLD"),
        ({"alt_x_uln": "5", "tbil_x_uln": "9"}, "NONE"),
    ],
)
def test_the_strongest_action_wins(actual, expected):
    assert advised(**{field: Decimal(value) for field, value in actual.items()}).advice == expected


def test_the_triggers_come_in_their_fixed_order():
    actual = advised(
        anc=0, plt=0, depress="SEVERE", suicidal="Y", retina_new="Y", decomp="Y", pregnant="Y", alt_x_uln=6
    )
    assert actual.triggers == (
        "anc",
        "plt",
        "alt_x_uln",
        "depress",
        "suicidal",
        "retina_new",
        "decomp",
        "pregnant",
    )
