"""The worker's door, and the one timetable of what runs by itself."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prtras.settings")

app = Celery("prtras")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "night run": {"task": "analysis.tasks.nightly", "schedule": crontab(hour="2", minute="0")},
    "edit checks": {"task": "prtras.entry.tasks.run_checks", "schedule": crontab(hour="1", minute="0")},
    "seal the audit trail": {"task": "prtras.audit.tasks.seal", "schedule": crontab(minute="5")},
    "notices that wait": {"task": "visits.tasks.send_waiting_notices", "schedule": crontab(minute="*/5")},
    "daily digest": {"task": "visits.tasks.send_digests", "schedule": crontab(hour="7", minute="30")},
    "pick up what was left": {"task": "prtras.jobs.tasks.pick_up", "schedule": crontab(minute="*/5")},
}
