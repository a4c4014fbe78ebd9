"""Log-rank and Fleming-Harrington tests for k groups, stratified or not.

Formulas: Mantel 1966 / Peto & Peto 1972; weights S(t-)^rho of Harrington & Fleming, Biometrika 1982;69:553
(rho = 0 log-rank, rho = 1 Peto & Peto's Wilcoxon); observed, expected and hypergeometric variance as in Klein
& Moeschberger, Survival Analysis, 2nd ed. (2003), sections 7.3 and 7.5.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.survival.results import Caution, LogRank
from analysis.survival.survival_data import AnalysisRows, Flags, Floats, Integers, analysis_rows


def logrank(
    frame: pd.DataFrame,
    time: str,
    event: str,
    group: str,
    strata: str | Sequence[str] = (),
    rho: float = 0,
    entry: str | None = None,
) -> LogRank:
    """Test equality of the survival curves of the groups, within strata; at risk on (entry, time].

    Groups appear in natural order. Groups never at risk at an event time carry no information, are left out
    of chi2 and named in `cautions`. Unadjusted by nature: statistics rule 4 asks for the adjusted estimate
    beside it. Raises BadTable (see `analysis_rows`).
    """
    rows = analysis_rows(frame, time=time, event=event, group=group, strata=strata, entry=entry)
    size = len(rows.group.labels)
    observed, expected, variance = np.zeros(size), np.zeros(size), np.zeros((size, size))
    for stratum in range(len(rows.strata.labels)):
        member = rows.strata.codes == stratum
        entries = None if rows.entry is None else rows.entry[member]
        o, e, v = _within(rows.time[member], rows.event[member], rows.group.codes[member], size, rho, entries)
        observed, expected, variance = observed + o, expected + e, variance + v
    chi2, df = _quadratic_form(observed - expected, variance, expected > 0)
    return LogRank(
        chi2=chi2,
        df=df,
        p=None if chi2 is None or df is None else chi_square_p(chi2, df),
        groups=rows.group.labels,
        n=tuple(np.bincount(rows.group.codes, minlength=size).tolist()),
        observed=tuple(observed.tolist()),
        expected=tuple(expected.tolist()),
        variance=tuple(map(tuple, variance.tolist())),
        rho=rho,
        n_read=rows.n_read,
        n_dropped=rows.n_dropped,
        dropped=rows.dropped,
        cautions=_cautions(rows, expected, chi2 is None),
    )


def chi_square_p(statistic: float, df: int) -> float:
    """P(chi-square with `df` degrees of freedom > statistic): a finite sum of positive terms.

    Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 26.4.4 (odd df) and 26.4.5 (even df).
    """
    half = statistic / 2
    odd = math.erfc(math.sqrt(half)) if df % 2 else 0.0
    powers = [df % 2 / 2 + k for k in range(df // 2)]
    return odd + math.fsum(math.exp(-half) * half**r / math.gamma(r + 1) for r in powers)


def _within(
    time: Floats, event: Flags, group: Integers, size: int, rho: float, entry: Floats | None
) -> tuple[Floats, Floats, Floats]:
    """Weighted observed (k,), expected (k,) and variance (k, k) of one stratum."""
    times = np.unique(time[event])
    if not len(times):
        return np.zeros(size), np.zeros(size), np.zeros((size, size))
    position = np.searchsorted(times, time[event])
    deaths = np.zeros((len(times), size))
    np.add.at(deaths, (position, group[event]), 1.0)
    leaving = np.zeros((len(times) + 1, size))
    np.add.at(leaving, (np.searchsorted(times, time, side="right"), group), 1.0)
    at_risk = np.cumsum(leaving[::-1], axis=0)[::-1][1:]
    if entry is not None:
        entering = np.zeros((len(times) + 1, size))
        np.add.at(entering, (np.searchsorted(times, entry, side="right"), group), 1.0)
        at_risk = at_risk - np.cumsum(entering[::-1], axis=0)[::-1][1:]
    d, n = deaths.sum(axis=1), at_risk.sum(axis=1)
    before = np.concatenate([[1.0], np.cumprod((n - d) / n)[:-1]])
    weight = before**rho
    share = at_risk / n[:, None]
    spread = weight**2 * d * (n - d) / np.maximum(n - 1, 1)
    variance = np.diag(spread @ share) - (share * spread[:, None]).T @ share
    return weight @ deaths, (weight * d) @ share, variance


def _quadratic_form(difference: Floats, variance: Floats, at_risk: Flags) -> tuple[float | None, int | None]:
    """(O - E)' V^- (O - E) over the groups at risk, the last of them left out (the sums are redundant)."""
    tested = np.flatnonzero(at_risk)[:-1]
    block = variance[np.ix_(tested, tested)]
    if not len(tested) or np.linalg.matrix_rank(block) < len(tested):
        return None, None
    return float(difference[tested] @ np.linalg.solve(block, difference[tested])), len(tested)


def _cautions(rows: AnalysisRows, expected: Floats, undefined: bool) -> tuple[Caution, ...]:
    cautions = []
    events = np.bincount(rows.group.codes[rows.event], minlength=len(rows.group.labels))
    for label, count, share in zip(rows.group.labels, events, expected, strict=True):
        group = {"group": label}
        if share == 0:
            cautions.append(
                Caution("not_at_risk", f"Group {label} was at risk at no event time: left out.", None, group)
            )
        elif count == 0:
            cautions.append(Caution("no_events", f"Group {label} has no events.", None, group))
    if undefined:
        reason = "There is only one group." if len(rows.group.labels) == 1 else "No two groups can be compared."
        cautions.append(Caution("test_undefined", f"The test is not defined. {reason}"))
    return tuple(cautions)
