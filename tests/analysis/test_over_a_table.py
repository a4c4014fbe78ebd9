"""Every estimator through `manage.py analyse`, over R's own tables, against what R answered."""

import json
import math
from io import StringIO
from pathlib import Path
from typing import Any

import oracle
import pytest
from django.core.management import call_command

Z = 1.959963984540054


def analyse(case: oracle.Case, folder: Path, **options: Any) -> dict[str, Any]:
    path = folder / "table.csv"
    case.frame().to_csv(path, index=False)
    out = StringIO()
    call_command("analyse", str(path), stdout=out, json=True, **options)
    result: dict[str, Any] = json.loads(out.getvalue())
    assert result["refused"] == []
    return result


def listed(value: Any) -> str:
    return ",".join(map(str, oracle.listed(value)))


def contrast(case: oracle.Case, folder: Path) -> dict[str, Any]:
    spec = case.spec
    return analyse(
        case, folder, time=spec["time"], event=spec["event"], arm=spec["group"], at=str(spec["t0"]), tau=spec["tau"]
    )


@pytest.mark.parametrize("case", oracle.cases("contrast"))
def test_the_groups_at_a_time_are_those_of_r(case: oracle.Case, tmp_path: Path) -> None:
    (actual,), expected = contrast(case, tmp_path)["contrasts"], case.expected
    assert actual["groups"] == expected["groups"]
    oracle.close(actual["surv"]["estimates"], expected["surv"], "km_surv_se_ci", "S")
    oracle.close(actual["surv"]["difference"], expected["surv_diff"], "km_surv_se_ci", "difference")
    limits = [actual["surv"]["lower"], actual["surv"]["upper"]]
    oracle.close(limits, expected["surv_diff_ci"], "km_surv_se_ci", "limits")
    oracle.close(actual["loglog_chi2"], expected["klein_loglog_chisq"], "logrank_chi2_rel", "Klein")
    oracle.close(actual["loglog_p"], expected["klein_loglog_p"], "cox_p_rel", "p of Klein")


@pytest.mark.parametrize("case", oracle.cases("contrast"))
def test_kleins_limits_are_his_test_turned_round(case: oracle.Case, tmp_path: Path) -> None:
    (actual,), expected = contrast(case, tmp_path)["contrasts"], case.expected
    ratio = actual["cumulative_hazard_ratio"]
    first, second = (math.log(-math.log(surv)) for surv in expected["surv"])
    assert math.log(ratio["ratio"]) == pytest.approx(second - first, abs=1e-9)
    width = abs(second - first) / math.sqrt(expected["klein_loglog_chisq"]) * Z
    assert math.log(ratio["lower"]) == pytest.approx(second - first - width, abs=1e-8)
    assert math.log(ratio["upper"]) == pytest.approx(second - first + width, abs=1e-8)
    assert ratio["p"] == pytest.approx(expected["klein_loglog_p"], rel=1e-6)


@pytest.mark.parametrize("case", oracle.cases("contrast"))
def test_the_restricted_means_their_difference_and_their_ratio_are_those_of_r(
    case: oracle.Case, tmp_path: Path
) -> None:
    result, expected = contrast(case, tmp_path), case.expected
    means = [curve["rmst"] for curve in result["curves"]]
    oracle.close([mean["rmst"] for mean in means], expected["rmst"], "rmst", "mean")
    oracle.close([mean["se"] for mean in means], expected["rmst_se"], "rmst", "SE")
    for mean, value, se in zip(means, expected["rmst"], expected["rmst_se"], strict=True):
        oracle.close([mean["lower"], mean["upper"]], [value - Z * se, value + Z * se], "rmst", "limits")
    (actual,) = result["contrasts"]
    oracle.close(actual["rmst"]["difference"], expected["rmst_diff"], "rmst", "difference")
    oracle.close([actual["rmst"]["lower"], actual["rmst"]["upper"]], expected["rmst_diff_ci"], "rmst", "limits")
    (a, b), (u, v) = expected["rmst"], expected["rmst_se"]
    spread, ratio = math.hypot(u / a, v / b), actual["rmst_ratio"]
    limits = [b / a, b / a * math.exp(-Z * spread), b / a * math.exp(Z * spread)]
    oracle.close([ratio["ratio"], ratio["lower"], ratio["upper"]], limits, "rmst", "ratio")


@pytest.mark.parametrize("case", oracle.cases("cif"))
def test_the_cumulative_incidence_and_grays_test_are_those_of_r(case: oracle.Case, tmp_path: Path) -> None:
    spec = case.spec
    options = {"time": spec["time"], "event": spec["status"], "arm": spec["group"], "times": listed(spec["times"])}
    actual = analyse(case, tmp_path, competing="2", **options)["incidence"]
    for group in actual["groups"]:
        expected = case.expected["by_group"][group["group"]]
        assert group["n"] == expected["n"]
        for cause in group["causes"]:
            reference = expected[f"cause{cause['cause']}"]
            for i, row in enumerate(cause["at"]):
                known = row["cif"] is not None
                for name, key in (("cif", "cif"), ("lo_loglog", "lo_loglog"), ("hi_loglog", "hi_loglog")):
                    oracle.close(row[name], oracle.listed(reference[key])[i] if known else None, "cif", name)
    tests = {test["cause"]: test for test in actual["tests"]}
    for cause, chi2, p in zip(*(oracle.listed(case.expected["gray"][k]) for k in ("cause", "stat", "p")), strict=True):
        oracle.close(tests[cause]["chi2"], chi2, "gray_stat_rel", "Gray")
        oracle.close(tests[cause]["p"], p, "cox_p_rel", "p of Gray")


@pytest.mark.parametrize("case", oracle.cases("finegray"))
def test_fine_gray_is_that_of_crr(case: oracle.Case, tmp_path: Path) -> None:
    spec, expected = case.spec, case.expected
    options = {"time": spec["time"], "event": spec["status"], "covariates": listed(spec["covars"])}
    actual = analyse(case, tmp_path, competing="2", **options)["fine_gray"]
    assert actual["n"] == expected["n"]
    oracle.close([term["coef"] for term in actual["terms"]], expected["coef"], "finegray_coef", "coef")
    oracle.close([term["se"] for term in actual["terms"]], expected["se"], "finegray_coef", "se")


@pytest.mark.parametrize("case", oracle.cases("iptw"))
def test_the_weighted_comparison_is_that_of_r(case: oracle.Case, tmp_path: Path) -> None:
    spec, expected = case.spec, case.expected
    options = {"time": spec["time"], "event": spec["event"], "treatment": spec["treat"], "times": listed(spec["times"])}
    actual = analyse(case, tmp_path, confounders=listed(spec["covars"]), **options)["weighting"]
    oracle.close([term["coef"] for term in actual["propensity"]["terms"]], expected["ps_coef"], "ps_coef", "score")
    for effect in actual["effects"]:
        if effect["scheme"] in expected["weighted"]:
            reference = expected["weighted"][effect["scheme"]]
            oracle.close(effect["hazard"]["coef"], reference["cox_coef"], "iptw_cox", "coef")
            oracle.close(effect["hazard"]["se"], reference["cox_se_robust"], "iptw_cox", "robust SE")
            for arm, curve in enumerate(effect["survival"]):
                surv = [row["surv"] for row in curve["at"]]
                oracle.close(surv, reference[f"km_surv_arm{arm}"], "km_surv_se_ci", "S")


def interval_cases(kind: str) -> list[Any]:
    diabetes = [c for c in oracle.read("diabetes_ic") if c.type == kind]
    return [*oracle.cases(kind), *(pytest.param(c, id=f"{c.dataset}-{c.id}") for c in diabetes)]


@pytest.mark.parametrize("case", interval_cases("ic"))
def test_turnbulls_estimate_is_that_of_r_outside_his_intervals(case: oracle.Case, tmp_path: Path) -> None:
    spec = case.spec
    options = {"interval": [spec["left"], spec["right"]], "arm": spec["group"], "times": listed(spec["times"])}
    groups = {group["group"]: group for group in analyse(case, tmp_path, **options)["npmle"]}
    for label, expected in case.expected["by_group"].items():
        reference, actual = expected["npmle"], groups[label]
        assert actual["n"] == expected["n"]
        for i, upper in enumerate(actual["surv_upper"]):
            if reference["surv_upper"][i] - reference["surv_lower"][i] < 1e-9:
                oracle.close(upper, reference["surv_upper"][i], "npmle_outside_turnbull_intervals", "S")


@pytest.mark.parametrize("case", interval_cases("weibull_aft_ic"))
def test_the_interval_weibull_model_is_that_of_r(case: oracle.Case, tmp_path: Path) -> None:
    spec = case.spec
    options = {"interval": [spec["left"], spec["right"]], "covariates": listed(spec["covars"])}
    actual = analyse(case, tmp_path, **options)["weibull"]
    oracle.close([term["coef"] for term in actual["terms"]], case.expected["coef"], "weibull_rel", "coef")
    oracle.close([term["se"] for term in actual["terms"]], case.expected["se"], "weibull_rel", "se")
    oracle.close(actual["scale"], case.expected["scale"], "weibull_rel", "scale")


@pytest.mark.parametrize("case", oracle.cases("grouped_cloglog"))
def test_the_hazards_grouped_by_visit_are_those_of_r(case: oracle.Case, tmp_path: Path) -> None:
    spec = case.spec
    options = {"interval": [spec["left"], spec["right"]], "covariates": listed(spec["covars"])}
    options |= {"visit_spacing": spec["width"], "visits": spec["nper"]}
    actual = analyse(case, tmp_path, **options)["grouped_hazards"]
    terms = dict(zip(case.expected["terms"], zip(case.expected["coef"], case.expected["se"], strict=True), strict=True))
    for term in actual["terms"]:
        oracle.close([term["coef"], term["se"]], list(terms[term["name"]]), "grouped_cloglog", term["name"])


def test_a_stratified_test_with_weights_of_peto_reaches_the_estimator(tmp_path: Path) -> None:
    for case in (p.values[0] for p in oracle.cases("logrank") if p.values[0] is not None):
        spec = case.spec
        options = {"time": spec["time"], "event": spec["event"], "arm": spec["group"], "rho": spec.get("rho", 0)}
        actual = analyse(case, tmp_path, strata=listed(spec.get("strata")), **options)["logrank"]
        oracle.close(actual["chi2"], case.expected["chisq"], "logrank_chi2_rel", f"{case.dataset} {case.id}")
