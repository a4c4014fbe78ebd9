"""What a line of a sheet says of an analyte, and why a box stays empty. Pure.

Nothing is guessed: a box is filled only where name, unit, printed range, value and mark fit each other and two looks at
the picture agree. Everything else a person types from the sheet.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from labs.files.cells import read_range
from labs.files.names import named
from labs.files.samples import FLAGS
from labs.lab_tests import LAB_TESTS, NO_UNIT, LabTest, folded_unit, unit_in
from labs.panels import ANALYTES, Analyte
from labs.sheets.sheet_lines import Cell, SheetLine
from prtras.clinical.printed_number import folded
from prtras.clinical.printed_result import mark_of, normalised, without_marks
from prtras.labels import T

#: How sure the reader must be, from 0 to 1: of a result and its mark; of the limits, which a second look and what is
#: usual confirm; of the name, which has to be one of those that are known.
SURE, SURE_OF_RANGE, SURE_OF_NAME = 0.93, 0.85, 0.8
#: How far a printed limit may be from the usual one: a unit that is mistaken or a lost decimal point is further.
APART = Decimal("2.5")

#: Why a box is empty, in the words of the page.
WHY = {
    "blank": T("未识别到结果", "no result was read"),
    "unclear": T("识别不清", "not clear enough"),
    "two_looks": T("两次识别不一致", "two readings differ"),
    "twice": T("同一项目出现多次", "the item appears more than once"),
    "names": T("名称与代号不一致", "name and code differ"),
    "by_hand": T("该项目须人工录入", "this item is always typed by a person"),
    "unit": T("单位未识别或不适用", "no unit, or not one of this item"),
    "range": T("参考范围未识别", "the printed range was not read"),
    "other_range": T("参考范围与项目或单位不符", "the printed range does not fit item and unit"),
    "no_number": T("结果不是数值", "the result is no number"),
    "point": T("小数点存疑", "the decimal point is doubtful"),
    "implausible": T("超出合理范围", "outside the plausible range"),
    "mark": T("箭头与参考范围不一致", "the mark does not fit the printed range"),
}
_PLAIN = re.compile(r"[<>]?(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,4})?")
_NAMED_UNIT = re.compile(r".*[(\[](?P<unit>[^()\[\]]{1,20})[)\]]\Z")
_LIMITS = re.compile(r"[<>≤≥]?[0-9.]+(?:[-~—–至]{1,2}[0-9.]+)?")
_LOST_POWER = re.compile(r"X?10[\^*°]?(?P<power>[0-9]{0,2})/L")


@dataclass(frozen=True)
class SheetValue:
    """What the page shows of one line: text, unit and limits, each empty where it is doubtful, and then `why`.

    `mark` is HIGH, LOW or empty; `line` where it stands on the sheet, from top to bottom in each part.
    """

    line: int
    lab_test: str
    text: str = ""
    unit: str = ""
    low: str = ""
    high: str = ""
    mark: str = ""
    why: str = ""

    @property
    def reason(self) -> T:
        """Why the box is empty, in words."""
        return WHY.get(self.why, T("", ""))


class _Doubt(Exception):
    """A box is to stay empty; which of WHY."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def values_of(lines: Iterable[SheetLine]) -> tuple[list[SheetValue], int]:
    """The values of the lines that name a lab test, in the order of the sheet; how many lines name none of ours."""
    listed, strangers = [], 0
    for line in lines:
        lab_test, why = _lab_test(line)
        if lab_test is None:
            strangers += bool(line.cell("result").text)
        else:
            listed.append(SheetValue(line.number, lab_test.code, why=why) if why else _value(line, lab_test))
    often = Counter(value.lab_test for value in listed)
    return [_empty(value, "twice") if often[value.lab_test] > 1 else value for value in listed], strangers


def _empty(value: SheetValue, why: str) -> SheetValue:
    return replace(value, text="", unit="", low="", high="", mark="", why=why)


def _lab_test(line: SheetLine) -> tuple[LabTest | None, str]:
    """The lab test that a line is about; why nothing of the line is read all the same."""
    name, code = line.cell("item"), line.cell("code")
    by_name, by_code = named(name.text), named(code.text) if code.text else None
    if by_name is None:
        return None, ""
    lab_test = LAB_TESTS[by_name.lab_test]
    if by_code and by_code.lab_test != by_name.lab_test:
        return lab_test, "names"
    if not lab_test.on_panel:
        return lab_test, "by_hand"
    return lab_test, "" if name.score >= SURE_OF_NAME else "unclear"


def _value(line: SheetLine, lab_test: LabTest) -> SheetValue:
    """Unit and range where they fit the analyte; the result only where everything fits."""
    value, analyte = SheetValue(line.number, lab_test.code), ANALYTES[lab_test.code]
    try:
        unit = _unit(line, lab_test)
        low, high = _range(line.cell("range"))
        if not _usual(analyte, unit, low, high):
            raise _Doubt("other_range")
        value = replace(value, unit=unit, low=_plain(low), high=_plain(high))
        text, mark = _result(line)
        _check(analyte, unit, text, mark, (low, high), line.cell("range").text)
        return replace(value, text=text, mark=mark)
    except _Doubt as doubt:
        return replace(value, why=doubt.why)


def _unit(line: SheetLine, lab_test: LabTest) -> str:
    """The unit in its column, else in the name. Raises _Doubt for one that the lab test does not have."""
    printed = line.cell("unit").text.strip()
    if lab_test.units == ("1",) and (not printed or printed in NO_UNIT):
        return "1"  # what stands in the brackets of its name is a name
    if not printed and (inside := _NAMED_UNIT.fullmatch(folded(line.cell("item").text))):
        printed = inside["unit"]
    unit = unit_in(lab_test, printed) or _without_power(lab_test, printed)
    if not unit:
        raise _Doubt("unit")
    return unit


def _without_power(lab_test: LabTest, printed: str) -> str:
    """`10/L` or `10°/L` where a small raised figure was not read, and only one unit of the lab test can be meant."""
    powers = [unit for unit in lab_test.units if unit.startswith("10^") and unit.endswith("/L")]
    lost = _LOST_POWER.fullmatch(folded_unit(printed))
    if not lost or len(powers) != 1 or (lost["power"] and powers[0] != f"10^{lost['power']}/L"):
        return ""
    return powers[0]


def _range(cell: Cell) -> tuple[Decimal | None, Decimal | None]:
    """The printed limits. Raises _Doubt."""
    text = folded(cell.text).replace(" ", "")
    low, high = read_range(cell.text)
    if (low is None and high is None) or not _LIMITS.fullmatch(text):
        raise _Doubt("range")
    if cell.score < SURE_OF_RANGE:
        raise _Doubt("range")
    if cell.again is not None and read_range(cell.again) != (low, high):
        raise _Doubt("range")
    return low, high


def _usual(analyte: Analyte, unit: str, low: Decimal | None, high: Decimal | None) -> bool:
    """Whether printed limits are about those that people have of this analyte in this unit."""
    factor = analyte.factor(unit)
    return any(
        _near(low, usual.low, factor) and _near(high, usual.high, factor) for usual in analyte.reference.values()
    )


def _near(printed: Decimal | None, usual: Decimal, factor: Decimal) -> bool:
    if printed is None or printed == 0 or usual == 0:
        return not printed or usual == 0
    return usual / APART <= printed * factor <= usual * APART


def _result(line: SheetLine) -> tuple[str, str]:
    """The number as it is printed, and its mark. Raises _Doubt."""
    cell, beside = line.cell("result"), line.cell("flag")
    if not cell.text.strip():
        raise _Doubt("blank")
    if min(cell.score, beside.score) < SURE:
        raise _Doubt("unclear")
    text = without_marks(cell.text)
    if cell.again is not None and without_marks(cell.again) != text:
        raise _Doubt("two_looks")
    if not _PLAIN.fullmatch(text):
        raise _Doubt("point" if re.fullmatch(r"[0-9.,]+", text) else "no_number")
    marks = {mark_of(normalised(cell.text)), FLAGS.get(beside.text.strip().upper(), "")} - {""}
    if len(marks) > 1 or (beside.text.strip() and beside.text.strip().upper() not in FLAGS):
        raise _Doubt("mark")
    return text, next(iter(marks), "")


def _check(
    analyte: Analyte, unit: str, text: str, mark: str, limits: tuple[Decimal | None, Decimal | None], printed: str
) -> None:
    """Raises _Doubt where value, unit, range and mark do not fit each other."""
    number, factor = Decimal(text.strip("<>")), analyte.factor(unit)
    if number * factor not in analyte.soft:
        raise _Doubt("implausible")
    place = _place(number, limits)
    if place != mark and not (text[0] in "<>" and not mark):
        raise _Doubt("mark")
    if "." not in text and _has_lost_a_point(analyte, number, factor, limits, printed):
        raise _Doubt("point")


def _has_lost_a_point(
    analyte: Analyte, number: Decimal, factor: Decimal, limits: tuple[Decimal | None, Decimal | None], printed: str
) -> bool:
    """A whole number beside limits with decimals, or one that would be as plausible, and marked alike, with a point."""
    if "." in printed:
        return True
    place = _place(number, limits)
    smaller = [number / power for power in (10, 100) if number >= power]
    return bool(place) and any(each * factor in analyte.soft and _place(each, limits) == place for each in smaller)


def _place(number: Decimal, limits: tuple[Decimal | None, Decimal | None]) -> str:
    """Where a number is beside its limits: HIGH, LOW, or empty within them."""
    low, high = limits
    return "LOW" if low is not None and number < low else "HIGH" if high is not None and number > high else ""


def _plain(limit: Decimal | None) -> str:
    return "" if limit is None else f"{limit:f}"
