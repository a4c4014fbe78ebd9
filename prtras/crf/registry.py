"""The casebook: every form that the study registered at start-up."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal

from prtras.crf.checks import Check, Finding
from prtras.crf.condition_cycles import cycle_of
from prtras.crf.conditions import Context
from prtras.crf.expressions import Expression, Previous, Reference
from prtras.crf.items import Item, items_of
from prtras.crf.places import Place
from prtras.crf.references import references
from prtras.labels import T

if TYPE_CHECKING:
    from prtras.accounts.models import User
    from prtras.crf.context import PageContext
    from prtras.crf.models import CrfPage, FormPage, FormRow
    from prtras.ui.offers import Offer

Kind = Literal["single", "visit", "log"]
Consequence = Callable[["CrfPage", "FormPage", "User"], None]
Values = Mapping[str, Any]
Derive = Callable[[Values, Context], dict[str, Any]]


@dataclass(frozen=True)
class Section:
    """A titled run of items, in the order in which the facts stand in the source.

    What is `folded` is seldom filled: it opens on demand, and by itself where something stands in it.
    """

    title: T
    items: tuple[str, ...]
    note: T | None = None
    folded: bool = False


@dataclass(frozen=True)
class Rows:
    """The repeating part of a form: its model, its key column, and the keys when they are fixed (a laboratory panel).

    `entry` is the item at which a check on a fixed row shows its message, and `unit` that of its unit, which without an
    entry says nothing. `renewed_by` says whether a page that was saved changes what `derive` computes here, and
    `explain` says of a stored row, in words, why it was computed so.
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
    explain: Callable[[Values], tuple[T, ...]] | None = None
    entry: str = ""
    unit: str = ""
    template: str = "entry/_rows_cards.html"

    @cached_property
    def items(self) -> dict[str, Item]:
        return items_of(self.model)

    @cached_property
    def signs(self) -> dict[str, str]:
        """Of each number that may be only a limit the item that holds its sign."""
        return _signs(self.items)

    @property
    def key_column(self) -> str:
        """The column by which a place names a row: its key where the keys are fixed, else its number."""
        return self.key if self.keys else "row"

    def title_of(self, key: str) -> T:
        """A row in words: its text where the keys are fixed, else its number."""
        return self.texts.get(key) or T(f"第 {key} 个", f"No. {key}")

    def number_of(self, key: str) -> int:
        """The number under which a row is stored."""
        return self.keys.index(key) + 1 if self.keys else int(key)

    def may_have(self, key: str) -> bool:
        """A row of this key can exist: a fixed one, or number 1 to 999."""
        return key in self.keys if self.keys else re.fullmatch("[1-9][0-9]{0,2}", key) is not None


def _signs(items: Mapping[str, Item]) -> dict[str, str]:
    return {name: item.qualifier for name, item in items.items() if item.qualifier}


@dataclass(frozen=True)
class Table:
    """One table of a form: its pages, or (with `rows`) their repeating rows."""

    code: str
    title: T
    model: "type[FormPage] | type[FormRow]"
    items: Mapping[str, Item]
    rows: Rows | None = None


@dataclass(frozen=True)
class Form:
    """One form: one definition for screen, checks, dictionary and export.

    `derive` computes the items that nobody types and looks at the forms in `reads`; when one of those is saved, it
    computes them again. `examine` finds what the check language cannot say. `dates_visit` marks the one form whose
    first date is the day on which the visit took place. `short` stands for the title where room is narrow. `known_by`
    are the items by which a person tells the records of a log apart. `coded` is the item whose text is coded by a
    medical dictionary.
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
    known_by: tuple[str, ...] = ()
    coded: str = ""

    def __reduce__(self) -> "tuple[Callable[[str], Form], tuple[str]]":
        """Copied or put aside, a form is the one that is registered."""
        return form_of, (self.code,)

    @cached_property
    def items(self) -> dict[str, Item]:
        return items_of(self.model)

    @cached_property
    def signs(self) -> dict[str, str]:
        """Of each number that may be only a limit the item that holds its sign; in a panel both as `key_item`."""
        signs = _signs(self.items)
        for key in self.rows.keys if self.rows else ():
            assert self.rows
            signs |= {f"{key}_{name}": f"{key}_{sign}" for name, sign in self.rows.signs.items()}
        return signs

    @property
    def brief(self) -> T:
        """The title where room is narrow."""
        return self.short or self.title

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

    def tables(self) -> tuple[Table, ...]:
        """The tables in which the form is stored: its pages, and their rows if it has any."""
        own = Table(self.code, self.title, self.model, self.items)
        if self.rows is None:
            return (own,)
        return own, Table(self.rows.code, self.rows.title, self.rows.model, self.rows.items, self.rows)

    def item_at(self, place: str) -> Item | None:
        """The item at a place; None where the form has none."""
        at = Place(place)
        if not at.row:
            return self.items.get(at.item)
        return self.rows.items.get(at.item) if self.rows and self.rows.may_have(at.row) else None

    def place_of(self, item: str) -> Place:
        """The place of an item as checks name it: in a panel, `key_item` is an item of the row with that key."""
        key, _, name = item.rpartition("_")
        in_panel = self.rows is not None and item not in self.items and key in self.rows.keys
        return Place.at(name, key) if in_panel else Place(item)

    def label_of(self, place: str) -> T:
        """What stands at a place, in words."""
        at = Place(place)
        if at.row and self.rows:
            title, item = self.rows.title_of(at.row), self.rows.items.get(at.item)
            return title if item is None or at.item == self.rows.entry else title + T(" · ", " · ") + item.label
        return self.items[at.item].label if at.item in self.items else T(place, place)


_forms: dict[str, Form] = {}
_by_rows: dict[str, Form] = {}
_checks: dict[str, list[Check]] = {}
_tables: dict[str, Callable[[int], Any]] = {}
_page_reasons: dict[str, T] = {}
_everywhere: list[tuple[Check, frozenset[str]]] = []
_acts_after: "dict[str, list[Consequence]]" = {}
_offers: "dict[str, list[Callable[[CrfPage, User], Iterable[Offer]]]]" = {}


class UnknownForm(KeyError):
    """No form of this code is registered."""


def register(*forms: Form) -> None:
    """Add forms to the casebook, in the order in which they are shown. Raises ValueError for a contradiction."""
    for form in forms:
        if form.code in _forms:
            raise ValueError(f"form {form.code} is registered twice")
        if form.rows and form.rows.key_column != form.rows.model.key_column:
            raise ValueError(f"rows of {form.code} are named by {form.rows.key_column}, their model says otherwise")
        if cycle := cycle_of(form.tables()):
            raise ValueError(f"conditions of {form.code} form a cycle: {' → '.join(cycle)}")
        _forms[form.code] = form
        if form.rows:
            _by_rows.setdefault(form.rows.code, form)
    _refuse_unclear_conditions()


def register_checks(*checks: Check) -> None:
    """Add edit checks. Raises ValueError for an id used twice, and for a condition that `refuse_unclear` refuses."""
    known = {check.id for listed in _checks.values() for check in listed}
    for check in checks:
        if check.id in known:
            raise ValueError(f"check {check.id} is registered twice")
        known.add(check.id)
        refuse_unclear(check.form, check.when)
        _checks.setdefault(check.form, []).append(check)


def _refuse_unclear_conditions() -> None:
    """Look at every condition again: the forms that it reads may have come after it."""
    for check in all_checks():
        refuse_unclear(check.form, check.when)
    for form in _forms.values():
        for table in form.tables():
            for item in table.items.values():
                if item.show is not None:
                    refuse_unclear(table.code, item.show)


def refuse_unclear(code: str, condition: Expression) -> None:
    """Raises ValueError for an item of a form with several records when nothing says which of them is meant.

    `code` is the form in hand, empty for the participant as a whole.
    """
    for reference in references(condition):
        if not _says_which(code, reference):
            raise ValueError(
                f"on {code or 'a participant'}, {reference.form}.{reference.item} may stand in several records:"
                f" name the visit, count the records or look one up"
            )


def _says_which(code: str, reference: Reference | Previous) -> bool:
    """True also for a form that is not registered yet: it is looked at when it comes."""
    if reference.form in ("participant", "page"):
        return True
    try:
        (form, are_rows), own = holder_of(reference.form), holder_of(code)[0] if code else None
    except UnknownForm:
        return True
    if isinstance(reference, Previous):
        return form.kind == "visit" and not are_rows
    if reference.at is None and (reference.form == code or (own is form and not are_rows)):
        return True
    if are_rows:
        return False
    at_a_visit = reference.at is not None or reference.item == "visit" or (own is not None and own.kind == "visit")
    return form.kind == "single" or (form.kind == "visit" and at_a_visit)


def register_everywhere(check: Check, but_not: Collection[str] = ()) -> None:
    """Add an edit check that holds on every form; its message stands at the form's first item."""
    _everywhere.append((check, frozenset(but_not)))


def checks_everywhere(code: str = "") -> list[Check]:
    """The checks that hold on every form: all of them, or those that hold on this one."""
    return [check for check, excepted in _everywhere if code not in excepted]


def register_page_reasons(texts: Mapping[str, T]) -> None:
    """Say in words why a page comes to be expected, by code; `{place}` is where it happened."""
    _page_reasons.update(texts)


def page_reason(reason_code: str) -> T | None:
    """Why a page is there, in words; None for one that the schedule asks for."""
    code, _, place = reason_code.partition(" ")
    return _page_reasons[code].format(place=place) if code in _page_reasons else None


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

    def put(self, name: str, site: int, table: Any) -> None:
        """Let a table be another one than the database's: to see what would come of it."""
        self._read[name, site] = table


def register_after(code: str, act: Consequence) -> None:
    """Declare an act that follows every change of a form: plan visits, set a state, expect another page."""
    _acts_after.setdefault(code, []).append(act)


def acts_after(code: str) -> list[Consequence]:
    """The acts that follow a change of a form."""
    return _acts_after.get(code, [])


def register_offers(code: str, offers: "Callable[[CrfPage, User], Iterable[Offer]]") -> None:
    """Declare what a person is offered after they submitted a form."""
    _offers.setdefault(code, []).append(offers)


def offers_after(page: "CrfPage", user: "User") -> "Iterator[Offer]":
    """What a person is offered after they submitted a page."""
    for offers in _offers.get(page.form, ()):
        yield from offers(page, user)


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
    names = {table.code for table in form_of(code).tables()}
    return [check for check in all_checks() if check.form not in names and names & check.looks_at]


def all_checks() -> list[Check]:
    """Every edit check of the study."""
    return [check for listed in _checks.values() for check in listed]


def holder_of(code: str) -> tuple[Form, bool]:
    """The form that holds records of this code, and whether they are its rows. Raises UnknownForm."""
    if code in _forms:
        return _forms[code], False
    if code in _by_rows:
        return _by_rows[code], True
    raise UnknownForm(code)


def signs_of(code: str) -> dict[str, str]:
    """Of each number of a form (or of its rows) that may be only a limit the item of its sign. Raises UnknownForm."""
    form, are_rows = holder_of(code)
    return form.rows.signs if are_rows and form.rows else form.signs


def table_of(code: str) -> Table:
    """The table of a form's pages, or of its rows, by code. Raises UnknownForm."""
    form, are_rows = holder_of(code)
    return form.tables()[are_rows]
