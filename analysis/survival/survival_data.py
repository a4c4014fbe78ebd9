"""How a table becomes analysis rows: named columns, missing rows counted, values checked, ties merged.

Every survival function of this package reads its data through `analysis_rows`, so that a missing value, a
negative time or a near tie means the same thing everywhere. Rows are put into one canonical order: results do
not depend on the order in which the database delivered them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.survival.results import Level

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TIE_TOLERANCE = math.sqrt(np.finfo(float).eps)  # R: survival::aeqSurv, argument `tolerance`


class BadTable(ValueError):
    """The table cannot be analysed. `message` says why in plain English, `column` names the culprit.

    `code` and `facts` say the same to who puts it into the reader's language (`analysis.outputs.number_texts`).
    """

    def __init__(self, message: str, column: str | None = None, *, code: str = "table", **facts: str) -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.code = code
        self.facts = facts | ({} if column is None else {"column": column})


@dataclass(frozen=True)
class Factor:
    """A grouping column: `codes` (n,) index into `labels`, which are in the column's natural order."""

    codes: Integers
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One column of the design matrix: its `name` as in R, the covariate and the level it stands for."""

    name: str
    covariate: str
    level: str | None
    reference: str | None
    values: Floats


@dataclass(frozen=True)
class AnalysisRows:
    """The n complete rows in canonical order. `entry` is None when everybody is observed from time 0."""

    time: Floats
    event: Flags
    entry: Floats | None
    group: Factor
    strata: Factor
    weights: Floats
    cluster: Factor | None
    design: tuple[Column, ...]
    n_read: int
    dropped: dict[str, int]

    @property
    def n(self) -> int:
        return len(self.time)

    @property
    def n_dropped(self) -> int:
        return self.n_read - self.n

    @property
    def matrix(self) -> Floats:
        """The design matrix, n rows by one column per term."""
        return np.column_stack([column.values for column in self.design])

    def levels(self, column: Column) -> tuple[Level, ...]:
        """The two values of a column, or a categorical level and its reference; () for other columns."""
        if column.level is None:
            values = np.unique(column.values)
            parts = [(f"{value:g}", column.values == value) for value in values if len(values) == 2]
        else:
            others = [other.values for other in self.design if other.covariate == column.covariate]
            parts = [(str(column.reference), np.sum(others, axis=0) == 0)]
            if column.level != column.reference:
                parts.append((column.level, column.values == 1))
        return tuple(Level(label, int(part.sum()), int((part & self.event).sum())) for label, part in parts)


def group_levels(rows: AnalysisRows) -> list[Level]:
    """Every group with its rows and events."""
    codes = rows.group.codes
    return [
        Level(name, int((codes == code).sum()), int(rows.event[codes == code].sum()))
        for code, name in enumerate(rows.group.labels)
    ]


def analysis_rows(
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    entry: str | None = None,
    group: str | None = None,
    strata: str | Sequence[str] = (),
    covariates: str | Sequence[str] = (),
    weights: str | None = None,
    cluster: str | None = None,
    reference: Mapping[str, str] | None = None,
) -> AnalysisRows:
    """Return the complete, checked rows of the named columns in canonical order.

    `time` and `entry` share one unit (days in this study), at risk on (entry, time]; `event` is 1/0 or
    True/False. A row with a missing value (or blank text) in any named column is dropped; `dropped` counts
    the missing values per column, so a row may count twice. Raises BadTable for an absent column, no complete
    row, text or infinite numbers where numbers belong, a negative time, an event other than 0/1, entry >=
    time or a weight <= 0.
    """
    strata, covariates = names(strata), names(covariates)
    single = [name for name in (time, event, entry, group, weights, cluster) if name is not None]
    complete, dropped = _complete(frame, list(dict.fromkeys([*single, *strata, *covariates])), time)
    times, entries = _checked_times(complete, time, entry)
    rows = AnalysisRows(
        time=times,
        event=_checked_event(complete[event]),
        entry=entries,
        group=factor(complete[group]) if group else _everybody(len(complete)),
        strata=_joint_factor(complete, strata),
        weights=_checked_weights(complete[weights]) if weights else np.ones(len(complete)),
        cluster=factor(complete[cluster]) if cluster else None,
        design=tuple(c for name in covariates for c in _coded(complete[name], (reference or {}).get(name))),
        n_read=len(frame),
        dropped=dropped,
    )
    return _in_canonical_order(rows)


def names(columns: str | Sequence[str]) -> tuple[str, ...]:
    """One column name or several, always as a tuple."""
    return (columns,) if isinstance(columns, str) else tuple(columns)


def finites(values: Floats) -> tuple[float | None, ...]:
    """The numbers as Python floats, None where undefined or infinite."""
    return tuple(value if math.isfinite(value) else None for value in values.tolist())


def merge_near_ties(time: Floats, entry: Floats | None = None) -> tuple[Floats, Floats | None]:
    """Give times that differ only by rounding one value, the smallest of them.

    Neighbours are equal when their distance is at most 1.5e-8, absolutely or relative to the mean of the
    distinct times: the rule documented for `aeqSurv` / `timefix` (R package survival, vignette "Tied times").
    """
    distinct = np.unique(time if entry is None else np.concatenate([time, entry]))
    gap = np.diff(distinct)
    scale = max(1.0, float(np.mean(np.abs(distinct))))
    starts = distinct[np.concatenate([[True], gap > TIE_TOLERANCE * scale])]

    def merged(values: Floats) -> Floats:
        return np.asarray(starts[np.searchsorted(starts, values, side="right") - 1], dtype=np.float64)

    return merged(time), None if entry is None else merged(entry)


def factor(column: pd.Series[Any]) -> Factor:
    """Code a complete column; labels in category, numeric or text order, whole numbers without a point."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        used = column.cat.remove_unused_categories()
        return Factor(used.cat.codes.to_numpy().astype(np.int64), tuple(label(v) for v in used.cat.categories))
    values = column.to_numpy()
    if values.dtype == object and not all(_is_number(value) for value in values):
        values = np.array([label(value) for value in values])
    distinct, codes = np.unique(values, return_inverse=True)
    return Factor(codes.astype(np.int64), tuple(label(value) for value in distinct.tolist()))


def _is_number(value: object) -> bool:
    return isinstance(value, Real | Decimal)


def label(value: object) -> str:
    """A level as it is written: whole numbers without a point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _everybody(n: int) -> Factor:
    return Factor(np.zeros(n, dtype=np.int64), ("all",))


def _joint_factor(complete: pd.DataFrame, columns: Sequence[str]) -> Factor:
    """One stratum per observed combination, labelled `sex=1, ecog=0`."""
    if not columns:
        return _everybody(len(complete))
    factors = [factor(complete[name]) for name in columns]
    distinct, codes = np.unique(np.column_stack([f.codes for f in factors]), axis=0, return_inverse=True)
    labels = (
        ", ".join(f"{name}={f.labels[code]}" for name, f, code in zip(columns, factors, row, strict=True))
        for row in distinct
    )
    return Factor(codes.reshape(-1).astype(np.int64), tuple(labels))


def _complete(frame: pd.DataFrame, columns: list[str], time: str) -> tuple[pd.DataFrame, dict[str, int]]:
    for name in columns:
        if (frame.columns == name).sum() != 1:
            raise BadTable(f"The table must have exactly one column '{name}'.", name, code="no_column")
    missing = {name: _is_missing(frame[name]) for name in columns}
    keep = ~np.logical_or.reduce(list(missing.values()))
    if not keep.any():
        raise BadTable("No row has a value in every column of this analysis.", time, code="no_rows")
    return frame.loc[keep, columns], {name: int(lost.sum()) for name, lost in missing.items()}


def _is_missing(column: pd.Series[Any]) -> Flags:
    missing = column.isna().to_numpy(dtype=np.bool_)
    if not pd.api.types.is_numeric_dtype(column):
        blank = [isinstance(value, str) and not value.strip() for value in column]
        missing = missing | np.array(blank, dtype=np.bool_)
    return missing


def _numbers(column: pd.Series[Any]) -> Floats:
    """A complete column as floats; BadTable if it holds text, dates or infinite values."""
    if not (pd.api.types.is_numeric_dtype(column) or all(_is_number(value) for value in column)):
        raise BadTable(f"Column '{column.name}' must hold numbers only.", str(column.name), code="not_numbers")
    values = column.to_numpy(dtype=np.float64)
    if not np.isfinite(values).all():
        raise BadTable(f"Column '{column.name}' holds an infinite value.", str(column.name), code="infinite_value")
    return values


def _checked_times(complete: pd.DataFrame, time: str, entry: str | None) -> tuple[Floats, Floats | None]:
    raw = {name: _numbers(complete[name]) for name in (time, entry) if name is not None}
    for name, values in raw.items():
        if (values < 0).any():
            raise BadTable(f"Column '{name}' holds a negative time.", name, code="negative_time")
    times, entries = merge_near_ties(raw[time], None if entry is None else raw[entry])
    if entries is not None and (entries >= times).any():
        raise BadTable(
            f"A row enters ('{entry}') at or after the end of its follow-up ('{time}').", entry, code="entry_after_end"
        )
    return times, entries


def _checked_event(column: pd.Series[Any]) -> Flags:
    values = _numbers(column)
    if not np.isin(values, (0.0, 1.0)).all():
        raise BadTable(
            f"Column '{column.name}' must be 1 (event) or 0 (censored).", str(column.name), code="not_an_event"
        )
    return np.asarray(values == 1, dtype=np.bool_)


def _checked_weights(column: pd.Series[Any]) -> Floats:
    values = _numbers(column)
    if (values <= 0).any():
        raise BadTable(
            f"Column '{column.name}' holds a weight that is not greater than 0.", str(column.name), code="weight"
        )
    return values


def _coded(column: pd.Series[Any], reference: str | None) -> list[Column]:
    """Numbers stay one column; text and categories become one 0/1 column per level but the reference."""
    name = str(column.name)
    numeric = pd.api.types.is_numeric_dtype(column) or not any(isinstance(value, str) for value in column)
    if numeric and reference is None and not isinstance(column.dtype, pd.CategoricalDtype):
        return [Column(name, name, None, None, _numbers(column))]
    if column.dtype == object and len({isinstance(value, str) for value in column}) > 1:
        raise BadTable(f"Column '{name}' mixes text and numbers.", name, code="mixed")
    levels = factor(column)
    base = levels.labels[0] if reference is None else reference
    if base not in levels.labels:
        raise BadTable(
            f"Column '{name}' has no row with the reference level '{base}'.", name, code="no_reference", level=base
        )
    if len(levels.labels) == 1:
        return [Column(name, name, base, base, np.zeros(len(column)))]
    return [
        Column(f"{name}{label}", name, label, base, (levels.codes == code).astype(np.float64))
        for code, label in enumerate(levels.labels)
        if label != base
    ]


def _in_canonical_order(rows: AnalysisRows) -> AnalysisRows:
    keys: list[npt.NDArray[Any]] = [rows.strata.codes, rows.time, ~rows.event, rows.group.codes, rows.weights]
    keys += [column.values for column in rows.design]
    keys += [] if rows.entry is None else [rows.entry]
    keys += [] if rows.cluster is None else [rows.cluster.codes]
    order = np.lexsort(keys[::-1])
    return AnalysisRows(
        time=rows.time[order],
        event=rows.event[order],
        entry=None if rows.entry is None else rows.entry[order],
        group=Factor(rows.group.codes[order], rows.group.labels),
        strata=Factor(rows.strata.codes[order], rows.strata.labels),
        weights=rows.weights[order],
        cluster=None if rows.cluster is None else Factor(rows.cluster.codes[order], rows.cluster.labels),
        design=tuple(Column(c.name, c.covariate, c.level, c.reference, c.values[order]) for c in rows.design),
        n_read=rows.n_read,
        dropped=rows.dropped,
    )
