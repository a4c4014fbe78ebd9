"""What the fits give, as frozen dataclasses that are stored with a run and read again. Pure: no numpy, no pandas.

A page that shows a stored result imports this module and none of those that compute.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, TypeVar

R = TypeVar("R", bound="Result")


@dataclass(frozen=True)
class Result:
    """Base of every result: frozen, and written as plain JSON values by `to_dict`."""

    def to_dict(self) -> dict[str, Any]:
        """Return the public fields (those with `repr`) as plain values; undefined numbers are None."""
        return {each.name: plain(getattr(self, each.name)) for each in fields(self) if each.repr}


def plain(value: Any) -> Any:
    """Results, tuples, mappings, days and numbers as JSON-ready values; NaN and infinity become None."""
    if isinstance(value, Result):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return finite(value) if isinstance(value, float) else value


def finite(value: float) -> float | None:
    """The number as a Python float, or None where it is undefined or infinite."""
    return float(value) if math.isfinite(value) else None


def part_of(full: Result, kind: type[R]) -> R:
    """What the class `kind` declares of a result that has more, without what is too large or too alive to store."""
    return kind(**{each.name: getattr(full, each.name) for each in fields(kind)})


@dataclass(frozen=True)
class Caution(Result):
    """Something the reader must know beside the numbers: as a refusal, and the column that it is about."""

    code: str
    message: str
    column: str | None = None
    facts: dict[str, str] = field(default_factory=dict)


#: The code of a refusal by an error of the program, not by the data.
FAILED = "failed"


@dataclass(frozen=True)
class Refusal(Result):
    """Why a step gave no result: a stable `code`, the `facts` of its sentence (`outputs.sentences`), English words."""

    step: str
    code: str
    message: str
    facts: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.step}: {self.message}" if self.step else self.message

    @classmethod
    def from_text(cls, text: str) -> Refusal:
        """The refusal of an older run, which kept its sentence alone: its code is `stored`."""
        return cls("", "stored", text)


@dataclass(frozen=True)
class Level(Result):
    """One level of a two-valued or categorical covariate: how many rows, how many events."""

    value: str
    n: int
    events: int


@dataclass(frozen=True)
class AtTime(Result):
    """The curve read at one requested time.

    `n_risk` counts time >= t, so subjects leaving at t are still in (with delayed entry it is, as in R, the
    risk set of the first observed time >= t); `cum_events` and `cum_censored` count up to and including t.
    Beyond the last follow-up of the group nothing is known unless S already reached 0: `surv` and its limits
    are None. `limits_estimable` is False where a report must print NE.
    """

    time: float
    n_risk: int
    surv: float | None
    se: float | None
    lo_loglog: float | None
    hi_loglog: float | None
    lo_log: float | None
    hi_log: float | None
    lo_plain: float | None
    hi_plain: float | None
    cum_incidence: float | None
    cum_events: int
    cum_censored: int
    beyond_last_followup: bool
    limits_estimable: bool
    few_at_risk: bool


@dataclass(frozen=True)
class Quantile(Result):
    """The time by which a proportion `p` had the event, with limits by inverting each kind of band."""

    p: float
    time: float | None
    lo_loglog: float | None
    hi_loglog: float | None
    lo_log: float | None
    hi_log: float | None
    lo_plain: float | None
    hi_plain: float | None


@dataclass(frozen=True)
class RestrictedMean(Result):
    """Mean event-free time up to `tau`; None when the follow-up of the group ends before tau with S > 0."""

    tau: float
    rmst: float | None
    se: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class CurveSummary(Result):
    """What Kaplan-Meier says about one group, but for the curve itself."""

    group: str
    n: int
    n_events: int
    last_time: float
    at: tuple[AtTime, ...]
    quantiles: tuple[Quantile, ...]
    rmst: RestrictedMean | None
    median_followup_reverse_km: float | None
    cautions: tuple[Caution, ...]


@dataclass(frozen=True)
class StepLine(Result):
    """The curve as it is drawn: S(t) with log(-log) limits at every distinct observed time."""

    time: tuple[float, ...]
    surv: tuple[float, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    n_risk: tuple[int, ...]
    events: tuple[int, ...]
    censored: tuple[int, ...]


@dataclass(frozen=True)
class StepCurve(CurveSummary):
    """A group with its curve as it is drawn."""

    steps: StepLine


@dataclass(frozen=True)
class LogRank(Result):
    """The test; `chi2`, `df` and `p` are None when fewer than two groups were ever at risk of an event.

    `observed` and `expected` are per group (weighted by S(t-)^rho, summed over strata), `variance` is the k x
    k covariance of observed - expected.
    """

    chi2: float | None
    df: int | None
    p: float | None
    groups: tuple[str, ...]
    n: tuple[int, ...]
    observed: tuple[float, ...]
    expected: tuple[float, ...]
    variance: tuple[tuple[float, ...], ...]
    rho: float
    n_read: int
    n_dropped: int
    dropped: dict[str, int]
    cautions: tuple[Caution, ...]


@dataclass(frozen=True)
class ChiSquare(Result):
    """A chi-square test; all None where it is not defined."""

    chi2: float | None
    df: int | None
    p: float | None


@dataclass(frozen=True)
class Term(Result):
    """One coefficient. `not_estimable` is None or a key of REASONS; then every number is None.

    `few_events`: a level of this two-valued covariate has fewer than 5 events, a report must suppress its HR.
    """

    name: str
    covariate: str
    level: str | None
    reference: str | None
    coef: float | None
    hr: float | None
    se: float | None
    se_naive: float | None
    z: float | None
    p: float | None
    lower: float | None
    upper: float | None
    not_estimable: str | None
    few_events: bool
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Baseline(Result):
    """Cumulative hazard of one stratum at its event times, for covariates 0 and for covariates `means`."""

    stratum: str
    time: tuple[float, ...]
    at_zero: tuple[float | None, ...]
    at_means: tuple[float | None, ...]

    def at(self, time: float) -> tuple[float | None, float | None]:
        """(covariates 0, covariates `means`) at `time`; 0 before the first event."""
        i = bisect_right(self.time, time) - 1
        return (0.0, 0.0) if i < 0 else (self.at_zero[i], self.at_means[i])


@dataclass(frozen=True)
class CoxSummary(Result):
    """The fitted model. `vcov` is robust when `robust`; rows and columns of terms not estimable are None.

    `means` are R's reference values: 0 for columns of -1/0/1, else the mean. `score` and `lrt` are
    model based, `wald` uses `vcov`. `concordance` is Harrell's C.
    """

    terms: tuple[Term, ...]
    vcov: tuple[tuple[float | None, ...], ...]
    n: int
    n_events: int
    n_read: int
    n_dropped: int
    dropped: dict[str, int]
    ties: str
    robust: bool
    conf_level: float
    loglik_null: float
    loglik: float
    lrt: ChiSquare
    score: ChiSquare
    wald: ChiSquare
    concordance: float | None
    concordance_se: float | None
    means: tuple[float, ...]
    baseline: tuple[Baseline, ...]
    converged: bool
    cautions: tuple[Caution, ...]


@dataclass(frozen=True)
class TermTest(Result):
    """Test that one coefficient (for GLOBAL: every coefficient) is constant in time; None if undefined."""

    term: str
    chi2: float | None
    df: int
    p: float | None


@dataclass(frozen=True)
class TransformTest(Result):
    """The tests against a trend in one transform of time, terms in model order, GLOBAL last."""

    transform: str
    tests: tuple[TermTest, ...]


@dataclass(frozen=True)
class Comparison(Result):
    """Log-rank by arm, Cox with its tests of proportional hazards, and why one of them was refused."""

    logrank: LogRank | None
    cox: CoxSummary | None
    ph: tuple[TransformTest, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True)
class EValue(Result):
    """How strong an unmeasured confounder must be (risk ratio) to explain the point and the limit away."""

    point_common: float | None
    limit_common: float | None
    point_rare: float | None
    limit_rare: float | None


@dataclass(frozen=True)
class PropensityTerm(Result):
    """A coefficient of the logistic model; None for a column the columns before it determine."""

    name: str
    coef: float | None
    se: float | None


@dataclass(frozen=True)
class OverlapBar(Result):
    """How many rows of each arm have a propensity score in [lower, upper)."""

    lower: float
    upper: float
    control: int
    treated: int


@dataclass(frozen=True)
class Balance(Result):
    """One column of the balance table, before and after weighting; None where the column does not vary.

    Standardised mean difference, treated minus control, over sqrt((s1^2 + s0^2) / 2) of the unweighted sample
    in both cases; variance ratio treated / control.
    """

    column: str
    smd_before: float | None
    smd_after: float | None
    variance_ratio_before: float | None
    variance_ratio_after: float | None


@dataclass(frozen=True)
class PropensitySummary(Result):
    """The logistic model of the treatment.

    `not_estimable` is None, "separation" (some rows could only ever be in one arm) or "not_converged"; the
    numbers then are None.
    """

    terms: tuple[PropensityTerm, ...]
    minimum: float | None
    maximum: float | None
    c_statistic: float | None
    overlap: tuple[OverlapBar, ...]
    not_estimable: str | None


@dataclass(frozen=True)
class WeightedSummary(Result):
    """What one weighting scheme says. `ess` is the effective sample size of (control, treated).

    `hazard` is the Cox term of treated against control, `se` robust and `se_naive` model based.
    """

    scheme: str
    sum_weights: float
    max_weight: float
    ess: tuple[float, float]
    n_truncated: int
    balance: tuple[Balance, ...]
    hazard: Term


@dataclass(frozen=True)
class Weighting(Result):
    """The propensity score, the effect under every scheme (none if it is not estimable), E-value of `sw`."""

    control: str
    treated: str
    n: int
    n_events: int
    n_read: int
    n_dropped: int
    dropped: dict[str, int]
    conf_level: float
    propensity: PropensitySummary
    effects: tuple[WeightedSummary, ...]
    evalue: EValue
    cautions: tuple[Caution, ...]
