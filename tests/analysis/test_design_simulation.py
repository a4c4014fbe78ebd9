"""Simulated trials: the fits equal the study's own, and the numbers are those of statistics.md 4 within their error."""

import json
import math
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from analysis import design_simulation, plan
from analysis.design_simulation import Design, Operating, batches, simulate
from analysis.survival.cox import cox
from analysis.survival.logrank import logrank
from analysis.survival.many_trials import Batch, at_risk, cox_fits, logrank_z

pytestmark = pytest.mark.filterwarnings("error")
CONFOUNDED = Design(hazard_ratio=1.0, confounding=1.0)
TRIALS = 400


def table(batch: Batch, trial: int) -> pd.DataFrame:
    """One trial as the study's estimators read it."""
    frame = pd.DataFrame(batch.traits[trial], columns=["age", "bclc", "hbsag"])
    frame["arm"], frame["visit"], frame["event"] = batch.arm[trial], batch.visit[trial], batch.event[trial].astype(int)
    return frame[frame["visit"] > 0]


@pytest.fixture(scope="module")
def confounded() -> dict[str, Operating]:
    return {each.analysis: each for each in simulate(CONFOUNDED, TRIALS, 7).analyses}


@pytest.mark.parametrize("design", [Design(participants=90, confounding=0.7), Design(participants=40, missed=0.5)])
def test_the_fits_of_many_trials_at_once_equal_the_studys_own(design: Design) -> None:
    batch = next(batches(design, 15, 3))
    z, fits = logrank_z(batch), [cox_fits(batch, adjusted=adjusted) for adjusted in (False, True)]
    compared = 0
    for trial in range(15):
        frame = table(batch, trial)
        own = logrank(frame, "visit", "event", "arm")
        assert own.chi2 == pytest.approx(z[trial] ** 2, rel=1e-10)
        assert (own.observed[1] < own.expected[1]) == (z[trial] > 0)
        for fit, covariates in zip(fits, (["arm"], ["arm", "age", "bclc", "hbsag"]), strict=True):
            term = cox(frame, "visit", "event", covariates).terms[0]
            if term.few_events:
                assert math.isnan(fit.coef[trial])
                continue
            compared += 1
            assert term.coef == pytest.approx(fit.coef[trial], abs=1e-8)
            assert term.se == pytest.approx(fit.se[trial], abs=1e-8)
    assert compared >= 10


def test_a_trial_without_events_or_without_an_arm_has_no_estimate_and_does_not_reject() -> None:
    nobody = np.zeros((3, 12), dtype=np.bool_)
    arm = np.array([[0.0, 1.0] * 6, [1.0] * 12, [0.0, 1.0] * 6])
    visit = np.array([[1, 2, 3] * 4, [1, 2, 3] * 4, [0] * 12])
    event = np.array([nobody[0], ~nobody[0], nobody[0]])
    batch = Batch(arm, visit, event, np.zeros((3, 12, 3)))
    assert logrank_z(batch).tolist() == [0, 0, 0]
    for adjusted in (False, True):
        fits = cox_fits(batch, adjusted=adjusted)
        assert np.isnan(fits.coef).all()
        assert np.isnan(fits.se).all()


def test_at_risk_are_all_who_end_then_or_later() -> None:
    assert at_risk(np.array([[3.0, 2.0, 1.0]])).tolist() == [[6, 3, 1]]


@pytest.mark.parametrize(
    ("design", "power", "events"),
    [
        (Design(control_recurrence=0.45), 77.3, 117),
        (Design(control_recurrence=0.5), 82.5, 131),
        (Design(control_recurrence=0.7), 93.8, 190),
        (Design(dropout=0.2), 79.8, None),
        (Design(share=0.75), 73.1, None),
        (Design(hazard_ratio=0.8), 26.1, None),
    ],
    ids=["45 %", "50 %", "70 %", "20 % lost", "three to one", "HR 0.8"],
)
def test_the_power_is_that_of_the_statistics_document(design: Design, power: float, events: float | None) -> None:
    """Within 3.5 standard errors of both simulations (theirs 0.6 points), events within 3."""
    simulated = simulate(design, TRIALS, 11, ("logrank",))
    (tested,) = simulated.analyses
    assert abs(100 * tested.rejects - power) < 3.5 * math.hypot(100 * tested.se, 0.6)
    if events:
        assert abs(simulated.mean_events - events) < 3
    assert tested.benefit == pytest.approx(tested.rejects, abs=0.01)


def test_without_confounding_the_type_1_error_is_the_level_and_nothing_is_biased() -> None:
    for each in simulate(Design(hazard_ratio=1.0), TRIALS, 5).analyses:
        assert abs(each.rejects - 0.05) < 3.5 * math.sqrt(0.05 * 0.95 / TRIALS)
        assert each.mean_hr is None or abs(math.log(each.mean_hr)) < 0.03


def test_with_confounding_the_unadjusted_analyses_reject_far_too_often(confounded: dict[str, Operating]) -> None:
    """statistics.md 4.6: unadjusted mean HR 0.770, rejects 37 %."""
    for name in ("logrank", "cox"):
        assert confounded[name].rejects > 0.3
    assert confounded["cox"].mean_hr == pytest.approx(0.77, abs=0.03)
    assert (confounded["cox"].coverage or 1) < 0.75


def test_with_confounding_the_adjusted_analysis_holds_its_level(confounded: dict[str, Operating]) -> None:
    adjusted = confounded["cox_adjusted"]
    assert abs(adjusted.rejects - 0.05) < 3.5 * math.sqrt(0.05 * 0.95 / TRIALS)
    assert adjusted.mean_hr == pytest.approx(1, abs=0.03)
    assert adjusted.coverage == pytest.approx(0.95, abs=0.04)


def test_no_adjustment_helps_against_what_is_not_measured() -> None:
    by_name = {each.analysis: each for each in simulate(Design(hazard_ratio=1.0, unmeasured=1.0), 200, 2).analyses}
    assert by_name["cox_adjusted"].rejects > 0.25


def test_confounding_changes_neither_the_recurrence_nor_the_share_that_the_design_names() -> None:
    base = Design(hazard_ratio=1.0, dropout=0, death=0, missed=0, share=0.4, participants=4000)
    for confounding in (0.0, 1.0, 2.0):
        design = Design(**vars(base) | {"confounding": confounding})
        simulated = simulate(design, 15, 4, ("logrank",))
        assert simulated.mean_share == pytest.approx(0.4, abs=0.01)
        assert simulated.mean_events / 4000 == pytest.approx(0.5, abs=0.01)


def test_the_same_seed_gives_the_same_numbers_and_another_one_others() -> None:
    design = Design(participants=60)
    assert simulate(design, 50, 1) == simulate(design, 50, 1)
    assert simulate(design, 50, 1) != simulate(design, 50, 2)


def test_no_more_rows_are_simulated_at_once_than_the_bound() -> None:
    for participants in (332, 20_000):
        sizes = [batch.arm.size for batch in batches(Design(participants=participants), 7, 1)]
        assert max(sizes) <= design_simulation.ROWS_AT_ONCE
        assert sum(sizes) == 7 * participants


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"share": 1}, "share"), ({"control_recurrence": 0}, "control_recurrence"),
        ({"hazard_ratio": 0}, "hazard_ratio"),
        ({"dropout": 1}, "dropout"), ({"missed_new": -0.1}, "missed_new"), ({"participants": 9}, "participants"),
        ({"participants": 20_001}, "participants"), ({"confounding": -1}, "confounding"), ({"window": 42}, "window"),
        ({"interval": 0}, "window"), ({"visits": 0}, "visits"), ({"shape": 0}, "shape"),
        ({"alpha": float("nan")}, "alpha"), ({"death": float("nan")}, "death"),
    ],
)  # fmt: skip
def test_what_is_no_design_is_refused_by_name(values: dict[str, float], name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be"):
        Design(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("trials", [0, 100_001])
def test_too_many_trials_or_none_are_refused(trials: int) -> None:
    with pytest.raises(ValueError, match="trials must be from 1 to 100000"):
        simulate(Design(), trials, 1)


def test_the_design_is_that_of_the_plan() -> None:
    design = Design()
    assert (design.participants, design.hazard_ratio, design.alpha) == (plan.PLANNED, plan.HAZARD_RATIO, plan.ALPHA)
    assert design.end == 7 * plan.READ_WEEK


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("simulate_design", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_what_it_simulated() -> None:
    text = printed("--trials", "30", "--participants", "60")
    assert "participants 60" in text
    assert "Trials: 30, seed 1" in text
    assert [line.split("  ")[0] for line in text.splitlines()[-3:]] == [
        "log-rank, unadjusted", "Cox, unadjusted", "Cox, adjusted",
    ]  # fmt: skip
    assert "type I error" in printed("--trials", "5", "--participants", "60", "--hazard-ratio", "1")


def test_the_command_gives_everything_as_json_and_only_the_analysis_named() -> None:
    arguments = ("--trials", "20", "--participants", "60", "--json", "--analysis", "adjusted", "--missed-new", "0.4")
    written = json.loads(printed(*arguments))
    assert (written["design"]["missed_new"], written["trials"]) == (0.4, 20)
    assert [each["analysis"] for each in written["analyses"]] == ["cox_adjusted"]


def test_the_command_refuses_what_is_no_design() -> None:
    with pytest.raises(CommandError, match="share must be between 0 and 1"):
        printed("--share", "2")
