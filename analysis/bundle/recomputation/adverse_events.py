"""Participants with adverse events of each kind, and deaths, by the treatment received. Source: CRF spec, E4 and E9."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence
from datetime import date, timedelta

from .comparison import Values
from .tables import ARMS, Bundle, Row

GIVEN = ("GIVEN", "REDUCED", "DELAYED")
RELATED = ("DEFINITE", "PROBABLE", "POSSIBLE")


def safety(bundle: Bundle) -> Values:
    """Every line of the table, by arm."""
    return _counted(bundle, ARMS, received(bundle))


def safety_pooled(bundle: Bundle) -> Values:
    """Every line of the table of everybody."""
    return _counted(bundle, ("all",), dict.fromkeys(received(bundle), "all"))


def _counted(bundle: Bundle, groups: Sequence[str], group_of: dict[str, str]) -> Values:
    people = {p["SUBJID"]: p for p in bundle.form("participants") if p["ARMCD"] and p["DAY0"]}
    arm = received(bundle)
    spans = _spans(bundle, people, arm)
    happened = [event for event in bundle.form("ae") if event["SUBJID"] in arm]
    counted = [event for event in happened if _emergent(event, *spans[event["SUBJID"]])]
    fatal = {event["SUBJID"] for event in happened if grade(event) == 5}
    died = dead(bundle, arm)
    kinds = {
        "any": {event["SUBJID"] for event in counted},
        "grade3": {event["SUBJID"] for event in counted if grade(event) >= 3},
        "serious": {event["SUBJID"] for event in counted if event["ae_ser"] == "Y"},
        "related": {
            event["SUBJID"] for event in counted if event["ae_rel_pg"] in RELATED or event["ae_rel_na"] in RELATED
        },
        "fatal": {event["SUBJID"] for event in counted if grade(event) == 5},
        "deaths": died,
        "deaths_ae": died & fatal,
        "deaths_other": died - fatal,
        "deaths_undated": died - {row["SUBJID"] for row in bundle.form("death") if row["dth_date"]},
    }
    values: Values = {"not emergent": len(happened) - len(counted)}
    values |= {f"{each} n": sum(g == each for g in group_of.values()) for each in groups}
    for kind, numbers in kinds.items():
        values[f"{kind} all"] = len(numbers)
        values |= {f"{kind} {each}": sum(group_of[number] == each for number in numbers) for each in groups}
    return values


def received(bundle: Bundle) -> dict[str, str]:
    """The arm of everybody with an arm and a Day 0, by the treatment received."""
    actual = {row["SUBJID"]: row["arm_actual"] for row in bundle.form("alloc") if row["arm_actual"]}
    people = (person for person in bundle.form("participants") if person["ARMCD"] and person["DAY0"])
    return {person["SUBJID"]: actual.get(person["SUBJID"], person["ARMCD"]) for person in people}


def dead(bundle: Bundle, people: Container[str]) -> set[str]:
    """Who of them died."""
    died = {row["SUBJID"] for row in bundle.form("ae") if grade(row) == 5}
    died |= {row["SUBJID"] for row in bundle.form("death") if row["dth_date"]}
    died |= {row["SUBJID"] for row in bundle.form("eos") if row["eos_status"] == "DEATH"}
    return {who for who in died if who in people}


def grade(event: Row) -> int:
    """The grade, 5 for what is fatal, 0 where it is not known."""
    if event["ae_out"] == "FATAL" or event["ae_sdth"] == "Y":
        return 5
    return int(event["ae_grade"]) if event["ae_grade"] else 0


def _spans(bundle: Bundle, people: dict[str, Row], arm: dict[str, str]) -> dict[str, tuple[str, str]]:
    """From when to when an event counts: first dose to the days after the last; without doses from Day 0 on."""
    doses: dict[str, list[str]] = defaultdict(list)
    for dose in bundle.form("pegifn"):
        if dose["pg_status"] in GIVEN and dose["pg_date"]:
            doses[dose["SUBJID"]].append(dose["pg_date"])
    after = timedelta(days=int(bundle.plan["emergent_days"]))
    spans = {}
    for number, person in people.items():
        given = doses[number]
        if arm[number] == "A2" and given:
            spans[number] = (min(given), (date.fromisoformat(max(given)) + after).isoformat())
        else:
            spans[number] = (person["DAY0"], "9999-12-31")
    return spans


def _emergent(event: Row, first: str, last: str) -> bool:
    start = event["ae_start"]
    return not start or (start >= first[: len(start)] and start <= last)
