"""The worker's door. What runs by itself, and when, stands in the settings (`CELERY_BEAT_SCHEDULE`)."""

import os

from celery import Celery
from celery.signals import worker_init, worker_process_init

from prtras.garbage_collection import collect_seldom

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prtras.settings")

app = Celery("prtras")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

worker_init.connect(collect_seldom)
worker_process_init.connect(collect_seldom)
