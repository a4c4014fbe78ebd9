"""Propensity score, weights, balance, weighted Cox and weighted survival against R for every data set."""

from typing import Any

import numpy as np
import oracle
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.survival.kaplan_meier import kaplan_meier
from analysis.survival.survival_data import BadTable
from analysis.survival.weighting import (
    SCHEMES,
    WeightedComparison,
    WeightedEffect,
    balancing_weights,
    e_value,
    effective_sample_size,
    propensity_score,
    weighted_comparison,
)

R_SCHEMES = tuple(scheme for scheme in SCHEMES if scheme not in ("sw_truncated", "mw"))


def comparison(case: oracle.Case, frame: Any = None, **options: Any) -> WeightedComparison:
    spec = case.spec
    return weighted_comparison(
        case.frame() if frame is None else frame,
        spec["time"],
        spec["event"],
        spec["treat"],
        oracle.listed(spec["covars"]),
        times=oracle.listed(spec["times"]),
        **options,
    )


def effect(result: WeightedComparison, scheme: str) -> WeightedEffect:
    return next(actual for actual in result.effects if actual.scheme == scheme)


@pytest.mark.parametrize("case", oracle.cases("iptw"))
def test_the_propensity_score_equals_r(case: oracle.Case) -> None:
    result, expected = comparison(case), case.expected
    score = result.propensity
    assert result.n == expected["n"]
    assert [term.name for term in score.terms] == expected["ps_terms"]
    oracle.close([term.coef for term in score.terms], expected["ps_coef"], "ps_coef", "coef")
    oracle.close([term.se for term in score.terms], expected["ps_se"], "ps_coef", "se")
    oracle.close(score.scores[:10].tolist(), expected["ps_first10"], "ps_coef", "score")
    oracle.close([score.minimum, score.maximum], [expected["ps_min"], expected["ps_max"]], "ps_coef", "range")
    oracle.close(score.c_statistic, expected["c_statistic"], "concordance", "c")
    assert sum(bar.control + bar.treated for bar in score.overlap) == result.n


@pytest.mark.parametrize("case", oracle.cases("iptw"))
@pytest.mark.parametrize("scheme", R_SCHEMES)
def test_weights_and_balance_equal_r(case: oracle.Case, scheme: str) -> None:
    actual, expected = effect(comparison(case), scheme), case.expected["weighted"][scheme]
    oracle.close(actual.sum_weights, expected["sum_w"], "ps_coef", "sum of weights")
    oracle.close(list(actual.ess), expected["ess"], "ps_coef", "effective sample size")
    oracle.close(actual.max_weight, expected["w_max"], "ps_coef", "largest weight")
    assert [row.column for row in actual.balance] == oracle.listed(case.expected["columns"])
    before = [row.smd_before for row in actual.balance]
    oracle.close(before, case.expected["smd_unweighted"], "km_surv_se_ci", "SMD before")
    oracle.close([row.smd_after for row in actual.balance], expected["smd"], "ps_coef", "SMD after")


@pytest.mark.parametrize("case", oracle.cases("iptw"))
@pytest.mark.parametrize("scheme", R_SCHEMES)
def test_the_weighted_hazard_ratio_equals_r(case: oracle.Case, scheme: str) -> None:
    hazard, expected = effect(comparison(case), scheme).hazard, case.expected["weighted"][scheme]
    oracle.close(hazard.coef, expected["cox_coef"], "iptw_cox", "coef")
    oracle.close(hazard.se, expected["cox_se_robust"], "iptw_cox", "robust SE")
    oracle.close(hazard.se_naive, expected["cox_se_naive"], "iptw_cox", "naive SE")


@pytest.mark.parametrize("case", oracle.cases("iptw"))
@pytest.mark.parametrize("scheme", R_SCHEMES)
def test_the_weighted_survival_equals_r(case: oracle.Case, scheme: str) -> None:
    actual, expected = effect(comparison(case), scheme), case.expected["weighted"][scheme]
    for arm, curve in enumerate(actual.survival):
        assert [row.time for row in curve.at] == oracle.listed(expected["km_times"])
        oracle.close([row.surv for row in curve.at], expected[f"km_surv_arm{arm}"], "km_surv_se_ci", "S")
        oracle.close([row.se for row in curve.at], expected[f"km_se_robust_arm{arm}"], "km_surv_se_ci", "SE")


@pytest.mark.parametrize("case", oracle.cases("iptw"))
def test_the_e_value_equals_r(case: oracle.Case) -> None:
    result, expected = comparison(case), case.expected["evalue_sw"]
    hazard = effect(result, "sw").hazard
    oracle.close(hazard.hr, expected["hr"], "iptw_cox", "hr")
    oracle.close([hazard.lower, hazard.upper], expected["ci"], "iptw_cox", "ci")
    oracle.close(result.evalue.point_common, expected["evalue_point_common_outcome"], "iptw_cox", "point")
    oracle.close(result.evalue.limit_common, expected["evalue_ci_common_outcome"], "iptw_cox", "limit")


@pytest.mark.parametrize("case", oracle.cases("iptw"))
def test_shuffled_rows_give_the_identical_comparison(case: oracle.Case) -> None:
    shuffled = case.frame().sample(frac=1, random_state=5)
    assert comparison(case, shuffled).to_dict() == comparison(case).to_dict()


@pytest.mark.parametrize("case", oracle.cases("iptw"))
def test_the_propensity_score_equals_statsmodels(case: oracle.Case) -> None:
    frame = case.frame()[[case.spec["treat"], *case.spec["covars"]]].dropna()
    treated, x = frame.iloc[:, 0].to_numpy() == 1, frame.iloc[:, 1:].to_numpy(np.float64)
    fit = sm.GLM(treated.astype(float), sm.add_constant(x), family=sm.families.Binomial()).fit(tol=1e-14)
    actual = propensity_score(treated, x, case.spec["covars"])
    assert [term.coef for term in actual.terms] == pytest.approx(fit.params.tolist(), abs=1e-9)
    assert [term.se for term in actual.terms] == pytest.approx(fit.bse.tolist(), abs=1e-9)


@pytest.mark.parametrize("case", oracle.cases("iptw"))
def test_overlap_weights_balance_every_mean_exactly(case: oracle.Case) -> None:
    differences = [row.smd_after for row in effect(comparison(case), "ato").balance]
    assert differences == pytest.approx([0.0] * len(differences), abs=1e-12)


@pytest.mark.parametrize("case", oracle.cases("iptw"))
def test_truncation_cuts_both_tails_and_is_counted(case: oracle.Case) -> None:
    actual, whole = effect(comparison(case), "sw_truncated"), effect(comparison(case), "sw")
    assert actual.n_truncated == 2 * int(np.ceil((case.expected["n"] - 1) * 0.01))
    assert actual.max_weight < whole.max_weight


@pytest.mark.parametrize("case", oracle.cases("iptw"))
def test_the_other_arm_as_control_turns_the_hazard_ratio_round(case: oracle.Case) -> None:
    there, back = comparison(case), comparison(case, control="1")
    assert (back.control, back.treated) == ("1", "0")
    assert effect(back, "ato").hazard.coef == pytest.approx(-effect(there, "ato").hazard.coef, abs=1e-9)


def test_variance_ratios_are_one_for_equal_arms() -> None:
    frame = pd.DataFrame({"arm": [0, 1] * 6, "age": np.repeat([50, 61, 55, 70, 42, 66], 2), "time": range(1, 13)})
    row = weighted_comparison(frame.assign(event=1), "time", "event", "arm", "age").effects[0].balance[0]
    assert (row.smd_before, row.variance_ratio_before) == (0.0, 1.0)
    assert row.variance_ratio_after == pytest.approx(1.0)


def test_with_equal_weights_the_curve_and_its_limits_are_those_of_kaplan_meier() -> None:
    frame = pd.DataFrame({"arm": [0, 1] * 6, "age": np.repeat([50, 61, 55, 70, 42, 66], 2), "time": range(1, 13)})
    frame["event"] = [1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1]
    weighted = weighted_comparison(frame, "time", "event", "arm", "age", times=(4, 8)).effects[0].survival
    for arm, curve in zip(weighted, kaplan_meier(frame, "time", "event", "arm", times=(4, 8)).groups, strict=True):
        for actual, expected in zip(arm.at, curve.at, strict=True):
            for name in ("surv", "se", "lo_loglog", "hi_loglog", "n_risk"):
                assert getattr(actual, name) == pytest.approx(getattr(expected, name), abs=1e-12)


def test_the_variance_ratio_is_that_of_the_sample_variances() -> None:
    frame = oracle.table("gbsg")
    result = weighted_comparison(frame, "rfstime", "status", "hormon", ["age", "size"])
    variances = frame.groupby("hormon")["age"].var()
    assert result.effects[0].balance[0].variance_ratio_before == pytest.approx(variances[1] / variances[0])


def test_weights_are_the_textbook_ones() -> None:
    treated, score = np.array([True, True, False, False]), np.array([0.8, 0.5, 0.5, 0.2])
    weights = balancing_weights(treated, score)
    assert weights["iptw"] == pytest.approx([1.25, 2, 2, 1.25])
    assert weights["sw"] == pytest.approx([0.625, 1, 1, 0.625])
    assert weights["ato"] == pytest.approx([0.2, 0.5, 0.5, 0.2])
    assert weights["att"] == pytest.approx([1, 1, 1, 0.25])


def test_the_effective_sample_size_of_equal_weights_is_their_number() -> None:
    assert effective_sample_size(np.full(7, 0.3)) == pytest.approx(7)


def test_the_e_value_of_the_design_hazard_ratio_is_2_20() -> None:
    actual = e_value(0.6, 0.4, 0.9)
    assert actual.point_common == pytest.approx(2.20, abs=0.005)
    assert actual.point_rare == pytest.approx(1 / 0.6 + np.sqrt(1 / 0.6 * (1 / 0.6 - 1)))
    assert actual.limit_rare == pytest.approx(1 / 0.9 + np.sqrt(1 / 0.9 * (1 / 0.9 - 1)))


def test_the_e_value_of_an_interval_around_one_is_one() -> None:
    actual = e_value(0.8, 0.5, 1.2)
    assert (actual.limit_common, actual.limit_rare) == (1.0, 1.0)


def test_an_undefined_hazard_ratio_has_no_e_value() -> None:
    assert set(e_value(None, None, None).to_dict().values()) == {None}


def two_arms(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"time": range(1, 13), "event": 1, "arm": [0, 1] * 6, **columns})


def test_a_covariate_that_decides_the_arm_stops_the_analysis() -> None:
    result = weighted_comparison(two_arms(site=[1, 2] * 6), "time", "event", "arm", "site")
    assert result.propensity.not_estimable == "separation"
    assert {term.coef for term in result.propensity.terms} == {None}
    assert result.effects == ()
    assert result.evalue.point_common is None
    assert [caution.code for caution in result.cautions] == ["separation"]


def test_a_constant_covariate_is_left_out_and_named() -> None:
    frame = two_arms(age=[50, 61, 55, 70, 42, 66, 48, 49, 62, 71, 58, 60], bclc="A")
    result = weighted_comparison(frame, "time", "event", "arm", ["age", "bclc"])
    assert result.propensity.terms[2].coef is None
    assert [caution.code for caution in result.cautions] == ["dependent_column"]
    assert result.effects[0].balance[1].smd_after is None
    assert result.effects[0].hazard.coef is not None


def test_fewer_than_five_events_in_an_arm_are_named() -> None:
    frame = two_arms(age=[50, 61, 55, 70, 42, 66, 48, 49, 62, 71, 58, 60]).assign(
        event=[1, 0] * 3 + [1, 1] * 2 + [1, 0]
    )
    result = weighted_comparison(frame, "time", "event", "arm", "age")
    assert [caution.code for caution in result.cautions] == ["few_events"]


def test_an_arm_without_events_has_no_hazard_ratio() -> None:
    frame = two_arms(age=[50, 61, 55, 70, 42, 66, 48, 49, 62, 71, 58, 60]).assign(event=[1, 0] * 6)
    result = weighted_comparison(frame, "time", "event", "arm", "age", times=(5,))
    assert result.effects[0].hazard.hr is None
    assert [caution.code for caution in result.cautions] == ["hazard_ratio"]
    at = result.effects[0].survival[1].at[0]
    assert (at.surv, at.se, at.lo_loglog, at.hi_loglog) == (1.0, 0.0, 1.0, 1.0)


def test_beyond_the_last_follow_up_of_an_arm_nothing_is_claimed() -> None:
    frame = oracle.table("gbsg")
    result = weighted_comparison(frame, "rfstime", "status", "hormon", "age", times=(9999,))
    at = result.effects[0].survival[0].at[0]
    assert (at.surv, at.se, at.beyond_last_followup, at.n_risk) == (None, None, True, 0)


def test_missing_rows_are_dropped_counted_and_keep_their_order() -> None:
    frame = oracle.table("gbsg").assign(age=lambda d: d["age"].where(d.index % 7 != 3))
    result = weighted_comparison(frame, "rfstime", "status", "hormon", ["age", "size"])
    complete = weighted_comparison(frame.dropna(), "rfstime", "status", "hormon", ["age", "size"])
    assert result.n_dropped == result.dropped["age"] == int(frame["age"].isna().sum())
    assert result.propensity.scores.tolist() == complete.propensity.scores.tolist()


@pytest.mark.parametrize("arm", [["a", "b", "c"] * 4, ["a"] * 12])
def test_other_than_two_arms_are_refused(arm: list[str]) -> None:
    with pytest.raises(BadTable, match="two arms"):
        weighted_comparison(two_arms(age=range(12)).assign(arm=arm), "time", "event", "arm", "age")


def test_an_unknown_control_arm_is_refused() -> None:
    with pytest.raises(BadTable, match="two arms, one of them 'x'"):
        weighted_comparison(two_arms(age=range(12)), "time", "event", "arm", "age", control="x")


def test_matching_weights_are_the_smaller_score_over_that_of_the_own_arm() -> None:
    treated = np.array([True, True, False, False])
    weights = balancing_weights(treated, np.array([0.2, 0.8, 0.2, 0.8]))["mw"]
    assert weights.tolist() == pytest.approx([1.0, 0.25, 0.25, 1.0])


def test_a_score_on_an_edge_of_the_histogram_counts_above_it_whatever_the_rounding() -> None:
    from analysis.survival.weighting import _overlap

    bars = _overlap(np.array([0.5, 0.5 - 1e-15, 0.15, 1.0]), np.array([True, False, True, False]))
    assert [(bar.lower, bar.control, bar.treated) for bar in bars if bar.control or bar.treated] == [
        (0.15, 0, 1), (0.5, 1, 1), (0.95, 1, 0),
    ]  # fmt: skip
