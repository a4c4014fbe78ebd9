"""All results of one data cut: what the dashboard, the report and the bundle show. Pure.

The plan says what; `fits` and `weighting` say how. Warnings of a fit are results.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from analysis import plan
from analysis.endpoints import Tables, adtte
from analysis.survival import fits
from analysis.survival.fits import Options
from analysis.survival.survival_data import BadTable

Plain = dict[str, Any]
TERMS = [covariate.column for covariate in plan.COVARIATES]
REFERENCE = {covariate.column: covariate.reference for covariate in plan.COVARIATES if covariate.reference}
EVALUABLE = ("GOOD", "ADEQUATE", "LIMITED")


def curves(*asked: Any) -> list[Plain]:
    """The curves as plain values."""
    return [curve.to_dict() for curve in fits.curves(*asked)]


def comparison(*asked: Any) -> Plain:
    """The comparison as plain values."""
    return fits.comparison(*asked).to_dict()


def compute(tables: Tables, cutoff: date) -> Plain:
    """Everything, from the tables of a cut. The same tables and cut-off give the same results."""
    frame, warnings = adtte(tables, cutoff)
    primary = analysis_frame(frame, "TTR")
    return {
        "cutoff": cutoff.isoformat(),
        "population": _population(tables, frame),
        "accrual": _accrual(tables, cutoff),
        "pooled": _pooled(primary),
        "by_arm": by_arm(primary),
        "sensitivity": _sensitivity(frame),
        "imaging": _imaging(tables, cutoff),
        "safety": _safety(tables),
        "reasons": _reasons(primary),
        "warnings": warnings,
    }


def analysis_frame(frame: pd.DataFrame, parameter: str) -> pd.DataFrame:
    """The rows of a parameter in the full analysis set, with EVENT = 1 for an event."""
    chosen = frame[(frame["PARAMCD"] == parameter) & (frame["FASFL"] == "Y")]
    chosen = chosen.sort_values("SUBJID", kind="stable").reset_index(drop=True)
    for column in ("AVAL", "NOMWEEK", "AGE", "HBSAGLOG"):
        chosen[column] = pd.to_numeric(chosen[column])
    return chosen.assign(EVENT=(chosen["CNSR"] == 0).astype(int))


def _pooled(frame: pd.DataFrame) -> Plain:
    return {
        "events": int(frame["EVENT"].sum()),
        "n": len(frame),
        "curve": curves(frame, "NOMWEEK", "EVENT", None, plan.TICKS, float(plan.READ_WEEK)),
        "follow_up": curves(frame, "AVAL", "EVENT", None, ()),
    }


def by_arm(frame: pd.DataFrame) -> Plain:
    """The comparison of the arms: never the unadjusted one alone (statistics rule 4)."""
    result: Plain = {
        "curves": curves(frame, "NOMWEEK", "EVENT", "ARMCD", plan.TICKS, float(plan.READ_WEEK)),
        "primary": comparison(frame, "NOMWEEK", "EVENT", "ARMCD", TERMS, Options(reference=REFERENCE)),
        "unadjusted": comparison(frame, "NOMWEEK", "EVENT", "ARMCD", ["ARMCD"], Options(reference={"ARMCD": "A1"})),
        "weighted": None,
        "estimable": estimable(frame),
    }
    confounders = [term for term in TERMS if term != "ARMCD"]
    try:
        weighted = fits.weighting(
            frame, "NOMWEEK", "EVENT", "ARMCD", confounders, control="A1",
            reference={k: v for k, v in REFERENCE.items() if k != "ARMCD"},
        )  # fmt: skip
    except BadTable as refused:
        result["refused"] = str(refused)
    else:
        result["weighted"] = weighted.to_dict()
    return result


def estimable(frame: pd.DataFrame) -> bool:
    """Both arms have the fewest events for which a hazard ratio is shown (statistics rule 6)."""
    events = frame.groupby("ARMCD")["EVENT"].sum()
    return len(events) == 2 and bool((events >= plan.FEWEST_EVENTS).all())


def _sensitivity(frame: pd.DataFrame) -> list[Plain]:
    """Actual dates read at day 1095; recurrence-free survival; censored before two missed scans."""
    found = []
    for parameter, time, read in (
        ("TTR", "AVAL", plan.READ_DAY),
        ("RFS", "AVAL", plan.READ_DAY),
        ("TTRGAP", "AVAL", plan.READ_DAY),
    ):
        rows = analysis_frame(frame, parameter)
        compared = comparison(rows, time, "EVENT", "ARMCD", TERMS, Options(reference=REFERENCE))
        found.append({
            "parameter": parameter, "time": time, "read": read, "events": int(rows["EVENT"].sum()),
            "curves": [_without_steps(c) for c in curves(rows, time, "EVENT", "ARMCD", (float(read),))],
            "cox": compared["cox"], "logrank": compared["logrank"], "estimable": estimable(rows),
        })  # fmt: skip
    return found


def _without_steps(curve: Plain) -> Plain:
    curve.pop("steps")
    return curve


def _population(tables: Tables, frame: pd.DataFrame) -> Plain:
    people = tables["participants"]
    chosen = [person for person in people if person["ARMCD"] and person["DAY0"]]
    ttr = frame[frame["PARAMCD"] == "TTR"]
    return {
        "screened": len(people),
        "failures": sum(person["STATE"] == "screen_failure" for person in people),
        "enrolled": len(chosen),
        "arms": {arm: sum(person["ARMCD"] == arm for person in chosen) for arm in plan.ARMS},
        "analysed": int((ttr["FASFL"] == "Y").sum()),
        "analysed_arms": {arm: int(((ttr["FASFL"] == "Y") & (ttr["ARMCD"] == arm)).sum()) for arm in plan.ARMS},
        "states": _counted(person["STATE"] for person in people),
    }


def _counted(values: Any) -> dict[str, int]:
    counted: dict[str, int] = {}
    for value in values:
        counted[value] = counted.get(value, 0) + 1
    return dict(sorted(counted.items()))


def _accrual(tables: Tables, cutoff: date) -> list[Plain]:
    """Cumulative count of chosen arms by day."""
    days = sorted(p["DAY0"] for p in tables["participants"] if p["DAY0"] and p["DAY0"] <= cutoff.isoformat())
    return [{"day": day, "n": n} for n, day in enumerate(days, start=1)]


def _imaging(tables: Tables, cutoff: date) -> Plain:
    """Scans that were due by the cut-off, and how many were done and in their window; pooled and by arm."""
    arms = {person["SUBJID"]: person["ARMCD"] for person in tables["participants"]}
    scans = {
        (row["SUBJID"], row["VISIT"]): row
        for row in tables["mri"]
        if row["mri_done"] == "Y" and row["mri_quality"] in EVALUABLE
    }
    found: dict[str, Plain] = {}
    for visit in tables["visits"]:
        due = (
            visit["CLOSES"]
            and visit["CLOSES"] <= cutoff.isoformat()
            and visit["VISIT"][0] == "W"
            and visit["VISIT"] != "W0"
        )
        if not due or (
            visit["STATE"] == "planned" and (visit["SUBJID"], visit["VISIT"]) not in scans and _left(tables, visit)
        ):
            continue
        scan = scans.get((visit["SUBJID"], visit["VISIT"]))
        for key in ("all", arms[visit["SUBJID"]]):
            counts = found.setdefault(key, {"due": 0, "done": 0, "in_window": 0})
            counts["due"] += 1
            counts["done"] += scan is not None
            counts["in_window"] += scan is not None and visit["OPENS"] <= scan["mri_date"] <= visit["CLOSES"]
    return found


def _left(tables: Tables, visit: Mapping[str, Any]) -> bool:
    """The participant ended the study, or recurred, before this visit: no scan is expected."""
    ended = _ends(tables)
    return visit["SUBJID"] in ended and visit["OPENS"] > ended[visit["SUBJID"]]


def _ends(tables: Tables) -> dict[str, str]:
    ends: dict[str, str] = {}
    for name, column in (("eos", "eos_date"), ("death", "dth_date"), ("recur", "rec_date")):
        for row in tables.get(name, ()):
            if row[column]:
                ends[row["SUBJID"]] = min(ends.get(row["SUBJID"], row[column]), row[column])
    return ends


def _safety(tables: Tables) -> list[Plain]:
    """Participants with at least one such event, by arm, as treated by the chosen arm."""
    arms = {person["SUBJID"]: person["ARMCD"] for person in tables["participants"] if person["ARMCD"]}
    kinds: list[tuple[str, Any]] = [
        ("any", lambda e: True),
        ("grade3", lambda e: int(e["ae_grade"] or 0) >= 3),
        ("serious", lambda e: e["ae_ser"] == "Y"),
        ("related", lambda e: e["ae_rel_pg"] in RELATED or e["ae_rel_na"] in RELATED),
        ("fatal", lambda e: e["ae_out"] == "FATAL"),
    ]
    return [_safety_line(kind, fits, tables["ae"], arms) for kind, fits in kinds]


RELATED = ("DEFINITE", "PROBABLE", "POSSIBLE")


def _safety_line(kind: str, fits: Any, events: Sequence[Mapping[str, Any]], arms: Mapping[str, str]) -> Plain:
    affected = {event["SUBJID"] for event in events if fits(event)}
    return {"kind": kind, "all": len(affected)} | {
        arm: sum(arms.get(number) == arm for number in affected) for arm in plan.ARMS
    }


def _reasons(frame: pd.DataFrame) -> Plain:
    """Why participants leave the risk set, by arm."""
    found: Plain = {}
    for arm, rows in frame.groupby("ARMCD"):
        found[str(arm)] = _counted(rows["EVNTDESC"])
    return found
