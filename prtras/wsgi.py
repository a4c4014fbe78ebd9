"""The web server's door. It loads the Celery app too: without it a view could ask no worker for anything."""

import os

from django.core.wsgi import get_wsgi_application

from prtras.celery import app as celery_app

__all__ = ["application", "celery_app"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prtras.settings")
application = get_wsgi_application()
