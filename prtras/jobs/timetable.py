"""The timetable: what is due when, by the settings (`CELERY_BEAT_SCHEDULE`)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

from celery.schedules import crontab
from django.conf import settings
from django.utils import timezone

#: The task that looks after all others: it is no due thing itself.
PICK_UP = "prtras.jobs.tasks.pick_up"


def due_tasks() -> Iterator[tuple[str, crontab]]:
    """Every task of the timetable with its schedule."""
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        if entry["task"] != PICK_UP:
            yield entry["task"], entry["schedule"]


def last_minute(schedule: crontab, now: datetime) -> datetime:
    """The last minute up to `now` that a schedule names. Celery refuses a schedule that names none."""
    day = timezone.localtime(now)
    while True:
        if _fits(schedule, day):
            for hour, minute in product(sorted(schedule.hour, reverse=True), sorted(schedule.minute, reverse=True)):
                at = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
                if at <= now:
                    return at
        day -= timedelta(days=1)


def _fits(schedule: crontab, day: datetime) -> bool:
    return (
        day.isoweekday() % 7 in schedule.day_of_week
        and day.day in schedule.day_of_month
        and day.month in schedule.month_of_year
    )
