"""What a source gives in place of a number: `<10`, `>1000`. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from prtras.crf.numbers import plain

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True)
class Limit:
    """A number that is known only to be below (`<`) or above (`>`) another one."""

    sign: str
    number: Decimal

    def __str__(self) -> str:
        return f"{self.sign}{plain(self.number)}"

    def compared(self, comparison: str, other: Any) -> bool | None:
        """Whether it compares so with a number: True or False only if every number that it may be does."""
        if isinstance(other, Limit):
            return None
        if self.sign == ">":
            return Limit("<", -self.number).compared(_MIRRORED[comparison], -other)
        return comparison in ("<", "<=", "!=") if self.number <= other else None


def number_or_limit(sign: str | None, number: Any) -> Any:
    """A number as it was given: a `Limit` where there is a sign beside it."""
    return Limit(sign, number) if sign and number is not None else number


def compared(comparison: str, left: Any, right: Any) -> bool | None:
    """A comparison of which at least one side is a `Limit`."""
    if isinstance(left, Limit):
        return left.compared(comparison, right)
    answer: bool | None = right.compared(_MIRRORED[comparison], left)
    return answer
