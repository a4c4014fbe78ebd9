"""The flow of participants by arm, and the listings: who recurred, died, had a serious event or is not analysed."""

from __future__ import annotations

from collections import Counter
from datetime import date

from .adverse_events import dead, grade, received
from .comparison import Values
from .counts import excluded
from .tables import ARMS, Bundle


def participant_flow(bundle: Bundle) -> Values:
    """Every box of the diagram."""
    people = bundle.form("participants")
    chosen = {person["SUBJID"]: person["ARMCD"] for person in people if person["ARMCD"] and person["DAY0"]}
    failures = sum(person["STATE"] == "screen_failure" for person in people)
    values: Values = {"screened": len(people), "failures": failures, "chosen": len(chosen)}
    values["arm not chosen"] = len(people) - failures - len(chosen)
    status = {row["SUBJID"]: row["eos_status"] for row in bundle.form("eos") if row["eos_status"]}
    why = excluded(bundle)
    for arm in ARMS:
        own = [who for who, its in chosen.items() if its == arm]
        ends = Counter(status[who] for who in own if who in status)
        reasons = Counter(why[who] for who in own if who in why)
        values |= {f"{arm} chosen": len(own), f"{arm} followed": len(own) - sum(ends.values())}
        values[f"{arm} analysed"] = len(own) - sum(reasons.values())
        values |= {f"{arm} ended {code}": n for code, n in ends.items()}
        values |= {f"{arm} not analysed {code}": n for code, n in reasons.items()}
    return values


def listings(bundle: Bundle) -> Values:
    """How many lines each listing has, and the numbers of every line."""
    people = {p["SUBJID"]: p for p in bundle.form("participants") if p["ARMCD"] and p["DAY0"]}
    events = {row["SUBJID"]: row for row in bundle.table("adtte.csv")
              if row["PARAMCD"] == "TTR" and row["FASFL"] == "Y" and row["CNSR"] == "0"}  # fmt: skip
    recurrences = sorted((row for row in bundle.form("recur") if row["SUBJID"] in people),
                         key=lambda row: (row["SUBJID"], int(row["REPEAT"])))  # fmt: skip
    values: Values = {"recurrences": len(recurrences)}
    open_events = {who: row["ADT"] for who, row in events.items()}
    for row in recurrences:
        who = row["SUBJID"]
        counts = row["rec_adj"] == "CONFIRMED" and open_events.get(who) == row["rec_date"]
        if counts:
            open_events.pop(who)
        place = f"recurrence {who} {row['REPEAT']} {row['rec_site']} {row['rec_visit']} {row['rec_adj']}"
        values[place + (" counts" if counts else "")] = _day(row["rec_date"], people[who]["DAY0"])
    return values | _deaths(bundle, people, events) | _serious(bundle, people) | _exclusions(bundle, people)


def _deaths(bundle: Bundle, people: dict[str, dict[str, str]], events: dict[str, dict[str, str]]) -> Values:
    forms = {row["SUBJID"]: row for row in bundle.form("death")}
    died = dead(bundle, people)
    values: Values = {"deaths": len(died)}
    for who in died:
        form = forms.get(who, {})
        place = f"death {who} {form.get('dth_cause', '')}"
        values[f"{place} day"] = _day(form.get("dth_date", ""), people[who]["DAY0"])
        values[f"{place} recurred"] = int(events[who]["AVAL"]) if who in events else None
    return values


def _serious(bundle: Bundle, people: dict[str, dict[str, str]]) -> Values:
    arm = received(bundle)
    serious = [row for row in bundle.form("ae") if row["SUBJID"] in people and row["ae_ser"] == "Y"]
    values: Values = {"serious": len(serious)}
    for row in serious:
        place = f"serious {row['SUBJID']} {arm[row['SUBJID']]} {row['REPEAT']} {row['ae_out']}"
        values |= {f"{place} number": int(row["REPEAT"]), f"{place} grade": grade(row) or None}
        values[f"{place} day"] = _day(row["ae_start"], people[row["SUBJID"]]["DAY0"])
    return values


def _exclusions(bundle: Bundle, people: dict[str, dict[str, str]]) -> Values:
    why = excluded(bundle)
    lines: Values = {f"exclusion {who} {people[who]['ARMCD']} {reason}": 1 for who, reason in why.items()}
    return lines | {"exclusions": len(why)}


def _day(text: str, start: str) -> int | None:
    """The study day, Day 0 as day 1; nothing where the day is not known."""
    try:
        days = (date.fromisoformat(text) - date.fromisoformat(start)).days
    except ValueError:
        return None
    return days if days < 0 else days + 1
