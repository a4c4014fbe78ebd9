"""Counts of participants, scans and events from the raw forms and adtte.csv."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from .comparison import Values
from .tables import ARMS, Bundle, Row

EXCLUDED = ("after_cutoff", "contradiction", "not_due", "ended", "no_scan")
EVALUABLE = ("GOOD", "ADEQUATE", "LIMITED")
#: What ends the visits of a participant: form and column.
OF_STUDY = (("eos", "eos_date"), ("death", "dth_date"))


def events(bundle: Bundle) -> Values:
    """Participants and events of the primary endpoint."""
    rows = bundle.endpoint("TTR")
    return {"n": len(rows.arm), "events": int(rows.event.sum())}


def participants(bundle: Bundle) -> Values:
    """From screening to analysis."""
    people = bundle.form("participants")
    enrolled = [person for person in people if person["ARMCD"] and person["DAY0"]]
    failures = sum(person["STATE"] == "screen_failure" for person in people)
    lost = excluded(bundle)
    reasons = Counter(lost.values())
    values: Values = {"screened": len(people), "failures": failures, "enrolled": len(enrolled)}
    values["arm not chosen"] = len(people) - failures - len(enrolled)
    values |= {f"not analysed {reason}": reasons[reason] for reason in EXCLUDED}
    return values | {"analysed": len(enrolled) - len(lost)}


def excluded(bundle: Bundle) -> dict[str, str]:
    """Why, of everybody with an arm and a Day 0 who is not analysed."""
    listed = [row for row in bundle.table("adtte.csv") if row["PARAMCD"] == "TTR"]
    derived = {row["SUBJID"] for row in listed}
    analysed = {row["SUBJID"] for row in listed if row["FASFL"] == "Y"}
    ended = {row["SUBJID"] for form in ("eos", "death") for row in bundle.form(form)}
    due = {
        visit["SUBJID"]
        for visit in bundle.form("visits")
        if visit["VISIT"] == "W12" and visit["CLOSES"] and visit["CLOSES"] <= bundle.cutoff
    }

    def why(person: Row) -> str:
        number = person["SUBJID"]
        if number not in derived:
            return "after_cutoff" if person["DAY0"] > bundle.cutoff else "contradiction"
        return "ended" if number in ended else "no_scan" if number in due else "not_due"

    enrolled = [person for person in bundle.form("participants") if person["ARMCD"] and person["DAY0"]]
    return {person["SUBJID"]: why(person) for person in enrolled if person["SUBJID"] not in analysed}


def accrual(bundle: Bundle) -> Values:
    """Everybody with a Day 0 up to the cut-off, and how many by month."""
    days = sorted(person["DAY0"] for person in bundle.form("participants") if person["DAY0"])
    days = [day for day in days if day <= bundle.cutoff]
    by_month: Values = {f"until {day[:7]}": n for n, day in enumerate(days, start=1)}
    return {"enrolled": len(days)} | by_month


def imaging(bundle: Bundle) -> Values:
    """Scans due by the cut-off, done and in their window."""
    return _scans(bundle, "all")


def imaging_by_arm(bundle: Bundle) -> Values:
    """The same within the arms."""
    return _scans(bundle, "A1") | _scans(bundle, "A2")


def imaging_matrix(bundle: Bundle) -> Values:
    """The same of each visit, and of how many participants."""
    due = list(_due_scans(bundle))
    values: Values = {"participants": len({number for number, _, _, _ in due})}
    for visit in {visit for _, visit, _, _ in due}:
        own = [(done, within) for _, week, done, within in due if week == visit]
        values |= {f"{visit} due": len(own), f"{visit} done": sum(done for done, _ in own)}
        values[f"{visit} in window"] = sum(within for _, within in own)
    return values


def data_quality(bundle: Bundle) -> Values:
    """Visits due and done, pages, verification, signatures and queries, of all and by form."""
    queries = bundle.form("queries")
    opened = [query for query in queries if query["STATE"] == "open"]
    ages = [(date.fromisoformat(bundle.cutoff) - date.fromisoformat(query["OPENED"][:10])).days for query in opened]
    due = list(_due_visits(bundle))
    values: Values = {
        "visits due": len(due), "visits done": sum(due),
        "queries answered": sum(query["STATE"] == "answered" for query in queries),
        "queries new": sum(age <= 7 for age in ages), "queries late": sum(7 < age <= 30 for age in ages),
        "queries overdue": sum(age > 30 for age in ages),
    }  # fmt: skip
    verified = _held_pages(bundle.form("verifications"), "DROPPED")
    signed = _held_pages(bundle.form("signatures"), "BROKEN")
    total = dict.fromkeys(("pages", "verified", "signed", "queries", "open"), 0)
    for name in bundle.forms():
        counts = {
            "pages": len(bundle.form(name)), "verified": verified.count(name), "signed": signed.count(name),
            "queries": sum(query["FORM"] == name for query in queries),
            "open": sum(query["FORM"] == name for query in opened),
        }  # fmt: skip
        if counts["pages"] or counts["queries"]:
            values |= {f"{name} {word}": n for word, n in counts.items()}
            total = {word: total[word] + n for word, n in counts.items()}
    return values | {f"all {word}": n for word, n in total.items()}


def _held_pages(rows: list[Row], ended: str) -> list[str]:
    """The form of each page that has such a row, not ended."""
    page = ("FORM", "SUBJID", "VISIT", "VISITSEQ", "REPEAT")
    return [form for form, *_ in {tuple(row[column] for column in page) for row in rows if not row[ended]}]


def _due_visits(bundle: Bundle) -> Iterator[bool]:
    """Of each visit whether it took place."""
    ends = _last_days(bundle, OF_STUDY)
    for visit in bundle.form("visits"):
        if not visit["CLOSES"] or visit["CLOSES"] > bundle.cutoff or visit["STATE"] == "dropped":
            continue
        left = visit["STATE"] == "planned" and visit["OPENS"] > ends.get(visit["SUBJID"], "9999")
        if visit["SVSTDTC"] or not left:
            yield bool(visit["SVSTDTC"])


def _scans(bundle: Bundle, group: str) -> Values:
    arm = {person["SUBJID"]: person["ARMCD"] for person in bundle.form("participants")}
    due = [each for each in _due_scans(bundle) if group not in ARMS or arm[each[0]] == group]
    done, within = sum(each[2] for each in due), sum(each[3] for each in due)
    return {f"{group} due": len(due), f"{group} done": done, f"{group} in window": within}


def _due_scans(bundle: Bundle) -> Iterator[tuple[str, str, bool, bool]]:
    """Participant, visit, done, in its window."""
    ends = _last_days(bundle, OF_STUDY)
    for row in bundle.form("recur"):
        if row["rec_adj"] == "CONFIRMED" and row["rec_date"]:
            ends[row["SUBJID"]] = min(ends.get(row["SUBJID"], row["rec_date"]), row["rec_date"])
    scans = {
        (row["SUBJID"], row["VISIT"]): row["mri_date"]
        for row in bundle.form("mri")
        if row["mri_done"] == "Y" and row["mri_quality"] in EVALUABLE
    }
    for visit in bundle.form("visits"):
        number, week = visit["SUBJID"], visit["VISIT"]
        if not week.startswith("W") or week == "W0" or not visit["CLOSES"] or visit["CLOSES"] > bundle.cutoff:
            continue
        scan = scans.get((number, week))
        if scan is None and (visit["STATE"] == "dropped" or visit["OPENS"] > ends.get(number, "9999")):
            continue
        yield number, week, scan is not None, scan is not None and visit["OPENS"] <= scan <= visit["CLOSES"]


def _last_days(bundle: Bundle, what_ends: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The first day in these columns, each of a form, by participant."""
    ends: dict[str, str] = {}
    for form, column in what_ends:
        for row in bundle.form(form):
            if row[column]:
                ends[row["SUBJID"]] = min(ends.get(row["SUBJID"], row[column]), row[column])
    return ends
