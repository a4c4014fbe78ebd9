"""What participants are like by arm: baseline characteristics, and the pattern of recurrence.

Absolute standardised differences: Austin, Stat Med 2009;28:3083 (quantities); Yang & Dalton, SAS Global Forum 2012, 335
(categories); quartiles as R's type 7. What is missing is counted and is no level.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from .comparison import Values
from .tables import ARMS, Bundle, Row

Levels = Mapping[str, tuple[str, ...]]
#: Place of each quantity and category of the baseline: form, item.
QUANTITIES = {
    "age": ("dm", "age_consent"), "size": ("hcc", "largest_mm"), "wait": ("radtx", "days_to_w0"),
    "afp": ("hcc", "pre_afp"), "hbsag": ("lbviro", "hbsag_log"), "hbvdna": ("lbviro", "hbvdna_log"),
}  # fmt: skip
CATEGORIES = {
    "sex": ("dm", "sex"), "bclc": ("hcc", "bclc_ent"), "tumours": ("hcc", "n_tumours"), "mvi": ("path", "mvi"),
    "treatment": ("radtx", "tx_type"), "cirrhosis": ("hbvhx", "cirrhosis"), "child": ("hcc", "cp_pre"),
    "afp_level": ("hcc", "pre_afp"), "hbeag": ("lbviro", "hbeag_res"),
}  # fmt: skip
GROUPED: dict[str, Callable[[str], str]] = {
    "tumours": lambda text: text if int(text) <= 2 else "3+",
    "afp_level": lambda text: "400-" if float(text) >= 400 else "20-" if float(text) >= 20 else "<20",
}


def baseline(bundle: Bundle) -> Values:
    """Everybody with an arm and a Day 0."""
    arms = {person["SUBJID"]: person["ARMCD"] for person in bundle.form("participants")
            if person["ARMCD"] and person["DAY0"]}  # fmt: skip
    values = _sizes(arms)
    for code, (form, item) in QUANTITIES.items():
        values |= _quantity(code, _items(bundle, form, item), arms, smd=code != "afp")
    for code, (form, item) in CATEGORIES.items():
        texts = {who: GROUPED.get(code, str)(text) for who, text in _items(bundle, form, item).items() if text}
        values |= _category(code, {who: (text,) for who, text in texts.items()}, arms, smd=True)
    return values


def recurrence_pattern(bundle: Bundle) -> Values:
    """The recurrence of everybody with an event of the primary endpoint."""
    events = {row["SUBJID"]: row for row in bundle.table("adtte.csv")
              if row["PARAMCD"] == "TTR" and row["FASFL"] == "Y" and row["CNSR"] == "0"}  # fmt: skip
    arms = {who: row["ARMCD"] for who, row in events.items()}
    records: dict[str, Row] = {}
    for row in bundle.form("recur"):
        event = events.get(row["SUBJID"])
        if event and row["rec_adj"] == "CONFIRMED" and row["rec_date"] == event["ADT"]:
            records.setdefault(row["SUBJID"], row)
    days = {who: row["AVAL"] for who, row in events.items()}
    early = float(bundle.plan["early_days"])
    values = _sizes(arms) | _quantity("day", days, arms)
    values |= _quantity("size", {who: row["rec_mm"] for who, row in records.items()}, arms)
    levels: dict[str, Levels] = {
        "when": {who: ("early" if float(day) <= early else "late",) for who, day in days.items()},
        "extent": _levels(records, "rec_site", lambda site: "extrahepatic" if "EH" in site else "intrahepatic"),
        "number": _levels(records, "rec_n", lambda n: "1" if n == "1" else "4+" if int(n) >= 4 else "2-3"),
        "basis": {who: tuple(dict.fromkeys(row["rec_basis"].split(";"))) for who, row in records.items()
                  if row["rec_basis"]},
    }  # fmt: skip
    for code, item in (("site", "rec_site"), ("vessels", "rec_vasc"), ("bclc", "rec_bclc")):
        levels[code] = _levels(records, item, str)
    for code, known in levels.items():
        values |= _category(code, known, arms)
    return values


def _levels(records: Mapping[str, Row], item: str, level: Callable[[str], str]) -> Levels:
    return {who: (level(row[item]),) for who, row in records.items() if row[item]}


def _sizes(arms: Mapping[str, str]) -> Values:
    return {f"{arm} n": list(arms.values()).count(arm) for arm in ARMS}


def _items(bundle: Bundle, form: str, item: str) -> dict[str, str]:
    """The text of each participant on the first page of a form; of virology at W0, else at screening."""
    if form != "lbviro":
        return {row["SUBJID"]: row[item] for row in reversed(bundle.form(form))}
    at = {(row["SUBJID"], row["VISIT"]): row[item] for row in bundle.form(form) if row[item]}
    screened = {who: text for (who, visit), text in at.items() if visit == "SCR"}
    return screened | {who: text for (who, visit), text in at.items() if visit == "W0"}


def _quantity(code: str, texts: Mapping[str, str], arms: Mapping[str, str], *, smd: bool | None = None) -> Values:
    """Counts and spread in each arm; the difference only where it has a place, nothing where it has no sense."""
    values: Values = {}
    spreads = []
    for arm in ARMS:
        own = [texts.get(who, "") for who, chosen in arms.items() if chosen == arm]
        x = np.sort(np.array([float(text) for text in own if text]))
        values |= {f"{code} {arm} known": len(x), f"{code} {arm} missing": len(own) - len(x)}
        mean = float(x.sum() / len(x)) if len(x) else None
        variance = float(((x - mean) ** 2).sum() / (len(x) - 1)) if len(x) > 1 else None
        same = len(x) > 0 and x[0] == x[-1]
        spreads.append((mean, 0.0 if same and variance is not None else variance))
        values |= {f"{code} {arm} mean": mean, f"{code} {arm} sd": None if variance is None else math.sqrt(variance)}
        values |= {f"{code} {arm} {name}": _quantile(x, p) for name, p in (("q1", 1), ("median", 2), ("q3", 3))}
    if smd is not None:
        values[f"{code} SMD"] = _apart(*spreads) if smd else None
    return values


def _quantile(x: np.ndarray[tuple[int], np.dtype[np.float64]], quarter: int) -> float | None:
    if not len(x):
        return None
    place = (len(x) - 1) * quarter / 4
    low, high = float(x[math.floor(place)]), float(x[math.ceil(place)])
    return low + (place - math.floor(place)) * (high - low)


def _apart(one: tuple[float | None, float | None], other: tuple[float | None, float | None]) -> float | None:
    (m1, v1), (m2, v2) = one, other
    if m1 is None or m2 is None or v1 is None or v2 is None or v1 + v2 == 0:
        return None
    return abs(m2 - m1) / math.sqrt((v1 + v2) / 2)


def _category(code: str, known: Levels, arms: Mapping[str, str], *, smd: bool = False) -> Values:
    values: Values = {}
    there = sorted({level for who, own in known.items() if arms.get(who) in ARMS for level in own})
    counts = np.zeros((len(there), len(ARMS)))
    for k, arm in enumerate(ARMS):
        own = [known.get(who) for who, chosen in arms.items() if chosen == arm]
        n = sum(levels is not None for levels in own)
        values |= {f"{code} {arm} known": n, f"{code} {arm} missing": len(own) - n}
        for j, level in enumerate(there):
            counts[j, k] = sum(levels is not None and level in levels for levels in own)
            values[f"{code} {level} {arm}"] = int(counts[j, k])
    if smd:
        values[f"{code} SMD"] = _multinomial(counts)
    return values


def _multinomial(counts: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float | None:
    """The root of d' S^+ d with the generalised inverse over all levels; it needs a level that both arms have."""
    if not (counts.min(axis=1) > 0).any():
        return None
    p = counts / counts.sum(axis=0)
    s = (np.diag(p.sum(axis=1)) - p @ p.T) / 2
    d = p[:, 1] - p[:, 0]
    return math.sqrt(max(float(d @ np.linalg.pinv(s, rcond=1e-12) @ d), 0.0))
