"""The words in which forms and checks say when something holds.

A condition is built from values (`the("visit.visit_status")`) with Python's own operators and these words.
Source: crf-spec, checks.yaml, section dsl.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from prtras.crf.dates import PartialDate
from prtras.crf.expressions import (
    AnyRecord,
    Computed,
    Constant,
    Contains,
    Context,
    Count,
    Empty,
    Exists,
    Expression,
    Here,
    Lookup,
    Not,
    Previous,
    Reduced,
    Reference,
    Today,
)

__all__ = ["Context", "Expression"]

ALWAYS = Constant(True)


def the(name: str, at: str | None = None) -> Reference:
    """The value of `form.item`: on the page in hand, else at the same visit, else on the participant's one page.

    `at` names a visit. `form.visit` and `form.row` are the visit's code and the row's number. A number beside which a
    sign stands (`Item.qualifier`) is a `Limit`: conditions hold only where every number that it may be says so.
    """
    form, item = name.split(".")
    return Reference(form, item, at)


def here(name: str) -> Here:
    """The value on the page being checked, said inside a count over other records."""
    return Here(the(name))


def previous(name: str) -> Previous:
    """The value at the last scheduled visit before this one that has data."""
    form, item = name.split(".")
    return Previous(form, item)


def empty(operand: Expression) -> Empty:
    """No value was given."""
    return Empty(operand)


def given(operand: Expression) -> Not:
    """A value was given."""
    return Not(Empty(operand))


def exists(form: str) -> Exists:
    """The participant has data on this form."""
    return Exists(form)


def today() -> Today:
    """The date of the run."""
    return Today()


def days(start: Expression, end: Expression) -> Computed:
    """Days from one date to another; unknown for a partial date."""
    return Computed(_days, (start, end))


def _days(start: Any, end: Any) -> int | None:
    if isinstance(start, PartialDate) or isinstance(end, PartialDate):
        return None
    return int((end - start).days)


def add_days(start: Expression, number: int) -> Computed:
    """A date so many days later."""
    return Computed(_add_days, (start, Constant(number)))


def _add_days(start: Any, number: int) -> Any:
    return (start.earliest if isinstance(start, PartialDate) else start) + timedelta(number)


def magnitude(operand: Expression) -> Computed:
    """The value without its sign."""
    return Computed(abs, (operand,))


def number(operand: Expression) -> Computed:
    """A code such as '3' as a number."""
    return Computed(_number, (operand,))


def _number(code: Any) -> Decimal:
    return Decimal(str(code))


def contains(operand: Expression, code: str) -> Contains:
    """A list of codes has this one."""
    return Contains(operand, code)


def matches(pattern: str, operand: Expression) -> Computed:
    """The whole text fits the regular expression."""
    return Computed(_matches, (Constant(pattern), operand))


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def count(form: str, where: Expression = ALWAYS) -> Count:
    """How many of the participant's records of a form fit."""
    return Count(form, where)


def any_record(form: str, where: Expression) -> AnyRecord:
    """At least one of the participant's records of a form fits."""
    return AnyRecord(form, where)


def smallest(form: str, operand: Expression, where: Expression = ALWAYS) -> Reduced:
    """The smallest value over the records that fit."""
    return Reduced(min, form, operand, where)


def largest(form: str, operand: Expression, where: Expression = ALWAYS) -> Reduced:
    """The largest value over the records that fit."""
    return Reduced(max, form, operand, where)


def lookup(form: str, key: str, key_value: Expression, item: str) -> Lookup:
    """The `item` of the participant's record of a form whose `key` has the wanted value, such as a visit's page."""
    return Lookup(form, key, key_value, item)


def constants_in(expression: Expression) -> Iterator[Constant]:
    """The named constants of the study that an expression compares with."""
    if isinstance(expression, Constant) and expression.name:
        yield expression
    for part in expression.parts():
        yield from constants_in(part)


def forms_in(expression: Expression) -> Iterator[str]:
    """The codes of all forms that an expression looks at."""
    if isinstance(expression, Reference | Previous | Exists | Count | Reduced | AnyRecord | Lookup):
        yield expression.form
    for part in expression.parts():
        yield from forms_in(part)
