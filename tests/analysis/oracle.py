"""Reads the R reference files and compares numbers with them within `tolerances.json`.

Reference files live in `tests/reference` (see its README.md). The real cohort `hcc_resection` is not ours
to copy: it is read from PRTRAS_ORACLE, or from `shared/oracle/public` beside the checkout, and skipped where
absent.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "oracle" / "public"
PRIVATE = Path(os.environ.get("PRTRAS_ORACLE", BESIDE))
DATASETS = (
    "colon",
    "lung",
    "veteran",
    "gbsg",
    "mgus2",
    "heart",
    "pbcseq_cp",
    "prtras_synth_a",
    "hcc_resection",
)
NOT_COPIED = ("hcc_resection",)

TOLERANCES: dict[str, float] = {
    key: value
    for key, value in json.loads((REFERENCE / "tolerances.json").read_text()).items()
    if isinstance(value, int | float)
}
LARGEST: dict[str, float] = {}  # largest deviation met so far, per tolerance


@dataclass(frozen=True)
class Case:
    """One analysis of one data set: what R was asked (`spec`) and what it answered (`expected`)."""

    dataset: str
    id: str
    type: str
    spec: dict[str, Any]
    expected: dict[str, Any]

    def frame(self) -> pd.DataFrame:
        """The rows R analysed, after `spec.filter`, before rows with missing values are dropped."""
        frame = table(self.dataset)
        for rule in listed(self.spec.get("filter")):
            column = frame[rule["col"]]
            if rule["op"] == "notna":
                frame = frame[column.notna() & (column != "")]
            elif rule["op"] == "gt":
                frame = frame[column > rule["val"]]
            elif rule["op"] == "gt_col":
                frame = frame[column > frame[rule["val"]]]
        assert len(frame) == self.spec["n_rows_after_filter"]
        return frame


def listed(value: Any) -> list[Any]:
    """R writes vectors of length 1 as scalars and absent arguments not at all."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def folder(dataset: str) -> Path:
    return PRIVATE if dataset in NOT_COPIED else REFERENCE


@cache
def table(dataset: str) -> pd.DataFrame:
    return pd.read_csv(folder(dataset) / f"{dataset}.csv")


@cache
def read(dataset: str) -> tuple[Case, ...]:
    analyses = json.loads((folder(dataset) / f"{dataset}.json").read_text())["analyses"]
    return tuple(Case(dataset, a["id"], a["type"], a["spec"], a["expected"]) for a in analyses)


def cases(*types: str, having: Callable[[Case], bool] = lambda case: True) -> list[Any]:
    """Parameters for `pytest.mark.parametrize("case", ...)`: every analysis of these types and nature."""
    return [parameter for dataset in DATASETS for parameter in _parameters(dataset, types, having)]


def _parameters(dataset: str, types: tuple[str, ...], having: Callable[[Case], bool]) -> list[Any]:
    if not (folder(dataset) / f"{dataset}.json").exists():
        reason = f"{dataset} is not in {folder(dataset)} (set PRTRAS_ORACLE)"
        return [pytest.param(None, id=dataset, marks=pytest.mark.skip(reason=reason))]
    cases = (case for case in read(dataset) if case.type in types and having(case))
    return [pytest.param(case, id=f"{dataset}-{case.id}") for case in cases]


def case(dataset: str, id: str) -> Case:
    return next(c for c in read(dataset) if c.id == id)


def edge_case(id: str) -> dict[str, Any]:
    """One tiny inline data set of `edge_cases.json`, with its `why`."""
    every = json.loads((REFERENCE / "edge_cases.json").read_text())["cases"]
    return next(edge for edge in every if edge["id"] == id)


def close(actual: Any, expected: Any, key: str, what: str = "") -> None:
    """Assert that numbers (nested lists, None = NA) agree within tolerance `key`; `*_rel` is relative."""
    if isinstance(actual, list | tuple) or isinstance(expected, list | tuple):
        given, references = (list(v) if isinstance(v, tuple) else listed(v) for v in (actual, expected))
        assert len(given) == len(references), f"{what}: {len(given)} values instead of {len(references)}"
        for index, (a, e) in enumerate(zip(given, references, strict=True)):
            close(a, e, key, f"{what}[{index}]")
    elif expected is None or actual is None:
        assert actual is expected, f"{what}: {actual} instead of {expected}"
    else:
        deviation = abs(actual - expected)
        if key.endswith("_rel") and expected != 0:
            deviation /= abs(expected)
        LARGEST[key] = max(LARGEST.get(key, 0.0), deviation)
        assert deviation <= TOLERANCES[key], f"{what}: {actual!r} instead of {expected!r} ({key})"
