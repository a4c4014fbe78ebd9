"""Agreement of two raters: Cohen's kappa with its large-sample limits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.survival.results import Result

#: The 0.975 quantile of the normal distribution.
Z = 1.959963984540054


@dataclass(frozen=True)
class Kappa(Result):
    """Kappa of `n` pairs, its standard error and 95% limits within -1 and 1, and the share of pairs that agree."""

    n: int
    observed: float
    value: float
    se: float
    lower: float
    upper: float


def cohen_kappa(table: Sequence[Sequence[int]]) -> Kappa | None:
    """Cohen's kappa of a square table of counts: rows the first rater's categories, columns the second's.

    None where it is not defined: no pairs, or both raters used one and the same category throughout. Raises ValueError
    for a table that is not square or holds a negative count.

    Source: Cohen J. Educ Psychol Meas 1960;20:37-46; the variance that does not assume kappa = 0: Fleiss JL, Cohen J,
    Everitt BS. Psychol Bull 1969;72:323-327, formula 13 with weights of agreement only.
    """
    size = range(len(table))
    if any(len(row) != len(table) for row in table) or any(count < 0 for row in table for count in row):
        raise ValueError("a square table of counts is expected")
    n = sum(map(sum, table))
    if not n:
        return None
    p = [[count / n for count in row] for row in table]
    rows, columns = [sum(row) for row in p], [sum(row[j] for row in p) for j in size]
    observed, chance = sum(p[i][i] for i in size), sum(rows[i] * columns[i] for i in size)
    if sum(count > 0 for count in rows) == 1 and rows == columns:
        return None
    kappa = (observed - chance) / (1 - chance)
    on = sum(p[i][i] * ((1 - chance) - (columns[i] + rows[i]) * (1 - observed)) ** 2 for i in size)
    off = sum(p[i][j] * (columns[i] + rows[j]) ** 2 for i in size for j in size if i != j)
    rest = (observed * chance - 2 * chance + observed) ** 2
    variance = (on + (1 - observed) ** 2 * off - rest) / (n * (1 - chance) ** 4)
    se = math.sqrt(max(variance, 0.0))
    return Kappa(n, observed, kappa, se, max(-1.0, kappa - Z * se), min(1.0, kappa + Z * se))
