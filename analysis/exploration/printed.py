"""Numbers, limits and counts as a person reads them. Pure."""

import math
from collections.abc import Iterable

from analysis.exploration.steps import Counts
from analysis.survival.results import Caution
from analysis.survival.survival_data import AnalysisRows


def show(value: float | None) -> str:
    """A number to six digits, NE where it is not estimable."""
    return "NE" if value is None else f"{value:.6g}"


def exponential(value: float) -> float | None:
    """e to the power of a number, None where it is beyond all numbers."""
    try:
        return math.exp(value)
    except OverflowError:
        return None


def span(value: float | None, lower: float | None, upper: float | None) -> str:
    """`0.75 (0.64-0.86)`; of limits that are not estimable only that."""
    limits = f"{show(lower)} to {show(upper)}" if min(lower or 0, upper or 0) < 0 else f"{show(lower)}-{show(upper)}"
    return f"{show(value)} ({limits})"


def counted(name: str, counts: Counts) -> str:
    """How many rows a step used, why the others were dropped, and how many had the event."""
    lost = ", ".join(f"{column} {count}" for column, count in counts.dropped.items() if count)
    why = f"; dropped {counts.n_dropped}, missing values: {lost}" if counts.n_dropped else ""
    return f"{name}: {counts.n} of {counts.n_read} rows used{why}; events {counts.n_events}"


def counts_of(rows: AnalysisRows, unnamed: Iterable[str] = ()) -> Counts:
    """The counts of the rows of an analysis, without its `unnamed` columns that are none of the table."""
    dropped = {name: lost for name, lost in rows.dropped.items() if name not in unnamed}
    return Counts(rows.n_read, rows.n_dropped, dropped, int(rows.event.sum()))


def texts_of(cautions: Iterable[Caution], without: Iterable[str] = ()) -> tuple[str, ...]:
    """The messages of cautions, but for the codes `without`."""
    return tuple(caution.message for caution in cautions if caution.code not in without)
