"""What a source gives in place of a number: `<10`, `>1000`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from prtras.crf.numbers import plain

#: The smallest step of a stored result (four decimal places).
STEP = Decimal("0.0001")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class NotKnown(ArithmeticError):
    """Nothing can be said of what comes of a limit."""


@dataclass(frozen=True)
class Limit:
    """A number that is known only to be below (`<`) or above (`>`) another one.

    What is computed with a number is a limit again; of two limits and of quotients by one nothing is known (NotKnown).
    """

    sign: str
    number: Decimal

    def __str__(self) -> str:
        return f"{self.sign}{plain(self.number)}"

    def __neg__(self) -> "Limit":
        return Limit(_MIRRORED[self.sign], -self.number)

    def __add__(self, other: Any) -> "Limit":
        return Limit(self.sign, self.number + _known(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> "Limit":
        return self + -_known(other)

    def __rsub__(self, other: Any) -> "Limit":
        return Limit(_MIRRORED[self.sign], _known(other) - self.number)

    def __mul__(self, factor: Any) -> "Limit":
        if _known(factor) == 0:
            raise NotKnown
        return Limit(self.sign if factor > 0 else _MIRRORED[self.sign], self.number * factor)

    __rmul__ = __mul__

    def __truediv__(self, divisor: Any) -> "Limit":
        if _known(divisor) == 0:
            raise NotKnown
        return Limit(self.sign if divisor > 0 else _MIRRORED[self.sign], self.number / divisor)

    def __rtruediv__(self, other: Any) -> "Limit":
        raise NotKnown

    def __abs__(self) -> "Limit":
        raise NotKnown

    @property
    def nearest(self) -> Decimal:
        """The number next to the limit, on the side where the value lies."""
        return self.number - STEP if self.sign == "<" else self.number + STEP

    def compared(self, comparison: str, other: Any) -> bool | None:
        """Whether it compares so with a number: True or False only if every number that it may be does."""
        if isinstance(other, Limit):
            return None
        if self.sign == ">":
            return (-self).compared(_MIRRORED[comparison], -other)
        return comparison in ("<", "<=", "!=") if self.number <= other else None


def _known(other: Any) -> Decimal:
    if isinstance(other, Limit):
        raise NotKnown
    return Decimal(other)


def number_or_limit(sign: str | None, number: Any) -> Any:
    """A number as it was given: a `Limit` where there is a sign beside it."""
    return Limit(sign, number) if sign and number is not None else number


def read_value(signs: Mapping[str, str], values: Mapping[str, Any], name: str) -> Any:
    """A value by its name, with the sign beside it; `signs` says of a name where its sign stands."""
    return number_or_limit(values.get(signs[name]), values.get(name)) if name in signs else values.get(name)


def compared(comparison: str, left: Any, right: Any) -> bool | None:
    """A comparison of which at least one side is a `Limit`."""
    if isinstance(left, Limit):
        return left.compared(comparison, right)
    answer: bool | None = right.compared(_MIRRORED[comparison], left)
    return answer
