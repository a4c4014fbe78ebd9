"""A participant's planned visits as a calendar file (RFC 5545): one all-day entry per window. Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from prtras.crf.models import Participant, Visit
from prtras.crf.schedule import SCHEDULE
from prtras.labels import T

TARGET = T("计划日 {day}；访视窗 {opens} 至 {closes}", "target day {day}; window {opens} to {closes}")


def calendar(participant: Participant, visits: Iterable[Visit], language: str, now: datetime) -> str:
    """The visits that are still to come, in `zh-hans` or `en`; names nobody but the participant's number."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//PRTRAS EDC//PRTRAS-001//EN", "CALSCALE:GREGORIAN"]
    for visit in visits:
        if visit.state == "planned" and visit.opens and visit.closes and visit.target:
            lines += _event(participant, visit, language, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(participant: Participant, visit: Visit, language: str, now: datetime) -> list[str]:
    assert visit.opens
    assert visit.closes
    title = f"{participant.number} {visit} {SCHEDULE.title(visit.code).in_language(language)}"
    note = TARGET.format(day=visit.target, opens=visit.opens, closes=visit.closes).in_language(language)
    return [
        "BEGIN:VEVENT",
        f"UID:{participant.number}-{visit}@prtras-001",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{_day(visit.opens)}",
        f"DTEND;VALUE=DATE:{_day(visit.closes + timedelta(days=1))}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(note)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text


def _folded(line: str) -> Iterator[str]:
    """At most 75 bytes a line; a continuation starts with a blank. No character is cut."""
    part = ""
    for letter in line:
        if len(f"{part}{letter}".encode()) > 74:
            yield part
            part = " "
        part += letter
    yield part
