"""Kaplan-Meier against R for every data set, and against lifelines where lifelines is right."""

from typing import Any

import oracle
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

from analysis.survival.kaplan_meier import GroupCurve, KaplanMeier, kaplan_meier
from analysis.survival.results import AtTime

LIMITS = ("lo_loglog", "hi_loglog", "lo_log", "hi_log", "lo_plain", "hi_plain")


def estimate(case: oracle.Case, frame: Any = None) -> KaplanMeier:
    spec = case.spec
    return kaplan_meier(
        case.frame() if frame is None else frame,
        spec["time"],
        spec["event"],
        group=spec.get("group"),
        entry=spec.get("entry"),
        times=oracle.listed(spec["times"]),
        tau=spec.get("tau"),
    )


def compare_at(at: tuple[AtTime, ...], expected: dict[str, Any]) -> None:
    reference = {key: oracle.listed(value) for key, value in expected.items()}
    assert [row.time for row in at] == reference["time"]
    assert [row.beyond_last_followup for row in at] == reference["beyond_last_followup"]
    oracle.close([row.n_risk for row in at], reference["n_risk"], "km_counts", "n_risk")
    oracle.close([row.cum_events for row in at], reference["cum_events"], "km_counts", "cum_events")
    for i, row in enumerate(at):
        known = not row.beyond_last_followup or reference["surv"][i] == 0
        for name, key in (("surv", "surv"), ("se", "se_greenwood"), ("cum_incidence", "cum_incidence")):
            value = reference[key][i] if known else None
            oracle.close(getattr(row, name), value, "km_surv_se_ci", f"{name} at {row.time}")
        for name in LIMITS:
            value = reference[name][i] if known else None
            oracle.close(getattr(row, name), value, "km_surv_se_ci", f"{name} at {row.time}")


def compare_group(group: GroupCurve, expected: dict[str, Any]) -> None:
    assert (group.n, group.n_events) == (expected["n"], expected["n_events"])
    oracle.close(group.last_time, expected["last_time"], "km_quantiles", "last_time")
    compare_at(group.at, expected["at"])
    quantiles = expected["quantiles"]
    assert [q.p for q in group.quantiles] == quantiles["p"]
    oracle.close([q.time for q in group.quantiles], quantiles["q"], "km_quantiles", "quantile")
    for name in LIMITS[:4]:
        oracle.close([getattr(q, name) for q in group.quantiles], quantiles[name], "km_quantiles", name)
    if "rmst" in expected:
        assert group.rmst is not None
        oracle.close(group.rmst.rmst, expected["rmst"]["rmst"], "rmst", "rmst")
        oracle.close(group.rmst.se, expected["rmst"]["se"], "rmst", "rmst se")
    if "median_followup_reverse_km" in expected:
        reference = expected["median_followup_reverse_km"]
        oracle.close(group.median_followup_reverse_km, reference, "km_quantiles", "reverse KM")


@pytest.mark.parametrize("case", oracle.cases("km"))
def test_every_number_of_the_curve_equals_r(case: oracle.Case) -> None:
    result = estimate(case)
    assert [group.group for group in result.groups] == list(case.expected)
    for group in result.groups:
        compare_group(group, case.expected[group.group])


@pytest.mark.parametrize("case", oracle.cases("km"))
def test_shuffled_rows_give_the_identical_curve(case: oracle.Case) -> None:
    shuffled = case.frame().sample(frac=1, random_state=20)
    assert estimate(case, shuffled).to_dict() == estimate(case).to_dict()


@pytest.mark.parametrize("case", oracle.cases("km", having=lambda case: "entry" not in case.spec))
def test_survival_and_loglog_limits_agree_with_lifelines_without_delayed_entry(case: oracle.Case) -> None:
    spec = case.spec
    frame = case.frame()
    for group in estimate(case).groups:
        rows = frame if group.group == "all" else frame[frame[spec["group"]].astype(str) == group.group]
        fitter = KaplanMeierFitter().fit(rows[spec["time"]], rows[spec["event"]])
        assert fitter.survival_function_at_times(group.curve.time).to_numpy() == pytest.approx(
            group.curve.surv, abs=1e-12
        )
        band = fitter.confidence_interval_.reindex(group.curve.time).to_numpy()
        for (lower, upper), ours in zip(
            band, zip(group.curve.loglog.lower, group.curve.loglog.upper, strict=True), strict=True
        ):
            if None not in ours:
                assert (lower, upper) == pytest.approx(ours, abs=1e-12)


@pytest.mark.parametrize("case", oracle.cases("km", having=lambda case: "tau" in case.spec))
def test_the_restricted_mean_agrees_with_lifelines(case: oracle.Case) -> None:
    spec = case.spec
    frame = case.frame()
    for group in estimate(case).groups:
        rows = frame if group.group == "all" else frame[frame[spec["group"]].astype(str) == group.group]
        fitter = KaplanMeierFitter().fit(rows[spec["time"]], rows[spec["event"]])
        assert group.rmst is not None
        assert group.rmst.rmst == pytest.approx(restricted_mean_survival_time(fitter, t=spec["tau"]), abs=1e-8)


def test_a_90_percent_band_agrees_with_lifelines() -> None:
    frame = oracle.case("lung", "km_all").frame()
    ours = kaplan_meier(frame, "time", "status", times=[365], conf_level=0.9).groups[0].at[0]
    fitter = KaplanMeierFitter(alpha=0.1).fit(frame["time"], frame["status"])
    limits = fitter.confidence_interval_.loc[:365].iloc[-1].to_numpy()
    assert (ours.lo_loglog, ours.hi_loglog) == pytest.approx(tuple(limits), abs=1e-12)


def test_at_risk_events_and_censored_add_up_to_the_group() -> None:
    for group in estimate(oracle.case("prtras_synth_a", "km_rec_arm")).groups:
        for row in group.at:
            gone_today = sum(
                d + c
                for t, d, c in zip(group.curve.time, group.curve.events, group.curve.censored, strict=True)
                if t == row.time
            )
            assert row.n_risk + row.cum_events + row.cum_censored - gone_today == group.n


def test_few_at_risk_is_flagged_below_ten() -> None:
    group = estimate(oracle.case("lung", "km_sex")).groups[0]
    assert [row.few_at_risk for row in group.at] == [row.n_risk < 10 for row in group.at]
    assert group.at[0].n_risk == 138
    assert group.at[-1].few_at_risk


def test_a_restricted_mean_beyond_the_follow_up_is_not_estimable() -> None:
    frame = oracle.case("lung", "km_all").frame()
    beyond = kaplan_meier(frame, "time", "status", tau=2000).groups[0].rmst
    assert beyond is not None
    assert (beyond.rmst, beyond.se) == (None, None)


@pytest.mark.parametrize("quantiles", [(0.0,), (1.0,), (-0.1,)])
def test_a_quantile_outside_0_and_1_is_refused(quantiles: tuple[float, ...]) -> None:
    frame = oracle.case("lung", "km_all").frame()
    with pytest.raises(ValueError, match="between 0 and 1"):
        kaplan_meier(frame, "time", "status", quantiles=quantiles)
