"""The missing baseline covariates of the primary analysis, imputed, and the planned model pooled over them. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import exp
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import plan
from analysis.outputs import sensitivity_fits
from analysis.outputs.estimates import Estimate
from analysis.survival.fits import result_of
from analysis.survival.imputation import Pooled, impute, nelson_aalen, pooled
from analysis.survival.results import Refusal

#: A value of the bundle's imputed.csv: imputation, participant, covariate, value.
COLUMNS = ("IMPUTATION", "SUBJID", "VARIABLE", "VALUE")


@dataclass(frozen=True)
class Imputed:
    """The rows of the primary analysis once per imputation; none where nothing is missing."""

    missing: dict[str, int]
    frames: tuple[pd.DataFrame, ...]
    values: tuple[tuple[int, str, str, Any], ...]


def imputed(rows: pd.DataFrame) -> Imputed | Refusal:
    """Impute the covariates of the plan, or why that was refused; the seed is made of the rows themselves."""
    missing = missing_by_covariate(rows)
    if not any(missing.values()):
        return Imputed(missing, (), ())
    return result_of("imputation", lambda: _imputed(rows, missing))


def missing_by_covariate(rows: pd.DataFrame) -> dict[str, int]:
    """How many lack each covariate."""
    return {name: int(np.isnan(_numbers(rows[name])[0]).sum()) for name in sensitivity_fits.ADJUSTED}


def _imputed(rows: pd.DataFrame, missing: dict[str, int]) -> Imputed:
    coded = {name: _numbers(rows[name]) for name in sensitivity_fits.ADJUSTED}
    event = rows["EVENT"].to_numpy() == 1
    hazard = nelson_aalen(rows["NOMWEEK"].to_numpy(dtype=np.float64), event)
    arms = [(rows["ARMCD"] == arm).to_numpy(dtype=np.float64) for arm in sorted(set(rows["ARMCD"]))[1:]]
    filled = impute(
        {name: numbers for name, (numbers, _) in coded.items()},
        np.column_stack([*arms, event.astype(np.float64), hazard]),
        imputations=plan.IMPUTATIONS,
        seed=_seed(rows),
    )
    frames = tuple(rows.assign(**{name: _values(each[name], coded[name][1]) for name in each}) for each in filled)
    return Imputed(missing, frames, tuple(_listed(rows, frames)))


def _numbers(column: pd.Series[Any]) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    """A column as numbers with NaN for what is missing; of texts the place in the order of the levels."""
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(dtype=np.float64), ()
    texts = [value.strip() if isinstance(value, str) else "" for value in column]
    levels = tuple(sorted({text for text in texts if text}))
    return np.array([levels.index(text) if text else np.nan for text in texts], dtype=np.float64), levels


def _values(numbers: npt.NDArray[np.float64], levels: tuple[str, ...]) -> list[Any]:
    return [levels[int(number)] for number in numbers] if levels else numbers.tolist()


def _seed(rows: pd.DataFrame) -> int:
    columns = ["SUBJID", "ARMCD", "NOMWEEK", "EVENT", *sensitivity_fits.ADJUSTED]
    lines = "\n".join("|".join(map(str, row)) for row in rows[columns].itertuples(index=False))
    return int.from_bytes(hashlib.sha256(lines.encode()).digest()[:8])


def _listed(rows: pd.DataFrame, frames: tuple[pd.DataFrame, ...]) -> Iterator[tuple[int, str, str, Any]]:
    for k, frame in enumerate(frames, start=1):
        for name in sensitivity_fits.ADJUSTED:
            for place in np.flatnonzero(np.isnan(_numbers(rows[name])[0])):
                yield k, str(rows["SUBJID"].iloc[place]), name, frame[name].iloc[place]


def estimate(rows: pd.DataFrame, imputation: Imputed | Refusal) -> tuple[Estimate, Pooled | None]:
    """The planned model in everybody, pooled over the imputations."""
    sizes = Estimate(len(rows), int(rows["EVENT"].sum()), sensitivity_fits.groups(rows, "ARMCD"), None)
    if isinstance(imputation, Refusal):
        return replace(sizes, refused=(imputation,)), None
    models = [sensitivity_fits.estimate(frame, "NOMWEEK") for frame in imputation.frames]
    refused = next((model.refused for model in models if model.refused), ())
    terms = [model.term for model in models if model.shown and model.term]
    if not terms or len(terms) < len(models):
        return replace(sizes, refused=refused), None
    effects = [term.coef for term in terms if term.coef is not None]
    spreads = [term.se**2 for term in terms if term.se is not None]
    columns = len(sensitivity_fits.ADJUSTED) - 1 + rows["BCLC"].nunique()  # the arm, age, HBsAg and every stage but one
    result = pooled(effects, spreads, complete_df=sizes.events - columns)
    term = replace(
        terms[0], coef=result.estimate, se=result.se, se_naive=None, z=result.estimate / result.se, p=result.p,
        hr=exp(result.estimate), lower=exp(result.lower), upper=exp(result.upper),
    )  # fmt: skip
    return replace(sizes, term=term), result
