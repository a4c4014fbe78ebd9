"""The log-rank test and Cox's model (Efron ties) of many simulated trials at once. Pure.

Events fall on a few planned visits, so the sums over risk sets are sums over visits: the formulas are those of
`analysis.survival.logrank` and `analysis.survival.cox`, and a test compares the numbers.
"""

from dataclasses import dataclass

import numpy as np

from analysis.survival.cox import FEW_EVENTS
from analysis.survival.survival_data import Flags, Floats, Integers

MAX_STEPS = 25
CLOSE = 1e-9
FLAT = 1e-9


@dataclass(frozen=True)
class Batch:
    """Trials of one size. (trials, n): `arm` 0 or 1, `visit` at which somebody had the event or was last scanned.

    `visit` 0 is nobody's event: never scanned, not analysed. `traits` is (trials, n, k).
    """

    arm: Floats
    visit: Integers
    event: Flags
    traits: Floats

    @property
    def visits(self) -> int:
        """The last visit that anybody reached."""
        return int(self.visit.max(initial=1))

    def sums(self, values: Floats, chosen: Flags | None = None) -> Floats:
        """Sum `values` (trials, n) by trial and visit: (trials, visits), visit 1 first."""
        trials, size = len(self.visit), self.visits + 1
        place = self.visit + size * np.arange(trials)[:, None]
        if chosen is not None:
            place, values = place[chosen], values[chosen]
        flat = np.bincount(place.ravel(), values.ravel(), trials * size).astype(np.float64)
        return flat.reshape(trials, size)[:, 1:]


def at_risk(by_visit: Floats) -> Floats:
    """From sums of those who end at a visit to sums of those at risk there."""
    return np.cumsum(by_visit[:, ::-1], axis=1)[:, ::-1]


def logrank_z(batch: Batch) -> Floats:
    """(E - O) / sqrt(V) of the new arm, so positive for benefit; 0 where it is not defined. Mantel 1966."""
    ones = np.ones(batch.arm.shape)
    n, new = at_risk(batch.sums(ones)), at_risk(batch.sums(batch.arm))
    d, observed = batch.sums(ones, batch.event), batch.sums(batch.arm, batch.event)
    share = new / np.maximum(n, 1)
    spread = d * (n - d) / np.maximum(n - 1, 1) * share * (1 - share)
    variance = spread.sum(axis=1)
    difference = (d * share - observed).sum(axis=1)
    return np.where(variance > 0, difference / np.sqrt(np.where(variance > 0, variance, 1)), 0.0)


@dataclass(frozen=True)
class CoxFits:
    """The arm's coefficient and standard error of every trial; NaN where there is no estimate."""

    coef: Floats
    se: Floats


def cox_fits(batch: Batch, *, adjusted: bool) -> CoxFits:
    """Fit the arm alone, or with the traits. Fewer than five events in an arm, or no convergence, is no estimate."""
    x = batch.arm[:, :, None]
    if adjusted:
        x = np.concatenate([x, batch.traits], axis=2)
    counts = np.stack([(batch.event & (batch.arm == arm)).sum(axis=1) for arm in (0, 1)])
    good: Flags = counts.min(axis=0) >= FEW_EVENTS
    beta, close = np.zeros((len(x), x.shape[2])), np.zeros(len(x), dtype=np.bool_)
    events = batch.sums(np.ones(batch.arm.shape), batch.event)
    for _ in range(MAX_STEPS):
        score, information = _derivatives(batch, x, beta, events)
        good = good & (np.linalg.eigvalsh(information)[:, 0] > FLAT) & (np.abs(beta).max(axis=1) < 20)
        information[~good] = np.eye(x.shape[2])
        if (close | ~good).all():
            break
        step = np.where(good[:, None], np.linalg.solve(information, score[:, :, None])[:, :, 0], 0.0)
        beta = np.clip(beta + step, -25, 25)
        close = np.abs(step).max(axis=1) < CLOSE
    good = good & close
    variance = np.linalg.inv(information)[:, 0, 0]
    return CoxFits(np.where(good, beta[:, 0], np.nan), np.where(good, np.sqrt(np.abs(variance)), np.nan))


def _derivatives(batch: Batch, x: Floats, beta: Floats, events: Floats) -> tuple[Floats, Floats]:
    """Score (trials, p) and information (trials, p, p) of the Efron likelihood at `beta`."""
    terms = x.shape[2]
    pairs = [(j, k) for j in range(terms) for k in range(j, terms)]
    risk = np.exp(np.einsum("bnp,bp->bn", x, beta))
    columns = [risk, *(risk * x[:, :, j] for j in range(terms))]
    columns += [columns[1 + j] * x[:, :, k] for j, k in pairs]
    everyone = np.stack([at_risk(batch.sums(column)) for column in columns], axis=2)
    tied = np.stack([batch.sums(column, batch.event) for column in columns], axis=2)
    score = np.stack([batch.sums(x[:, :, j], batch.event).sum(axis=1) for j in range(terms)], axis=1)
    information = np.zeros((len(x), terms, terms))
    for order in range(int(events.max(initial=0))):
        trial, visit = np.nonzero(events > order)
        left = everyone[trial, visit] - (order / events[trial, visit])[:, None] * tied[trial, visit]
        mean = left[:, 1 : terms + 1] / left[:, :1]
        for j in range(terms):
            score[:, j] -= np.bincount(trial, mean[:, j], len(x))
        for place, (j, k) in enumerate(pairs):
            part = np.bincount(trial, left[:, 1 + terms + place] / left[:, 0] - mean[:, j] * mean[:, k], len(x))
            information[:, j, k] += part
            if j != k:
                information[:, k, j] += part
    return score, information
