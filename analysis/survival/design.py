"""What the design needs, and what the data so far say of reaching it. Pure: numbers in, numbers out, no numpy.

The sign of a statistic is that of benefit: positive where the new arm has fewer events. Two-sided alpha throughout.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from analysis.survival.results import Result

NORMAL = NormalDist()
#: The information about the log hazard ratio that an event carries between equal arms.
EVEN = 0.25


def required_information(hazard_ratio: float, alpha: float, power: float) -> float:
    """1 / variance of the log hazard ratio at which a two-sided test has this power: ((z_a + z_b) / ln HR)^2."""
    if not (hazard_ratio > 0 and hazard_ratio != 1 and 0 < alpha < 1 and 0 < power < 1):
        raise ValueError("Give a hazard ratio above 0 other than 1, and alpha and power between 0 and 1.")
    return ((NORMAL.inv_cdf(1 - alpha / 2) + NORMAL.inv_cdf(power)) / math.log(hazard_ratio)) ** 2


def required_events(
    hazard_ratio: float, *, alpha: float = 0.05, power: float = 0.8, share: float = 0.5, r_squared: float = 0.0
) -> int:
    """Events that show the hazard ratio; `share` of the participants is in the new arm.

    Schoenfeld, Biometrika 1981;68:316 and Biometrics 1983;39:499. `r_squared` of the arm on the covariates inflates by
    1 / (1 - R^2): Hsieh & Lavori, Controlled Clinical Trials 2000;21:552.
    """
    if not (0 < share < 1 and 0 <= r_squared < 1):
        raise ValueError("Give a share between 0 and 1 and an R squared of at least 0 and below 1.")
    return math.ceil(required_information(hazard_ratio, alpha, power) / (share * (1 - share) * (1 - r_squared)))


def power_of(events: float, hazard_ratio: float, *, alpha: float = 0.05, share: float = 0.5) -> float:
    """The power that so many events give, by the same formula (the far tail is left out)."""
    return NORMAL.cdf(drift(hazard_ratio, events, share * (1 - share)) - NORMAL.inv_cdf(1 - alpha / 2))


def drift(hazard_ratio: float, events: float, per_event: float = EVEN) -> float:
    """The mean of the statistic at so many events: |ln HR| sqrt(events x information per event)."""
    return abs(math.log(hazard_ratio)) * math.sqrt(events * per_event)


def b_value(z: float, fraction: float) -> float:
    """B(t) = Z sqrt(t). Lan & Wittes, Biometrics 1988;44:579."""
    return z * math.sqrt(fraction)


def conditional_power(b: float, fraction: float, theta: float, alpha: float = 0.05) -> float:
    """The chance of a significant benefit at the end, given B at this fraction and a drift of `theta` from here on.

    Phi((B + theta (1 - t) - z) / sqrt(1 - t)): Lan & Wittes 1988; Proschan, Lan & Wittes, Statistical Monitoring of
    Clinical Trials (2006), chapter 3. Null: theta = 0. Current trend: theta = B / t. Defined for 0 < t < 1.
    """
    if not 0 < fraction < 1:
        raise ValueError("The information fraction must lie between 0 and 1.")
    left = 1 - fraction
    return NORMAL.cdf((b + theta * left - NORMAL.inv_cdf(1 - alpha / 2)) / math.sqrt(left))


def predictive_power(b: float, fraction: float, alpha: float = 0.05) -> float:
    """Conditional power averaged over what the data say of the drift, with a flat prior.

    Phi((B / t - z) / sqrt((1 - t) / t)): Spiegelhalter, Freedman & Blackburn, Controlled Clinical Trials 1986;7:8.
    """
    if not 0 < fraction < 1:
        raise ValueError("The information fraction must lie between 0 and 1.")
    return NORMAL.cdf((b / fraction - NORMAL.inv_cdf(1 - alpha / 2)) / math.sqrt((1 - fraction) / fraction))


@dataclass(frozen=True)
class Outlook(Result):
    """The B-value at an information fraction, and the chances that follow from it; None once t reaches 1."""

    z: float
    fraction: float
    b: float
    drift: float
    design: float | None
    trend: float | None
    null: float | None
    predictive: float | None


def outlook(
    z: float, events: int, needed: int, hazard_ratio: float, per_event: float = EVEN, alpha: float = 0.05
) -> Outlook:
    """All of it, for Z after so many of the events needed; `per_event` is the information that an event carries.

    With equal arms and no covariates an event carries 1/4; with unequal arms, or an adjusted estimate whose arm can be
    predicted from the covariates, less. Lan & Zucker, Statistics in Medicine 1993;12:753.
    """
    fraction = events / needed
    b, theta = b_value(z, fraction), drift(hazard_ratio, needed, per_event)
    if fraction >= 1:
        return Outlook(z, fraction, b, theta, None, None, None, None)
    design, trend, null = (conditional_power(b, fraction, each, alpha) for each in (theta, b / fraction, 0.0))
    return Outlook(z, fraction, b, theta, design, trend, null, predictive_power(b, fraction, alpha))
