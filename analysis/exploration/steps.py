"""One step of an analysis: what it gives, or why it does not; a warning of a library is a caution of its step. Pure."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.survival.results import Result

#: What an estimator raises for a table that it cannot fit: BadTable and LinAlgError are ValueErrors, FloatingPointError
#: and ZeroDivisionError are ArithmeticErrors, and an iteration of scipy that does not end is a RuntimeError.
REFUSALS = (ValueError, ArithmeticError, RuntimeError, IndexError, MemoryError)


@dataclass(frozen=True)
class Counts(Result):
    """How many rows a step read, dropped (by column; a row may count twice) and used, and how many had the event."""

    n_read: int
    n_dropped: int
    dropped: Mapping[str, int]
    n_events: int

    @property
    def n(self) -> int:
        """The rows used."""
        return self.n_read - self.n_dropped


@dataclass(frozen=True)
class Step:
    """A step by its name: `values` for machines and `lines` for people, or why it was `refused` or `left_out`."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    counts: Counts | None = None
    cautions: tuple[str, ...] = ()
    refused: str = ""
    left_out: str = ""


def attempt(name: str, fit: Callable[[], Step]) -> Step:
    """The step that `fit` gives, with what Python warned of as its cautions; its refusal where the fit fails."""
    with warnings.catch_warnings(record=True) as caught, np.errstate(divide="warn", over="warn", invalid="warn"):
        warnings.simplefilter("always")
        try:
            step = fit()
        except REFUSALS as wrong:
            step = Step(name, refused=_reason(wrong))
    cautions = [f"{name}: the computation reported “{warning.message}”; check these numbers." for warning in caught]
    return Step(**(vars(step) | {"cautions": tuple(dict.fromkeys([*step.cautions, *cautions]))}))


def _reason(wrong: Exception) -> str:
    text = str(wrong).strip().rstrip(".")
    known = type(wrong).__name__ in ("BadTable", "ValueError")
    return f"{text}." if text and known else f"the computation failed ({type(wrong).__name__}: {text})."
