"""Results as runs stored them before they had a version, turned into those of version 2. Pure.

Everything that version 1 stored twice (the log-rank test, the number analysed in each arm) is read once.
"""

from collections.abc import Mapping
from typing import Any

Plain = dict[str, Any]


def is_version_1(stored: Mapping[str, Any]) -> bool:
    """Version 1 had no version, but always a pooled curve and a comparison of the arms."""
    return "version" not in stored and {"pooled", "by_arm", "population"} <= set(stored)


def upgraded(stored: Mapping[str, Any]) -> Plain:
    """The stored outputs as version 2 has them."""
    return _pooled(stored) | _by_arm(stored)


def _pooled(stored: Mapping[str, Any]) -> Plain:
    population, pooled = stored["population"], stored["pooled"]
    counts = {name: population[name] for name in ("screened", "failures", "enrolled", "analysed", "states")}
    return {
        "events": {"n": pooled["n"], "events": pooled["events"]},
        "participants": counts | {"not_derived": stored["warnings"]},
        "follow_up": {"curve": _first(pooled["follow_up"])},
        "recurrence_pooled": {"curve": _first(pooled["curve"])},
        "imaging": stored["imaging"].get("all", NO_SCANS),
        "accrual": {"cutoff": stored["cutoff"], "days": [row["day"] for row in stored["accrual"]]},
    }


def _by_arm(stored: Mapping[str, Any]) -> Plain:
    by_arm, arms = stored["by_arm"], stored["population"]["arms"]
    primary, weighted, estimable = by_arm["primary"], by_arm["weighted"], by_arm["estimable"]
    return {
        "recurrence_by_arm": {"curves": by_arm["curves"], "reasons": stored["reasons"]},
        "hazard_ratios": {
            "estimable": estimable,
            "unadjusted": by_arm["unadjusted"],
            "adjusted": primary["cox"] and primary["cox"]["terms"][0],
            "weighted": [
                {name: effect[name] for name in ("scheme", "hazard", "ess")}
                for effect in (weighted["effects"] if weighted else ())
            ],
            "refused": primary["refused"],
        },
        "cox_model": {"estimable": estimable, "model": primary["cox"]},
        "proportional_hazards": {"estimable": estimable, "tests": primary["ph"]},
        "balance": {"weighting": weighted, "refused": by_arm.get("refused")},
        "sensitivity": {"lines": stored["sensitivity"]},
        "imaging_by_arm": {"arms": {arm: stored["imaging"].get(arm, NO_SCANS) for arm in arms}},
        "safety": {
            "participants": arms,
            "lines": [
                {"kind": line["kind"], "everybody": line["all"], "arms": {arm: line[arm] for arm in arms}}
                for line in stored["safety"]
            ],
        },
    }


NO_SCANS = {"due": 0, "done": 0, "in_window": 0}


def _first(curves: list[Plain]) -> Plain | None:
    return curves[0] if curves else None
