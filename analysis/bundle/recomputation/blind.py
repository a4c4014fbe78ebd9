"""The blind endpoint review from its rounds and readings: counts, verdicts, agreement of the readers.

Kappa and its large-sample variance: Fleiss, Cohen & Everitt, Psychol Bull 1969;72:323-327.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from .comparison import Values
from .curves import Z
from .tables import Bundle, Row

PAIRS, VERDICTS, SIDES = ("YY", "YN", "NY", "NN"), ("Y", "N", "NE"), ("11", "10", "01", "00")


@dataclass(frozen=True)
class Case:
    """The newest round of a participant: the last scan shown, and the readings by part."""

    through: str
    readings: dict[str, Row]

    @property
    def verdicts(self) -> str:
        """Both independent verdicts in a row; empty before both are there."""
        both = [self.readings[part]["VERDICT"] for part in ("first", "second") if part in self.readings]
        return "".join(both) if len(both) == 2 else ""

    @property
    def agreed(self) -> bool:
        """The same verdict and the same scan."""
        if not self.verdicts:
            return False
        first, second = self.readings["first"], self.readings["second"]
        return all(first[column] == second[column] for column in ("VERDICT", "EVIDENCE"))

    @property
    def final(self) -> Row | None:
        """The adjudication, or the first of two readings that agree."""
        return self.readings.get("final") or (self.readings["first"] if self.agreed else None)


def cases(bundle: Bundle) -> dict[str, Case]:
    """By participant."""
    newest: dict[str, Row] = {}
    for row in sorted(bundle.form("blind_rounds"), key=lambda row: int(row["ROUND"])):
        newest[row["SUBJID"]] = row
    readings: dict[str, dict[str, Row]] = {number: {} for number in newest}
    for row in bundle.form("blind_readings"):
        if row["ROUND"] == newest[row["SUBJID"]]["ROUND"]:
            readings[row["SUBJID"]][row["PART"]] = row
    return {number: Case(row["THROUGH"], readings[number]) for number, row in newest.items()}


def endpoint_review(bundle: Bundle) -> Values:
    """Every line of the table."""
    every = list(cases(bundle).values())
    pairs = Counter(case.verdicts for case in every if case.verdicts)
    adjudicated, agreed = (sum("final" in case.readings for case in every),
                           sum(case.agreed and "final" not in case.readings for case in every))  # fmt: skip
    events = {
        name: {row["SUBJID"]: str(int(row["CNSR"] == "0")) for row in bundle.table("adtte.csv")
               if row["PARAMCD"] == name and row["FASFL"] == "Y"}
        for name in ("TTR", "TTRBICR")
    }  # fmt: skip
    sides = Counter(events["TTR"][number] + event for number, event in events["TTRBICR"].items())
    final = Counter(case.final["VERDICT"] for case in every if case.final)
    twice = sum(pairs.values())
    values: Values = {
        "analysed": len(events["TTR"]), "counted": len(events["TTRBICR"]), "cases": len(every), "read_twice": twice,
        "agreed": agreed, "adjudicated": adjudicated, "waiting": twice - agreed - adjudicated,
        "unassessable": twice - sum(pairs[pair] for pair in PAIRS), "final": sum(final.values()),
    }  # fmt: skip
    values |= {f"final {verdict}": final[verdict] for verdict in VERDICTS}
    values |= {f"pairs {pair}": pairs[pair] for pair in PAIRS}
    values |= {f"sides {side}": sides[side] for side in SIDES}
    return values | _kappa([[pairs["YY"], pairs["YN"]], [pairs["NY"], pairs["NN"]]])


def _kappa(counts: list[list[int]]) -> Values:
    table = np.array(counts, dtype=np.float64)
    n = table.sum()
    names = ("observed", "value", "se", "lower", "upper")
    if not n or max(table[0, 0], table[1, 1]) == n:
        return {f"kappa {name}": None for name in names}
    p = table / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, chance = float(np.trace(p)), float(rows @ columns)
    kappa = (observed - chance) / (1 - chance)
    sums = np.add.outer(columns, rows)  # of cell (i, j): column i and row j
    on = float(np.sum(np.diag(p) * ((1 - chance) - np.diag(sums) * (1 - observed)) ** 2))
    off = float(np.sum((p * sums**2)[~np.eye(2, dtype=bool)]))
    variance = (on + (1 - observed) ** 2 * off - (observed * chance - 2 * chance + observed) ** 2) / n
    se = math.sqrt(max(variance, 0.0)) / (1 - chance) ** 2
    limits = (max(-1.0, kappa - Z * se), min(1.0, kappa + Z * se))
    return {f"kappa {name}": value for name, value in zip(names, (observed, kappa, se, *limits), strict=True)}
