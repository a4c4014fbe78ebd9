"""Which data a run is asked for: the two boxes of the page of runs. Reads what was typed; asks for nothing."""

from collections.abc import Mapping
from datetime import datetime, time

from django.utils import timezone

from prtras.crf.dates import parse_date, parse_time
from prtras.datacut.cutting import require_past
from prtras.datacut.snapshot import MomentInFuture
from prtras.labels import T

NO_DATE = T("请填写日期，如 2026-11-23。", "Give a date, such as 2026-11-23.")
NO_MOMENT = T("请填写日期和时间，如 2026-11-23 18:00。", "Give a date and a time, such as 2026-11-23 18:00.")


class CutForm:
    """`cutoff` and `entered_until` (None: the data as they are), or `problem` by box."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self.problem: dict[str, T] = {}
        self.cutoff, self.entered_until = timezone.localdate(), _moment(typed.get("entered_until", ""))
        try:
            self.cutoff = parse_date(typed["cutoff"]) if typed.get("cutoff") else self.cutoff
        except ValueError:
            self.problem["cutoff"] = NO_DATE
        if typed.get("entered_until") and self.entered_until is None:
            self.problem["entered_until"] = NO_MOMENT
        for name, moment in (("cutoff", self.cutoff), ("entered_until", self.entered_until)):
            try:
                require_past(moment)
            except MomentInFuture as future:
                self.problem.setdefault(name, future.text)


def _moment(typed: str) -> datetime | None:
    """A moment by the hospital's clock; a day alone is its last moment that has passed. None for what is neither."""
    day, _, clock = typed.strip().replace("T", " ").partition(" ")
    try:
        if clock:
            return timezone.make_aware(datetime.combine(parse_date(day), time.fromisoformat(parse_time(clock))))
        end = timezone.make_aware(datetime.combine(parse_date(day), time.max))
        return min(end, timezone.now()) if parse_date(day) == timezone.localdate() else end
    except ValueError:
        return None
