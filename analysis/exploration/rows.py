"""The texts of a table as the columns that the estimators read. Pure."""

from dataclasses import dataclass

import pandas as pd

from analysis.exploration.cells import (
    LISTED,
    MOST_LEVELS,
    alike,
    covariate,
    ends,
    levels,
    numbers,
    read_column,
    same,
    status,
)
from analysis.exploration.request import Request, RequestRefused, check_levels, unused_doubles
from analysis.survival.survival_data import BadTable, factor, label

#: The column of CDISC's ADTTE that names the endpoint of a row.
PARAMETER = "PARAMCD"


@dataclass(frozen=True)
class TypedTable:
    """The named columns by what they are for; `causes` are 0, 1 (the event), 2 ... by row where some compete."""

    frame: pd.DataFrame
    causes: pd.Series | None
    notes: tuple[str, ...]


def selected(texts: pd.DataFrame, request: Request) -> pd.DataFrame:
    """The rows that `where` names. Raises BadTable for a value that never occurs, and for several endpoints at once."""
    chosen = texts
    for name, value in request.where.items():
        rows = chosen[[same(text, value) for text in chosen[name]]]
        if rows.empty:
            known = ", ".join(sorted(set(chosen[name]))[:20])
            raise BadTable(f"No row has the value “{value}” in column {name} (--where); it holds {known}.", name)
        chosen = rows
    if list(texts.columns).count(PARAMETER) == 1 and chosen[PARAMETER].nunique() > 1:
        known = ", ".join(sorted(set(chosen[PARAMETER])))
        raise BadTable(
            f"The rows are those of several endpoints ({known}): choose one, --where {PARAMETER}=...", PARAMETER
        )
    return chosen


def typed(texts: pd.DataFrame, request: Request) -> TypedTable:
    """The columns that the request names. Raises BadTable, and RequestRefused for a reference that never occurs."""
    read: dict[str, tuple[pd.Series, list[str]]] = {}
    for name in request.modelled:
        categorical = name in request.categorical or name in request.reference
        read[name] = covariate(texts[name], categorical, request.decimal_comma)
    for name in request.groupings:
        coded = name in request.categorical or name in request.reference
        if name not in read or not (coded or _is_measured(texts[name], request.decimal_comma)):
            read[name] = (levels(texts[name]), alike(texts[name]))
    _check_groups(texts, request)
    for measured in (request.time, request.entry):
        if measured:
            read[measured] = numbers(texts[measured], request.decimal_comma)
    causes = None
    if request.event:
        codes, notes = status(texts[request.event], request.event_value, request.competing)
        causes = codes if request.competing else None
        read[request.event] = (codes.where(codes.isna(), (codes == 1).astype(float)), notes)
    if request.interval:
        left, right = request.interval
        read[left] = numbers(texts[left], request.decimal_comma)
        read[right] = ends(texts[right], request.decimal_comma)
    columns = {name: column for name, (column, _) in read.items()}
    _check_times(texts, columns, request)
    notes = unused_doubles(request, texts.columns) + [note for _, notes in read.values() for note in notes]
    return TypedTable(_referenced(columns, request), causes, tuple(dict.fromkeys(notes)))


def _check_groups(texts: pd.DataFrame, request: Request) -> None:
    """The arm, and what has a reference level, is a column of groups, not of measurements or names."""
    referenced = [name for name in request.reference if name not in request.categorical]
    for name in filter(None, (request.arm, *referenced)):
        different = len({text for text in texts[name] if text})
        if different > MOST_LEVELS:
            raise BadTable(f"Column {name} holds {different} different values, which are no groups.", name)


def _is_measured(column: pd.Series, decimal_comma: bool) -> bool:
    """Whether a column that is a covariate too holds numbers that are no codes: 3.4, not 1, 2, 3."""
    reading = read_column(column, decimal_comma)
    return not reading.others and levels(column).dtype == object


def _check_times(texts: pd.DataFrame, columns: dict[str, pd.Series], request: Request) -> None:
    """No time is negative, nobody enters at or after their end, no interval ends before it begins."""
    left, right = request.interval or (None, None)
    for name in (request.time, request.entry, left, right):
        if name and (columns[name] < 0).any():
            where = _where(texts, columns[name] < 0, name)
            raise BadTable(f"Column {name} holds a negative time: {where}.", name)
    if request.entry:
        late = columns[request.entry] >= columns[request.time]
        if late.any():
            where = _where(texts, late, request.entry, request.time)
            raise BadTable(f"The entry is not before the end of the follow-up: {where}.", request.entry)
    if left and right:
        reversed_ = (columns[right] < columns[left]) | (columns[right] == 0)
        if reversed_.any():
            where = _where(texts, reversed_, left, right)
            raise BadTable(f"The interval ends before it begins, or at 0: {where}.", right)


def _where(texts: pd.DataFrame, rows: "pd.Series[bool]", *names: str) -> str:
    """`line 3 (36, 12), line 9 (40, 40)`: where the rows stand, with the cells of these columns."""
    lines = texts.index[rows]
    shown = ", ".join(
        f"{texts.index.name} {line} ({', '.join(str(texts.loc[line, name]) for name in names)})"
        for line in lines[:LISTED]
    )
    return shown + (f" and {len(lines) - LISTED} more" if len(lines) > LISTED else "")


def _referenced(columns: dict[str, pd.Series], request: Request) -> pd.DataFrame:
    """The table, a group with a reference as a category that begins with it."""
    labels = {name: _labels(columns[name], name) for name in request.reference}
    check_levels(request, labels)
    for name, level in request.reference.items():
        if name in request.groupings:
            spelled = columns[name].map(label, na_action="ignore")
            order = [level, *(other for other in labels[name] if other != level)]
            columns[name] = pd.Series(pd.Categorical(spelled, categories=order), index=spelled.index, name=name)
    return pd.DataFrame(columns)


def _labels(column: pd.Series, name: str) -> tuple[str, ...]:
    known = column.dropna()
    if known.empty:
        raise RequestRefused(f"Column {name} holds no value.")
    return factor(known).labels
