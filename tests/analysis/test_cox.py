"""Cox regression against R for every data set, and against lifelines for plain right-censored Efron fits."""

from typing import Any

import numpy as np
import oracle
import pandas as pd
import pytest
from lifelines import CoxPHFitter

from analysis.survival.cox import CoxRegression, cox
from analysis.survival.proportional_hazards import proportional_hazards

EXACT = {"precision": 1e-20, "r_precision": 1e-20, "max_steps": 60}


def fitted(case: oracle.Case, frame: Any = None) -> CoxRegression:
    spec = case.spec
    return cox(
        case.frame() if frame is None else frame,
        spec["time"],
        spec["event"],
        oracle.listed(spec["covars"]),
        entry=spec.get("entry"),
        strata=oracle.listed(spec.get("strata")),
        cluster=spec.get("cluster"),
        robust=spec.get("robust"),
        ties=spec.get("ties", "efron"),
    )


def of(model: CoxRegression, name: str) -> list[Any]:
    return [getattr(term, name) for term in model.terms]


@pytest.mark.parametrize("case", oracle.cases("cox"))
def test_counts_and_terms_equal_r(case: oracle.Case) -> None:
    model, expected = fitted(case), case.expected
    assert of(model, "name") == oracle.listed(expected["terms"])
    assert (model.n, model.n_dropped, model.n_events, model.ties) == (
        expected["n"],
        expected["n_dropped_missing"],
        expected["n_events"],
        expected["ties"],
    )
    oracle.close(model.means, expected["means"], "cox_coef", "means")


@pytest.mark.parametrize("case", oracle.cases("cox"))
def test_coefficients_errors_and_limits_equal_r(case: oracle.Case) -> None:
    model, expected = fitted(case), case.expected
    se = "cox_robust_se" if model.robust else "cox_se"
    tolerances = {"coef": "cox_coef", "hr": "cox_coef", "se": se, "se_naive": "cox_se", "z": "cox_coef"}
    for name, tolerance in tolerances.items():
        oracle.close(of(model, name), expected[name], tolerance, name)
    oracle.close(of(model, "p"), expected["p"], "cox_p_rel", "p")
    oracle.close(of(model, "lower"), expected["lo95"], "cox_coef", "lower limit")
    oracle.close(of(model, "upper"), expected["hi95"], "cox_coef", "upper limit")
    oracle.close(model.vcov, expected["vcov"], se, "vcov")


@pytest.mark.parametrize("case", oracle.cases("cox"))
def test_likelihoods_and_global_tests_equal_r(case: oracle.Case) -> None:
    model, expected = fitted(case), case.expected
    for name in ("loglik_null", "loglik"):
        oracle.close(getattr(model, name), expected[name], "cox_loglik", name)
    for name in ("lrt", "score", "wald"):
        oracle.close(getattr(model, name).chi2, expected[name], "cox_loglik", name)
        assert getattr(model, name).df == len(model.terms)


@pytest.mark.parametrize("case", oracle.cases("cox"))
def test_harrells_c_and_its_error_equal_r(case: oracle.Case) -> None:
    model, expected = fitted(case), case.expected
    oracle.close(model.concordance, expected["concordance"], "concordance", "C")
    oracle.close(model.concordance_se, expected["concordance_se"], "concordance", "SE of C")


@pytest.mark.parametrize("case", oracle.cases("cox", having=lambda case: "basehaz" in case.expected))
def test_the_baseline_hazard_equals_r(case: oracle.Case) -> None:
    baseline, expected = fitted(case).baseline[0], case.expected["basehaz"]
    read = [baseline.at(time) for time in oracle.listed(expected["times"])]
    oracle.close([at[0] for at in read], oracle.listed(expected["cumhaz_at_zero_covariates"]), "basehaz_rel")
    oracle.close([at[1] for at in read], oracle.listed(expected["cumhaz_centered_R"]), "basehaz_rel")
    assert baseline.at(-1) == (0.0, 0.0)


@pytest.mark.parametrize("case", oracle.cases("cox"))
def test_shuffled_rows_give_the_identical_model(case: oracle.Case) -> None:
    model, shuffled = fitted(case), fitted(case, case.frame().sample(frac=1, random_state=20))
    assert shuffled.to_dict() == model.to_dict()
    assert proportional_hazards(shuffled.fit) == proportional_hazards(model.fit)


def is_plain(case: oracle.Case) -> bool:
    """lifelines is trusted with plain right-censored Efron fits only."""
    return not set(case.spec) - {"time", "event", "covars", "bh_times", "zph", "n_rows_after_filter"}


@pytest.mark.parametrize("case", oracle.cases("cox", having=is_plain))
def test_plain_efron_fits_agree_with_lifelines(case: oracle.Case) -> None:
    spec = case.spec
    columns = [spec["time"], spec["event"], *oracle.listed(spec["covars"])]
    reference = CoxPHFitter().fit(case.frame()[columns].dropna(), spec["time"], spec["event"], fit_options=EXACT)
    model = fitted(case)
    assert of(model, "coef") == pytest.approx(reference.params_.to_numpy(), abs=1e-10)
    assert of(model, "se") == pytest.approx(reference.standard_errors_.to_numpy(), abs=1e-9)
    assert model.loglik == pytest.approx(reference.log_likelihood_, abs=1e-8)


# R 4.2.2, survival 3.5-3, on the reference files with w = 0.5 + (age or id mod 5) / 4, eps = 1e-13:
#   coxph(Surv(time, status) ~ trt + karno + celltype, veteran, weights = w, robust = TRUE)
#   coxph(Surv(start, stop, death) ~ age + lbili + strata(drug), pbcseq_cp, weights = w, cluster = id)
WEIGHTED = {
    "coef": [
        0.254436609289068,
        -0.0324505312262445,
        -0.777682892086855,
        -0.392373305923579,
        -1.21663779385525,
    ],
    "se": [0.186444397274559, 0.0056829701613687, 0.229559337479154, 0.258119482897876, 0.291380382227266],
    "se_naive": [
        0.199512430175514,
        0.00519003306807612,
        0.29582077984643,
        0.26924917374219,
        0.291236638321455,
    ],
}


def weighted_veteran() -> CoxRegression:
    veteran = oracle.table("veteran")
    veteran = veteran.assign(w=0.5 + (veteran["age"] % 5) / 4)
    return cox(veteran, "time", "status", ["trt", "karno", "celltype"], weights="w")


def test_weights_and_a_text_covariate_equal_r() -> None:
    model = weighted_veteran()
    assert model.robust
    names = ["trt", "karno", "celltypelarge", "celltypesmallcell", "celltypesquamous"]
    assert of(model, "name") == names
    for name, expected in WEIGHTED.items():
        oracle.close(of(model, name), expected, "cox_robust_se", name)
    oracle.close(
        [model.loglik_null, model.loglik, model.wald.chi2, model.score.chi2],
        [-508.540565898398, -475.916009860176, 51.2986308401896, 70.8440196802938],
        "cox_loglik",
    )
    oracle.close([model.concordance, model.concordance_se], [0.738596927007558, 0.0239570237509663], "concordance")
    oracle.close(model.baseline[0].at(1e6), (101.750946240574, 22.5324591459989), "basehaz_rel", "baseline hazard")


def test_weights_delayed_entry_strata_and_clusters_together_equal_r() -> None:
    visits = oracle.table("pbcseq_cp")
    visits = visits.assign(w=0.5 + (visits["id"] % 5) / 4)
    columns = {"entry": "start", "strata": "drug", "weights": "w", "cluster": "id"}
    model = cox(visits, "stop", "death", ["age", "lbili"], **columns)
    oracle.close(of(model, "coef"), [0.0619703237395956, 1.36321207969485], "cox_coef", "coef")
    oracle.close(of(model, "se"), [0.0123596359567306, 0.114041946803441], "cox_robust_se", "se")
    oracle.close(model.wald.chi2, 148.370012891014, "cox_loglik", "wald")
    oracle.close([model.concordance, model.concordance_se], [0.873220182135571, 0.0160808742918022], "concordance")
    oracle.close(model.means, [49.2596309531979, 0.603137740874036], "cox_coef", "means")
    last = [baseline.at(1e6)[1] for baseline in model.baseline]
    oracle.close(last[-1], 0.356940502285274, "basehaz_rel", "baseline hazard of the last stratum")


def test_the_reference_level_of_a_category_can_be_chosen() -> None:
    model = cox(oracle.table("veteran"), "time", "status", "celltype", reference={"celltype": "squamous"})
    assert of(model, "name") == ["celltypeadeno", "celltypelarge", "celltypesmallcell"]
    assert {term.reference for term in model.terms} == {"squamous"}


def test_an_ordered_category_keeps_its_own_order() -> None:
    veteran = oracle.table("veteran")
    order = ["squamous", "smallcell", "adeno", "large", "never seen"]
    veteran = veteran.assign(celltype=pd.Categorical(veteran["celltype"], categories=order))
    model = cox(veteran, "time", "status", "celltype")
    assert of(model, "name") == ["celltypesmallcell", "celltypeadeno", "celltypelarge"]


def test_a_category_equals_its_own_dummy_columns() -> None:
    veteran = oracle.table("veteran")
    dummies = cox(veteran, "time", "status", ["karno", "c_small", "c_adeno", "c_large"])
    category = cox(veteran, "time", "status", ["karno", "celltype"], reference={"celltype": "squamous"})
    assert category.loglik == pytest.approx(dummies.loglik, abs=1e-9)
    assert of(category, "coef")[1] == pytest.approx(of(dummies, "coef")[2], abs=1e-9)


def test_a_collinear_covariate_alone_is_not_estimable() -> None:
    lung = oracle.table("lung").assign(months=lambda frame: frame["age"] * 12)
    model = cox(lung, "time", "status", ["age", "sex", "months"])
    alone = cox(lung, "time", "status", ["age", "sex"])
    assert of(model, "not_estimable") == [None, None, "collinear"]
    assert of(model, "coef")[:2] == pytest.approx(of(alone, "coef"), abs=1e-12)
    assert model.lrt.df == 2


def test_a_covariate_that_defines_the_strata_is_not_estimable() -> None:
    model = cox(oracle.table("lung"), "time", "status", ["sex", "age"], strata="sex")
    assert of(model, "not_estimable") == ["collinear", None]


def test_separation_by_a_number_is_not_estimable_beside_a_finite_covariate() -> None:
    frame = oracle.table("lung").dropna(subset=["age", "sex", "ph.ecog"])
    frame = frame.assign(seen=frame["status"] * 1.0)
    model = cox(frame, "time", "status", ["age", "seen"])
    assert of(model, "not_estimable") == [None, "infinite"]
    assert model.wald.chi2 is None
    assert model.terms[0].se is not None
    only_events = cox(frame[frame["status"] == 1], "time", "status", "age")
    assert model.terms[0].coef == pytest.approx(only_events.terms[0].coef, abs=1e-8)


def test_levels_count_rows_and_events_and_flag_fewer_than_five() -> None:
    frame = pd.DataFrame(
        {"time": range(1, 21), "event": [1] * 8 + [0] * 6 + [1] * 6, "arm": ["a", "b"] * 10, "x": range(20)}
    )
    frame.loc[frame["arm"].eq("b") & frame["time"].gt(8), "event"] = 0
    term = cox(frame, "time", "event", ["arm"]).terms[0]
    assert [(level.value, level.n, level.events) for level in term.levels] == [("a", 10, 7), ("b", 10, 4)]
    assert term.few_events


def test_fewer_clusters_than_terms_leave_the_wald_test_undefined() -> None:
    frame = oracle.table("veteran").assign(half=lambda rows: rows["trt"])
    model = cox(frame, "time", "status", ["trt", "karno", "age"], cluster="half")
    assert model.wald.chi2 is None


def test_no_covariate_and_unknown_ties_are_refused() -> None:
    for wrong in ({"covariates": []}, {"covariates": "age", "ties": "exact"}):
        with pytest.raises(ValueError, match="at least one covariate"):
            cox(oracle.table("lung"), "time", "status", **wrong)


def test_harrells_c_equals_counting_the_pairs_one_by_one() -> None:
    model = weighted_veteran()
    rows, predictor = model.fit.likelihood.rows, model.fit.point.predictor
    agreeing = pairs = 0.0
    for i in np.flatnonzero(rows.event):
        later = (rows.time > rows.time[i]) | ((rows.time == rows.time[i]) & ~rows.event)
        w = rows.weights[later] * rows.weights[i]
        pairs += w.sum()
        agreeing += w @ ((predictor[i] > predictor[later]) + 0.5 * (predictor[i] == predictor[later]))
    assert model.concordance == pytest.approx(agreeing / pairs, abs=1e-12)
