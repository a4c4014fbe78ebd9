"""Multiple imputation and the pooling of its estimates, against R and against what must hold of any imputation."""

import numpy as np
import pytest

from analysis.survival.imputation import impute, nelson_aalen, pooled
from analysis.survival.survival_data import BadTable

NAN = np.nan
#: R 4.2.2: est <- c(...); se <- c(...); W <- mean(se^2); B <- var(est); T <- W + 1.2 * B; l <- 1.2 * B / T; v <- 40
#: o <- (v + 1) / (v + 3) * v * (1 - l); df <- 1 / (l^2 / 4 + 1 / o); r <- 1.2 * B / W
#: c(mean(est), sqrt(T), df, W, B, (r + 2 / (df + 3)) / (1 + r), mean(est) -+ qt(.975, df) * sqrt(T),
#:   2 * pt(-abs(mean(est) / sqrt(T)), df))
BY_R = (
    -0.512, 0.228197283069, 30.017209124, 0.04587, 0.00517, 0.172495890796, -0.978029822019, -0.0459701779813,
    0.0323842522489,
)  # fmt: skip


def test_rubins_rules_with_the_degrees_of_freedom_of_barnard_and_rubin_equal_r() -> None:
    result = pooled([-0.5, -0.42, -0.61, -0.55, -0.48], [s**2 for s in (0.21, 0.22, 0.2, 0.215, 0.225)], complete_df=40)
    numbers = (
        result.estimate, result.se, result.df, result.within, result.between, result.fraction, result.lower,
        result.upper, result.p,
    )  # fmt: skip
    assert numbers == pytest.approx(BY_R, rel=1e-10)


def test_imputations_that_agree_leave_the_degrees_of_freedom_of_the_observed() -> None:
    result = pooled([0.3, 0.3], [0.04, 0.04], complete_df=40)
    assert (result.between, result.se) == (0, pytest.approx(0.2))
    assert result.df == pytest.approx(41 / 43 * 40)


@pytest.mark.parametrize(("estimates", "df"), [([0.3], 40.0), ([0.3, 0.4], 0.0)])
def test_pooling_refuses_one_imputation_and_no_degree_of_freedom(estimates: list[float], df: float) -> None:
    with pytest.raises(ValueError, match="two imputations"):
        pooled(estimates, [0.04] * len(estimates), complete_df=df)


def test_the_cumulative_hazard_equals_r() -> None:
    """R: f <- survfit(Surv(c(12,12,24,36,36,48), c(1,0,1,1,1,0)) ~ 1); cumsum(f$n.event / f$n.risk)."""
    time, event = np.array([12.0, 12, 24, 36, 36, 48]), np.array([True, False, True, True, True, False])
    one, two, three = 0.166666666667, 0.416666666667, 1.08333333333
    assert nelson_aalen(time, event) == pytest.approx([one, one, two, three, three, three], rel=1e-10)


def test_an_imputed_value_is_one_that_somebody_has_and_follows_what_predicts_it() -> None:
    draw = np.random.default_rng(2)
    x = draw.normal(0, 1, 300)
    truth = np.round(2 * x + draw.normal(0, 0.3, 300), 2)
    lost = x > 0.5
    (first, *_) = filled = impute({"y": np.where(lost, NAN, truth), "z": x}, x[:, None], imputations=5, seed=1)
    assert all(set(each["y"][lost]) <= set(truth[~lost]) for each in filled)
    assert (first["y"][~lost] == truth[~lost]).all()
    assert first["y"][lost].mean() > np.quantile(
        truth[~lost], 0.9
    )  # nobody is as high as the lost; the donors come near


def test_the_same_seed_gives_the_same_values_and_another_one_others() -> None:
    y = np.array([1.0, 2, 3, 4, 5, NAN, NAN, NAN] * 4)
    first, again, other = (impute({"y": y}, np.arange(32.0)[:, None], imputations=3, seed=seed) for seed in (7, 7, 8))
    assert all((a["y"] == b["y"]).all() for a, b in zip(first, again, strict=True))
    assert any((a["y"] != b["y"]).any() for a, b in zip(first, other, strict=True))


def test_a_column_in_which_nobody_has_a_value_is_refused() -> None:
    with pytest.raises(BadTable) as refused:
        impute({"y": np.full(4, NAN)}, np.ones((4, 1)), imputations=2, seed=1)
    assert refused.value.code == "nothing_observed"
