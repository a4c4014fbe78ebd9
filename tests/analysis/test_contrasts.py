"""Fixed-time and restricted mean differences against R for every data set, and at the edges."""

from typing import Any

import numpy as np
import oracle
import pandas as pd
import pytest

from analysis.survival.contrasts import (
    Difference,
    SurvivalContrast,
    cumulative_hazard_ratio,
    restricted_mean_ratio,
    survival_contrast,
)
from analysis.survival.survival_data import BadTable


def contrast(case: oracle.Case, frame: Any = None) -> SurvivalContrast:
    spec = case.spec
    data = case.frame() if frame is None else frame
    return survival_contrast(data, spec["time"], spec["event"], spec["group"], t0=spec["t0"], tau=spec["tau"])


def compare(actual: Difference, expected: dict[str, Any], name: str, p: str, key: str) -> None:
    oracle.close(list(actual.estimates), expected[name], key, name)
    oracle.close(list(actual.ses), expected[f"{name}_se"], key, f"{name}_se")
    oracle.close(actual.difference, expected[f"{name}_diff"], key, f"{name}_diff")
    oracle.close(actual.se, expected[f"{name}_diff_se"], key, f"{name}_diff_se")
    oracle.close([actual.lower, actual.upper], expected[f"{name}_diff_ci"], key, f"{name}_diff_ci")
    oracle.close(actual.p, expected[p], "cox_p_rel", p)


@pytest.mark.parametrize("case", oracle.cases("contrast"))
def test_the_difference_at_a_fixed_time_equals_r(case: oracle.Case) -> None:
    result, expected = contrast(case), case.expected
    assert list(result.groups) == expected["groups"]
    compare(result.surv, expected, "surv", "surv_diff_p_plain", "km_surv_se_ci")


@pytest.mark.parametrize("case", oracle.cases("contrast"))
def test_the_difference_of_restricted_means_equals_r(case: oracle.Case) -> None:
    compare(contrast(case).rmst, case.expected, "rmst", "rmst_p", "rmst")


@pytest.mark.parametrize("case", oracle.cases("contrast"))
def test_kleins_test_equals_r(case: oracle.Case) -> None:
    result, expected = contrast(case), case.expected
    oracle.close(result.loglog_chi2, expected["klein_loglog_chisq"], "logrank_chi2_rel", "Klein")
    oracle.close(result.loglog_p, expected["klein_loglog_p"], "cox_p_rel", "p of Klein")


@pytest.mark.parametrize("case", oracle.cases("contrast"))
def test_shuffled_rows_give_the_identical_contrast(case: oracle.Case) -> None:
    shuffled = case.frame().sample(frac=1, random_state=3)
    assert contrast(case, shuffled).to_dict() == contrast(case).to_dict()


def arms(event: list[int], time: list[int] | None = None) -> pd.DataFrame:
    return pd.DataFrame({"time": time or [1, 2, 3, 4, 5, 6, 7, 8], "event": event, "arm": [0, 0, 0, 0, 1, 1, 1, 1]})


def test_beyond_the_last_follow_up_of_one_arm_there_is_no_difference() -> None:
    result = survival_contrast(arms([1, 1, 0, 0, 1, 0, 0, 0]), "time", "event", "arm", t0=6)
    assert result.surv.estimates == (None, 0.75)
    assert result.surv.difference is None
    assert result.loglog_p is None
    assert result.rmst.difference is None
    assert "beyond_last_followup" in [caution.code for caution in result.cautions]


def test_an_arm_without_events_has_a_difference_but_no_loglog_test() -> None:
    result = survival_contrast(arms([1, 1, 0, 0, 0, 0, 0, 0]), "time", "event", "arm", t0=3)
    assert result.surv.difference == pytest.approx(0.5)
    assert result.surv.se == pytest.approx(0.25)
    assert result.loglog_chi2 is None


def test_an_arm_that_reached_zero_has_no_standard_error() -> None:
    result = survival_contrast(arms([1, 1, 1, 1, 1, 0, 0, 0]), "time", "event", "arm", t0=5)
    assert result.surv.difference == pytest.approx(0.75)
    assert (result.surv.se, result.surv.p, result.loglog_p) == (None, None, None)


def test_two_arms_without_events_differ_by_nothing_and_have_no_p_value() -> None:
    result = survival_contrast(arms([0] * 8), "time", "event", "arm", t0=2)
    assert (result.surv.difference, result.surv.se, result.surv.p) == (0.0, 0.0, None)
    assert (result.rmst.difference, result.rmst.p) == (0.0, None)


def test_few_at_risk_are_named() -> None:
    result = survival_contrast(arms([1, 0, 0, 0, 1, 0, 0, 0]), "time", "event", "arm", t0=3)
    assert [caution.code for caution in result.cautions] == ["few_at_risk", "few_at_risk"]


def test_the_ratio_of_restricted_means_has_the_limits_of_its_logarithm() -> None:
    result = survival_contrast(arms([1, 1, 0, 0, 1, 0, 1, 0]), "time", "event", "arm", t0=3, tau=4)
    (a, b), (u, v) = result.rmst.estimates, result.rmst.ses
    assert (a, b) == (pytest.approx(2.75), 4.0)
    assert u is not None
    assert v == 0
    ratio = restricted_mean_ratio(result)
    assert ratio.ratio == pytest.approx(4 / 2.75)
    assert ratio.lower == pytest.approx(4 / 2.75 * np.exp(-1.959963984540054 * u / 2.75))
    assert ratio.upper == pytest.approx(4 / 2.75 * np.exp(1.959963984540054 * u / 2.75))


@pytest.mark.parametrize("case", oracle.cases("contrast"))
def test_the_limits_of_the_ratio_of_cumulative_hazards_agree_with_kleins_test(case: oracle.Case) -> None:
    ratio, expected = cumulative_hazard_ratio(contrast(case)), case.expected
    first, second = (np.log(-np.log(surv)) for surv in expected["surv"])
    assert ratio.ratio == pytest.approx(np.exp(second - first), rel=1e-9)
    oracle.close(ratio.p, expected["klein_loglog_p"], "cox_p_rel", "p of Klein")
    assert (ratio.lower > 1 or ratio.upper < 1) == (expected["klein_loglog_p"] < 0.05)


def test_a_ratio_of_what_is_not_known_is_not_known() -> None:
    beyond = survival_contrast(arms([1, 1, 0, 0, 1, 0, 0, 0]), "time", "event", "arm", t0=6)
    for ratio in (restricted_mean_ratio(beyond), cumulative_hazard_ratio(beyond)):
        assert (ratio.ratio, ratio.lower, ratio.upper, ratio.p) == (None, None, None, None)


def test_three_groups_are_refused() -> None:
    with pytest.raises(BadTable, match="two groups"):
        survival_contrast(oracle.table("colon"), "rectime", "rec", "rx", t0=1096)


def test_a_time_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        survival_contrast(arms([1] * 8), "time", "event", "arm", t0=0)
