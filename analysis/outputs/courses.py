"""Everybody with a chosen arm as a course up to the cut-off, from which the design monitor projects. Pure, pooled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.survival.projection import END, TWO_MISSED, WINDOW, Course

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

#: Who has one of these up to the cut-off is followed no longer.
ENDS = (("eos", "eos_date"), ("death", "dth_date"), ("consent", "withdraw_date"))
#: Reasons of a censoring after which no recurrence counts.
FINAL = ("DEATH", "NEWTX")


def courses(data: AnalysisData) -> tuple[Course, ...]:
    """The course of every participant with an arm and a Day 0 up to the cut-off."""
    rows: dict[str, Mapping[Any, Any]] = {row["SUBJID"]: row for row in data.primary.to_dict("records")}
    ended = set(_ended(data))
    people = []
    for person in data.tables["participants"]:
        start = _day(person["DAY0"])
        if person["ARMCD"] and start and start <= data.cutoff:
            number = person["SUBJID"]
            people.append(_course(start, rows.get(number, {}), data.cutoff, ended=number in ended))
    return tuple(people)


def _course(start: date, row: Mapping[Any, Any], cutoff: date, *, ended: bool) -> Course:
    """Without a row: not scanned yet."""
    age = (cutoff - start).days
    if row.get("EVENT"):
        negative = _day(row["LASTNEG"])
        seen = max((negative - start).days, 0) if negative else 0
        return Course(start.toordinal(), seen, int(row["AVAL"]) - 1, True)
    seen = int(row["AVAL"]) - 1 if row else 0
    over = ended or row.get("EVNTDESC") in FINAL or seen >= END - WINDOW
    return Course(start.toordinal(), seen, None, over or age - seen > TWO_MISSED)


def _ended(data: AnalysisData) -> Iterator[str]:
    for form, item in ENDS:
        for row in data.tables.get(form, ()):
            day = row[item]
            if form == "eos" or day:
                yield from (row["SUBJID"],) if not day or day <= data.cutoff.isoformat() else ()


def _day(text: str | None) -> date | None:
    """A whole day; None for anything else."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
