"""Confirmed HBsAg loss with death competing, the response of HBV DNA, and the decline of HBsAg (E1, E5, E6)."""

from __future__ import annotations

import math
import re
from collections import defaultdict

import numpy as np

from .comparison import Values
from .risks import incidence
from .tables import ARMS, Bundle, Row

CAUSES = {1: "loss", 2: "death"}
#: log10 of half the limit of 10 IU/mL; the limit of a less sensitive assay counts as more and proves nothing.
PROVEN = math.log10(5) + 0.005


def hbsag_loss(bundle: Bundle) -> Values:
    """Incidences at the read week; whoever died without loss leaves at death."""
    deaths = {row["SUBJID"]: row for row in bundle.table("adtte.csv") if row["PARAMCD"] == "OS"}
    rows = [row for row in bundle.table("adtte.csv") if row["PARAMCD"] == "TTHBSL"]
    values: Values = {"not at risk": len(deaths) - len(rows)}
    for arm in sorted({row["ARMCD"] for row in rows}):
        own = [row for row in rows if row["ARMCD"] == arm]
        cause = np.array([_cause(row, deaths[row["SUBJID"]]) for row in own], dtype=np.float64)
        week = np.array(
            [float((deaths[row["SUBJID"]] if c == 2 else row)["NOMWEEK"]) for row, c in zip(own, cause, strict=True)]
        )
        for code, name in CAUSES.items():
            read = incidence(week, cause, code, bundle.plan["read_week"])
            values |= {f"{arm} {name} {word}": value for word, value in read.items()}
    return values


def _cause(row: Row, overall: Row) -> int:
    return 1 if row["CNSR"] == "0" else 2 if overall["CNSR"] == "0" else 0


def virological_response(bundle: Bundle) -> Values:
    """By arm and visit."""
    arm = {p["SUBJID"]: p["ARMCD"] for p in bundle.form("participants") if p["ARMCD"] in ARMS and p["DAY0"]}
    visits: dict[str, dict[str, Row]] = defaultdict(dict)
    baseline: dict[str, dict[str, float]] = defaultdict(dict)
    for row in bundle.form("lbviro"):
        visits[row["SUBJID"]][row["VISIT"]] = row
        if row["hbsag_log"]:
            baseline[row["SUBJID"]][row["VISIT"]] = float(row["hbsag_log"])
    dna: dict[tuple[str, int], list[bool]] = defaultdict(list)
    change: dict[tuple[str, int], list[float]] = defaultdict(list)
    for number in arm:
        first = baseline[number].get("W0", baseline[number].get("SCR"))
        for visit, row in visits[number].items():
            if not re.fullmatch(r"W\d+", visit):
                continue
            at = arm[number], int(visit[1:])
            below = _below(row)
            dna[at] += [] if below is None else [below]
            change[at] += [float(row["hbsag_log"]) - first] if first is not None and row["hbsag_log"] else []
    values: Values = {}
    for each in ARMS:
        for week in (24, 48, 96, 144):
            place = f"{each} week {week} HBV DNA"
            values |= {f"{place} assessed": len(dna[each, week]), f"{place} below": sum(dna[each, week])}
        for week in range(12, bundle.plan["read_week"] + 1, 12):
            place, seen = f"{each} week {week} HBsAg", change[each, week]
            values[f"{place} n"] = len(seen)
            quartiles = np.quantile(seen, [0.25, 0.5, 0.75]).tolist() if seen else [None] * 3
            values |= {f"{place} {w}": v for w, v in zip(("lower", "median", "upper"), quartiles, strict=True)}
    return values


def _below(row: Row) -> bool | None:
    if row["hbvdna_q"] == "LLOQ_DET" and row["hbvdna_log"] and float(row["hbvdna_log"]) > PROVEN:
        return None
    return {"TND": True, "LLOQ_DET": True, "QUANT": False, "GT_ULOQ": False}.get(row["hbvdna_q"])
