"""The score test of proportional hazards against R's cox.zph (survival >= 3.0)."""

import math

import oracle
import pandas as pd
import pytest
from test_cox import fitted, weighted_veteran

from analysis.survival.cox import cox
from analysis.survival.proportional_hazards import TRANSFORMS, proportional_hazards


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("case", oracle.cases("cox", having=lambda case: "zph" in case.expected))
def test_every_term_and_the_global_test_equal_r(case: oracle.Case, transform: str) -> None:
    expected = case.expected["zph"][transform]
    (result,) = proportional_hazards(fitted(case).fit, [transform])
    assert [test.term for test in result.tests] == expected["term"]
    assert [test.df for test in result.tests] == expected["df"]
    oracle.close([test.chi2 for test in result.tests], expected["chisq"], "cox_zph_chi2_rel", "chi2")
    oracle.close([test.p for test in result.tests], expected["p"], "cox_p_rel", "p")


def test_the_weighted_test_equals_r() -> None:
    # R 4.2.2, survival 3.5-3: cox.zph(m, "km", terms = FALSE), m as in test_cox.WEIGHTED
    expected = [
        0.15486852547325,
        10.9377899730971,
        3.34949870077015,
        3.54869228069299,
        1.87723436379205,
        18.3150642760092,
    ]
    (result,) = proportional_hazards(weighted_veteran().fit, ["km"])
    oracle.close([test.chi2 for test in result.tests], expected, "cox_zph_chi2_rel", "chi2")


def test_the_old_approximation_of_lifelines_is_not_reproduced() -> None:
    case = oracle.case("lung", "cox")
    (result,) = proportional_hazards(fitted(case).fit, ["km"])
    old = case.expected["zph"]["km"]["chisq_pre3"][0]
    assert result.tests[0].chi2 is not None
    assert not math.isclose(result.tests[0].chi2, old, rel_tol=0.5)


def test_the_log_transform_is_not_estimable_with_an_event_at_time_0() -> None:
    frame = pd.DataFrame({"time": [0, 1, 2, 3, 4, 5], "event": [1, 1, 0, 1, 1, 0], "x": [1, 0, 2, 1, 3, 0]})
    log, identity = proportional_hazards(cox(frame, "time", "event", "x").fit, ["log", "identity"])
    assert [test.chi2 for test in log.tests] == [None, None]
    assert None not in [test.chi2 for test in identity.tests]


def test_one_event_time_leaves_nothing_to_test() -> None:
    frame = pd.DataFrame({"time": [84] * 8, "event": [1, 1, 0, 0, 1, 0, 0, 0], "arm": [0, 1] * 4})
    (result,) = proportional_hazards(cox(frame, "time", "event", "arm").fit, ["km"])
    assert [test.p for test in result.tests] == [None, None]


def test_a_model_with_an_infinite_coefficient_is_not_tested() -> None:
    edge = oracle.edge_case("one_arm_no_events")
    (result,) = proportional_hazards(cox(pd.DataFrame(edge["data"]), "time", "event", "arm").fit, ["km"])
    assert [(test.term, test.chi2) for test in result.tests] == [("GLOBAL", None)]


def test_an_unknown_transform_is_refused() -> None:
    fit = cox(oracle.table("lung"), "time", "status", "age").fit
    with pytest.raises(ValueError, match="Unknown transform"):
        proportional_hazards(fit, ["sqrt"])
