"""What the texts of a column are: numbers, levels, events. Pure.

A column of numbers in which a cell is none is refused with the line and the text of the cell; nothing becomes a
category that was meant as a number. Numbers are read by the one reader of the product (`prtras.clinical`).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.survival.survival_data import BadTable, factor
from prtras.clinical.printed_number import Ambiguous, NotANumber, folded, number_in, read_number

#: How programs write a number that is not there.
NO_NUMBER = ("", "NA", "NaN", "nan", ".", "#N/A", "N/A", "n/a", "na", "NULL")
TRUTHS = {"true": 1.0, "false": 0.0}
ENDLESS = ("inf", "+inf", "infinity", "∞")
#: How many cells or values a refusal names.
LISTED = 10
#: More different texts than this are names or remarks, no categories.
MOST_LEVELS = 30

_COMMA = re.compile(r"([+-]?(?:[0-9]*|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)),([0-9]+)(E[+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_COMPARISON = re.compile(r"(?:[<>≤≥=~≈]+|小于|大于|低于|高于|不足|超过) ?[0-9.,]+.*")
_DATE = re.compile(
    r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}.*|[0-9]{1,2}[-/. ][0-9A-Z]{1,3}[-/. ](?:[0-9]{4}|[0-9]{2})"
)
_MARKED = re.compile(r"[+-]?[0-9][0-9.,]*(?: [0-9][0-9.,]*)+|[+-]?[0-9][0-9.,]* ?[%‰↑↓*X?]+|[*↑↓]+ ?[0-9][0-9.,]*")
#: What a cell is that is no number, and what to do about it. `text` alone may be a level.
ADVICE = {
    "comparison": "A value beyond a limit of detection is no number: decide on a rule (such as half the limit), write"
    " the number, and mark the row in a column of its own.",
    "comma": "The comma is ambiguous: with --decimal-comma it is read as a decimal comma; write thousands without it.",
    "point": "With --decimal-comma this point is ambiguous: it may separate thousands.",
    "date": "A date is no number: give the days since a start.",
    "marked": "Write the number alone, without spaces, signs or marks.",
    "text": "Correct the cells, or leave them empty where the value is missing.",
}
NUMBER_LIKE = ("comparison", "comma", "point", "date", "marked")


@dataclass(frozen=True)
class Cell:
    """A cell that is no number: its line, its text, and a key of ADVICE."""

    line: int
    text: str
    kind: str


@dataclass(frozen=True)
class Reading:
    """A column read as numbers, NaN where there is none: the cells that are not missing and no number, and the others
    whose comma was read as a decimal comma.
    """

    values: pd.Series
    numbers: int
    others: tuple[Cell, ...]
    commas: tuple[Cell, ...]


def read_column(column: pd.Series, decimal_comma: bool = False) -> Reading:
    """Every cell of a column of texts as a number, or why it is none."""
    values, others, commas, numbers = [], [], [], 0
    for line, text in column.items():
        value = float("nan")
        if text not in NO_NUMBER:
            try:
                value = _number(text, decimal_comma)
                numbers += 1
                if "," in folded(text) and not _has_full_groups(text):
                    commas.append(Cell(int(str(line)), text, "comma"))
            except NotANumber:
                others.append(Cell(int(str(line)), text, kind_of(text, decimal_comma)))
        values.append(value)
    series = pd.Series(values, index=column.index, dtype=float, name=column.name)
    return Reading(series, numbers, tuple(others), tuple(commas))


def _number(text: str, decimal_comma: bool) -> float:
    """The number that a text is. Raises NotANumber, also for one beyond all numbers of a computer."""
    if text.lower() in TRUTHS:
        return TRUTHS[text.lower()]
    spelled = folded(text[:100])
    if decimal_comma and len(text) < 100:
        if _THOUSANDS.fullmatch(spelled):
            raise Ambiguous(text)
        if match := _COMMA.fullmatch(spelled):
            return _finite(float(number_in(f"{match[1].replace('.', '') or '0'}.{match[2]}{match[3] or ''}")), text)
    return _finite(float(read_number(text)), text)


def _finite(value: float, text: str) -> float:
    if value in (float("inf"), float("-inf")):
        raise NotANumber(text)
    return value


def _has_full_groups(text: str) -> bool:
    """Whether the commas of a number separate thousands: `1,234.5`, `1,234,567`."""
    spelled = folded(text)
    return "." in spelled.partition(",")[2] or spelled.count(",") > 1


def kind_of(text: str, decimal_comma: bool = False) -> str:
    """Which key of ADVICE a text is that is no number."""
    spelled = folded(text[:100])
    if _DATE.fullmatch(spelled):
        return "date"
    if decimal_comma and _THOUSANDS.fullmatch(spelled):
        return "point"
    if _COMMA.fullmatch(spelled):
        return "comma"
    for kind, pattern in (("comparison", _COMPARISON), ("marked", _MARKED)):
        if pattern.fullmatch(spelled):
            return kind
    return "text"


def listed(cells: Sequence[Cell], word: object = "line") -> str:
    """`line 5 “<0.05”, line 9 “>250”`, at most ten of them by name."""
    named = ", ".join(f"{word} {cell.line} “{cell.text[:40]}”" for cell in cells[:LISTED])
    return named + (f" and {len(cells) - LISTED} more" if len(cells) > LISTED else "")


def numbers(column: pd.Series, decimal_comma: bool = False) -> tuple[pd.Series, list[str]]:
    """A column that must hold numbers, and what to say of how it was read. Raises BadTable."""
    reading = read_column(column, decimal_comma)
    if reading.others:
        raise _refusal(column, reading, may_be_levels=False)
    return reading.values, _notes(column, reading)


def ends(column: pd.Series, decimal_comma: bool = False) -> tuple[pd.Series, list[str]]:
    """The right ends of intervals: missing or infinite where the event was not seen. Raises BadTable."""
    return numbers(column.where(~column.str.lower().isin(ENDLESS), ""), decimal_comma)


def covariate(column: pd.Series, categorical: bool, decimal_comma: bool = False) -> tuple[pd.Series, list[str]]:
    """A covariate: numbers if every text in it is one, levels if none looks like one. Raises BadTable for a mixture.

    `categorical` columns are levels whatever they hold.
    """
    if categorical:
        return _categories(column), alike(column)
    reading = read_column(column, decimal_comma)
    if not reading.others:
        return reading.values, _notes(column, reading)
    if reading.numbers >= len(reading.others) or any(cell.kind in NUMBER_LIKE for cell in reading.others):
        raise _refusal(column, reading, may_be_levels=True)
    different = len({text for text in column if text})
    if different > MOST_LEVELS:
        raise BadTable(
            f"Column {column.name} holds {different} different texts, which are no categories. "
            f"If they are: --categorical {column.name}.",
            str(column.name),
        )
    return levels(column), alike(column)


def _categories(column: pd.Series) -> pd.Series:
    """Levels that stay levels though they are numbers, in their order."""
    grouped = levels(column)
    known = grouped.dropna()
    if known.empty:
        return grouped
    coded = factor(known)
    spelled = pd.Series([coded.labels[code] for code in coded.codes], index=known.index).reindex(column.index)
    return pd.Series(pd.Categorical(spelled, categories=list(coded.labels)), index=column.index, name=column.name)


def levels(column: pd.Series) -> pd.Series:
    """A column of groups: every spelling a level of its own, blanks missing; whole numbers in their order."""
    spelled = {text for text in column if text}
    if all(text.isascii() and text.isdecimal() and len(text) < 16 and str(int(text)) == text for text in spelled):
        whole = [float(text) if text else float("nan") for text in column]
        return pd.Series(whole, index=column.index, dtype=float, name=column.name)
    return pd.Series([text or None for text in column], index=column.index, dtype=object, name=column.name)


def alike(column: pd.Series) -> list[str]:
    """Notes for levels that differ only in their spelling (`A` and `a`, `1` and `1.0`), and for one called `NA`."""
    spellings: dict[object, list[str]] = {}
    for text in dict.fromkeys(column):
        if text:
            spellings.setdefault(_meaning(text), []).append(text)
    notes = [
        f"Column {column.name}: {' and '.join(f'“{text}”' for text in same)} are different levels."
        for same in spellings.values()
        if len(same) > 1
    ]
    absent = [text for text in dict.fromkeys(column) if text in NO_NUMBER and text]
    return notes + [
        f"Column {column.name}: “{text}” is a level like the others; leave a cell empty where the value is missing."
        for text in absent
    ]


def _meaning(text: str) -> object:
    try:
        return read_number(text)
    except NotANumber:
        return folded(text)


def status(column: pd.Series, value: str | None, competing: Sequence[str] = ()) -> tuple[pd.Series, list[str]]:
    """1 for the event, 2, 3 ... for the competing ones in their order, 0 for neither, NaN where nothing is known.

    `value` is the text of the event, if it is not coded 1 and 0. Raises BadTable for a value that never occurs, and
    for one that is neither 0 nor an event where the event is not named.
    """
    counted = Counter(text for text in column if text not in NO_NUMBER)
    meant = {text: cause for cause, each in enumerate((value or "1", *competing), start=1) for text in counted
             if same(text, each)}  # fmt: skip
    for cause, each in enumerate((value, *competing), start=1):
        if each is not None and cause not in meant.values():
            known = ", ".join(sorted(counted)[:20])
            raise BadTable(
                f"No row has the value “{each}” in column {column.name}; it holds {known}.", str(column.name)
            )
    others = {text: count for text, count in counted.items() if text not in meant}
    strange = [text for text in others if not same(text, "0")]
    if value is None and strange:
        shown = ", ".join(f"“{text}” ({count} rows)" for text, count in sorted(counted.items())[:LISTED])
        last = sorted(strange)[-1]
        compete = f" If it competes with the event 1: --competing {last}." if 1 in meant.values() else ""
        raise BadTable(
            f"Column {column.name} must hold 1 for an event and 0 for none; it holds {shown}. "
            f"Name the value that is an event: --event-value {last}.{compete}",
            str(column.name),
        )
    codes = [float("nan") if text in NO_NUMBER else float(meant.get(text, 0)) for text in column]
    notes = []
    if len({_meaning(text) for text in others}) > 1:
        shown = ", ".join(f"“{text}” ({count} rows)" for text, count in sorted(others.items())[:LISTED])
        notes = [f"Column {column.name}: all of {shown} count as censored."]
    return pd.Series(codes, index=column.index, dtype=float, name=column.name), notes


def same(text: str, value: str) -> bool:
    """The same text, or the same number: 2 and 2.0, 1 and true."""
    value = value.strip()
    if text == value or TRUTHS.get(text.lower(), -1.0) == {"0": 0.0, "1": 1.0}.get(value):
        return True
    try:
        return read_number(text) == read_number(value)
    except NotANumber:
        return False


def _refusal(column: pd.Series, reading: Reading, may_be_levels: bool) -> BadTable:
    kinds = dict.fromkeys(cell.kind for cell in reading.others)
    advice = " ".join(ADVICE[kind] for kind in kinds)
    if may_be_levels:
        advice += f" If the column is one of categories: --categorical {column.name}."
    count = len(reading.others)
    others = "1 cell that is none" if count == 1 else f"{count} cells that are none"
    holds = f"it holds {reading.numbers} number{'s' if reading.numbers != 1 else ''} and {others}"
    cells = listed(reading.others, column.index.name)
    return BadTable(
        f"Column {column.name} must hold numbers only; {holds}: {cells}. {advice}",
        str(column.name),
    )


def _notes(column: pd.Series, reading: Reading) -> list[str]:
    if not reading.commas:
        return []
    return [
        f"Column {column.name}: the comma was read as a decimal comma, cells: {len(reading.commas)} "
        f"({listed(reading.commas[:2], column.index.name)})."
    ]
