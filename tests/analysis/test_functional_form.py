"""Splines, martingale residuals and scaled Schoenfeld residuals against R."""

import numpy as np
import oracle
import pandas as pd
import pytest
from django.utils.translation import override

from analysis import results
from analysis.outputs import functional_form as output
from analysis.outputs import proportional_hazards
from analysis.outputs.output import View
from analysis.survival.cox import cox
from analysis.survival.functional_form import Z, functional_form, scaled_schoenfeld, smooth, spline_basis
from analysis.survival.functional_results import Residual
from analysis.survival.survival_data import BadTable
from tests.analysis.studies import CUTOFF, cohort, study

COVARIATES = ["arm", "age", "bclc_A", "hbsag_log10"]


def table() -> pd.DataFrame:
    return oracle.table("prtras_synth_a")


def test_the_spline_and_its_test_equal_ns_in_r() -> None:
    # f1 <- coxph(Surv(time_nom, rec) ~ arm + ns(age, knots = k[2:3], Boundary.knots = k[c(1, 4)]) + bclc_A +
    #             hbsag_log10), k <- quantile(age, c(.05, .35, .65, .95)); f0 the same with age; limits of R's vcov(f1)
    form = functional_form(table(), "time_nom", "rec", COVARIATES, "age")
    assert form.knots == pytest.approx((37, 49.85, 57.15, 70))
    assert (form.chi2, form.p) == pytest.approx((0.86191413463666, 0.6498868), rel=1e-6)
    first = form.curve[0]
    assert first.effect == pytest.approx(-1.36520151972963, rel=1e-8)
    assert (first.upper - first.effect) / Z == pytest.approx(0.85610187721248, rel=1e-8)
    assert min(abs(point.effect) for point in form.curve) < 0.1


def test_the_events_that_a_line_expects_are_those_of_the_martingale_residuals_in_r() -> None:
    # tapply(rec - residuals(f0, "martingale"), findInterval(age, quantile(age, 1:4 / 5), left.open = TRUE), sum)
    form = functional_form(table(), "time_nom", "rec", COVARIATES, "age")
    expected = [28.8770655053, 24.5284008345, 29.0564645953, 35.7907094788, 35.7473595861]
    assert [part.expected for part in form.fifths] == pytest.approx(expected, rel=1e-9)
    assert sum(part.n for part in form.fifths) == form.n


def test_scaled_schoenfeld_residuals_equal_those_of_cox_zph_and_their_smooth_a_spline_of_lm() -> None:
    # y <- cox.zph(f0, transform = "identity")$y[, "arm"]; lm(y ~ ns(time, ...)) with knots at the quartiles of the
    # distinct times, predict(se.fit = TRUE) at the first and the last
    residuals = scaled_schoenfeld(cox(table(), "time_nom", "rec", COVARIATES).fit, "arm")
    values = sorted(each.value for each in residuals)
    assert len(values) == 154
    assert values[:2] == pytest.approx([-4.2902101586974, -3.5351954776446], rel=1e-8)
    assert sum(value**2 for value in values) == pytest.approx(834.4699064296119, rel=1e-8)
    drawn = smooth(residuals)
    assert [drawn[0].value, drawn[-1].value] == pytest.approx([0.33003105094695, 0.18686321440100], rel=1e-8)
    assert drawn[0].upper is not None
    assert (drawn[0].upper - drawn[0].value) / Z == pytest.approx(0.41980119027716, rel=1e-8)


def test_a_spline_is_straight_beyond_its_outer_knots() -> None:
    basis = spline_basis(np.array([10.0, 11.0, 12.0, -3.0]), [0.0, 2.0, 5.0, 9.0])
    assert basis[2] - basis[1] == pytest.approx(basis[1] - basis[0])
    assert basis[3, 1:].tolist() == [0.0, 0.0]


def test_few_values_give_no_spline_and_few_times_no_smooth() -> None:
    with pytest.raises(BadTable) as refused:
        functional_form(table(), "time_nom", "rec", COVARIATES, "bclc_A")
    assert refused.value.code == "few_values"
    assert smooth([Residual(12.0, 0.1), Residual(24.0, 0.3)]) == ()
    exact = smooth([Residual(12.0, 1.0), Residual(24.0, 2.0), Residual(36.0, 3.0)])
    assert [exact[0].value, exact[-1].value] == pytest.approx([1.0, 3.0])
    assert exact[0].lower is None


def test_one_age_for_everybody_leaves_a_reason_in_the_place_of_its_spline() -> None:
    with override("en"):
        opened = results.compute(study(cohort(age=50)), CUTOFF)
        assert any(
            "Spline: Age (per year) has too few different values" in text for text in opened.warnings(by_arm=True)
        )
        assert [form.column for form in opened[output.OUTPUT].forms] == []  # the line itself is not estimable


def test_the_figures_of_proportional_hazards_stand_beside_its_tests_and_not_without_them() -> None:
    def panels(people: list[dict[str, object]]) -> set[str]:
        result = results.compute(study(people), CUTOFF)[proportional_hazards.OUTPUT]
        return {panel.ident for panel in proportional_hazards.show(result, View.BY_ARM).panels}

    assert panels(cohort()) == {"zph", "loglog"}
    assert panels(cohort(recurrence=None)) == set()
