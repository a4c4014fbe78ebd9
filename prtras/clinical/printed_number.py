"""The one reader of numbers: items, laboratory sheets, normal ranges, imports and assay results read here. Pure.

Read are digits with a decimal point or comma, `.5`, full thousands groups where they cannot mean anything else
(`1,234.5`, `1,234,567`), and powers of ten (`1.2E+03`, `1.2×10³`, `1.2*10^3`, `10⁵`). `1,234` alone is ambiguous; a
power whose exponent was lost (`1.2×103`) is no number. Width does not matter, superscripts do.
"""

import re
import unicodedata
from decimal import Decimal

#: Characters of the longest text that is read as a number; nothing that is measured needs more.
LONGEST_NUMBER = 40

_ALREADY_PLAIN = re.compile(r"[<>]?[0-9]+(?:\.[0-9]+)?")  # nearly every result of a laboratory
_SUPERSCRIPT = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}")
_OTHERS = re.compile("[^⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SPELLINGS = str.maketrans({"。": ".", "×": "X", "*": "X", "−": "-", "≦": "≤", "⩽": "≤", "≧": "≥", "⩾": "≥"})
#: One comma before three digits: thousands to one reader, a decimal to the other.
_EITHER = re.compile(r"(?<![0-9,.])[1-9][0-9]{0,2},[0-9]{3}(?![0-9,.])")
_DECIMAL_COMMA = re.compile(r"(?<![0-9,.])([0-9]+),([0-9]+)(?![0-9,.]| ?[EX])")
_NUMBER = re.compile(
    r"(?P<digits>[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?))"
    r"(?:E(?P<e>[+-]?[0-9]{1,9})| ?X ?10\^(?P<times>[+-]?[0-9]{1,9}))?|10\^(?P<power>[+-]?[0-9]{1,9})"
)


class NotANumber(ValueError):
    """The text is not one number."""


class TooLong(NotANumber):
    """The text is longer than any number; it was not looked at."""


class Ambiguous(NotANumber):
    """The comma may stand for thousands or for decimals."""


def half_width(text: str) -> str:
    """The text with full-width letters, digits and signs made plain (Unicode NFKC); superscripts stay what they are."""
    if text.isascii():
        return text
    return _OTHERS.sub(lambda others: unicodedata.normalize("NFKC", others[0]), text)


def folded(text: str) -> str:
    """The text in one spelling: half-width, upper case, single spaces, superscripts as `^3`, powers as `X10^3`."""
    if _ALREADY_PLAIN.fullmatch(text):
        return text
    text = _SUPERSCRIPT.sub(lambda power: f"^{power[0].translate(_PLAIN_DIGITS)} ", text).replace("^^", "^")
    text = unicodedata.normalize("NFKC", text).translate(_SPELLINGS).upper()
    return " ".join(text.split())


def is_ambiguous(text: str) -> bool:
    """Whether a folded text holds a number like `1,234`."""
    return _EITHER.search(text) is not None


def with_decimal_point(text: str) -> str:
    """A folded text with its decimal comma, if it is one beyond doubt, as a point."""
    return text if is_ambiguous(text) else _DECIMAL_COMMA.sub(r"\1.\2", text)


def number_in(text: str) -> Decimal:
    """The number that a folded text is, commas before three digits read as thousands. Raises NotANumber."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise NotANumber(text)
    if match["power"]:
        return Decimal(f"1E{match['power']}")
    return Decimal(f"{match['digits'].replace(',', '')}E{match['e'] or match['times'] or 0}")


def read_number(text: str) -> Decimal:
    """The number that a text is, exactly as written. Raises Ambiguous, TooLong and NotANumber."""
    if len(text) > LONGEST_NUMBER:
        raise TooLong(text[:LONGEST_NUMBER])
    text = folded(text)
    if is_ambiguous(text):
        raise Ambiguous(text)
    return number_in(with_decimal_point(text))
