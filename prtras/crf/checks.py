"""Edit checks: what cannot be true and what is unlikely."""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal

from prtras.amendments import Versions
from prtras.crf.conditions import Context, Expression, constants_in, forms_in
from prtras.crf.expressions import Constant
from prtras.crf.numbers import plain
from prtras.crf.places import Place
from prtras.labels import T


@dataclass(frozen=True)
class Check:
    """One edit check on one form.

    `hard`: cannot be true; the page is refused until it is put right, or, where it is `overridable`, until a person
    states why it is true all the same: what the protocol forbids may happen, and then the record has to say so.
    `later`: about something that another page still owes; the batch opens a query at night, the data close it.
    `soft`: unlikely; change it, or keep it with a reason, else a query. `constants`: those that the message names and
    the condition does not, because what it looks at was derived with them.
    """

    id: str
    form: str
    item: str
    severity: Literal["hard", "later", "soft"]
    when: Expression
    template: T
    overridable: bool = False
    constants: tuple[Constant, ...] = ()

    @cached_property
    def text(self) -> T:
        """The message, with the constants of the newest version of the protocol."""
        return self.text_under(None)

    def text_under(self, versions: Versions) -> T:
        """The message, with the constants as they hold under these versions of the protocol."""
        named = (*constants_in(self.when), *self.constants)
        constants = {each.name: _Shown(Decimal(each.value_under(versions))) for each in named}
        return self.template.format(**constants)

    @cached_property
    def looks_at(self) -> frozenset[str]:
        """The forms whose values it depends on."""
        return frozenset(forms_in(self.when))

    def fires(self, context: Context) -> bool:
        """True only if the condition is known to hold."""
        return self.when.holds(context)


@dataclass(frozen=True)
class Finding:
    """A check that fired: which, where, what to say. `row` is the row's key in a page with rows, else empty."""

    check: str
    item: str
    row: str
    severity: Literal["hard", "later", "soft"]
    text: T
    overridable: bool = False

    @property
    def place(self) -> Place:
        """Item and row as one place."""
        return Place.at(self.item, self.row)

    @property
    def key(self) -> str:
        """Which check at which place, as one text."""
        return f"{self.check}@{self.place}"


def hard(id: str, place: str, when: Expression, zh: str, en: str, *, overridable: bool = False) -> Check:
    """A check that refuses the page. `place` is `form.item`, where the message stands. `overridable`: see `Check`.

    `{name}` in the message is the constant of that name in the condition; `{name:hours}` turns days into hours,
    `{name:weeks}` days into weeks. Raises KeyError for a name that the condition does not use.
    """
    return replace(_check("hard", id, place, when, (zh, en)), overridable=overridable)


def later(id: str, place: str, when: Expression, zh: str, en: str) -> Check:
    """A check that waits for another page: the batch opens its query."""
    return _check("later", id, place, when, (zh, en))


def soft(id: str, place: str, when: Expression, zh: str, en: str, *, constants: tuple[Constant, ...] = ()) -> Check:
    """A check that asks a person. `constants`: see `Check`."""
    return _check("soft", id, place, when, (zh, en), constants)


def _check(
    severity: Literal["hard", "later", "soft"], id: str, place: str, when: Expression, texts: tuple[str, str],
    constants: tuple[Constant, ...] = (),
) -> Check:  # fmt: skip
    form, item = place.split(".")
    check = Check(id, form, item, severity, when, T(*texts), constants=constants)
    assert check.text  # a name that the condition does not use fails here
    return check


class _Shown:
    """A constant of the study as a message shows it."""

    def __init__(self, value: Decimal) -> None:
        self.value = value

    def __format__(self, unit: str) -> str:
        return plain({"": self.value, "hours": self.value * 24, "weeks": self.value / 7}[unit])
