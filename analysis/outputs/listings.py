"""Listings: recurrences, deaths, serious adverse events, and who is not analysed. Pure but for the reader's language.

They name participants by their number, never by name or initials, and are stored with the run under its checksum, so
that a report printed later lists the same lines. They show arms: only the report has them. ICH E3, section 16.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.outputs import listing_tables, participants
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.output import Output, Shown, View
from analysis.outputs.safety import died, received
from analysis.survival.results import Result
from prtras.labels import T
from visits.deriving.safety import severity

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

Record = Mapping[str, Any]
NOBODY: Record = {}


@dataclass(frozen=True)
class RecurrenceLine(Result):
    """A recurrence as it was judged; `counts` if it decides the primary endpoint. `day` with Day 0 as day 1."""

    participant: str
    arm: str
    number: int
    day: int | None
    visit: str
    site: str
    basis: tuple[str, ...]
    judged: str
    counts: bool


@dataclass(frozen=True)
class DeathLine(Result):
    """A death; `day` None where the day is not known. `recurred` is the day of the recurrence that counts."""

    participant: str
    arm: str
    day: int | None
    cause: str
    related: str
    recurred: int | None


@dataclass(frozen=True)
class SeriousLine(Result):
    """A serious adverse event; `term` as it was entered, `coded` by its preferred term in both languages if coded."""

    participant: str
    arm: str
    number: int
    term: str
    coded: tuple[str, str] | None
    day: int | None
    grade: int | None
    peginterferon: str
    analogue: str
    outcome: str


@dataclass(frozen=True)
class ExclusionLine(Result):
    """A participant with an arm who is not in the primary analysis."""

    participant: str
    arm: str
    reason: str


@dataclass(frozen=True)
class Listings(Result):
    """Every line, by participant."""

    recurrences: tuple[RecurrenceLine, ...]
    deaths: tuple[DeathLine, ...]
    serious: tuple[SeriousLine, ...]
    exclusions: tuple[ExclusionLine, ...]


def compute(data: AnalysisData) -> Listings:
    """List everybody with a chosen arm."""
    people = {person["SUBJID"]: person for person in participants.with_an_arm(data)}
    return Listings(
        recurrences=tuple(_recurrences(data, people)),
        deaths=tuple(_deaths(data, people)),
        serious=tuple(_serious(data, people)),
        exclusions=tuple(
            ExclusionLine(person["SUBJID"], person["ARMCD"], reason)
            for person, reason in participants.not_analysed(data)
        ),
    )


def _recurrences(data: AnalysisData, people: Mapping[str, Record]) -> Iterator[RecurrenceLine]:
    decided = {number: day for number, (day, _) in _events(data).items()}
    for row in _of(people, data.tables["recur"]):
        number = row["SUBJID"]
        counts = row["rec_adj"] == "CONFIRMED" and decided.get(number) == row["rec_date"]
        if counts:
            del decided[number]  # of two confirmed on one day the first counts
        yield RecurrenceLine(
            number, people[number]["ARMCD"], row["REPEAT"], _day(row["rec_date"], people[number]),
            row["rec_visit"] or "", row["rec_site"] or "", tuple(row["rec_basis"] or ()), row["rec_adj"] or "", counts,
        )  # fmt: skip


def _events(data: AnalysisData) -> dict[str, tuple[str, int]]:
    """The date and the day of the recurrence that counts."""
    rows = data.primary[data.primary["EVENT"] == 1]
    return {who: (on, int(day)) for who, on, day in zip(rows["SUBJID"], rows["ADT"], rows["AVAL"], strict=True)}


def _deaths(data: AnalysisData, people: Mapping[str, Record]) -> Iterator[DeathLine]:
    forms = {row["SUBJID"]: row for row in data.tables["death"]}
    recurred = _events(data)
    for number in sorted(died(data.tables, people)):
        form = forms.get(number, NOBODY)
        yield DeathLine(
            number, people[number]["ARMCD"], _day(form.get("dth_date"), people[number]),
            form.get("dth_cause") or "", form.get("dth_rel") or "", recurred.get(number, ("", None))[1],
        )  # fmt: skip


def _serious(data: AnalysisData, people: Mapping[str, Record]) -> Iterator[SeriousLine]:
    arms = received(data.tables)
    coded = {
        (row["SUBJID"], row["REPEAT"]): (row["PTZH"] or "", row["PTEN"] or "")
        for row in data.tables.get("codings", ())
        if row["FORM"] == "ae" and row["PTCD"]
    }
    for row in _of(people, data.tables["ae"]):
        number = row["SUBJID"]
        if row["ae_ser"] == "Y":
            yield SeriousLine(
                number, arms[number], row["REPEAT"], row["ae_term"] or "", coded.get((number, row["REPEAT"])),
                _day(row["ae_start"], people[number]), severity(row["ae_grade"], row["ae_out"], row["ae_sdth"]),
                row["ae_rel_pg"] or "", row["ae_rel_na"] or "", row["ae_out"] or "",
            )  # fmt: skip


def _of(people: Mapping[str, Record], rows: Iterable[Record]) -> list[Record]:
    """The rows of those who are listed, by participant and number."""
    return sorted((row for row in rows if row["SUBJID"] in people), key=lambda row: (row["SUBJID"], row["REPEAT"]))


def _day(text: str | None, person: Record) -> int | None:
    """The study day with Day 0 as day 1 (the day before it is -1); None where the day is not known."""
    try:
        days = (date.fromisoformat(text or "") - date.fromisoformat(person["DAY0"])).days
    except ValueError:
        return None
    return days + 1 if days >= 0 else days


def show(result: Listings, view: View) -> Shown:
    """The listings of the report; the dashboards have none."""
    if view is not View.REPORT:
        return Shown()
    return Shown(
        tables=(
            listing_tables.recurrences(result.recurrences), listing_tables.deaths(result.deaths),
            listing_tables.serious(result.serious), listing_tables.exclusions(result.exclusions),
        )
    )  # fmt: skip


def expected(result: Listings) -> Numbers:
    """How many lines each listing has, and every number of a line; codes stand in the places."""
    numbers: Numbers = {
        "recurrences": len(result.recurrences), "deaths": len(result.deaths), "serious": len(result.serious),
        "exclusions": len(result.exclusions),
    }  # fmt: skip
    for recurrence in result.recurrences:
        judged = f"{recurrence.site} {recurrence.visit} {recurrence.judged}" + (" counts" if recurrence.counts else "")
        numbers[f"recurrence {recurrence.participant} {recurrence.number} {judged}"] = recurrence.day
    for death in result.deaths:
        numbers |= at(f"death {death.participant} {death.cause}", {"day": death.day, "recurred": death.recurred})
    for event in result.serious:
        place = f"serious {event.participant} {event.arm} {event.number} {event.outcome}"
        numbers |= at(place, {"number": event.number, "day": event.day, "grade": event.grade})
    return numbers | {f"exclusion {line.participant} {line.arm} {line.reason}": 1 for line in result.exclusions}


OUTPUT = Output(
    code="listings",
    title=T("受试者清单", "Listings of participants"),
    by_arm=True,
    result=Listings,
    compute=compute,
    show=show,
    expected=expected,
    places=listing_tables.PLACES,
)
