"""The platform's settings with another study on top."""

from prtras.settings import *  # noqa: F403 - everything that is not the study's
from prtras.settings import PLATFORM_APPS, PLATFORM_TIMETABLE

INSTALLED_APPS = [*PLATFORM_APPS, "tests.second_study"]
CELERY_BEAT_SCHEDULE = PLATFORM_TIMETABLE
ROOT_URLCONF = "tests.second_study.urls"
#: No broker in this test: what a worker would do is done at once.
CELERY_TASK_ALWAYS_EAGER = True
