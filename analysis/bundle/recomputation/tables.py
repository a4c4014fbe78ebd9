"""Reads the files of the bundle: every cell is a text, an empty one is ''."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Row = dict[str, str]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
ARMS = ("A1", "A2")
TEXTS = ("ARMCD", "STARTDT", "ADT", "EVNTDESC", "FASFL", "SEX", "BCLC", "LASTNEG")
NUMBERS = ("ENTRY", "AVAL", "CNSR", "NOMWEEK", "AGE", "HBSAGLOG")


@dataclass(frozen=True)
class Endpoint:
    """The rows of one endpoint in its population: one entry per participant in every array.

    `negative` is the day of the last negative scan before an event; NaN where there is none.
    """

    who: npt.NDArray[np.str_]
    arm: npt.NDArray[np.str_]
    start: npt.NDArray[np.str_]
    entry: Floats
    days: Floats
    week: Floats
    event: Flags
    reason: npt.NDArray[np.str_]
    age: Floats
    sex: npt.NDArray[np.str_]
    stage: npt.NDArray[np.str_]
    hbsag: Floats
    negative: Floats

    def of(self, chosen: Flags) -> Endpoint:
        """The chosen rows."""
        return Endpoint(**{name: values[chosen] for name, values in vars(self).items()})

    @property
    def arms(self) -> list[str]:
        """The arms that are there, in order."""
        return sorted(set(self.arm.tolist()))


@dataclass(frozen=True)
class Observed:
    """Everybody's time: at risk on (entry, time] within a stratum, with a weight."""

    time: Floats
    event: Flags
    weight: Floats
    entry: Floats
    stratum: npt.NDArray[Any]

    def risk_sets(self) -> Iterator[tuple[float, Flags, Flags]]:
        """Every event time of every stratum: who is at risk, and who has the event."""
        for stratum in np.unique(self.stratum):
            within = self.stratum == stratum
            for t in np.unique(self.time[self.event & within]):
                yield float(t), within & (self.time >= t) & (self.entry < t), within & self.event & (self.time == t)


def observed(
    time: Floats,
    event: Flags,
    weight: Floats | None = None,
    *,
    entry: Floats | None = None,
    stratum: npt.NDArray[Any] | None = None,
) -> Observed:
    """Without a weight 1, without an entry at risk from the start, without a stratum all in one."""
    whole = np.full(len(time), -1.0)
    return Observed(
        time,
        event,
        np.ones(len(time)) if weight is None else weight,
        whole if entry is None else entry,
        whole if stratum is None else stratum,
    )


class Bundle:
    """The folder with its tables, each read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def expected(self) -> dict[str, Any]:
        """expected.json."""
        return dict(json.loads((self.folder / "expected.json").read_text("utf-8")))

    @property
    def plan(self) -> dict[str, Any]:
        """The facts of the plan."""
        return dict(self.expected["plan"])

    @property
    def cutoff(self) -> str:
        """The last day that counts."""
        return str(self.plan["cutoff"])

    @cache  # noqa: B019 (one bundle per process)
    def table(self, name: str) -> list[Row]:
        """The rows of a file."""
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as lines:
            csv.field_size_limit(2**31 - 1)
            return list(csv.DictReader(lines, strict=True))

    def form(self, name: str) -> list[Row]:
        """The rows of a raw form."""
        return self.table(f"data/{name}.csv")

    def forms(self) -> list[str]:
        """Every raw table with a row for each page."""
        paths = sorted((self.folder / "data").glob("*.csv"))
        return [path.stem for path in paths if self._is_form(path)]

    def _is_form(self, path: Path) -> bool:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            head = next(csv.reader(lines), [])
        return "PAGEVERSION" in head and "ROW" not in head

    def files_listed(self) -> dict[str, int]:
        """Every file of manifest.json with its bytes; none without a manifest."""
        path = self.folder / "manifest.json"
        if not path.exists():
            return {}
        return {name: facts["bytes"] for name, facts in json.loads(path.read_text("utf-8"))["files"].items()}

    def files_there(self) -> dict[str, float | None]:
        """The bytes of the listed files that are in the folder."""
        paths = {name: self.folder / name for name in self.files_listed()}
        return {name: path.stat().st_size for name, path in paths.items() if path.is_file()}

    def endpoints_in_file(self) -> dict[str, float | str | None]:
        """adtte.csv as places and values."""
        values: dict[str, float | str | None] = {"rows": len(self.table("adtte.csv"))}
        for row in self.table("adtte.csv"):
            place = f"{row['SUBJID']} {row['PARAMCD']}"
            values |= {f"{place} {column}": row[column] or None for column in TEXTS}
            values |= {f"{place} {column}": float(row[column]) if row[column] else None for column in NUMBERS}
        return values

    @cache  # noqa: B019 (one bundle per process)
    def endpoint(self, parameter: str) -> Endpoint:
        """The rows of an endpoint; time to recurrence is analysed in who has an evaluable scan after Day 0."""
        whole = parameter in ("RFS", "OS")
        rows = [
            row for row in self.table("adtte.csv") if row["PARAMCD"] == parameter and (whole or row["FASFL"] == "Y")
        ]

        def number(column: str) -> Floats:
            return np.array([float(row[column]) if row[column] else math.nan for row in rows], dtype=np.float64)

        def text(column: str) -> npt.NDArray[np.str_]:
            return np.array([row[column] for row in rows], dtype=np.str_)

        def day(row: Row) -> float:
            if not row["LASTNEG"]:
                return math.nan
            return (date.fromisoformat(row["LASTNEG"]) - date.fromisoformat(row["STARTDT"])).days + 1

        return Endpoint(
            text("SUBJID"), text("ARMCD"), text("STARTDT"), number("ENTRY"), number("AVAL"), number("NOMWEEK"),
            number("CNSR") == 0, text("EVNTDESC"), number("AGE"), text("SEX"), text("BCLC"), number("HBSAGLOG"),
            np.array([day(row) for row in rows], dtype=np.float64),
        )  # fmt: skip
