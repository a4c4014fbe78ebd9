"""What a page is about to be, and what the checks say of it. Decides; writes nothing."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from prtras.crf import general_rules
from prtras.crf.checks import Check, Finding
from prtras.crf.context import PageContext
from prtras.crf.items import Item
from prtras.crf.models import CrfPage
from prtras.crf.numbers import plain
from prtras.crf.registry import Form, checks_everywhere, checks_of
from prtras.crf.units import shown
from prtras.entry.parsing import Entered
from prtras.labels import T

REQUIRED = T("请填写“{label}”,或注明缺失原因。", "“{label}” is required; fill it in or say why it is missing.")
EXPECTED = T("“{label}”未填写,请确认。", "“{label}” is empty; please confirm.")
BEYOND = T("“{label}”为 {value},允许范围 {range}{unit}。", "“{label}” is {value}; allowed is {range}{unit}.")
UNLIKELY = T(
    "“{label}”为 {value},通常在 {range}{unit} 之间,请核实。",
    "“{label}” is {value}, usually {range}{unit}; please check.",
)
AS_TYPED = T("如单位为 {unit},请键入“{value}{unit}”。", " If the unit is {unit}, type “{value}{unit}”.")
PATTERN = T("“{label}”的格式不符:{value}。", "“{label}” is not in the expected format: {value}.")


@dataclass(frozen=True)
class Judged:
    """The page as it would be stored, what the checks found, and how much of it is filled."""

    values: dict[str, Any]
    rows: dict[str, dict[str, Any]]
    missing: dict[str, str]
    findings: tuple[Finding, ...]
    asked: int
    filled: int

    @property
    def refusals(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity == "hard")

    @property
    def questions(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity != "hard")


def judge(
    page: CrfPage,
    form: Form,
    entered: Entered,
    context: PageContext | None = None,
    *,
    as_stored: bool = False,
    later: Collection[str] | None = None,
) -> Judged:
    """Derive, hide what is not asked, run every check. Reads other pages through the context, writes nothing.

    The context is the database's unless another one is given (a cohort that is not written yet). `as_stored` empties
    nothing: what holds a value though it is not asked is a finding. `later` names the only checks of the night that
    matter now: those that are asking already.
    """
    values = {name: entered.values.get(name) for name in form.items}
    rows = {key: dict(row) for key, row in entered.rows.items() if key not in entered.voids}
    context = context or PageContext(page, form, values, rows)
    context.values, context.rows = values, rows
    _derive(form, values, rows, context)
    shown, unasked = _shown(form, values, rows, context)
    if unasked and not as_stored:
        _empty_places(unasked, values, rows)
        _derive(form, values, rows, context)
    missing = {p: code for p, code in entered.missing.items() if p in shown and _at(p, values, rows) is None}
    findings = [*_by_items(shown, values, rows, missing), *_by_checks(form, context, rows, later)]
    if form.examine:
        findings += form.examine(context)
    findings += general_rules.examine({p: (item, _at(p, values, rows)) for p, item in shown.items()}, form, context)
    if as_stored:
        findings += [general_rules.found("GEN-005", *_split(place)) for place in unasked]
    wanted = [place for place, item in shown.items() if item.need in ("required", "expected")]
    filled = sum(_at(place, values, rows) is not None or place in missing for place in wanted)
    return Judged(values, rows, missing, tuple(findings), len(wanted), filled)


def _derive(form: Form, values: dict[str, Any], rows: dict[str, dict[str, Any]], context: PageContext) -> None:
    if form.rows and form.rows.derive:
        for key, row in rows.items():
            row.update(form.rows.derive(row, context.on_row(key)))
    if form.derive:
        values.update(form.derive(values, context))


def _shown(
    form: Form, values: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]], context: PageContext
) -> tuple[dict[str, Item], list[str]]:
    """The items that are asked, by place; and the places that hold a value though they are not."""
    shown: dict[str, Item] = {}
    unasked: list[str] = []
    _ask_each(form.items, values, context, "", shown, unasked)
    if form.rows:
        for key, row in rows.items():
            _ask_each(form.rows.items, row, context.on_row(key), f"{key}:", shown, unasked)
    return shown, unasked


def _ask_each(
    items: Mapping[str, Item],
    values: Mapping[str, Any],
    context: PageContext,
    prefix: str,
    shown: dict[str, Item],
    unasked: list[str],
) -> None:
    for name, item in items.items():
        if item.derived:
            continue
        if item.show is None or item.show.holds(context):
            shown[prefix + name] = item
        elif values.get(name) is not None:
            unasked.append(prefix + name)


def _empty_places(places: Iterable[str], values: dict[str, Any], rows: Mapping[str, dict[str, Any]]) -> None:
    for place in places:
        name, row = _split(place)
        (rows[row] if row else values)[name] = None


def _split(place: str) -> tuple[str, str]:
    """Item and row of a place."""
    row, _, name = place.rpartition(":")
    return name, row


def _at(place: str, values: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]) -> Any:
    key, _, name = place.rpartition(":")
    return rows[key].get(name) if key else values.get(name)


def _by_items(
    shown: Mapping[str, Item],
    values: Mapping[str, Any],
    rows: Mapping[str, Mapping[str, Any]],
    missing: Mapping[str, str],
) -> Iterator[Finding]:
    for place, item in shown.items():
        row, _, name = place.rpartition(":")
        value = _at(place, values, rows)
        finding = _empty(item, place in missing) if value is None else _beyond(item, value)
        if finding:
            kind, severity, text = finding
            yield Finding(f"{kind}-{name}", name, row, severity, text)


def _empty(item: Item, explained: bool) -> tuple[str, Literal["hard", "later", "soft"], T] | None:
    if explained or item.need not in ("required", "expected"):
        return None
    if item.need == "required":
        return "REQ", "hard", REQUIRED.format(label=item.label)
    return "EXP", "soft", EXPECTED.format(label=item.label)


def _beyond(item: Item, value: Any) -> tuple[str, Literal["hard", "later", "soft"], T] | None:
    facts = {
        "label": item.label,
        "value": _readable(value),
        "unit": T(" ", " ") + shown(item.unit) if item.unit else "",
    }
    if item.pattern and not re.fullmatch(item.pattern, str(value)):
        return "FMT", "hard", PATTERN.format(**facts)
    if item.hard and value not in item.hard:
        return "RNGH", "hard", BEYOND.format(range=item.hard, **facts) + _other_unit(item, value)
    if item.soft and value not in item.soft:
        return "RNGS", "soft", UNLIKELY.format(range=item.soft, **facts) + _other_unit(item, value)
    return None


def _other_unit(item: Item, value: Any) -> T:
    """The value would be usual in another unit: say how to type it."""
    for unit, convert in item.other_units.items():
        if item.soft and convert(Decimal(value)) in item.soft:
            return AS_TYPED.format(value=_readable(value), unit=shown(unit))
    return T("", "")


def _readable(value: Any) -> Any:
    """A number as people read it."""
    return plain(value) if isinstance(value, Decimal) else value


def _by_checks(
    form: Form, context: PageContext, rows: Mapping[str, Any], later: Collection[str] | None
) -> Iterator[Finding]:
    for check in checks_everywhere(form.code):
        if check.fires(context):
            yield Finding(check.id, form.first_item, "", check.severity, check.text)
    for check in checks_of(form.code):
        if _matters(check, later) and check.fires(context):
            row, name = _place(form, check.item)
            yield Finding(check.id, name, row, check.severity, check.text)
    if form.rows:
        for key in rows:
            view = context.on_row(key)
            for check in checks_of(form.rows.code):
                if _matters(check, later) and check.fires(view):
                    yield Finding(check.id, check.item, key, check.severity, check.text)


def _matters(check: Check, later: Collection[str] | None) -> bool:
    return check.severity != "later" or later is None or check.id in later


def _place(form: Form, item: str) -> tuple[str, str]:
    """A check on `key_item` of a panel stands at that row's result."""
    if item in form.items or not form.rows:
        return "", item
    key, _, _part = item.rpartition("_")
    return (key, form.rows.entry) if key in form.rows.keys else ("", item)
