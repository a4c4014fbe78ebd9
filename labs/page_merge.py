"""Lays a result of a hospital file over what a page says: new, the same, a correction, or refused. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labs.deriving.panels import same_result
from labs.deriving.virology import same_load, same_quantity
from labs.files.mapping import PRINTED
from labs.files.samples import Result
from labs.lab_tests import LAB_TESTS, LabTest
from labs.panels import ANALYTES
from labs.ranges import same_laboratory
from prtras.crf.content import PageContent
from prtras.crf.numbers import plain
from prtras.crf.places import Place
from prtras.crf.registry import Form
from prtras.crf.typed_values import Unreadable, in_columns, value_of
from prtras.labels import T

NEW, SAME, CHANGED, REFUSED = "new", "same", "changed", "refused"
DIFFERENT = T("已录入不同的值 {v}。", "A different value has already been entered: {v}.")
OTHER_RANGE = T("结果相同，但已录的参考范围不同：{v}。", "The same result has been entered with another range: {v}.")
NOT_DONE = T("该项目已录为未检测。", "This analyte has already been recorded as not done.")
HAS_RESULT = T(
    "该项目已录有结果 {v}，不能记为未检测。",
    "A result has already been entered: {v}; it cannot be recorded as not done.",
)


@dataclass(frozen=True)
class Merged:
    """What became of one result: its status, why it is refused, and what it replaces."""

    status: str
    problem: T | None = None
    before: str = ""


def merge(
    content: PageContent, form: Form, code: str, result: Result, *, correct: bool, laboratory: str = ""
) -> Merged:
    """Put a result into what the page says. With `correct` another value replaces the stored one. `laboratory` is who
    reported it: it stands at the result where the page names another one, or none.

    The same value, however it is written, changes nothing. A result that cannot be read changes nothing either.
    """
    try:
        if LAB_TESTS[code].on_panel:
            other = laboratory if not _is_of_page(laboratory, content) else None
            return _in_row(content, form, code, result, correct, other)
        return _in_items(content, form, LAB_TESTS[code], result, correct)
    except Unreadable as unreadable:
        return Merged(REFUSED, unreadable.text)


def merge_report(content: PageContent, form: Form, printed: Mapping[str, str]) -> None:
    """Put time, laboratory, report number, specimen and method of a sample where the page does not say them yet."""
    for name, item in ({"time": "lab_time"} | PRINTED).items():
        text = printed.get(name, "")
        if text and content.values.get(item) is None:
            content.values[item] = text[: form.items[item].max_length]


def _is_of_page(laboratory: str, content: PageContent) -> bool:
    return not laboratory or same_laboratory(laboratory) == same_laboratory(content.values.get("lab_name") or "")


def _in_row(
    content: PageContent, form: Form, code: str, result: Result, correct: bool, laboratory: str | None
) -> Merged:
    row = content.rows.get(code, {"analyte": code})
    stored, unit = row.get("orres"), row.get("orresu") or ANALYTES[code].unit
    status, problem, before = NEW, None, stored or row.get("reasnd") or ""
    if result.reason:
        if stored or row.get("reasnd"):
            status = SAME if row.get("reasnd") else CHANGED
            problem = None if row.get("reasnd") else HAS_RESULT.format(v=stored)
        fresh = {"orres": None, "orresu": None, "ornrlo": None, "ornrhi": None, "reasnd": result.reason}
    else:
        if row.get("reasnd"):
            status, problem = CHANGED, NOT_DONE
        elif stored:
            if not same_result(code, (stored, unit), (result.text, result.unit)):
                status, problem = CHANGED, DIFFERENT.format(v=f"{stored} {unit}".strip())
            elif not _has_other_range(row, unit, result):
                status = SAME
            elif any(row.get(name) is not None for name in RANGE):
                status, problem = CHANGED, OTHER_RANGE.format(v=_range_text(row))
        fresh = _typed(form, result) | {"reasnd": None}
    if status == SAME:
        return Merged(SAME)
    if problem and not correct:
        return Merged(REFUSED, problem, before)
    judged = {} if status == NEW else {"clsig": None}  # whoever judged it saw another result, or another range
    content.rows[code] = row | fresh | judged | {"nam": laboratory}
    return Merged(status, None, before)


RANGE = ("ornrlo", "ornrhi")


def _has_other_range(row: Mapping[str, Any], unit: str, result: Result) -> bool:
    """The file has limits in the same unit, and they are not those of the row."""
    printed = (result.low, result.high)
    return any(printed) and result.unit == unit and printed != tuple(row.get(name) for name in RANGE)


def _range_text(row: Mapping[str, Any]) -> str:
    low, high = ("" if row.get(name) is None else plain(row[name]) for name in RANGE)
    return f"{low}–{high}"


def _typed(form: Form, result: Result) -> dict[str, Any]:
    """The typed items of a row. Raises Unreadable."""
    assert form.rows
    items = form.rows.items
    return {
        "orres": value_of(items["orres"], [result.text]), "orresu": value_of(items["orresu"], [result.unit]),
        "ornrlo": result.low, "ornrhi": result.high,
    }  # fmt: skip


def _in_items(content: PageContent, form: Form, lab_test: LabTest, result: Result, correct: bool) -> Merged:
    if result.reason:
        return _not_done(content, lab_test, result)
    typed: dict[str, Any] = {}
    if lab_test.quantity and result.text:
        typed[lab_test.quantity] = value_of(form.items[lab_test.quantity], [result.text])
    if lab_test.unit_item and result.text:
        typed[lab_test.unit_item] = value_of(form.items[lab_test.unit_item], [result.unit])
    if lab_test.quality and result.quality:
        typed[lab_test.quality] = value_of(form.items[lab_test.quality], [result.quality])
    stored = {item: content.typed_at(Place(item), form.items[item]) for item in typed}
    not_done = [reason for item in typed if (reason := content.missing.get(Place(item)))]
    if not_done and not correct:
        return Merged(REFUSED, NOT_DONE, not_done[0])
    other = [item for item in typed if stored[item] is not None]
    if other and _same(lab_test, stored, typed):
        if len(other) == len(typed):
            return Merged(SAME)
        other, typed = [], {item: value for item, value in typed.items() if stored[item] is None}
    if other and not correct:
        shown = ", ".join(str(stored[item]) for item in other if item != lab_test.unit_item)
        return Merged(REFUSED, DIFFERENT.format(v=f"{shown} {stored.get(lab_test.unit_item) or ''}".strip()), shown)
    for item, value in typed.items():
        for column, part in in_columns(form.items[item], item, value).items():
            content.put(Place(column), part)
        content.missing.pop(Place(item), None)
    before = [*not_done[:1], *(str(stored[item]) for item in other)]
    return Merged(CHANGED if before else NEW, None, ", ".join(before))


def _same(lab_test: LabTest, stored: dict[str, Any], typed: dict[str, Any]) -> bool:
    """Whether what is stored is what the file says, item by item; a viral load by its value."""
    quantity, unit = lab_test.quantity, lab_test.unit_item
    for item, value in typed.items():
        if stored[item] is None or item == unit:
            continue
        if item == quantity and lab_test.code == "hbvdna":
            if not same_load((stored[item], stored[unit]), (value, typed[unit])):
                return False
        elif item == quantity and lab_test.code == "hbsag":
            if not same_quantity(stored[item], value):
                return False
        elif stored[item] != value:
            return False
    return True


def _not_done(content: PageContent, lab_test: LabTest, result: Result) -> Merged:
    """A spoilt sample: the items of the lab test are missing for that reason."""
    if any(content.values.get(item) is not None for item in lab_test.items):
        return Merged(REFUSED, HAS_RESULT.format(v=content.values.get(lab_test.quantity) or "✓"))
    places = [Place(item) for item in lab_test.items]
    if all(content.missing.get(place) for place in places):
        return Merged(SAME)
    content.missing |= dict.fromkeys(places, result.reason)
    return Merged(NEW)
