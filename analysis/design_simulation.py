"""Trials of this design, simulated: how often a true effect is shown, and how often one that is not there. Pure.

A participant has age, BCLC stage, HBsAg (measured) and one more trait (not measured). They act on the choice of the arm
and on the hazard; with confounding 0 on neither. Recurrence is seen at scans on the plan's grid, some of them missed,
until drop-out or death; it is analysed at the nominal visit, as the study does. All trials of a batch are fitted at
once by `analysis.survival.many_trials`.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from analysis.survival.design import NORMAL, power_of
from analysis.survival.many_trials import Batch, cox_fits, logrank_z
from analysis.survival.results import Result
from analysis.survival.survival_data import Flags, Floats, Integers

#: The most of both: a run ends, and stays within some hundred megabytes.
MOST_PARTICIPANTS, MOST_TRIALS = 20_000, 100_000
#: Participants of all trials that are simulated at once.
ROWS_AT_ONCE = 60_000
#: Log hazard ratio, and log odds of the new arm, of the traits at strength 1: per standard deviation; BCLC A against 0.
ON_HAZARD = {"age": 0.15, "bclc": 0.5, "hbsag": 0.45, "unmeasured": 0.45}
ON_ARM = {"age": -0.3, "bclc": -0.3, "hbsag": -0.54, "unmeasured": -0.7}
#: BCLC 0 and A, with the share of each.
STAGES = ((0, 0.25), (1, 0.75))
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(60)


@dataclass(frozen=True)
class Design:
    """The design, and what may go wrong. Proportions over the three years; days.

    `share` of the participants chooses the new arm, `missed_new` of its scans are missed (default: as in the other).
    `shape` below 1 (Weibull) brings recurrences early. `confounding` is of the measured traits, 1 as in statistics.md
    4.6; `unmeasured` of the other.
    """

    participants: int = 332
    control_recurrence: float = 0.5
    hazard_ratio: float = 0.6
    share: float = 0.5
    dropout: float = 0.1
    death: float = 0.04
    missed: float = 0.05
    missed_new: float | None = None
    shape: float = 1.0
    confounding: float = 0.0
    unmeasured: float = 0.0
    interval: int = 84
    window: int = 7
    visits: int = 13
    alpha: float = 0.05

    def __post_init__(self) -> None:
        """Refuse what is no design, by the name of the value."""
        for name in ("control_recurrence", "share", "alpha"):
            _require(0 < getattr(self, name) < 1, name, "between 0 and 1")
        for name in ("dropout", "death", "missed", "missed_new"):
            _require(0 <= (getattr(self, name) or 0) < 1, name, "at least 0 and below 1")
        for name in ("confounding", "unmeasured"):
            _require(0 <= getattr(self, name) <= 5, name, "from 0 to 5")
        _require(0.01 <= self.hazard_ratio <= 100, "hazard_ratio", "from 0.01 to 100")
        _require(0.1 <= self.shape <= 10, "shape", "from 0.1 to 10")
        _require(10 <= self.participants <= MOST_PARTICIPANTS, "participants", f"from 10 to {MOST_PARTICIPANTS}")
        _require(1 <= self.visits <= 100, "visits", "from 1 to 100")
        _require(self.interval >= 1 and 0 <= 2 * self.window < self.interval, "window", "less than half the interval")

    @property
    def end(self) -> int:
        """The day of the last planned scan."""
        return self.interval * self.visits

    def effects(self, on: dict[str, float]) -> dict[str, float]:
        """The coefficients of the traits at these strengths."""
        return {name: each * (self.unmeasured if name == "unmeasured" else self.confounding)
                for name, each in on.items()}  # fmt: skip


def _require(holds: bool, name: str, what: str) -> None:
    if not holds:
        raise ValueError(f"{name} must be {what}.")


@dataclass(frozen=True)
class Operating(Result):
    """How one analysis behaves: the share of the trials that reject, with its Monte Carlo standard error `se`.

    `benefit` of the trials reject in favour of the new arm. `mean_hr` is exp(mean log HR), `coverage` that of the
    confidence limits; None for the log-rank test. `failed` trials gave no estimate and count as not rejecting.
    """

    analysis: str
    rejects: float
    se: float
    benefit: float
    mean_hr: float | None
    coverage: float | None
    failed: int


@dataclass(frozen=True)
class Simulation(Result):
    """All analyses over so many trials, mean events and share of the new arm, the formula's power for these events."""

    trials: int
    seed: int
    mean_events: float
    mean_share: float
    formula_power: float | None
    analyses: tuple[Operating, ...]


ANALYSES = ("logrank", "cox", "cox_adjusted")


def simulate(design: Design, trials: int, seed: int, analyses: tuple[str, ...] = ANALYSES) -> Simulation:
    """Simulate so many trials and analyse each; the same arguments give the same numbers."""
    _require(1 <= trials <= MOST_TRIALS, "trials", f"from 1 to {MOST_TRIALS}")
    events, shares = [], []
    fits: dict[str, list[Floats]] = {name: [] for name in analyses}
    for batch in batches(design, trials, seed):
        events.append(batch.event.sum(axis=1))
        shares.append(batch.arm.mean(axis=1))
        for name in analyses:
            fits[name].append(_fitted(batch, name))
    mean_events, hr = float(np.concatenate(events).mean()), design.hazard_ratio
    return Simulation(
        trials=trials,
        seed=seed,
        mean_events=mean_events,
        mean_share=float(np.concatenate(shares).mean()),
        formula_power=power_of(mean_events, hr, alpha=design.alpha, share=design.share) if hr != 1 else None,
        analyses=tuple(_operating(name, np.concatenate(fits[name], axis=1), design) for name in analyses),
    )


def _fitted(batch: Batch, name: str) -> Floats:
    """Z (positive for benefit), log hazard ratio and its standard error, (3, trials)."""
    if name == "logrank":
        z = logrank_z(batch)
        return np.stack([z, np.full_like(z, np.nan), np.full_like(z, np.nan)])
    fits = cox_fits(batch, adjusted=name == "cox_adjusted")
    return np.stack([-fits.coef / fits.se, fits.coef, fits.se])


def _operating(name: str, fitted: Floats, design: Design) -> Operating:
    z, coef, se = fitted
    limit = NORMAL.inv_cdf(1 - design.alpha / 2)
    known: Flags = np.isfinite(z)
    z = np.where(known, z, 0.0)
    rejects = float((np.abs(z) >= limit).mean())
    mean_hr = coverage = None
    if name != "logrank" and known.any():
        away = np.abs(coef[known] - math.log(design.hazard_ratio))
        mean_hr, coverage = math.exp(float(coef[known].mean())), float((away <= limit * se[known]).mean())
    error = math.sqrt(rejects * (1 - rejects) / len(z))
    return Operating(name, rejects, error, float((z >= limit).mean()), mean_hr, coverage, int((~known).sum()))


def batches(design: Design, trials: int, seed: int) -> Iterator[Batch]:
    """The trials, some at a time, so that the memory stays the same however many there are."""
    rng = np.random.default_rng(seed)
    hazard, odds = _baseline_hazard(design), _intercept(design)
    size = max(1, ROWS_AT_ONCE // design.participants)
    for done in range(0, trials, size):
        yield _batch(rng, design, min(size, trials - done), hazard, odds)


def _batch(rng: np.random.Generator, design: Design, trials: int, hazard: float, odds: float) -> Batch:
    shape = trials, design.participants
    traits = {name: rng.standard_normal(shape) for name in ON_HAZARD if name != "bclc"}
    traits["bclc"] = (rng.random(shape) < STAGES[1][1]).astype(np.float64)
    predictor = {
        which: sum(traits[name] * each for name, each in design.effects(on).items())
        for which, on in (("hazard", ON_HAZARD), ("arm", ON_ARM))
    }
    arm = (rng.random(shape) < _expit(odds + predictor["arm"])).astype(np.float64)
    rate = hazard * np.exp(predictor["hazard"] + arm * math.log(design.hazard_ratio))
    onset = design.end * (rng.standard_exponential(shape) / rate) ** (1 / design.shape)
    visit, event = _scanned(rng, design, arm, onset)
    measured = np.stack([traits[name] for name in ("age", "bclc", "hbsag")], axis=2)
    return Batch(arm, visit, event, measured)


def _scanned(rng: np.random.Generator, design: Design, arm: Floats, onset: Floats) -> tuple[Integers, Flags]:
    """At which visit a recurrence is seen, else the last scan; and whether one is."""
    grid = (*arm.shape, design.visits)
    day = design.interval * np.arange(1, design.visits + 1) + rng.integers(-design.window, design.window + 1, grid)
    missed_new = design.missed if design.missed_new is None else design.missed_new
    missed = rng.random(grid) < np.where(arm == 1, missed_new, design.missed)[:, :, None]
    leaving = np.full(arm.shape, np.inf)
    for lost in (design.dropout, design.death):
        waiting = rng.standard_exponential(arm.shape)
        if lost:
            leaving = np.minimum(leaving, waiting * design.end / -math.log1p(-lost))
    scanned: Flags = ~missed & (day <= leaving[:, :, None])
    seen: Flags = scanned & (day >= onset[:, :, None])
    event: Flags = np.any(seen, axis=2)
    last = design.visits - np.argmax(scanned[:, :, ::-1], axis=2)
    visit: Integers = np.where(event, np.argmax(seen, axis=2) + 1, np.where(np.any(scanned, axis=2), last, 0))
    return visit, event


def _expit(x: Floats | float) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.asarray(x, dtype=np.float64))))


def _expected(effects: dict[str, float], function: Callable[[Floats], Floats]) -> float:
    """The mean of a function of the traits' sum: Gauss-Hermite over the normal ones, a mixture over BCLC."""
    spread = math.sqrt(sum(each**2 for name, each in effects.items() if name != "bclc"))
    parts = [share * (function(spread * _NODES + stage * effects["bclc"]) @ _WEIGHTS)
             for stage, share in STAGES]  # fmt: skip
    return float(sum(parts)) / math.sqrt(2 * math.pi)


def _baseline_hazard(design: Design) -> float:
    """The cumulative hazard to the end with which everybody together, untreated, has the recurrence of the control."""
    effects, target = design.effects(ON_HAZARD), 1 - design.control_recurrence
    logarithm = _solved(lambda h: _expected(effects, lambda x: np.exp(-np.exp(h + x))) - target, -30.0, 10.0)
    return math.exp(logarithm)


def _intercept(design: Design) -> float:
    """The log odds with which `share` chooses the new arm."""
    effects = design.effects(ON_ARM)
    return _solved(lambda a: design.share - _expected(effects, lambda x: _expit(a + x)), -40.0, 40.0)


def _solved(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function is 0."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2
