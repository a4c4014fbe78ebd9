"""Exact decimal arithmetic for the calculators, and rounding for display.

Comparisons use the values as written (3 x 1.2 equals 3.6) and never a rounded value;
rounding is half away from zero (conventions of the calculator vectors, crf/vectors/*.json).
"""

from collections.abc import Callable
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# 100 digits: products and differences of printed values are exact, quotients and logarithms safely long.
EXACT = Context(
    prec=100,
    rounding=ROUND_HALF_UP,  # decimal's "half up" is half away from zero
    Emin=MIN_EMIN,
    Emax=MAX_EMAX,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


def exact(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function calculate with 100 decimal digits, whatever decimal context its caller has."""

    @wraps(function)
    def calculated(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(EXACT):
            return function(*args, **kwargs)

    return calculated


def rounded(value: Decimal, places: int) -> Decimal:
    """The value shown to a number of decimal places, half away from zero, never minus zero."""
    return EXACT.plus(value.quantize(Decimal((0, (1,), -places)), rounding=ROUND_HALF_UP, context=EXACT))


def significant(value: Decimal, digits: int) -> Decimal:
    """The value shown to a number of significant digits, half away from zero."""
    return Context(prec=digits, rounding=ROUND_HALF_UP, Emin=MIN_EMIN, Emax=MAX_EMAX).plus(value)
