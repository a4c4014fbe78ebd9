"""The product's settings with a timetable that has everything due every minute, and leases that run out sooner."""

from celery.schedules import crontab

from prtras.settings import *  # noqa: F403
from prtras.settings import INSTALLED_APPS, PLATFORM_TIMETABLE, STUDY_TIMETABLE

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults"]
CELERY_BEAT_SCHEDULE = {
    name: entry | {"schedule": crontab()} for name, entry in (PLATFORM_TIMETABLE | STUDY_TIMETABLE).items()
}
