"""The worker's door. What runs by itself, and when, stands in the settings (`CELERY_BEAT_SCHEDULE`)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prtras.settings")

app = Celery("prtras")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
