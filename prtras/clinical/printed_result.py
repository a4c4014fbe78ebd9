"""How a laboratory prints a viral load or antigen result, and how its text is read.

Folded as every number is (`prtras.clinical.printed_number`); <= and >= read as < and >; a mark of the printout (an
arrow, H or L) behind the result is left out. The calculators read commas as full thousands groups only; a decimal
comma and `1,234` are the form's to settle. Source: rules of crf/vectors/hbv_dna.json and hbsag.json (project rules).
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from prtras.clinical.printed_number import LONGEST_NUMBER, NotANumber, folded, number_in

_AT_MOST = re.compile(r"<=|≤")
_AT_LEAST = re.compile(r">=|≥")
_AFTER_SIGN = re.compile(r"([<>]) ")
_MARK = re.compile(r"(?: [HL]|(?<=[0-9])[HL]| ?[↑↓]{1,2})\Z")
_MARK_BEFORE = re.compile(r"\A(?:[HL]|[↑↓]{1,2}) ?(?=[<>.0-9])")
_AGAIN = re.compile(r" ?\((?:已?复[查核检测]|重[测复]|複[查檢]|RE-?CHECKED|REPEAT(?:ED)?|RETEST(?:ED)?)\)\Z")

#: What a laboratory prints instead of a number below what its assay can tell.
BELOW_DETECTION = frozenset((
    "<LLOQ", "<LOQ", "<LOD", "BLQ", "BLOQ", "BDL", "BELOW LLOQ", "BELOW DETECTION LIMIT", "BELOW LIMIT OF DETECTION",
    "BELOW LIMIT OF QUANTIFICATION", "NOT DETECTED", "UNDETECTED", "UNDETECTABLE", "未检出", "未检测到", "未测出",
    "<定量下限", "<检测下限", "<检出限", "低于定量下限", "低于检测下限", "低于检出限", "小于定量下限", "小于检测下限",
    "小于检出限", "低于检测限", "低于最低检测限", "低于最低检出限",
))  # fmt: skip


@dataclass(frozen=True)
class AssayResult:
    """A parsed result.

    q: QUANT, TND, LLOQ_DET, LT_LLOQ, GT_ULOQ, GT_RANGE or INVALID; value: IU/mL to 6 significant digits,
    only for QUANT; log10: analysis value in log10 IU/mL, 2 decimals; flags: what a person should look at.
    """

    q: str
    value: Decimal | None = None
    log10: Decimal | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class PrintedNumber:
    """A printed number exactly as written, with its sign "<", ">" or ""."""

    sign: str
    number: Decimal


def invalid(flag: str) -> AssayResult:
    """A result that no analysis may use, and why."""
    return AssayResult("INVALID", flags=(flag,))


def normalised(text: str) -> str:
    """The text in one spelling, without a space after < or >."""
    return _AFTER_SIGN.sub(r"\1", _AT_LEAST.sub(">", _AT_MOST.sub("<", folded(text))))


def without_mark(text: str) -> str:
    """A normalised result without the printout's mark of high or low: `1.25E+03 H`, `12.5↑`, not the L of `IU/ML`."""
    return _MARK.sub("", text)


def without_marks(printed: str) -> str:
    """A result of an analyser's sheet, normalised and without its marks: `12.5↑`, `H 12.5`, `30*`, and `30(复查)`."""
    text = _AGAIN.sub("", normalised(printed.strip().strip("*＊")))  # before folding: a typed x is no asterisk
    return without_mark(_MARK_BEFORE.sub("", text))


def mark_of(text: str) -> str:
    """`HIGH` or `LOW` where the printout marks a normalised result so, before or behind it; "" without a mark."""
    text = _AGAIN.sub("", text.strip("X "))
    marks = "".join(match[0] for match in (_MARK.search(text), _MARK_BEFORE.match(text)) if match)
    high, low = ("H" in marks or "↑" in marks), ("L" in marks or "↓" in marks)
    return "" if high == low else "HIGH" if high else "LOW"


def without_unit(text: str, unit: str) -> str:
    """The normalised text without this trailing unit; another unit stays, and makes it unreadable."""
    return text.removesuffix(normalised(unit)).rstrip()


def printed_number(text: str) -> PrintedNumber | None:
    """The number in a normalised text, None when the whole text is not one number."""
    sign = text[:1] if text[:1] in ("<", ">") else ""
    digits = text.removeprefix(sign)
    if len(digits) > LONGEST_NUMBER or digits[:1] in ("+", "-"):
        return None
    try:
        return PrintedNumber(sign, number_in(digits))
    except NotANumber:
        return None
