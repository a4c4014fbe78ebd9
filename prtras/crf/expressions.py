"""Expressions: what conditions of forms and checks are made of. Write them with the words of `conditions`.

An expression has a value in a context. Logic is three-valued (Kleene): an empty operand gives None, unknown, and
unknown neither shows an item nor fires a check. Source: crf-spec, checks.yaml, section dsl.
"""

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from prtras.amendments import Amended, Versions, value_under
from prtras.crf.dates import PartialDate
from prtras.crf.limits import Limit, compared


class Context(Protocol):
    """Where values come from: the page in hand, its visit, the participant's other pages.

    A number of which the source gives only a limit comes as a `Limit`.
    """

    today: date
    versions: Versions

    def value(self, form: str, item: str, at: str | None = None) -> Any: ...
    def previous(self, form: str, item: str) -> Any: ...
    def records(self, form: str) -> Sequence["Context"]: ...


class Expression:
    """Something with a value in a context. Comparing expressions gives conditions."""

    __hash__ = object.__hash__

    def value(self, context: Context) -> Any:
        raise NotImplementedError

    def holds(self, context: Context) -> bool:
        """Known to be true. Looks no further than it must: an unknown part already settles a conjunction."""
        return self.value(context) is True

    def parts(self) -> Iterator["Expression"]:
        """The expressions this one is made of."""
        yield from ()

    def __eq__(self, other: object) -> "Expression":  # type: ignore[override]  # a condition, not a bool
        return Compared("==", self, as_expression(other))

    def __ne__(self, other: object) -> "Expression":  # type: ignore[override]  # a condition, not a bool
        return Compared("!=", self, as_expression(other))

    def __lt__(self, other: object) -> "Expression":
        return Compared("<", self, as_expression(other))

    def __le__(self, other: object) -> "Expression":
        return Compared("<=", self, as_expression(other))

    def __gt__(self, other: object) -> "Expression":
        return Compared(">", self, as_expression(other))

    def __ge__(self, other: object) -> "Expression":
        return Compared(">=", self, as_expression(other))

    def __and__(self, other: "Expression") -> "Expression":
        return All((self, other))

    def __or__(self, other: "Expression") -> "Expression":
        return Either((self, other))

    def __invert__(self) -> "Expression":
        return Not(self)

    def __add__(self, other: object) -> "Expression":
        return Computed(operator.add, (self, as_expression(other)))

    def __sub__(self, other: object) -> "Expression":
        return Computed(operator.sub, (self, as_expression(other)))

    def __mul__(self, other: object) -> "Expression":
        return Computed(operator.mul, (self, as_expression(other)))

    def __rmul__(self, other: object) -> "Expression":
        return Computed(operator.mul, (as_expression(other), self))

    def __truediv__(self, other: object) -> "Expression":
        return Computed(operator.truediv, (self, as_expression(other)))

    def one_of(self, *codes: object) -> "Expression":
        """Equal to one of these."""
        return Either(tuple(self == code for code in codes))

    def none_of(self, *codes: object) -> "Expression":
        """Known, and equal to none of these."""
        return Not(self.one_of(*codes))


@dataclass(frozen=True, eq=False)
class Constant(Expression):
    """A plain value; `name` says which of the study's constants it is.

    `amended`: what later versions of the protocol made of it, oldest first.
    """

    constant: Any
    name: str = ""
    amended: Amended[Any] = ()

    def value(self, context: Context) -> Any:
        return self.value_under(context.versions) if self.amended else self.constant

    def value_under(self, versions: Versions) -> Any:
        """The value under these versions of the protocol."""
        return value_under(versions, self.constant, self.amended)


@dataclass(frozen=True, eq=False)
class Reference(Expression):
    """A value; a `Limit` where the source gives only one."""

    form: str
    item: str
    at: str | None = None

    def value(self, context: Context) -> Any:
        return context.value(self.form, self.item, self.at)


@dataclass(frozen=True, eq=False)
class Previous(Expression):
    form: str
    item: str

    def value(self, context: Context) -> Any:
        return context.previous(self.form, self.item)


@dataclass(frozen=True, eq=False)
class Computed(Expression):
    """A function of values; unknown when any of them is empty, or when it divides by zero."""

    function: Callable[..., Any]
    arguments: tuple[Expression, ...]

    def value(self, context: Context) -> Any:
        values = [argument.value(context) for argument in self.arguments]
        if any(v is None for v in values):
            return None
        try:
            return self.function(*[Decimal(str(v)) if isinstance(v, float) else v for v in values])
        except ArithmeticError:
            return None

    def parts(self) -> Iterator[Expression]:
        yield from self.arguments


_COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, eq=False)
class Compared(Expression):
    sign: str
    left: Expression
    right: Expression

    def value(self, context: Context) -> bool | None:
        left, right = self.left.value(context), self.right.value(context)
        if left is None or right is None:
            return None
        if isinstance(left, PartialDate) or isinstance(right, PartialDate):
            return _compare_intervals(self.sign, _interval(left), _interval(right))
        if isinstance(left, Limit) or isinstance(right, Limit):
            return compared(self.sign, left, right)
        if isinstance(left, float):
            left = Decimal(str(left))
        if isinstance(right, float):
            right = Decimal(str(right))
        return bool(_COMPARE[self.sign](left, right))

    def parts(self) -> Iterator[Expression]:
        yield from (self.left, self.right)


def _interval(value: PartialDate | date) -> tuple[date, date]:
    return (value.earliest, value.latest) if isinstance(value, PartialDate) else (value, value)


def _compare_intervals(sign: str, left: tuple[date, date], right: tuple[date, date]) -> bool | None:
    """True if true for every pair of days, False if false for every pair, else None."""
    compare = _COMPARE[sign]
    answers = {compare(a, b) for a in left for b in right}
    if sign in {"==", "!="} and left != right and left[0] <= right[1] and right[0] <= left[1]:
        return None
    if sign in {"==", "!="} and left == right and left[0] != left[1]:
        return None
    return answers.pop() if len(answers) == 1 else None


@dataclass(frozen=True, eq=False)
class All(Expression):
    conditions: tuple[Expression, ...]

    def value(self, context: Context) -> bool | None:
        answer: bool | None = True
        for condition in self.conditions:
            value = condition.value(context)
            if value is False:
                return False
            if value is None:
                answer = None
        return answer

    def holds(self, context: Context) -> bool:
        return all(condition.holds(context) for condition in self.conditions)

    def parts(self) -> Iterator[Expression]:
        yield from self.conditions


@dataclass(frozen=True, eq=False)
class Either(Expression):
    conditions: tuple[Expression, ...]

    def value(self, context: Context) -> bool | None:
        answer: bool | None = False
        for condition in self.conditions:
            value = condition.value(context)
            if value is True:
                return True
            if value is None:
                answer = None
        return answer

    def holds(self, context: Context) -> bool:
        return any(condition.holds(context) for condition in self.conditions)

    def parts(self) -> Iterator[Expression]:
        yield from self.conditions


@dataclass(frozen=True, eq=False)
class Not(Expression):
    condition: Expression

    def value(self, context: Context) -> bool | None:
        answer = self.condition.value(context)
        return None if answer is None else not answer

    def parts(self) -> Iterator[Expression]:
        yield self.condition


@dataclass(frozen=True, eq=False)
class Empty(Expression):
    operand: Expression

    def value(self, context: Context) -> bool:
        return self.operand.value(context) in (None, "", [])

    def parts(self) -> Iterator[Expression]:
        yield self.operand


@dataclass(frozen=True, eq=False)
class Exists(Expression):
    form: str

    def value(self, context: Context) -> bool:
        return bool(context.records(self.form))


@dataclass(frozen=True, eq=False)
class Today(Expression):
    def value(self, context: Context) -> date:
        return context.today


#: Inside a count, a value of the record in hand is `the(...)`, one of the page being checked is `here(...)`.
@dataclass(frozen=True, eq=False)
class Here(Expression):
    reference: Expression

    def value(self, context: Context) -> Any:
        return self.reference.value(getattr(context, "outer", context))

    def parts(self) -> Iterator[Expression]:
        yield self.reference


@dataclass(frozen=True, eq=False)
class Count(Expression):
    form: str
    where: Expression

    def value(self, context: Context) -> int:
        return sum(self.where.value(record) is True for record in context.records(self.form))

    def parts(self) -> Iterator[Expression]:
        yield self.where


@dataclass(frozen=True, eq=False)
class Reduced(Expression):
    """The smallest or largest value over the records for which a condition is true; empty values are skipped. Unknown
    where one of them is only a limit.
    """

    function: Callable[[list[Any]], Any]
    form: str
    operand: Expression
    where: Expression

    def value(self, context: Context) -> Any:
        chosen = [r for r in context.records(self.form) if self.where.value(r) is True]
        values = [v for v in (self.operand.value(record) for record in chosen) if v is not None]
        return self.function(values) if values and not any(isinstance(v, Limit) for v in values) else None

    def parts(self) -> Iterator[Expression]:
        yield from (self.operand, self.where)


@dataclass(frozen=True, eq=False)
class Lookup(Expression):
    """An item of the first record of a form in which another item has this value."""

    form: str
    key: str
    key_value: Expression
    item: str

    def value(self, context: Context) -> Any:
        key = self.key_value.value(context)
        if key is None:
            return None
        matching = (record for record in context.records(self.form) if record.value(self.form, self.key) == key)
        record = next(matching, None)
        return None if record is None else record.value(self.form, self.item)

    def parts(self) -> Iterator[Expression]:
        yield self.key_value


@dataclass(frozen=True, eq=False)
class AnyRecord(Expression):
    form: str
    where: Expression

    def value(self, context: Context) -> bool | None:
        answers = [self.where.value(record) for record in context.records(self.form)]
        return True if True in answers else None if None in answers else False

    def parts(self) -> Iterator[Expression]:
        yield self.where


@dataclass(frozen=True, eq=False)
class Contains(Expression):
    operand: Expression
    code: str

    def value(self, context: Context) -> bool | None:
        codes = self.operand.value(context)
        return None if codes is None else self.code in codes

    def parts(self) -> Iterator[Expression]:
        yield self.operand


def as_expression(value: object) -> Expression:
    """A plain value as an expression."""
    return value if isinstance(value, Expression) else Constant(value)
