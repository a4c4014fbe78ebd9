"""How grave an adverse event is, and how long it took to report it. Pure. Source: CTCAE v5.0 (NCI, 2017)."""

from datetime import date, datetime, time, timedelta


def severity(grade: str | None, outcome: str | None, results_in_death: str | None) -> int | None:
    """The grade, 1 to 5, by which an event is coloured and ordered; a death is grade 5 whatever stands elsewhere.

    None where neither is known.
    """
    if outcome == "FATAL" or results_in_death == "Y":
        return 5
    return int(grade) if grade else None


def moment(day: date, at: str | None) -> datetime:
    """A day with its time by the hospital's clock; the beginning of the day where nobody wrote the time down."""
    return datetime.combine(day, time.fromisoformat(at) if at else time.min)


def hours_to_report(aware: date, aware_at: str | None, report: date, report_at: str | None) -> tuple[int, int]:
    """The fewest and the most whole hours from awareness to the report; equal where both times are known."""
    earliest, latest = moment(aware, aware_at), moment(aware, aware_at or "23:59")
    first, last = moment(report, report_at), moment(report, report_at or "23:59")
    return max(0, _hours(first - latest)), _hours(last - earliest)


def _hours(span: timedelta) -> int:
    """Whole hours, rounded up: 24 hours and one minute are more than 24."""
    return -(-int(span.total_seconds()) // 3600)
