"""Regression of a 0/1 outcome by Fisher scoring, and which columns of a design add something.

Formulas: McCullagh & Nelder, Generalized Linear Models, 2nd ed. (1989), section 2.5.
"""

import math
from dataclasses import dataclass

import numpy as np

from analysis.survival.survival_data import Floats, Integers

DEPENDENT = 1e-9  # a column adds nothing when its part not explained by earlier columns is below this share
MAX_STEPS, HALVINGS = 200, 40
SLACK = 1e-10  # by which rounding may raise the deviance from one step to the next, relative to its size
SMALL = 1e-6  # of a hazard
SETTLED = 1e-10  # largest change of a linear predictor at convergence, relative to its size
PREDICTOR_LIMITS = {"logit": (-30.0, 30.0), "cloglog": (-30.0, math.log(30.0))}  # beyond: fitted 0 or 1


@dataclass(frozen=True)
class BinomialFit:
    """`coef` (p,), `vcov` (p, p), `fitted` (n,); meaningless if `not_estimable`: why there is no maximum."""

    coef: Floats
    vcov: Floats
    fitted: Floats
    deviance: float
    not_estimable: str | None


def independent_columns(matrix: Floats) -> Integers:
    """Indices of the columns of (n, p) not determined by the columns before them."""
    independent: list[int] = []
    for j, column in enumerate(matrix.T):
        earlier = matrix[:, independent]
        rest = column - earlier @ np.linalg.lstsq(earlier, column)[0] if independent else column
        if np.linalg.norm(rest) > DEPENDENT * np.linalg.norm(column):
            independent.append(j)
    return np.array(independent, dtype=np.int64)


def binomial_regression(design: Floats, outcome: Floats, link: str = "logit") -> BinomialFit:
    """Regression of a 0/1 `outcome` (n,) on independent columns `design` (n, p), link "logit" or "cloglog".

    Newton's method with step halving: with both links the log-likelihood is concave, and Fisher scoring goes round in
    circles near some maxima of the cloglog. `vcov` is the inverse expected information (McCullagh & Nelder, Generalized
    Linear Models, 2nd ed. (1989), section 2.5). Both outcomes must occur.
    """
    lowest, highest = PREDICTOR_LIMITS[link]
    mean = outcome.mean()
    constant = math.log(mean / (1 - mean)) if link == "logit" else math.log(-math.log1p(-mean))
    coef = np.linalg.lstsq(design, np.full(len(outcome), constant))[0]
    reason: str | None = "not_converged"
    for _ in range(MAX_STEPS):
        predictor = design @ coef
        if predictor.min() < lowest or predictor.max() > highest:
            reason = "separation"
            break
        score, curvature = _score(predictor, outcome, link)
        _, r = np.linalg.qr(design * np.sqrt(curvature)[:, None])
        step = np.linalg.solve(r, np.linalg.solve(r.T, design.T @ score))
        if np.abs(design @ step).max() < SETTLED * (1 + np.abs(predictor).max()):
            reason, coef = None, coef + step
            break
        before = _deviance(predictor, outcome, link)
        for _ in range(HALVINGS):
            if _deviance(design @ (coef + step), outcome, link) <= before * (1 + SLACK):
                break
            step = step / 2
        coef = coef + step
    fitted, precision = _response(np.clip(design @ coef, lowest, highest), link)
    inverse = np.linalg.inv(np.linalg.qr(design * np.sqrt(precision)[:, None], mode="r"))
    return BinomialFit(coef, inverse @ inverse.T, fitted, _deviance(design @ coef, outcome, link), reason)


def _response(predictor: Floats, link: str) -> tuple[Floats, Floats]:
    """Fitted probability, and the expected information of the predictor."""
    if link == "logit":
        fitted = 1 / (1 + np.exp(-predictor))
        return fitted, fitted * (1 - fitted)
    hazard = np.exp(predictor)
    return -np.expm1(-hazard), hazard**2 / np.expm1(hazard)


def _score(predictor: Floats, outcome: Floats, link: str) -> tuple[Floats, Floats]:
    """First and negative second derivative of the log-likelihood of each outcome in its predictor."""
    if link == "logit":
        fitted, information = _response(predictor, link)
        return outcome - fitted, information
    hazard = np.exp(predictor)
    rise = hazard / np.expm1(hazard)
    bend = np.where(hazard < SMALL, hazard / 2, rise * (rise + hazard - 1))  # the difference is lost in rounding
    return np.where(outcome == 1, rise, -hazard), np.where(outcome == 1, bend, hazard)


def _deviance(predictor: Floats, outcome: Floats, link: str) -> float:
    fitted = _response(np.clip(predictor, *PREDICTOR_LIMITS[link]), link)[0]
    return -2 * float(np.log(np.where(outcome == 1, fitted, 1 - fitted)).sum())
