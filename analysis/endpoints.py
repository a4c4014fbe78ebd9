"""Time-to-event rows (ADTTE) from the tables of a data cut. Pure: plain rows in, a frame out.

Source: crf-spec section E (E1 baseline, E2 recurrence, E3 censoring, E6 parameters, E9 sets); nominal weeks by
statistics rule 2: an event and a censoring count at the nominal week of the MRI visit that decides them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from prtras.clinical import time_to_recurrence
from prtras.clinical.inputs import BadInput, MissingInput

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
CENSOR_CODES = {"LASTIMG": 1, "DEATH": 2, "NEWTX": 3, "NOIMG": 4, "CUTOFF": 5, "MISSED2": 6}
PARAMETERS: dict[str, tuple[str, time_to_recurrence.Options]] = {
    "TTR": ("Time to recurrence", {}),
    "RFS": ("Recurrence-free survival", {"death": "EVENT"}),
    "TTRGAP": ("Time to recurrence, censored before two missed scans", {"missed_rule": "CENSOR"}),
}
COLUMNS = (
    "STUDYID", "SITEID", "SUBJID", "ARMCD", "PARAMCD", "PARAM", "STARTDT", "ADT", "AVAL", "CNSR", "EVNTDESC", "NOMWEEK",
    "FASFL", "AGE", "SEX", "BCLC", "HBSAGLOG",
)  # fmt: skip


class Unusable(ValueError):
    """A participant whose dates contradict each other; the message names the participant and the field."""


def adtte(tables: Tables, cutoff: date) -> tuple[pd.DataFrame, list[str]]:
    """One row per participant with a chosen arm and per parameter; warnings name who could not be derived.

    AVAL in days with Day 0 as day 1; NOMWEEK in weeks; CNSR 0 is an event. FASFL is Y with an evaluable scan after
    Day 0.
    """
    derived: list[dict[str, Any]] = []
    warnings: list[str] = []
    grouped = {name: _by_participant(tables.get(name, ())) for name in _NEEDED}
    for person in tables["participants"]:
        if not (person["DAY0"] and person["ARMCD"]):
            continue
        number = person["SUBJID"]
        records = {name: grouped[name].get(number, []) for name in _NEEDED}
        try:
            derived += _rows_of(person, records, cutoff)
        except Unusable as unusable:
            warnings.append(str(unusable))
    return pd.DataFrame(derived, columns=list(COLUMNS)), warnings


_NEEDED = ("mri", "recur", "death", "subtx", "dm", "hcc", "lbviro")


def _by_participant(rows: Sequence[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["SUBJID"]].append(row)
    return grouped


def _rows_of(person: Row, records: Mapping[str, list[Row]], cutoff: date) -> list[dict[str, Any]]:
    anchor = date.fromisoformat(person["DAY0"])
    if anchor > cutoff:
        return []
    imaging: list[time_to_recurrence.Imaging] = [
        {"date": row["mri_date"], "evaluable": "N" if row["mri_quality"] == "NONDIAG" else "Y"}
        for row in records["mri"]
        if row["mri_date"] and row["mri_quality"] and row["mri_date"] <= cutoff.isoformat()
    ]
    died = next((row["dth_date"] for row in records["death"] if row["dth_date"]), None)
    died = died if died and died <= cutoff.isoformat() else None
    events: list[time_to_recurrence.Recurrence] = [
        {"date": row["rec_date"], "adj": row["rec_adj"]}
        for row in records["recur"]
        if row["rec_date"] and row["rec_adj"] and row["rec_date"] <= cutoff.isoformat()
    ]
    therapies: list[time_to_recurrence.Therapy] = [
        {"start": _earliest(row["st_start"]), "type": row["st_type"]}
        for row in records["subtx"]
        if row["st_start"] and row["st_type"]
    ]
    weeks = _nominal_weeks(records["mri"])
    common = _common(person, records, any(i["evaluable"] == "Y" and i["date"] > person["DAY0"] for i in imaging))
    rows = []
    for code, (title, options) in PARAMETERS.items():
        try:
            outcome = time_to_recurrence.derive(
                anchor, events, imaging, date.fromisoformat(died) if died else None, therapies, cutoff, options
            )
        except (BadInput, MissingInput) as wrong:
            raise Unusable(f"{person['SUBJID']}: {code} cannot be derived ({wrong}).") from wrong
        rows.append(
            common
            | {
                "PARAMCD": code, "PARAM": title, "ADT": outcome.date.isoformat(), "AVAL": outcome.days,
                "CNSR": 0 if outcome.event else CENSOR_CODES[outcome.reason], "EVNTDESC": outcome.reason,
                "NOMWEEK": nominal_week(outcome.date, anchor, weeks),
            }
        )  # fmt: skip
    return rows


def _common(person: Row, records: Mapping[str, list[Row]], scanned: bool) -> dict[str, Any]:
    dm, hcc = _first(records["dm"]), _first(records["hcc"])
    return {
        "STUDYID": "PRTRAS-001",
        "SITEID": person["SITEID"],
        "SUBJID": person["SUBJID"],
        "ARMCD": person["ARMCD"],
        "STARTDT": person["DAY0"],
        "FASFL": "Y" if scanned else "N",
        "AGE": dm.get("age_consent"),
        "SEX": dm.get("sex"),
        "BCLC": hcc.get("bclc_ent"),
        "HBSAGLOG": baseline_hbsag(records["lbviro"]),
    }


def _first(rows: list[Row]) -> Row:
    return rows[0] if rows else {}


def baseline_hbsag(rows: Sequence[Row]) -> float | None:
    """log10 IU/mL at W0, else at screening (crf-spec E1)."""
    at = {row["VISIT"]: row["hbsag_log"] for row in rows if row["hbsag_log"] is not None}
    value = at.get("W0", at.get("SCR"))
    return None if value is None else float(value)


def _earliest(partial: str) -> str:
    """The first day that a partial date may be: a therapy counts from then on."""
    return partial + "-01-01"[3 * (partial.count("-")) :] if partial.count("-") < 2 else partial


def _nominal_weeks(scans: Sequence[Row]) -> dict[str, int]:
    """The nominal week of each scan of a planned visit, by its date."""
    return {
        row["mri_date"]: int(row["VISIT"][1:])
        for row in scans
        if row["mri_date"] and row["VISIT"] and row["VISIT"][0] == "W" and row["VISIT"][1:].isdigit()
    }


def nominal_week(day: date, anchor: date, weeks: Mapping[str, int]) -> int:
    """The week of the planned visit whose scan was on that day; another day belongs to the nearest 12-week visit."""
    known = weeks.get(day.isoformat())
    if known is not None:
        return known
    return 12 * round(max((day - anchor).days, 0) / 84)
