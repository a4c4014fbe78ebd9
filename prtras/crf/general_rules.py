"""The rules that hold for every item of every form. Source: checks of the CRF specification 0.1, GEN-001 to GEN-010.

GEN-001 (required), GEN-002 (possible range) and GEN-003 (expected range) are found at their item as REQ-, RNGH- and
RNGS-item; a code that is not in its list cannot be read, except where it is stored.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from prtras.crf.checks import Finding
from prtras.crf.context import PageContext
from prtras.crf.dates import days_of
from prtras.crf.expressions import Expression
from prtras.crf.items import Item
from prtras.crf.places import Place
from prtras.crf.registry import Form
from prtras.labels import T

#: Every general rule with its severity and text, for the list of checks.
RULES: dict[str, tuple[Literal["hard", "later", "soft"], T]] = {
    "GEN-001": ("hard", T("必填项未填写。", "Required field is empty.")),
    "GEN-002": ("hard", T("数值超出可能范围。", "Value is outside the possible range.")),
    "GEN-003": ("soft", T("数值超出预期范围,请确认。", "Value is outside the expected range: confirm.")),
    "GEN-004": ("hard", T("日期晚于今天或早于出生日期。", "Date is in the future or before birth.")),
    "GEN-005": ("hard", T("不适用的项目存在数值。", "Value present in a field that does not apply.")),
    "GEN-006": ("hard", T("数值不在编码表中。", "Value is not a permitted code.")),
    "GEN-007": ("soft", T("检查日期与访视日期相差过大。", "Assessment date is far from the visit date.")),
    "GEN-008": ("hard", T("参考值上下限颠倒。", "Reference limits are reversed.")),
    "GEN-009": ("soft", T("参考范围与实验室正常值表不符。", "Reference range differs from the laboratory table.")),
    "GEN-010": ("later", T("应填表单逾期未录入。", "Expected form is overdue.")),
}
FAR = 28
NOTHING_ELSE = "NONE"
_birth: list[Expression] = []


def register_birth(expression: Expression) -> None:
    """Say where the date of birth stands."""
    _birth.append(expression)


def finding(rule: str, place: Place) -> Finding:
    """A finding of a general rule at a place."""
    severity, text = RULES[rule]
    return Finding(rule, place.item, place.row, severity, text)


def examine(shown: Mapping[Place, tuple[Item, Any]], form: Form, context: PageContext) -> Iterator[Finding]:
    """What the general rules find in the items that apply; `shown` has item and value by place."""
    assessed = form.first_date if form.kind == "visit" else ""
    for place, (item, value) in shown.items():
        if value is None:
            continue
        first, last = days_of(value)
        if first and last and ((not item.may_be_future and first > context.today) or _before_birth(last, context)):
            yield finding("GEN-004", place)
        if item.kind == "codes" and NOTHING_ELSE in value and len(value) > 1:
            yield finding("GEN-006", place)
        visited = context.visit.date if context.visit else None
        if place == assessed and first and visited and abs((first - visited).days) > FAR:
            yield finding("GEN-007", place)


def _before_birth(day: date, context: PageContext) -> bool:
    """Nobody consents before birth: for a day after the consent the date of birth need not be looked up."""
    consented = context.page.participant.consented
    if consented is not None and day >= consented:
        return False
    return any(day < born for expression in _birth if (born := expression.value(context)) is not None)
