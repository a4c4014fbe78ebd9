"""One cell of a hospital file: a result with its unit and marks, a day, a time, a range. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from labs.files.refusals import CellRefused
from labs.lab_tests import LabTest, unit_in
from prtras.clinical.printed_number import LONGEST_NUMBER, NotANumber, folded, read_number
from prtras.clinical.printed_result import normalised
from prtras.crf.dates import YEARS, normal, parse_date
from prtras.crf.typed_values import TOO_LONG
from prtras.labels import T

#: What a cell holds when there is no result.
BLANK = ("", "NA", "N/A")
#: What a laboratory prints instead of a result when the sample was no good: not done, for the reason SAMPLE.
SPOILT = re.compile(
    r"(?:标本|样本|血样)?(?:严重|重度|中度|轻度)?(?:溶血|脂血|乳糜血?|凝血|凝块|有凝块|凝固|不合格|量不足|量少|不足|丢失|拒收|污染|超时)"
    r"(?:标本|样本)?(?:[，,；; ].{0,20})?"
    r"|(?:SAMPLE |SPECIMEN )?(?:HA?EMOLY[SZ]ED|CLOTTED|LIPA?EMIC|INSUFFICIENT|REJECTED|QNS|LOST)"
)
SAMPLE = "SAMPLE"
_QUALITIES = {
    "阴性": "NEG", "阴": "NEG", "(-)": "NEG", "-": "NEG", "NEG": "NEG", "NEGATIVE": "NEG", "NON-REACTIVE": "NEG",
    "NONREACTIVE": "NEG", "陰性": "NEG",
    "阳性": "POS", "阳": "POS", "(+)": "POS", "+": "POS", "++": "POS", "+++": "POS", "++++": "POS", "POS": "POS",
    "POSITIVE": "POS", "REACTIVE": "POS", "陽性": "POS", "弱阳性": "POS", "强阳性": "POS", "(++)": "POS",
    "(+++)": "POS",
    "±": "IND", "+-": "IND", "+/-": "IND", "(±)": "IND", "灰区": "IND", "可疑": "IND", "不确定": "IND",
    "INDETERMINATE": "IND", "EQUIVOCAL": "IND", "BORDERLINE": "IND",
}  # fmt: skip
_WORD_AND_SIGN = re.compile(r"(?P<word>[^()]+?) ?(?P<sign>\((?:-|\+{1,4}|±|\+-)\))\Z")
_NUMBER_AND_WORD = re.compile(r"(?P<number>[<>]?[0-9.]+(?:E[+-]?[0-9]+)?) ?(?P<word>\(?[^0-9]{1,16})\Z")
_BARE = re.compile(r"[<>]?[0-9]{1,15}(?:\.[0-9]{1,15})?")  # nearly every cell: nothing stands behind it
_HEAD_OF_RESULT = re.compile(r".*[0-9][^0-9]{0,8}")
_FOREIGN = re.compile(r"[^A-Za-z]*[0-9] ?(?P<unit>[A-Za-zμµ][A-Za-z0-9^]*/[A-Za-zμµ]+)")
_EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of Excel's 1900 system, from 1900-03-01 on
_SERIAL = re.compile(r"([2-6][0-9]{4}|7[0-2][0-9]{3})(?:\.([0-9]{1,17}))?")  # 1954 to 2099
_RUN_TOGETHER = re.compile(r"([0-9]{8})([0-9]{2})([0-9]{2})([0-9]{2})?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_CLOCK = re.compile(r"([0-9]{1,2})[:：]([0-9]{2})(?:[:：]([0-9]{2}))?(?:\.[0-9]{1,6})?")
_RANGE = re.compile(
    r"(?P<low>[0-9.,]+) ?(?:-|--|~|—|–|至|TO) ?(?P<high>[0-9.,]+)(?: ?[A-Z%/\u039c].*| ?X? ?10[\^X].*)?"
)
_ONE_LIMIT = re.compile(r"(?P<sign>[<>]) ?(?P<limit>[0-9.,]+)(?: ?[A-Z%/\u039c].*| ?X? ?10[\^X].*)?")

#: What stands behind a range in brackets: `(男)`, `(成人)`.
_NOTE = re.compile(r" ?\([^0-9()]*\)")
_RANGES = re.compile(r"[0-9] ?(?:-|--|~|—|–|至|TO) ?[0-9]|[<>] ?[0-9]")

NOT_A_RANGE = T(
    "参考范围“{v}”无法读取；请更正，或在列映射中不选该列，改用参考范围表。",
    "The range “{v}” cannot be read; correct it, or leave its column out of the mapping, so that the table of ranges"
    " counts.",
)
NOT_A_DAY = T("不是有效日期。", "This is not a date.")
EITHER_DAY = T(
    "“{v}”可能是日/月/年，也可能是月/日/年；请在列映射中选择日期格式。",
    "“{v}” may be day/month/year or month/day/year; select the date format in the mapping.",
)
NOT_A_TIME = T("“{v}”不是有效时间，请按 08:30 填写。", "“{v}” is not a time; write 08:30.")
FOREIGN_UNIT = T("单位“{unit}”不适用于{label}，可用：{units}。", "{label} is not reported in “{unit}”; use {units}.")
NO_QUANTITY = T("{label}只能为阳性或阴性，“{v}”两者都不是。", "{label} is positive or negative; “{v}” is neither.")


@dataclass(frozen=True)
class Read:
    """What a cell of results says: the result as reported without its unit; the unit, if it stands there; what is only
    positive, negative or indeterminate; or the coded reason why there is no result.
    """

    text: str = ""
    unit: str = ""
    quality: str = ""
    reason: str = ""


def short(text: str, column: str) -> str:
    """A cell that is read and not stored. Raises CellRefused for one that is too long for anything that is read."""
    text = text.strip()
    if len(text) > LONGEST_NUMBER:
        raise CellRefused(column, TOO_LONG.format(limit=LONGEST_NUMBER, length=len(text)))
    return normal(text)


def is_blank(text: str) -> bool:
    """Whether a cell holds no result."""
    return normal(text[:LONGEST_NUMBER]) in BLANK and len(text) <= LONGEST_NUMBER


def read_result(lab_test: LabTest, text: str, column: str) -> Read:
    """What a cell that is not blank says of a lab test. Raises CellRefused for a unit of something else.

    Whether a text is a result at all is for the checks of the form to say: they say it on the screen too.
    """
    text = text.strip()
    if len(text) <= LONGEST_NUMBER and SPOILT.fullmatch(folded(text)):
        return Read(reason=SAMPLE)
    if lab_test.quality:
        read = _qualitative(lab_test, text, column)
        if read is not None:
            return read
    result, unit = _without_unit(lab_test, text, column)
    return Read(result, unit)


def _qualitative(lab_test: LabTest, text: str, column: str) -> Read | None:
    """`阴性(-)`, `+`, `0.42 阴性`: the quality, and the number beside it; None for a number alone."""
    spelled = normalised(text) if len(text) <= LONGEST_NUMBER else text
    if quality := _quality(spelled):
        return Read(quality=quality)
    match = _NUMBER_AND_WORD.fullmatch(spelled)
    quality = _quality(match["word"].strip()) if match else ""
    if match and quality:
        return Read(match["number"] if lab_test.quantity else "", quality=quality)
    if not lab_test.quantity:
        raise CellRefused(column, NO_QUANTITY.format(label=lab_test.title, v=text[:LONGEST_NUMBER]))
    return None


def _quality(spelled: str) -> str:
    if quality := _QUALITIES.get(spelled):
        return quality
    both = _WORD_AND_SIGN.fullmatch(spelled)
    if both is None:
        return ""
    word, sign = _QUALITIES.get(both["word"], ""), _QUALITIES.get(both["sign"], "")
    return word if word == sign else ""


def _without_unit(lab_test: LabTest, text: str, column: str) -> tuple[str, str]:
    """The result, and the unit behind it, if one stands there: `30 U/L`, `5.6×10⁹/L`. Raises CellRefused for a foreign
    unit.
    """
    to_the_letter = lab_test.code == "hbvdna"
    if to_the_letter or len(text) > LONGEST_NUMBER or _BARE.fullmatch(text):
        return text, ""
    for at in range(1, len(text)):
        starts = not text[at].isascii() or not (text[at].isdigit() or text[at] in " .,") or text[at - 1] == " "
        if starts and _HEAD_OF_RESULT.fullmatch(text[:at]) and (unit := unit_in(lab_test, text[at:])):
            return text[:at].strip(), unit
    if foreign := _FOREIGN.fullmatch(text):
        raise CellRefused(column, foreign_unit(lab_test, foreign["unit"]))
    return text, ""


def read_unit(lab_test: LabTest, text: str, column: str) -> str:
    """The unit that a cell spells. Raises CellRefused for one that the lab test does not have."""
    unit = unit_in(lab_test, text)
    if unit is None:
        raise CellRefused(column, foreign_unit(lab_test, text))
    return unit


def foreign_unit(lab_test: LabTest, text: str) -> T:
    """What is wrong with a unit, and which there are."""
    return FOREIGN_UNIT.format(
        unit=text[:LONGEST_NUMBER], label=lab_test.title, units=", ".join(lab_test.units) or T("无单位", "no unit")
    )


def read_day(text: str, column: str, order: str = "") -> tuple[date, str]:
    """The day and the time (`08:30:00`, or "") of `2026-11-24 8:30`, `20261124083012`, an Excel serial date; with
    `order` `dmy` or `mdy` also of `24/11/2026`. Raises CellRefused.
    """
    text = short(text, column).replace("T", " ")
    if match := _RUN_TOGETHER.fullmatch(text):
        day, at = match[1], f"{match[2]}:{match[3]}:{match[4] or '00'}"
    elif match := _SERIAL.fullmatch(text):
        return _excel(int(match[1]), match[2] or "0")
    else:
        day, _, at = text.partition(" ")
    try:
        return _date(day, column, order), read_time(at, column)
    except ValueError as wrong:
        if isinstance(wrong, CellRefused):
            raise
        raise CellRefused(column, NOT_A_DAY) from None


def _date(text: str, column: str, order: str) -> date:
    match = _DAY_FIRST.fullmatch(text)
    if match is None:
        return parse_date(text)
    if not order:
        raise CellRefused(column, EITHER_DAY.format(v=text))
    day, month = (match[1], match[2]) if order == "dmy" else (match[2], match[1])
    return parse_date(f"{match[3]}-{month}-{day}")


def _excel(serial: int, fraction: str) -> tuple[date, str]:
    """A day as Excel counts them, and the time as part of the day, to the second."""
    day = _EXCEL_EPOCH + timedelta(days=serial)
    seconds = round(Decimal(f"0.{fraction}") * 86400)
    if seconds == 86400:
        return day + timedelta(days=1), ""
    at = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return day, "" if at == "00:00:00" else at


def read_time(text: str, column: str) -> str:
    """`08:30:00` of `8:30`; empty where there is none, or only a midnight that a spreadsheet put there."""
    text = text.strip()
    match = _CLOCK.fullmatch(text)
    if not text:
        return ""
    if not match or int(match[1]) > 23 or int(match[2]) > 59 or int(match[3] or 0) > 59:
        raise CellRefused(column, NOT_A_TIME.format(v=text))
    at = f"{int(match[1]):02d}:{match[2]}:{match[3] or '00'}"
    return "" if at == "00:00:00" else at


def read_days(text: str, column: str) -> int:
    """Days since Day 0. Raises CellRefused."""
    match = re.fullmatch(r"([+-]?[0-9]{1,5})(?:\.0{1,9})?", short(text, column))
    if not match:
        raise CellRefused(column, NOT_A_DAY)
    return int(match[1])


def read_range(text: str) -> tuple[Decimal | None, Decimal | None]:
    """The limits of `3.5-9.5`, `0~40 U/L`, `<7`, `≥60`, `9-50(男)`; none where the text gives none, or several."""
    if len(text) > LONGEST_NUMBER:
        return None, None
    spelled = _NOTE.sub("", normalised(text)).strip("()[] ")
    if len(_RANGES.findall(spelled)) > 1:
        return None, None
    if match := _RANGE.fullmatch(spelled):
        low, high = limit_of(match["low"]), limit_of(match["high"])
        return (low, high) if low is not None and high is not None and low < high else (None, None)
    if match := _ONE_LIMIT.fullmatch(spelled):
        limit = limit_of(match["limit"])
        return (None, limit) if match["sign"] == "<" else (limit, None)
    return None, None


def names_numbers(text: str) -> bool:
    """Whether a text holds a number: `见说明` and `阴性` are no range, `男 9-50，女 7-40` is one that is not read."""
    return any(sign.isdigit() for sign in text)


def limit_of(text: str) -> Decimal | None:
    """One limit; None where the text is no number."""
    try:
        return read_number(text)
    except NotANumber:
        return None


def day_of(collected: date | int, anchor: date | None) -> date | None:
    """The date on which a sample was taken; None for days from a Day 0 that is not known, or beyond all time."""
    if isinstance(collected, date):
        return collected
    if anchor is None:
        return None
    day = anchor + timedelta(days=collected)
    return day if day.year in YEARS else None
