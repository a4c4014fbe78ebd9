"""Every case of edge_cases.json (each with its `why`), and tables that must be refused or counted."""

import json
from decimal import Decimal
from typing import Any

import numpy as np
import oracle
import pandas as pd
import pytest
from test_cox import of
from test_kaplan_meier import compare_group

from analysis.survival.cox import CoxRegression, cox
from analysis.survival.kaplan_meier import GroupCurve, kaplan_meier
from analysis.survival.logrank import logrank
from analysis.survival.results import Caution, LogRank
from analysis.survival.survival_data import BadTable, analysis_rows, merge_near_ties


def frame_of(id: str) -> pd.DataFrame:
    return pd.DataFrame({key: oracle.listed(value) for key, value in oracle.edge_case(id)["data"].items()})


def curve(id: str) -> GroupCurve:
    """The curve of an edge case after comparing every number with R."""
    expected = oracle.edge_case(id)["km"]["value"]["all"]
    frame = frame_of(id)
    result = kaplan_meier(
        frame,
        "time",
        "event",
        entry="entry" if "entry" in frame else None,
        times=oracle.listed(expected["at"]["time"]),
    )
    json.dumps(result.to_dict(), allow_nan=False)
    compare_group(result.groups[0], expected)
    return result.groups[0]


def logrank_test(id: str) -> LogRank:
    """The log-rank test of an edge case after comparing every number with R."""
    expected = oracle.edge_case(id)["lr"]["value"]
    result = logrank(frame_of(id), "time", "event", "arm")
    json.dumps(result.to_dict(), allow_nan=False)
    oracle.close(result.chi2, expected["chisq"], "logrank_chi2_rel", "chi2")
    oracle.close(result.p, expected["p"], "cox_p_rel", "p")
    oracle.close(result.observed, expected["observed"], "logrank_chi2_rel", "observed")
    oracle.close(result.expected, expected["expected"], "logrank_chi2_rel", "expected")
    oracle.close(result.variance[0][0], expected["var11"], "logrank_chi2_rel", "variance")
    return result


def model(id: str, key: str = "cox", ties: str = "efron") -> CoxRegression:
    """The Cox model of an edge case after comparing every number of its estimable terms with R."""
    expected = oracle.edge_case(id)[key]["value"]
    frame = frame_of(id)
    result = cox(frame, "time", "event", [c for c in frame if c not in ("time", "event")], ties=ties)
    json.dumps(result.to_dict(), allow_nan=False)
    assert (result.n, result.n_dropped, result.n_events) == (
        expected["n"],
        expected["n_dropped_missing"],
        expected["n_events"],
    )
    pairs = {"coef": "coef", "hr": "hr", "se": "se", "se_naive": "se_naive", "z": "z", "p": "p"}
    for name, theirs in {**pairs, "lower": "lo95", "upper": "hi95"}.items():
        values = expected[theirs] if len(result.terms) > 1 else [expected[theirs]]
        for term, value in zip(result.terms, values, strict=True):
            reference = None if term.not_estimable else value
            rule = "cox_p_rel" if name in ("p", "upper", "hr") else "cox_coef"
            oracle.close(getattr(term, name), reference, rule, name)
    for name in ("loglik_null", "loglik"):
        oracle.close(getattr(result, name), expected[name], "cox_loglik", name)
    for name in ("lrt", "score"):
        oracle.close(getattr(result, name).chi2, expected[name], "cox_loglik", name)
    oracle.close(result.concordance, expected["concordance"], "concordance", "C")
    oracle.close(result.concordance_se, expected["concordance_se"], "concordance", "SE of C")
    return result


def codes(cautions: tuple[Caution, ...]) -> list[str]:
    return [caution.code for caution in cautions]


def test_the_median_on_a_plateau_is_the_midpoint() -> None:
    assert [q.time for q in curve("median_on_plateau").quantiles] == [1.5, 2.5, 3.5]


def test_without_events_the_curve_stays_at_one_and_no_quantile_is_estimable() -> None:
    group = curve("all_censored")
    assert [q.time for q in group.quantiles] == [None, None, None]
    assert not any(row.limits_estimable for row in group.at)
    assert codes(group.cautions) == ["no_events"]


def test_where_the_last_is_an_event_the_limits_at_zero_are_not_estimable() -> None:
    last = curve("last_is_event").at[-1]
    assert (last.surv, last.se, last.lo_loglog, last.hi_loglog) == (0, None, None, None)
    assert not last.limits_estimable


def test_beyond_the_last_follow_up_nothing_is_carried_forward() -> None:
    at = curve("beyond_last_followup").at
    assert [row.beyond_last_followup for row in at] == [False, True, True]
    for row in at[1:]:
        assert {row.surv, row.se, row.cum_incidence, row.lo_loglog, row.hi_log, row.hi_plain} == {None}
        assert row.n_risk == 0


def test_beyond_the_last_follow_up_a_curve_at_zero_stays_zero() -> None:
    frame = frame_of("last_is_event")
    row = kaplan_meier(frame, "time", "event", times=[36]).groups[0].at[0]
    assert (row.surv, row.cum_incidence, row.beyond_last_followup) == (0, 1, True)


def test_a_censoring_tied_with_an_event_is_still_at_risk() -> None:
    assert curve("tie_event_censor").at[0].n_risk == 4


def test_an_event_on_day_0_lowers_the_curve_on_day_0() -> None:
    assert curve("event_at_zero").at[0].surv == 0.75


def test_an_arm_without_events_has_a_log_rank_but_no_hazard_ratio() -> None:
    assert codes(logrank_test("one_arm_no_events").cautions) == ["no_events"]
    result = model("one_arm_no_events")
    assert of(result, "hr") == [None]
    assert of(result, "not_estimable") == ["infinite"]
    assert codes(result.cautions) == ["infinite", "few_events"]
    assert result.wald.p is None
    assert result.baseline == ()


def test_without_any_event_the_log_rank_is_undefined() -> None:
    result = logrank(frame_of("no_events_at_all"), "time", "event", "arm")
    assert (result.chi2, result.df, result.p) == (None, None, None)
    assert result.observed == (0, 0)
    assert "test_undefined" in codes(result.cautions)


def test_without_any_event_cox_estimates_nothing() -> None:
    result = cox(frame_of("no_events_at_all"), "time", "event", "arm")
    assert of(result, "not_estimable") == ["no_events"]
    assert (result.concordance, result.lrt.chi2) == (None, None)
    json.dumps(result.to_dict(), allow_nan=False)


def test_all_events_at_one_visit_are_analysed() -> None:
    curve("all_tied")
    logrank_test("all_tied")
    model("all_tied")


def test_a_constant_covariate_is_not_estimable_and_the_others_are() -> None:
    result = model("constant_covariate")
    assert of(result, "not_estimable") == [None, "constant"]
    assert result.vcov[1] == (None, None)
    oracle.close(result.wald.chi2, oracle.edge_case("constant_covariate")["cox"]["value"]["wald"], "cox_loglik")


def test_one_subject_gives_a_curve() -> None:
    assert curve("single_subject").n == 1


def test_a_subject_entering_at_an_event_time_is_not_at_risk_for_it() -> None:
    group = curve("left_truncation_boundary")
    assert (group.n, group.at[0].n_risk) == (5, 4)


def test_an_emptied_risk_set_keeps_the_curve_at_zero_and_warns() -> None:
    group = curve("risk_set_empties")
    assert {row.surv for row in group.at} == {0}
    assert codes(group.cautions) == ["risk_set_emptied"]


def test_times_equal_but_for_rounding_are_one_time() -> None:
    assert len(curve("float_near_ties").curve.time) == 3
    logrank_test("float_near_ties")
    model("float_near_ties")


def test_missing_covariates_are_dropped_and_counted() -> None:
    result = model("missing_covariate")
    assert result.dropped == {"time": 0, "event": 0, "arm": 0, "hbsag": 2}
    assert "2 of 8 rows have missing values (hbsag 2)." in [c.message for c in result.cautions]


def test_heavy_ties_distinguish_efron_and_breslow() -> None:
    efron = model("heavy_ties", "cox_efron")
    breslow = model("heavy_ties", "cox_breslow", ties="breslow")
    assert efron.terms[0].coef != breslow.terms[0].coef
    logrank_test("heavy_ties")


def test_no_edge_case_is_left_untested() -> None:
    every = json.loads((oracle.REFERENCE / "edge_cases.json").read_text())["cases"]
    source = (oracle.Path(__file__)).read_text()
    assert [edge["id"] for edge in every if f'"{edge["id"]}"' not in source] == []


GOOD: dict[str, list[Any]] = {
    "time": [1, 2, 3, 4],
    "event": [1, 0, 1, 1],
    "start": [0, 0, 1, 0],
    "arm": ["a", "b", "a", "b"],
    "w": [1.0, 0.5, 2.0, 1.0],
    "x": [0.1, 0.2, 0.3, 0.5],
}
ROLES = {"entry": "start", "group": "arm", "weights": "w", "covariates": "x"}


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("time", [1, 2, -3, 4], "negative"),
        ("time", [1, 2, np.inf, 4], "infinite"),
        ("time", ["1", "2", "3", "4"], "numbers only"),
        ("event", [1, 2, 1, 1], "1 (event) or 0 (censored)"),
        ("event", ["yes", "no", "yes", "no"], "numbers only"),
        ("start", [0, 2, 1, 0], "at or after the end"),
        ("w", [1, 0, 1, 1], "not greater than 0"),
        ("x", [1.0, -np.inf, 2.0, 3.0], "infinite"),
        ("x", [1.0, "<0.05", 2.0, 3.0], "mixes text and numbers"),
        ("x", pd.to_datetime(["2024-01-01"] * 4).tolist(), "numbers only"),
    ],
)
def test_a_bad_column_is_refused_by_name(column: str, values: list[Any], message: str) -> None:
    frame = pd.DataFrame({**GOOD, column: values})
    with pytest.raises(BadTable) as refusal:
        analysis_rows(frame, time="time", event="event", **ROLES)
    assert refusal.value.column == column
    assert message in refusal.value.message


def test_an_absent_column_and_a_table_without_complete_rows_are_refused() -> None:
    with pytest.raises(BadTable, match="exactly one column 'site'"):
        analysis_rows(pd.DataFrame(GOOD), time="time", event="event", cluster="site")
    for empty in (pd.DataFrame(GOOD).iloc[:0], pd.DataFrame({**GOOD, "x": [None] * 4})):
        with pytest.raises(BadTable, match="No row"):
            analysis_rows(empty, time="time", event="event", covariates="x")


def test_an_unknown_reference_level_is_refused() -> None:
    with pytest.raises(BadTable, match="reference level 'z'"):
        analysis_rows(pd.DataFrame(GOOD), time="time", event="event", covariates="arm", reference={"arm": "z"})


def test_missing_values_and_blank_text_are_counted_per_column() -> None:
    frame = pd.DataFrame({**GOOD, "arm": ["a", " ", None, "b"], "x": [1.0, np.nan, 2.0, 3.0]})
    rows = analysis_rows(frame, time="time", event="event", group="arm", covariates="x")
    assert (rows.n_read, rows.n, rows.n_dropped) == (4, 2, 2)
    assert rows.dropped == {"time": 0, "event": 0, "arm": 2, "x": 1}


def test_database_decimals_booleans_and_nullable_integers_are_numbers() -> None:
    frame = pd.DataFrame(
        {
            "time": pd.array([3, 1, None, 2], dtype="Int64"),
            "event": [True, False, True, True],
            "x": [Decimal("1.5"), Decimal("2"), Decimal("0"), Decimal("1")],
        }
    )
    rows = analysis_rows(frame, time="time", event="event", covariates="x")
    assert rows.time.tolist() == [1, 2, 3]
    assert rows.event.tolist() == [False, True, True]
    assert rows.matrix[:, 0].tolist() == [2, 1, 1.5]


def test_whole_days_are_never_merged_but_rounding_errors_are() -> None:
    time, entry = merge_near_ties(np.array([0.1 + 0.2, 0.3, 1.0, 2.0]), np.array([0.0, 0.1, 0.3, 1.0]))
    assert entry is not None
    assert len(set(time.tolist())) == 3
    assert entry[2] == time[0]
    days = np.arange(1.0, 1200.0)
    assert (merge_near_ties(days)[0] == days).all()
