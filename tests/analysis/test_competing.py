"""Cumulative incidence, Gray's test and Fine-Gray against R (survival, cmprsk) for every data set."""

from typing import Any

import numpy as np
import oracle
import pandas as pd
import pytest

from analysis.survival.competing import CauseIncidence, CumulativeIncidence, FineGray, cumulative_incidence, fine_gray
from analysis.survival.kaplan_meier import kaplan_meier
from analysis.survival.survival_data import BadTable


def incidence(case: oracle.Case, frame: Any = None) -> CumulativeIncidence:
    spec = case.spec
    return cumulative_incidence(
        case.frame() if frame is None else frame,
        spec["time"],
        spec["status"],
        spec.get("group"),
        causes=oracle.listed(spec["causes"]),
        times=oracle.listed(spec["times"]),
    )


def regression(case: oracle.Case, frame: Any = None) -> FineGray:
    spec = case.spec
    data = case.frame() if frame is None else frame
    return fine_gray(data, spec["time"], spec["status"], oracle.listed(spec["covars"]))


def compare_cause(actual: CauseIncidence, expected: dict[str, Any]) -> None:
    reference = {key: oracle.listed(value) for key, value in expected.items()}
    assert [row.time for row in actual.at] == reference["time"]
    pairs = {"cif": "cif", "se": "se_R_survfit", "variance_aalen": "var_aalen_cmprsk"}
    limits = ("lo_loglog", "hi_loglog", "lo_log", "hi_log")
    for i, row in enumerate(actual.at):
        known = row.cif is not None
        assert known or row.beyond_last_followup
        for name, key in {**pairs, **{limit: limit for limit in limits}}.items():
            if name == "variance_aalen" and row.beyond_last_followup:
                continue  # cmprsk gives NA beyond the last follow-up in every case, also at S = 0
            oracle.close(getattr(row, name), reference[key][i] if known else None, "cif", f"{name} at {row.time}")
        if known and not row.beyond_last_followup:
            oracle.close(row.cif, reference["cif_cmprsk"][i], "cif", f"cif_cmprsk at {row.time}")


@pytest.mark.parametrize("case", oracle.cases("cif"))
def test_every_incidence_variance_and_limit_equals_r(case: oracle.Case) -> None:
    result = incidence(case)
    assert [group.group for group in result.groups] == list(case.expected["by_group"])
    for group in result.groups:
        expected = case.expected["by_group"][group.group]
        assert group.n == expected["n"]
        for cause in group.causes:
            compare_cause(cause, expected[f"cause{cause.cause}"])


@pytest.mark.parametrize("case", oracle.cases("cif"))
def test_gray_tests_equal_cmprsk(case: oracle.Case) -> None:
    tests, expected = incidence(case).tests, case.expected["gray"]
    assert [test.cause for test in tests] == expected["cause"]
    assert [test.df for test in tests] == expected["df"]
    oracle.close([test.chi2 for test in tests], expected["stat"], "gray_stat_rel", "Gray")
    oracle.close([test.p for test in tests], expected["p"], "cox_p_rel", "p of Gray")


@pytest.mark.parametrize("case", oracle.cases("finegray"))
def test_fine_gray_equals_crr(case: oracle.Case) -> None:
    result, expected = regression(case), case.expected
    assert [term.name for term in result.terms] == oracle.listed(expected["terms"])
    assert result.n == expected["n"]
    oracle.close([term.coef for term in result.terms], expected["coef"], "finegray_coef", "coef")
    oracle.close([term.se for term in result.terms], expected["se"], "finegray_coef", "se")
    oracle.close(result.loglik, expected["loglik"], "finegray_coef", "loglik")


@pytest.mark.parametrize("case", oracle.cases("cif"))
def test_shuffled_rows_give_the_identical_incidence(case: oracle.Case) -> None:
    shuffled = case.frame().sample(frac=1, random_state=7)
    assert incidence(case, shuffled).to_dict() == incidence(case).to_dict()


@pytest.mark.parametrize("case", oracle.cases("finegray"))
def test_shuffled_rows_give_the_identical_fine_gray_fit(case: oracle.Case) -> None:
    shuffled = case.frame().sample(frac=1, random_state=7)
    assert regression(case, shuffled).to_dict() == regression(case).to_dict()


def test_beyond_the_last_follow_up_nothing_is_claimed() -> None:
    frame = pd.DataFrame({"time": [2, 3, 5, 9], "status": [1, 2, 1, 0]})
    at = cumulative_incidence(frame, "time", "status", times=(9, 10)).groups[0].causes[0].at
    assert at[0].cif == pytest.approx(0.5)
    assert at[1].beyond_last_followup
    assert at[1].cif is None
    assert at[1].se is None


def test_when_nobody_is_left_the_incidence_stays_known() -> None:
    frame = pd.DataFrame({"time": [1, 2, 3, 3], "status": [1, 2, 1, 2]})
    first, second = cumulative_incidence(frame, "time", "status", times=(50,)).groups[0].causes
    assert (first.at[0].cif, second.at[0].cif) == (0.5, 0.5)


def test_an_event_of_two_kinds_at_the_same_time_is_not_broken_by_chance() -> None:
    frame = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "status": [0, 1, 1, 2, 2, 0]})
    tied = frame.assign(time=[1, 2, 2, 2, 2, 6])
    first, second = cumulative_incidence(tied, "time", "status", times=(2,)).groups[0].causes
    assert first.at[0].cif == pytest.approx(0.4)
    assert second.at[0].cif == pytest.approx(0.4)
    assert cumulative_incidence(frame, "time", "status", times=(6,)).groups[0].causes[0].at[0].cif == pytest.approx(0.4)


def test_an_event_on_day_zero_counts() -> None:
    frame = pd.DataFrame({"time": [0, 0, 4, 6], "status": [1, 0, 2, 0]})
    at = cumulative_incidence(frame, "time", "status", times=(0,)).groups[0].causes[0].at[0]
    assert (at.cif, at.n_risk, at.cum_events) == (0.25, 4, 1)


def test_incidence_without_events_is_zero_without_limits_and_named() -> None:
    frame = pd.DataFrame({"time": [5, 6, 7, 8], "status": [0, 0, 0, 0], "arm": [0, 0, 1, 1]})
    result = cumulative_incidence(frame, "time", "status", "arm", times=(7,))
    at = result.groups[1].causes[0].at[0]
    assert (at.cif, at.se, at.lo_loglog, at.hi_log) == (0.0, 0.0, None, None)
    assert [caution.code for caution in result.cautions] == ["no_events", "no_events"]
    assert result.tests[0].to_dict() == {"cause": 1, "chi2": None, "df": None, "p": None}


def test_with_one_cause_the_incidence_is_one_minus_kaplan_meier() -> None:
    frame = oracle.table("gbsg")
    at = cumulative_incidence(frame, "rfstime", "status", times=(365, 1096)).groups[0].causes[0].at
    km = kaplan_meier(frame, "rfstime", "status", times=(365, 1096)).groups[0].at
    assert [row.cif for row in at] == pytest.approx([row.cum_incidence for row in km], abs=1e-14)
    assert [row.se for row in at] == pytest.approx([row.se for row in km], abs=1e-14)


def test_weights_of_two_are_two_persons_but_not_for_the_variance() -> None:
    frame = oracle.table("mgus2").head(300)
    doubled = frame.assign(weight=2.0)
    plain = cumulative_incidence(frame, "etime", "ev", times=(60, 120)).groups[0].causes[0].at
    weighted = cumulative_incidence(doubled, "etime", "ev", times=(60, 120), weights="weight").groups[0].causes[0].at
    assert [row.cif for row in weighted] == pytest.approx([row.cif for row in plain], abs=1e-15)
    assert [row.se for row in weighted] == pytest.approx([row.se for row in plain], abs=1e-15)
    assert [row.variance_aalen for row in weighted] == [None, None]


def test_a_separating_covariate_has_no_subdistribution_hazard_ratio() -> None:
    frame = pd.DataFrame({"time": range(1, 9), "status": [1, 1, 1, 2, 0, 2, 0, 0], "arm": [0, 0, 0, 0, 1, 1, 1, 1]})
    result = fine_gray(frame, "time", "status", "arm")
    assert result.terms[0].coef is None
    assert result.terms[0].se is None
    assert result.few_events == ("arm",)
    assert result.cautions


def test_a_constant_covariate_is_left_out_and_named() -> None:
    frame = oracle.table("mgus2").assign(centre=1)
    alone = fine_gray(frame, "etime", "ev", "age")
    both = fine_gray(frame, "etime", "ev", ["age", "centre"])
    assert both.terms[0].coef == pytest.approx(alone.terms[0].coef, abs=1e-12)
    assert both.terms[1].coef is None
    assert [caution.column for caution in both.cautions] == ["centre"]


def test_missing_rows_are_counted() -> None:
    result = fine_gray(oracle.table("mgus2"), "etime", "ev", "mspike")
    assert result.n_dropped == result.dropped["mspike"] == int(oracle.table("mgus2")["mspike"].isna().sum())


@pytest.mark.parametrize("status", [[0, 1.5, 1], [0, -1, 1], [0, "recurrence", 1]])
def test_a_status_that_is_not_a_cause_is_refused(status: list[Any]) -> None:
    frame = pd.DataFrame({"time": [1, 2, 3], "status": status})
    with pytest.raises(BadTable):
        cumulative_incidence(frame, "time", "status")


def test_no_number_of_a_result_is_nan_or_infinite() -> None:
    frame = pd.DataFrame({"time": [3, 3, 3], "status": [1, 2, 1], "arm": [0, 1, 1]})
    flat = np.array(numbers(cumulative_incidence(frame, "time", "status", "arm").to_dict()))
    assert np.isfinite(flat).all()


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [x for item in value.values() for x in numbers(item)]
    if isinstance(value, list):
        return [x for item in value for x in numbers(item)]
    return [float(value)] if isinstance(value, int | float) else []
