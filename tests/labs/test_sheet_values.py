"""From recognised text to values of a laboratory sheet: filled where everything fits, else empty with the reason."""

import math
import random
from dataclasses import dataclass, replace

import pytest

from labs.sheets.sheet_lines import head_kind, lines_of
from labs.sheets.values import WHY, SheetValue, values_of
from tests.labs.sheet_boxes import box, sheet_of

ALT = ("谷丙转氨酶", "35.2", "", "U/L", "9-50")
WBC = ("白细胞计数", "12.31", "↑", "10^9/L", "3.5-9.5")
ALB = ("白蛋白(ALB)", "38.2", "↓", "g/L", "40--55")


def read(boxes) -> list[SheetValue]:
    return values_of(lines_of(boxes))[0]


def one(*cells: str) -> SheetValue:
    (value,) = read(sheet_of(cells))
    return value


def test_it_works():
    assert read(sheet_of(ALT, WBC, ALB)) == [
        SheetValue(1, "alt", "35.2", "U/L", "9", "50"),
        SheetValue(2, "wbc", "12.31", "10^9/L", "3.5", "9.5", "HIGH"),
        SheetValue(3, "alb", "38.2", "g/L", "40", "55", "LOW"),
    ]


@pytest.mark.parametrize("turn", [-3, -1, 1, 3])
def test_a_sheet_that_is_turned_a_little_is_read_all_the_same(turn):
    assert read(sheet_of(ALT, WBC, ALB, turn=turn)) == read(sheet_of(ALT, WBC, ALB))


#: Neighbours that a slip of a line would not betray: their ranges are alike.
ALIKE = tuple(
    (name, value, "", unit, limits)
    for name, value, unit, limits in (
        ("ALT", "21.1", "U/L", "10-45"), ("AST", "22.2", "U/L", "10-45"), ("GGT", "23.3", "U/L", "10-45"),
        ("ALP", "44.4", "U/L", "35-95"), ("TP", "65.5", "g/L", "60-85"), ("ALB", "45.6", "g/L", "40-60"),
        ("LYM#", "2.7", "10^9/L", "1.1-3.2"), ("NEUT#", "2.8", "10^9/L", "1.8-6.3"), ("WBC", "3.9", "10^9/L", "3.5-9"),
        ("K", "4.0", "mmol/L", "3.5-5.3"), ("GLU", "4.1", "mmol/L", "3.9-6.1"), ("UREA", "4.2", "mmol/L", "2.6-9.5"),
    )
)  # fmt: skip


def test_on_paper_that_is_bent_or_seen_from_one_side_no_result_gets_into_another_line():
    chance, flat, filled = random.Random(7), sheet_of(*ALIKE), 0
    truth = {value.lab_test: value.text for value in read(flat)}
    assert len(truth) == len(ALIKE)
    for _ in range(400):
        turn, side, below = (chance.uniform(-most, most) for most in (0.1, 3e-4, 2e-4))
        high, waves, start = chance.uniform(-50, 50), chance.choice((0, 0.5, 1, 2)), chance.uniform(0, 6)
        bent = Bent(turn, side, below, high, waves, start)
        boxes = [replace(each, corners=tuple(map(bent, each.corners))) for each in flat]
        values = {value.lab_test: value.text for value in read(boxes) if value.text}
        filled += len(values)
        assert values.items() <= truth.items()
    assert filled > 1000


@dataclass(frozen=True)
class Bent:
    """A sheet that is curled in waves, seen from one side, and turned."""

    turn: float
    side: float
    below: float
    high: float
    waves: float
    start: float

    def __call__(self, corner: tuple[float, float]) -> tuple[float, float]:
        x, y = corner
        y += self.high * math.sin(math.pi * x / 1000 * self.waves + self.start)
        far = 1 + self.side * x + self.below * y
        x, y = x / far, y / far
        sine, cosine = math.sin(self.turn), math.cos(self.turn)
        return x * cosine - y * sine, x * sine + y * cosine


def test_two_parts_beside_each_other_are_two_tables():
    read_values = read(sheet_of(ALT, WBC, ALB, parts=2))
    assert [(value.lab_test, value.text) for value in read_values] == [
        ("alt", "35.2"), ("alb", "38.2"), ("wbc", "12.31"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "kind"),
    [("项目 Test", "item"), ("结果Result", "result"), ("单位 Unit", "unit"), ("参考范围 Range", "range"),
     ("标志Flag", "flag"), ("代号", "code"), ("序号", ""), ("姓名", ""), ("采样日期", "")],
)  # fmt: skip
def test_heads_are_known_in_one_language_and_in_two(head, kind):
    assert head_kind(head) == kind


def test_two_heads_that_were_read_as_one_are_two():
    heads = [box("项目名称", 50, 120), box("结果", 400, 120), box("提示单位", 520, 120), box("参考区间", 760, 120)]
    rows = [each for each in sheet_of(WBC) if each.corners[0][1] > 150]
    moved = [replace(each, corners=box("10^9/L", 572, 165).corners) if "/" in each.text else each for each in rows]
    (value,) = read(heads + moved)
    assert (value.text, value.unit, value.mark) == ("12.31", "10^9/L", "HIGH")


def test_without_heads_nothing_is_read():
    assert read([each for each in sheet_of(ALT) if each.text != "结果"]) == []


def test_lines_of_no_analyte_of_ours_are_counted_and_nobodys_name_is_read():
    values, strangers = values_of(lines_of(sheet_of(ALT, ("前白蛋白", "265", "", "mg/L", "200-430"))))
    assert ([value.lab_test for value in values], strangers) == (["alt"], 1)
    assert "虚构甲" not in str(values)


def test_the_unit_may_stand_in_the_name():
    value = one("谷丙转氨酶(U/L)", "35.2", "", "", "9~50")
    assert (value.text, value.unit) == ("35.2", "U/L")


def test_an_analyte_without_a_unit_needs_none():
    assert one("国际标准化比值(INR)", "1.05", "", "", "0.8-1.2").text == "1.05"
    assert one("国际标准化比值(INR)", "1.05", "", "s", "0.8-1.2").why == "unit"


def test_a_mark_may_stand_beside_the_result():
    assert one("白细胞计数", "12.31 ↑", "", "10^9/L", "3.5-9.5").mark == "HIGH"


@pytest.mark.parametrize("unit", ["10/L", "10°/L", "10°9/L", "×10/L", "109/L"])
def test_a_raised_figure_that_was_not_read_is_the_only_one_possible(unit):
    assert one("白细胞计数", "6.2", "", unit, "3.5-9.5").unit == "10^9/L"
    assert one("白细胞计数", "6.2", "", unit, "35-95").why == "other_range"
    assert one("谷丙转氨酶", "35.2", "", unit, "9-50").why == "unit"


def test_another_raised_figure_is_another_unit():
    assert one("白细胞计数", "6.2", "", "10°12/L", "3.5-9.5").why == "unit"


def test_one_limit_is_a_range():
    value = one("甲胎蛋白(AFP)", "3.21", "", "ng/mL", "<7")
    assert (value.text, value.low, value.high) == ("3.21", "", "7")


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (("谷丙转氨酶", "", "", "U/L", "9-50"), "blank"),
        (("谷丙转氨酶", "35.2", "", "", "9-50"), "unit"),
        (("谷丙转氨酶", "35.2", "", "g/L", "9-50"), "unit"),
        (("谷丙转氨酶", "35.2", "", "U/L", ""), "range"),
        (("谷丙转氨酶", "35.2", "", "U/L", "9-5O"), "range"),
        (("谷丙转氨酶", "35.2", "", "U/L", "0.9-5.0"), "other_range"),
        (("血红蛋白", "14.1", "", "g/L", "13.0-17.5"), "other_range"),
        (("谷丙转氨酶", "35,2", "", "U/L", "9-50"), "point"),
        (("谷丙转氨酶", "35.2.1", "", "U/L", "9-50"), "point"),
        (("谷丙转氨酶", "035", "", "U/L", "9-50"), "point"),
        (("谷丙转氨酶", "3S.2", "", "U/L", "9-50"), "no_number"),
        (("谷丙转氨酶", "852", "↑", "U/L", "9-50"), "implausible"),
        (("谷丙转氨酶", "85.2", "", "U/L", "9-50"), "mark"),
        (("谷丙转氨酶", "35.2", "↑", "U/L", "9-50"), "mark"),
        (("谷丙转氨酶", "85.2", "↓", "U/L", "9-50"), "mark"),
        (("谷丙转氨酶", "85.2", "T", "U/L", "9-50"), "mark"),
        (("谷丙转氨酶", "85.2↑", "↓", "U/L", "9-50"), "mark"),
        (("白细胞计数", "12", "↑", "10^9/L", "3.5-9.5"), "point"),
        (("甲胎蛋白(AFP)", "825", "↑", "ng/mL", "<7"), "point"),
        (("乙肝表面抗原", "阴性", "", "", "阴性"), "by_hand"),
    ],
)
def test_a_box_stays_empty_where_things_do_not_fit(cells, why):
    value = one(*cells)
    assert (value.text, value.mark, value.why) == ("", "", why)
    assert value.reason == WHY[why]


def test_name_and_code_that_differ_are_neither():
    heads = ("项目名称", "结果", "代号", "单位", "参考区间")
    (value,) = read(sheet_of(("谷丙转氨酶", "35.2", "AST", "U/L", "9-50"), heads=heads))
    assert value.why == "names"
    assert read(sheet_of(("谷丙转氨酶", "35.2", "ALT", "U/L", "9-50"), heads=heads))[0].text == "35.2"


def test_an_item_that_is_there_twice_is_typed_by_a_person():
    values = read(sheet_of(ALT, ("ALT", "36.0", "", "U/L", "9-50")))
    assert [(value.text, value.why) for value in values] == [("", "twice")] * 2


@pytest.mark.parametrize(
    ("text", "change", "why"),
    [
        ("35.2", {"score": 0.9}, "unclear"),
        ("谷丙转氨酶", {"score": 0.7}, "unclear"),
        ("9-50", {"score": 0.7}, "range"),
        ("35.2", {"again": "36.2"}, "two_looks"),
        ("35.2", {"again": "35.2"}, ""),
        ("9-50", {"again": "9-60"}, "range"),
    ],
)
def test_what_the_reader_is_not_sure_of_stays_empty(text, change, why):
    boxes = [replace(each, **change) if each.text == text else each for each in sheet_of(ALT)]
    (value,) = read(boxes)
    assert (value.why, bool(value.text)) == (why, not why)


@pytest.mark.parametrize(("astray", "expected"), [(70, ("35.2", "")), (74, ("", "blank"))])
def test_a_text_further_than_three_heights_from_its_column_is_not_in_it(astray, expected):
    """Letters are 24 dots high; the right edges of this result and of its head are 4.8 dots apart where both begin."""
    moved = [box("35.2", 400 - astray - 4.8, 165) if each.text == "35.2" else each for each in sheet_of(ALT)]
    (value,) = read(moved)
    assert (value.text, value.why) == expected
