"""What the design needs and what the data say of reaching it, against published tables and statistics.md 4."""

import math

import numpy as np
import pytest

from analysis.survival import group_sequential
from analysis.survival.design import (
    b_value,
    conditional_power,
    drift,
    outlook,
    power_of,
    predictive_power,
    required_events,
    required_information,
)
from analysis.survival.group_sequential import (
    crossing_probability,
    obrien_fleming,
    obrien_fleming_spending,
    pocock,
    pocock_spending,
    spending_bounds,
)

pytestmark = pytest.mark.filterwarnings("error")
FIVE = (0.2, 0.4, 0.6, 0.8, 1.0)


@pytest.mark.parametrize(
    ("events", "more"),
    [(121, {}), (136, {"share": 1 / 3}), (136, {"share": 2 / 3}), (161, {"share": 0.25}), (162, {"power": 0.9}),
     (127, {"r_squared": 0.05}), (134, {"r_squared": 0.1}), (142, {"r_squared": 0.15}), (151, {"r_squared": 0.2}),
     (172, {"r_squared": 0.3})],
)  # fmt: skip
def test_the_events_needed_are_those_of_the_statistics_document(events: int, more: dict[str, float]) -> None:
    assert required_events(0.6, **more) == events


@pytest.mark.parametrize(("events", "power"), [(110.2, 76.5), (139.5, 85.5), (169.8, 91.4), (201.7, 95.2)])
def test_the_formula_gives_the_power_of_the_statistics_document(events: float, power: float) -> None:
    assert 100 * power_of(events, 0.6) == pytest.approx(power, abs=0.1)


@pytest.mark.parametrize(
    ("hazard_ratio", "more"),
    [(1.0, {}), (0.0, {}), (0.6, {"power": 1.0}), (0.6, {"share": 0}), (0.6, {"r_squared": 1}), (0.6, {"alpha": 0})],
)
def test_a_design_that_no_number_of_events_shows_is_refused(hazard_ratio: float, more: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="Give a"):
        required_events(hazard_ratio, **more)


def test_the_bounds_of_obrien_and_fleming_and_of_pocock_are_those_of_jennison_and_turnbull() -> None:
    """Jennison & Turnbull (2000), tables 2.1 (Pocock) and 2.3 (O'Brien & Fleming), two-sided alpha 0.05."""
    tables = {2: (2.178, 1.977), 3: (2.289, 2.004), 4: (2.361, 2.024), 5: (2.413, 2.040), 10: (2.555, 2.087)}
    for looks, (of_pocock, of_obrien) in tables.items():
        assert pocock(looks) == pytest.approx([of_pocock] * looks, abs=5e-4)
        assert obrien_fleming(looks)[-1] == pytest.approx(of_obrien, abs=5e-4)
    assert obrien_fleming(5) == pytest.approx([4.562, 3.226, 2.634, 2.281, 2.040], abs=1e-3)


def test_the_bounds_by_alpha_spending_are_the_published_ones() -> None:
    """Five equal looks, two-sided 0.05: Lan & DeMets 1983 type O'Brien-Fleming; Pocock type."""
    of_obrien = spending_bounds(FIVE, obrien_fleming_spending)
    assert of_obrien == pytest.approx([4.877, 3.357, 2.680, 2.290, 2.031], abs=5e-4)
    assert spending_bounds(FIVE, pocock_spending) == pytest.approx([2.438, 2.427, 2.410, 2.397, 2.386], abs=5e-4)


@pytest.mark.parametrize("spending", [obrien_fleming_spending, pocock_spending])
@pytest.mark.parametrize("looks", [(1.0,), (0.083, 1.0), (0.389, 1.0), (0.5, 0.501, 1.0), FIVE, (0.25, 0.7)])
def test_bounds_spend_what_they_should_and_no_more(
    spending: group_sequential.Spending, looks: tuple[float, ...]
) -> None:
    bounds = spending_bounds(looks, spending)
    assert crossing_probability(bounds, looks) == pytest.approx(spending(looks[-1], 0.05), abs=1e-8)
    assert spending(1.0, 0.05) == pytest.approx(0.05)


def test_two_looks_at_the_usual_limit_cost_what_a_bivariate_normal_says() -> None:
    """Armitage, McPherson & Rowe 1969, table 2: 1.96 at two, five and ten equal looks rejects 8.3, 14.2, 19.3 %."""
    for looks, chance in ((1, 0.05), (2, 0.083), (5, 0.142), (10, 0.193)):
        fractions = [(k + 1) / looks for k in range(looks)]
        assert crossing_probability([1.959964] * looks, fractions) == pytest.approx(chance, abs=5e-4)


def test_a_look_so_early_that_no_alpha_is_left_has_no_bound() -> None:
    assert spending_bounds([0.001, 1.0], obrien_fleming_spending)[0] > 30
    assert spending_bounds([0.0015, 1.0], lambda t, alpha: alpha * (t == 1)) == (math.inf, pytest.approx(1.959964))


@pytest.mark.parametrize("looks", [(), (0.0, 1.0), (0.5, 0.5, 1.0), (0.5, 0.4), (0.5, 1.2)])
def test_looks_that_go_back_or_beyond_the_end_are_refused(looks: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="rise by at least"):
        spending_bounds(looks, pocock_spending)


def test_conditional_and_predictive_power_follow_the_formulas() -> None:
    """By hand from statistics.md 4.2: Z 1.5 at t = 0.5 of 121 events."""
    b, theta = b_value(1.5, 0.5), drift(0.6, 121)
    assert (b, theta) == (pytest.approx(1.06066, abs=1e-5), pytest.approx(2.80954, abs=1e-5))
    chances = [conditional_power(b, 0.5, each) for each in (theta, b / 0.5, 0.0)]
    assert chances == pytest.approx([0.76264, 0.59025, 0.10173], abs=1e-4)
    assert predictive_power(b, 0.5) == pytest.approx(0.56410, abs=1e-4)


def test_conditional_power_under_the_design_is_on_average_the_power_of_the_design() -> None:
    """statistics.md 4.2: mean conditional power .800, .797, .796 at t = .3, .5, .7, for a power of .80."""
    draws = np.random.default_rng(1).standard_normal(20_000)
    theta = math.sqrt(required_information(0.6, 0.05, 0.8)) * abs(math.log(0.6))
    for fraction in (0.3, 0.5, 0.7):
        b = theta * fraction + math.sqrt(fraction) * draws
        mean = np.mean([conditional_power(each, fraction, theta) for each in b.tolist()])
        assert mean == pytest.approx(0.80, abs=0.006)


def test_nothing_is_left_to_hope_for_when_the_events_are_reached() -> None:
    full = outlook(2.0, 121, 121, 0.6)
    assert (full.design, full.trend, full.null, full.predictive) == (None, None, None, None)
    assert full.fraction == 1
    for fraction in (0.0, 1.0, 1.5):
        with pytest.raises(ValueError, match="between 0 and 1"):
            conditional_power(1.0, fraction, 2.8)
        with pytest.raises(ValueError, match="between 0 and 1"):
            predictive_power(1.0, fraction)


def test_an_event_that_carries_less_information_promises_less() -> None:
    chances = [outlook(1.0, 60, 121, 0.6, per_event).design or 0 for per_event in (0.25, 0.2, 0.15)]
    assert chances == sorted(chances, reverse=True)
