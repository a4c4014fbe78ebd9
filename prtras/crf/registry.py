"""The casebook: every form that the study registered at start-up."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal

from prtras.crf.checks import Check, Finding
from prtras.crf.conditions import Context
from prtras.crf.items import Item, items_of
from prtras.labels import T

if TYPE_CHECKING:
    from prtras.accounts.models import User
    from prtras.crf.context import PageContext
    from prtras.crf.models import CrfPage, FormPage, FormRow

Kind = Literal["single", "visit", "log"]
Consequence = Callable[["CrfPage", "FormPage", "User"], None]
Values = Mapping[str, Any]
Derive = Callable[[Values, Context], dict[str, Any]]


@dataclass(frozen=True)
class Section:
    """A titled run of items, in the order in which the facts stand in the source."""

    title: T
    items: tuple[str, ...]
    note: T | None = None


@dataclass(frozen=True)
class Rows:
    """The repeating part of a form: its model, its key column, and the keys when they are fixed (a laboratory panel).

    `entry` is the item at which a check on a fixed row shows its message. `renewed_by` says whether a page that was
    saved changes what `derive` computes here.
    """

    code: str
    title: T
    model: "type[FormRow]"
    key: str
    keys: tuple[str, ...] = ()
    texts: Mapping[str, T] = field(default_factory=dict)
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: T | None = None
    derive: Derive | None = None
    renewed_by: "Callable[[CrfPage], bool] | None" = None
    entry: str = ""
    template: str = "entry/_rows_cards.html"

    @cached_property
    def items(self) -> dict[str, Item]:
        return items_of(self.model)

    def may_have(self, key: str) -> bool:
        """A row of this key can exist: a fixed one, or number 1 to 999."""
        return key in self.keys if self.keys else re.fullmatch("[1-9][0-9]{0,2}", key) is not None


@dataclass(frozen=True)
class Form:
    """One form: one definition for screen, checks, dictionary and export.

    `derive` computes the items that nobody types and looks at the forms in `reads`; when one of those is saved, it
    computes them again. `examine` finds what the check language cannot say. `dates_visit` marks the one form whose
    first date is the day on which the visit took place.
    """

    code: str
    title: T
    kind: Kind
    domain: str
    model: "type[FormPage]"
    sections: tuple[Section, ...]
    rows: Rows | None = None
    derive: Derive | None = None
    reads: tuple[str, ...] = ()
    examine: "Callable[[PageContext], list[Finding]] | None" = None
    short: T | None = None
    dates_visit: bool = False

    @cached_property
    def items(self) -> dict[str, Item]:
        return items_of(self.model)

    @cached_property
    def first_item(self) -> str:
        """Where the message of a check stands that concerns the page as a whole."""
        shown = [name for section in self.sections for name in section.items]
        return next((name for name in shown if not self.items[name].derived), shown[0])

    @cached_property
    def first_date(self) -> str:
        """The item that says when the page was assessed, or when a log's row began; empty if nothing does."""
        dated = (name for name, item in self.items.items() if item.kind in ("date", "partial") and not item.derived)
        return next(dated, "")

    def label_of(self, place: str) -> T:
        """What stands at a place (`item` or `row:item`), in words."""
        row, _, name = place.rpartition(":")
        if row and self.rows:
            title = self.rows.texts.get(row) or T(f"第 {row} 个", f"No. {row}")
            item = self.rows.items.get(name)
            return title if item is None or name == self.rows.entry else title + T(" · ", " · ") + item.label
        return self.items[name].label if name in self.items else T(place, place)


_forms: dict[str, Form] = {}
_checks: dict[str, list[Check]] = {}
_tables: dict[str, Callable[[int], Any]] = {}
_happenings: dict[str, T] = {}
_everywhere: list[tuple[Check, frozenset[str]]] = []
_acts_after: "dict[str, list[Consequence]]" = {}


class UnknownForm(KeyError):
    """No form of this code is registered."""


def register(*forms: Form) -> None:
    """Add forms to the casebook, in the order in which they are shown."""
    for form in forms:
        if form.code in _forms:
            raise ValueError(f"form {form.code} is registered twice")
        _forms[form.code] = form


def register_checks(*checks: Check) -> None:
    """Add edit checks. Raises ValueError for an id used twice."""
    known = {check.id for found in _checks.values() for check in found}
    for check in checks:
        if check.id in known:
            raise ValueError(f"check {check.id} is registered twice")
        known.add(check.id)
        _checks.setdefault(check.form, []).append(check)


def register_everywhere(check: Check, but_not: Collection[str] = ()) -> None:
    """Add an edit check that holds on every form; its message stands at the form's first item."""
    _everywhere.append((check, frozenset(but_not)))


def checks_everywhere(code: str = "") -> list[Check]:
    """The checks that hold on every form: all of them, or those that hold on this one."""
    return [check for check, excepted in _everywhere if code not in excepted]


def register_happenings(texts: Mapping[str, T]) -> None:
    """Say in words why a page comes to be expected, by code; `{place}` is where it happened."""
    _happenings.update(texts)


def why(because: str) -> T | None:
    """Why a page is there, in words; None for one that the schedule asks for."""
    code, _, place = because.partition(" ")
    return _happenings[code].format(place=place) if code in _happenings else None


def register_table(name: str, load: Callable[[int], Any]) -> None:
    """Declare a reference table that a site has; forms find it by `PageContext.table(name)`."""
    _tables[name] = load


class Tables:
    """The reference tables of sites, each read at most once."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, int], Any] = {}

    def of(self, name: str, site: int) -> Any:
        if (name, site) not in self._read:
            self._read[name, site] = _tables[name](site)
        return self._read[name, site]


def register_after(code: str, act: Consequence) -> None:
    """Declare an act that follows every change of a form: plan visits, set a state, expect another page."""
    _acts_after.setdefault(code, []).append(act)


def acts_after(code: str) -> list[Consequence]:
    """The acts that follow a change of a form."""
    return _acts_after.get(code, [])


def form_of(code: str) -> Form:
    """The form with this code. Raises UnknownForm."""
    try:
        return _forms[code]
    except KeyError:
        raise UnknownForm(code) from None


def visit_record() -> Form | None:
    """The form that says on which day a visit took place; None in a study without one."""
    return next((form for form in _forms.values() if form.dates_visit), None)


def all_forms() -> list[Form]:
    """Every form, in the casebook's order."""
    return list(_forms.values())


def checks_of(code: str) -> list[Check]:
    """The edit checks of a form (or of its rows, by their code)."""
    return _checks.get(code, [])


@cache
def checks_about(code: str) -> list[Check]:
    """The checks of other forms that look at this one (or at its rows)."""
    form = form_of(code)
    names = {code} | ({form.rows.code} if form.rows else set())
    return [check for check in all_checks() if check.form not in names and names & check.looks_at]


def all_checks() -> list[Check]:
    """Every edit check of the study."""
    return [check for found in _checks.values() for check in found]


def holder_of(code: str) -> tuple[Form, bool]:
    """The form that holds records of this code, and whether they are its rows."""
    if code in _forms:
        return _forms[code], False
    for form in _forms.values():
        if form.rows and form.rows.code == code:
            return form, True
    raise UnknownForm(code)
