"""What a page is about to be, and what the checks say of it. Decides; writes nothing."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from prtras.amendments import under
from prtras.crf import general_rules
from prtras.crf.checks import Check, Finding
from prtras.crf.content import PageContent
from prtras.crf.context import PageContext
from prtras.crf.items import Item
from prtras.crf.models import CrfPage
from prtras.crf.numbers import plain
from prtras.crf.places import Place
from prtras.crf.registry import Form, checks_everywhere, checks_of
from prtras.crf.units import shown
from prtras.crf.visibility import derive, settle
from prtras.labels import T

REQUIRED = T("请填写“{label}”，或注明缺失原因。", "“{label}” is required; enter a value or a reason why it is missing.")
EXPECTED = T("“{label}”未填写，请确认。", "“{label}” is empty; please confirm.")
BEYOND = T("“{label}”为 {value}，允许范围 {range}{unit}。", "“{label}” is {value}; the allowed range is {range}{unit}.")
UNLIKELY = T(
    "“{label}”为 {value}，通常在 {range}{unit} 之间，请核实。",
    "“{label}” is {value}; the usual range is {range}{unit}. Please check.",
)
AS_TYPED = T("如单位为 {unit}，请键入“{value}{unit}”。", " If the unit is {unit}, type “{value}{unit}”.")
PATTERN = T("“{label}”的格式不符：{value}。", "“{label}” is not in the expected format: {value}.")


@dataclass(frozen=True)
class Judged:
    """The page as it would be stored, what the checks found, how many of its required items are filled, and what was
    emptied because it does not apply. `left_open`: something that is required or expected may be empty, and is.
    """

    content: PageContent
    findings: tuple[Finding, ...]
    required: int
    filled: int
    emptied: Mapping[Place, Any]
    left_open: bool = False

    @property
    def refusals(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity == "hard")

    @property
    def questions(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity != "hard")

    def refusals_but(self, overridden: Collection[str]) -> tuple[Finding, ...]:
        """The refusals without those of which a person stated (`check@place`) why they are true all the same."""
        return tuple(f for f in self.refusals if not (f.overridable and f.key in overridden))


def is_lack(finding: Finding) -> bool:
    """Whether a finding is that something required or expected is empty."""
    return finding.check.startswith(("REQ-", "EXP-"))


def judge(
    page: CrfPage,
    form: Form,
    submitted: PageContent,
    context: PageContext | None = None,
    *,
    as_stored: bool = False,
    later: Collection[str] | None = None,
    left_open: bool = False,
) -> Judged:
    """Derive, hide what does not apply, run every check. Reads other pages through the context, writes nothing.

    The context is the database's unless another one is given (a cohort that is not written yet). `as_stored` empties
    nothing: what holds a value though it does not apply is a finding. `later` names the only checks of the night that
    matter now: those with an open query. `left_open`: what is empty is neither refused nor asked about, until
    the page is due.
    """
    typed = PageContent({name: submitted.values.get(name) for name in form.items}, submitted.rows)
    typed.missing, typed.reported = submitted.missing, submitted.reported
    context = context or PageContext(page, form, typed.values, typed.rows)
    settled = settle(form, typed, context)
    content, shown = settled.content, settled.shown
    if as_stored:
        for place, value in settled.emptied.items():
            content.put(place, value)
        derive(form, content, context)
    empty = {place for place in shown if content.value_at(place) is None}
    content.missing = {place: code for place, code in content.missing.items() if place in empty}
    findings = [*_by_items(shown, content), *_by_checks(form, context, content, later)]
    if form.examine:
        with under(context.versions):
            findings += form.examine(context)
    findings += general_rules.examine({p: (item, content.value_at(p)) for p, item in shown.items()}, form, context)
    if as_stored:
        findings += [general_rules.finding("GEN-005", place) for place in settled.emptied]
    if left_open:
        findings = [replace(f, severity="later") if is_lack(f) else f for f in findings]
    required = [place for place, item in shown.items() if item.need in ("required", "expected")]
    filled = sum(place not in empty or place in content.missing for place in required)
    lacks = left_open and any(map(is_lack, findings))
    return Judged(content, tuple(findings), len(required), filled, settled.emptied, lacks)


def _by_items(shown: Mapping[Place, Item], content: PageContent) -> Iterator[Finding]:
    for place, item in shown.items():
        value = content.value_at(place)
        problem = _empty(item, place in content.missing) if value is None else _beyond(item, value)
        if problem:
            kind, severity, text = problem
            yield Finding(f"{kind}-{place.item}", place.item, place.row, severity, text)


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
    form: Form, context: PageContext, content: PageContent, later: Collection[str] | None
) -> Iterator[Finding]:
    for check in checks_everywhere(form.code):
        if check.fires(context):
            yield _finding(check, form.first_item, "", context)
    for check in checks_of(form.code):
        if _matters(check, later) and check.fires(context):
            place = form.place_of(check.item)
            name = form.rows.entry if form.rows and place.row else place.item
            yield _finding(check, name, place.row, context)
    if form.rows:
        for key in content.rows:
            view = context.on_row(key)
            for check in checks_of(form.rows.code):
                if _matters(check, later) and check.fires(view):
                    yield _finding(check, check.item, key, context)


def _finding(check: Check, item: str, row: str, context: PageContext) -> Finding:
    return Finding(check.id, item, row, check.severity, check.text_under(context.versions), check.overridable)


def _matters(check: Check, later: Collection[str] | None) -> bool:
    return check.severity != "later" or later is None or check.id in later
