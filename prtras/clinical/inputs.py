"""What a calculator accepts: exact numbers, whole numbers, codes, dates.

Each reader takes the field's name and its value, returns None for a missing (None) value and raises
`BadInput` for a wrong type, an impossible value or an unknown code. A calculator reads all its inputs
before it looks for missing ones, so an error outranks a missing input.
Rule: shared conventions of the calculator vectors (crf/vectors/*.json).
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

Number = int | float | Decimal
"""A measured value: int, finite float (taken as it prints) or finite Decimal; never a bool or a string."""

Day = date | str
"""A calendar day: a date, or the full ISO text YYYY-MM-DD."""

T = TypeVar("T")

YES_NO = ("Y", "N")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LARGEST_POWER_OF_TEN = 308  # nothing measured lies outside 1E-308..1E308, the range of a JSON number


class BadInput(ValueError):
    """A present input is of the wrong type, impossible, unknown, or contradicts another; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"bad input: {field}")
        self.field = field


class MissingInput(ValueError):
    """Inputs needed at the step reached are missing; `fields` names them in the calculator's order."""

    def __init__(self, *fields: str) -> None:
        super().__init__(f"missing input: {', '.join(fields)}")
        self.fields = fields

    @classmethod
    def among(cls, **values: object) -> "MissingInput":
        """Name those of the given values that are None."""
        return cls(*(field for field, value in values.items() if value is None))


def number(
    field: str,
    value: object,
    *,
    above: Number | None = None,
    at_least: Number | None = None,
    at_most: Number | None = None,
) -> Decimal | None:
    """Read a number exactly as written, within its limits; None stays None. Raises BadInput."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise BadInput(field)
    written = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
    possible = (
        written.is_finite()
        and (not written or abs(written.adjusted()) <= LARGEST_POWER_OF_TEN)
        and (above is None or written > above)
        and (at_least is None or written >= at_least)
        and (at_most is None or written <= at_most)
    )
    if not possible:
        raise BadInput(field)
    return written


def whole(field: str, value: object, *, at_least: int | None = None, at_most: int | None = None) -> int | None:
    """Read a whole number within its limits (2.0 counts as 2); None stays None. Raises BadInput."""
    written = number(field, value, at_least=at_least, at_most=at_most)
    if written is None:
        return None
    if written != written.to_integral_value():
        raise BadInput(field)
    return int(written)


def code(field: str, value: object, allowed: Collection[str]) -> str | None:
    """Read one code, case-sensitive; None stays None. Raises BadInput for anything not allowed."""
    if value is None:
        return None
    if not isinstance(value, str) or value not in allowed:
        raise BadInput(field)
    return value


def codes(field: str, value: object, allowed: Collection[str]) -> frozenset[str]:
    """Read a list of codes; None is the empty list. Raises BadInput for any code not allowed."""
    if value is None:
        return frozenset()
    if not isinstance(value, list | tuple | set | frozenset):
        raise BadInput(field)
    return frozenset(present(field, code(field, item, allowed)) for item in value)


def day(field: str, value: object) -> date | None:
    """Read a date, or its full ISO text YYYY-MM-DD; None stays None. Raises BadInput."""
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
        raise BadInput(field)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadInput(field) from None


def text(field: str, value: object) -> str | None:
    """Read a text; None and blank are missing. Raises BadInput for anything that is not a string."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadInput(field)
    return value if value.strip() else None


def rows(field: str, value: object) -> list[Mapping[str, object]]:
    """Read a list of records; None is the empty list. Raises BadInput for a list of anything else."""
    if value is None:
        return []
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        raise BadInput(field)
    return list(value)


def present(field: str, value: T | None) -> T:
    """A value that a record in a list cannot do without. Raises BadInput naming the list."""
    if value is None:
        raise BadInput(field)
    return value
