"""What the fits of `functional_form` give: results without numpy, so that a page can read them."""

from dataclasses import dataclass

from analysis.survival.results import Result


@dataclass(frozen=True)
class Effect(Result):
    """The log hazard at `value` relative to that at the median, with its limits."""

    value: float
    effect: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Fifth(Result):
    """A group by size of the covariate: events, and how many the linear model expects.

    Their difference is the sum of the martingale residuals.
    """

    lowest: float
    highest: float
    n: int
    events: int
    expected: float


@dataclass(frozen=True)
class FunctionalForm(Result):
    """The spline of one covariate beside the other covariates, its likelihood ratio test against a line (`df`)."""

    column: str
    n: int
    knots: tuple[float, ...]
    median: float
    chi2: float
    df: int
    p: float
    curve: tuple[Effect, ...]
    fifths: tuple[Fifth, ...]


@dataclass(frozen=True)
class Residual(Result):
    """The scaled Schoenfeld residual of one event: its mean over time is the coefficient."""

    time: float
    value: float


@dataclass(frozen=True)
class Smoothed(Result):
    """The smooth of the residuals at a time; no limits where nothing is left to estimate the variance."""

    time: float
    value: float
    lower: float | None
    upper: float | None
