"""How a laboratory prints a viral load or antigen result, and how its text is read.

Normalised: Unicode NFKC, trimmed, spaces collapsed, upper case; superscript digits mean an exponent;
<= and >= read as < and >. Numbers: digits with optional decimals, commas only as full thousands groups,
optional E exponent or x10^n. Source: rules of crf/vectors/hbv_dna.json and hbsag.json (project rules).
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_EXPONENT = re.compile(r"\^?([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_AT_MOST = re.compile(r"<=|[≤≦⩽]")
_AT_LEAST = re.compile(r">=|[≥≧⩾]")
_NUMBER = re.compile(
    r"(?P<sign>[<>]?)"
    r"(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)"  # "0,050" is a decimal comma: refused
    r"(?P<decimals>\.[0-9]+)?"
    r"(?:E(?P<e>[+-]?[0-9]{1,4})| ?[X×] ?10\^(?P<power>[+-]?[0-9]{1,4}))?"
)


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
    """The text in one spelling: half-width, upper case, single spaces, none after < or >."""
    text = _EXPONENT.sub(lambda exponent: "^" + exponent[1].translate(_SUPERSCRIPTS), text)
    text = " ".join(unicodedata.normalize("NFKC", text).split()).upper()
    text = _AT_LEAST.sub(">", _AT_MOST.sub("<", text))
    return re.sub(r"([<>]) ", r"\1", text)


def without_unit(text: str, unit: str) -> str:
    """The normalised text without this trailing unit; another unit stays, and makes it unreadable."""
    return text.removesuffix(normalised(unit)).rstrip()


def printed_number(text: str) -> PrintedNumber | None:
    """The number in a normalised text, None when the whole text is not one number."""
    match = _NUMBER.fullmatch(text)
    if not match:
        return None
    digits = match["whole"].replace(",", "") + (match["decimals"] or "")
    exponent = match["e"] or match["power"] or "0"
    return PrintedNumber(match["sign"], Decimal(f"{digits}E{exponent}"))
