"""Log-rank tests against R, and against lifelines and statsmodels where those are right."""

from typing import Any

import numpy as np
import oracle
import pandas as pd
import pytest
from lifelines.statistics import multivariate_logrank_test
from scipy.stats import chi2
from statsmodels.duration.survfunc import survdiff

from analysis.survival.logrank import chi_square_p, logrank
from analysis.survival.results import LogRank


def log_rank_of(case: oracle.Case, frame: Any = None) -> LogRank:
    spec = case.spec
    return logrank(
        case.frame() if frame is None else frame,
        spec["time"],
        spec["event"],
        spec["group"],
        strata=oracle.listed(spec.get("strata")),
        rho=spec.get("rho", 0),
    )


def is_plain(case: oracle.Case) -> bool:
    """lifelines has no stratified test."""
    return "strata" not in case.spec and not case.spec.get("rho")


@pytest.mark.parametrize("case", oracle.cases("logrank"))
def test_every_number_of_the_test_equals_r(case: oracle.Case) -> None:
    result, expected = log_rank_of(case), case.expected
    assert (list(result.groups), result.df) == (expected["groups"], expected["df"])
    oracle.close(result.chi2, expected["chisq"], "logrank_chi2_rel", "chi2")
    oracle.close(result.p, expected["p"], "cox_p_rel", "p")
    oracle.close(result.observed, expected["observed"], "logrank_chi2_rel", "observed")
    oracle.close(result.expected, expected["expected"], "logrank_chi2_rel", "expected")
    oracle.close(result.variance[0][0], expected["var11"], "logrank_chi2_rel", "variance")


@pytest.mark.parametrize("case", oracle.cases("logrank"))
def test_shuffled_rows_give_the_identical_test(case: oracle.Case) -> None:
    shuffled = case.frame().sample(frac=1, random_state=20)
    assert log_rank_of(case, shuffled).to_dict() == log_rank_of(case).to_dict()


@pytest.mark.parametrize("case", oracle.cases("logrank", having=is_plain))
def test_the_unstratified_log_rank_agrees_with_lifelines(case: oracle.Case) -> None:
    spec = case.spec
    frame = case.frame()
    reference = multivariate_logrank_test(frame[spec["time"]], frame[spec["group"]], frame[spec["event"]])
    assert log_rank_of(case).chi2 == pytest.approx(reference.test_statistic, rel=1e-10)


@pytest.mark.parametrize("case", oracle.cases("logrank", having=lambda case: "strata" in case.spec))
def test_the_stratified_log_rank_agrees_with_statsmodels(case: oracle.Case) -> None:
    spec = case.spec
    frame = case.frame()
    joint = frame[oracle.listed(spec["strata"])].astype(str).agg("/".join, axis=1)
    complete = frame[oracle.listed(spec["strata"])].notna().all(axis=1)
    columns = (frame.loc[complete, spec[name]].to_numpy() for name in ("time", "event", "group"))
    reference, _ = survdiff(*columns, strata=joint[complete].to_numpy())
    assert log_rank_of(case).chi2 == pytest.approx(reference, rel=1e-9)


@pytest.mark.parametrize("df", [1, 2, 3, 4, 7, 10])
def test_the_chi_square_tail_equals_scipy_even_far_out(df: int) -> None:
    for statistic in np.concatenate([[0.0], np.geomspace(1e-6, 1000, 40)]):
        assert chi_square_p(float(statistic), df) == pytest.approx(chi2.sf(statistic, df), rel=1e-10)


def test_one_group_has_no_test_and_says_so() -> None:
    frame = pd.DataFrame({"time": [1, 2, 3], "event": [1, 0, 1], "arm": [0, 0, 0]})
    result = logrank(frame, "time", "event", "arm")
    assert (result.chi2, result.df, result.p) == (None, None, None)
    assert [caution.code for caution in result.cautions] == ["test_undefined"]


def test_a_group_censored_before_the_first_event_is_left_out_with_a_caution() -> None:
    frame = pd.DataFrame(
        {"time": [5, 6, 7, 8, 1, 2], "event": [1, 1, 1, 0, 0, 0], "arm": ["a", "b", "a", "b", "c", "c"]}
    )
    result = logrank(frame, "time", "event", "arm")
    assert result.df == 1
    assert result.chi2 == logrank(frame[frame["arm"] != "c"], "time", "event", "arm").chi2
    assert "not_at_risk" in [caution.code for caution in result.cautions]
