"""Group sequential bounds: what repeated looks would have to exceed. Pure.

Symmetric two-sided tests of a statistic with independent increments B(t) = Z(t) sqrt(t). Crossing probabilities by
recursive numerical integration: Armitage, McPherson & Rowe, JRSS A 1969;132:235; Jennison & Turnbull, Group Sequential
Methods (2000), chapter 19. The quadrature is Gauss-Legendre on panels of 1.5 standard deviations of the next step.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from analysis.survival.design import NORMAL
from analysis.survival.survival_data import Floats

Spending = Callable[[float, float], float]
#: A B-value further out has a probability below 1e-13: the continuation region is cut there.
FAR = 7.5
#: Looks that are closer than this share of the information are refused: the grid would outgrow the memory.
CLOSEST = 0.001
PANEL = 1.5
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)


def obrien_fleming_spending(fraction: float, alpha: float) -> float:
    """Two-sided alpha spent by t, O'Brien-Fleming type: per side 2 - 2 Phi(z(alpha / 4) / sqrt(t)).

    Lan & DeMets, Biometrika 1983;70:659, their first function, applied to each side.
    """
    return 2 * math.erfc(-NORMAL.inv_cdf(alpha / 4) / math.sqrt(2 * fraction))


def pocock_spending(fraction: float, alpha: float) -> float:
    """Two-sided alpha spent by t, Pocock type: alpha ln(1 + (e - 1) t). Lan & DeMets 1983, their second function."""
    return alpha * math.log1p((math.e - 1) * fraction)


def spending_bounds(fractions: Sequence[float], spending: Spending, alpha: float = 0.05) -> tuple[float, ...]:
    """|Z| that each look has to reach so that the alpha spent up to there is `spending`; inf where none is left."""
    spent, bounds = 0.0, list[float]()
    walk = _Walk(fractions)
    for fraction in fractions:
        target = spending(fraction, alpha)
        bounds.append(walk.bound((target - spent) / 2))
        spent = max(spent, target)
        walk.go_on(bounds[-1])
    return tuple(bounds)


def crossing_probability(bounds: Sequence[float], fractions: Sequence[float]) -> float:
    """The chance under no effect that |Z| reaches its bound at one of the looks."""
    walk, crossed = _Walk(fractions), 0.0
    for bound in bounds:
        crossed += 2 * walk.beyond(bound)
        walk.go_on(bound)
    return crossed


def obrien_fleming(looks: int, alpha: float = 0.05) -> tuple[float, ...]:
    """The bounds C sqrt(K / k) of equally spaced looks. O'Brien & Fleming, Biometrics 1979;35:549."""
    return _equally_spaced([math.sqrt(looks / k) for k in range(1, looks + 1)], alpha)


def pocock(looks: int, alpha: float = 0.05) -> tuple[float, ...]:
    """The constant bound C of equally spaced looks. Pocock, Biometrika 1977;64:191."""
    return _equally_spaced([1.0] * looks, alpha)


def _equally_spaced(shape: list[float], alpha: float) -> tuple[float, ...]:
    """The multiple of `shape` that is crossed with probability alpha."""
    fractions = [(k + 1) / len(shape) for k in range(len(shape))]
    constant = _root(lambda c: crossing_probability([c * each for each in shape], fractions) - alpha, 0.5, 10.0)
    return tuple(constant * each for each in shape)


class _Walk:
    """B(t) among those who have not crossed yet, as weights on a grid, from look to look."""

    def __init__(self, fractions: Sequence[float]) -> None:
        self.steps = [b - a for a, b in zip([0.0, *fractions], fractions, strict=False)]
        if not fractions or min(self.steps) < CLOSEST or fractions[-1] > 1 + 1e-12:
            raise ValueError(f"Looks need information fractions that rise by at least {CLOSEST}, up to 1.")
        self.fractions, self.at = fractions, 0
        self.place, self.mass = np.zeros(1), np.ones(1)

    def beyond(self, bound: float) -> float:
        """The probability of crossing `bound` upward at this look, and not before."""
        edge = bound * math.sqrt(self.fractions[self.at])
        return float(self.mass @ _tail((edge - self.place) / math.sqrt(self.steps[self.at])))

    def bound(self, probability: float) -> float:
        """The bound that is crossed upward with this probability."""
        if self.beyond(0.0) <= probability:
            return 0.0
        if self.beyond(FAR * 5) >= probability:
            return math.inf
        return _root(lambda c: self.beyond(c) - probability, 0.0, FAR * 5)

    def go_on(self, bound: float) -> None:
        """Past a look at which |Z| stayed below `bound`; nothing after the last."""
        spread, now = math.sqrt(self.steps[self.at]), self.fractions[self.at]
        self.at += 1
        if self.at == len(self.fractions):
            return
        limit = min(bound, FAR) * math.sqrt(now)
        width = PANEL * min(spread, math.sqrt(self.steps[self.at]))
        edges = np.linspace(-limit, limit, max(2, math.ceil(2 * limit / width)) + 1)
        half = np.diff(edges)[:, None] / 2
        place = (edges[:-1, None] + half + half * _NODES).ravel()
        density = np.exp(-(((place[:, None] - self.place) / spread) ** 2) / 2) @ self.mass
        self.place, self.mass = place, density * (half * _WEIGHTS).ravel() / (spread * math.sqrt(2 * math.pi))


def _tail(z: Floats) -> Floats:
    """P(standard normal > z)."""
    return np.array([math.erfc(each) for each in (z / math.sqrt(2)).tolist()]) / 2


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function is 0, by bisection."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2
