"""Confirmed HBsAg loss with death competing, the response of HBV DNA, and the decline of HBsAg (E1, E5, E6).

Also its correlation with the dose: Spearman, limits by Bonett & Wright (Psychometrika 2000;65:23).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from .comparison import Values
from .curves import Z
from .risks import incidences
from .tables import ARMS, Bundle, Floats, Row

CAUSES = {1: "loss", 2: "death"}
GIVEN = ("GIVEN", "REDUCED", "DELAYED")
#: log10 of half the limit of 10 IU/mL; the limit of a less sensitive assay counts as more and proves nothing.
PROVEN = math.log10(5) + 0.005


def hbsag_loss(bundle: Bundle) -> Values:
    """Incidences at the read week, by arm."""
    return _hbsag_loss(bundle, ARMS, lambda arm: arm)


def hbsag_loss_pooled(bundle: Bundle) -> Values:
    """The same of everybody."""
    return _hbsag_loss(bundle, ("all",), lambda arm: "all")


def _hbsag_loss(bundle: Bundle, groups: Sequence[str], group_of: Callable[[str], str]) -> Values:
    """By the group of each arm; whoever died without loss leaves at death."""
    deaths = {row["SUBJID"]: row for row in bundle.table("adtte.csv") if row["PARAMCD"] == "OS"}
    rows = [row for row in bundle.table("adtte.csv") if row["PARAMCD"] == "TTHBSL"]
    values: Values = {"not at risk": len(deaths) - len(rows)}
    for group in sorted({group_of(row["ARMCD"]) for row in rows}):
        own = [row for row in rows if group_of(row["ARMCD"]) == group]
        cause = np.array([_cause(row, deaths[row["SUBJID"]]) for row in own], dtype=np.float64)
        week = np.array(
            [float((deaths[row["SUBJID"]] if c == 2 else row)["NOMWEEK"]) for row, c in zip(own, cause, strict=True)]
        )
        values |= incidences(bundle, group, week, cause, CAUSES)
    return values | _outcomes(bundle, rows, groups, group_of)


def _outcomes(bundle: Bundle, rows: list[Row], groups: Sequence[str], group_of: Callable[[str], str]) -> Values:
    """What became of a loss, by the status of the samples and anti-HBs."""
    lost = {row["SUBJID"]: row["ADT"] for row in rows if row["CNSR"] == "0"}
    ever: dict[str, set[str]] = {"cure": set(), "antibody": set(), "again": set()}
    for row in bundle.form("lbviro"):
        if not row["viro_date"] or row["viro_date"] < lost.get(row["SUBJID"], "9999"):
            continue
        for name, reached in (
            ("cure", row["hbsag_status"] == "FUNCURE"),
            ("again", row["hbsag_status"] == "REVERTED"),
            ("antibody", row["hbsab_q"] != "<" and row["hbsab_val"] != "" and float(row["hbsab_val"]) >= 10),
        ):
            ever[name] |= {row["SUBJID"]} if reached else set()
    values: Values = {}
    for group in groups:
        own = {row["SUBJID"] for row in rows if group_of(row["ARMCD"]) == group}
        values |= {f"{group} ever n": len(own), f"{group} ever loss": len(own & lost.keys())}
        values |= {f"{group} ever {name}": len(own & who) for name, who in ever.items()}
    return values


def _cause(row: Row, overall: Row) -> int:
    return 1 if row["CNSR"] == "0" else 2 if overall["CNSR"] == "0" else 0


def virological_response(bundle: Bundle) -> Values:
    """By arm and visit."""
    return _response(bundle, ARMS, _arms(bundle))


def virological_response_pooled(bundle: Bundle) -> Values:
    """Of everybody, by visit."""
    return _response(bundle, ("all",), dict.fromkeys(_arms(bundle), "all"))


def _arms(bundle: Bundle) -> dict[str, str]:
    return {p["SUBJID"]: p["ARMCD"] for p in bundle.form("participants") if p["ARMCD"] in ARMS and p["DAY0"]}


def _response(bundle: Bundle, groups: Sequence[str], group_of: dict[str, str]) -> Values:
    visits: dict[str, dict[str, Row]] = defaultdict(dict)
    baseline: dict[str, dict[str, float]] = defaultdict(dict)
    for row in bundle.form("lbviro"):
        visits[row["SUBJID"]][row["VISIT"]] = row
        if row["hbsag_log"]:
            baseline[row["SUBJID"]][row["VISIT"]] = float(row["hbsag_log"])
    dna: dict[tuple[str, int], list[bool]] = defaultdict(list)
    change: dict[tuple[str, int], list[float]] = defaultdict(list)
    for number in group_of:
        first = baseline[number].get("W0", baseline[number].get("SCR"))
        for visit, row in visits[number].items():
            if not re.fullmatch(r"W\d+", visit):
                continue
            at = group_of[number], int(visit[1:])
            below = _below(row)
            dna[at] += [] if below is None else [below]
            change[at] += [float(row["hbsag_log"]) - first] if first is not None and row["hbsag_log"] else []
    values: Values = {}
    for each in groups:
        for week in range(12, bundle.plan["read_week"] + 1, 12):
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


def dose_response(bundle: Bundle) -> Values:
    """Cumulative dose up to the sample of a week against the change of HBsAg."""
    day_0 = {person["SUBJID"] for person in bundle.form("participants") if person["DAY0"]}
    doses: dict[str, list[Row]] = defaultdict(list)
    for dose in bundle.form("pegifn"):
        if dose["pg_status"] in GIVEN and dose["SUBJID"] in day_0:
            doses[dose["SUBJID"]].append(dose)
    visits: dict[str, dict[str, Row]] = defaultdict(dict)
    logs: dict[str, dict[str, str]] = defaultdict(dict)
    for row in bundle.form("lbviro"):
        visits[row["SUBJID"]][row["VISIT"]] = row
        if row["hbsag_log"]:
            logs[row["SUBJID"]][row["VISIT"]] = row["hbsag_log"]
    values: Values = {}
    for week in (24, 48):
        totals, changes, unknown = [], [], 0
        for who, given in doses.items():
            first, sample = logs[who].get("W0", logs[who].get("SCR")), visits[who].get(f"W{week}")
            if first is None or sample is None or not sample["hbsag_log"] or not sample["viro_date"]:
                continue
            by_then = [dose for dose in given if dose["pg_date"] <= sample["viro_date"]]
            if any(len(dose["pg_date"]) != 10 for dose in given) or any(not dose["pg_dose"] for dose in by_then):
                unknown += 1
            elif (total := sum(float(dose["pg_dose"]) for dose in by_then)) > 0:
                totals.append(total)
                changes.append(float(sample["hbsag_log"]) - float(first))
        x, y = np.array(totals, dtype=np.float64), np.array(changes, dtype=np.float64)
        values |= {f"week {week} n": len(x), f"week {week} unknown": unknown}
        values |= {f"week {week} {word}": value for word, value in _spearman(x, y).items()}
        cuts = np.quantile(x, [1 / 3, 2 / 3]) if len(x) else np.zeros(2)
        third = np.searchsorted(cuts, x, side="left")
        for k in range(3):
            values |= {f"week {week} third {k + 1} {w}": v for w, v in _third(x[third == k], y[third == k])}
    return values


def _spearman(x: Floats, y: Floats) -> Values:
    if len(x) < 10 or len(np.unique(x)) == 1 or len(np.unique(y)) == 1:
        return {"rho": None, "lower": None, "upper": None}
    rank = [np.array([((v < own).sum() + (v <= own).sum() + 1) / 2 for own in v]) for v in (x, y)]
    rho = float(np.corrcoef(rank[0], rank[1])[0, 1])
    if abs(rho) >= 1:
        return {"rho": rho, "lower": None, "upper": None}
    half = Z * math.sqrt((1 + rho**2 / 2) / (len(x) - 3))
    return {"rho": rho, "lower": math.tanh(math.atanh(rho) - half), "upper": math.tanh(math.atanh(rho) + half)}


def _third(dose: Floats, change: Floats) -> list[tuple[str, float | None]]:
    names = ("least", "dose", "most", "lower", "median", "upper")
    if not len(dose):
        return [("n", 0), *((name, None) for name in names)]
    quantiles = np.quantile(change, [0.25, 0.5, 0.75])
    numbers = [float(v) for v in (dose.min(), np.median(dose), dose.max(), *quantiles)]
    return [("n", len(dose)), *zip(names, numbers, strict=True)]
