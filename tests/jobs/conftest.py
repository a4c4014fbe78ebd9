"""Time that passes at once: a lease that has run out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from prtras.celery import app
from prtras.jobs.models import Due


@pytest.fixture(autouse=True)
def _a_worker_has_started() -> None:
    app.loader.import_default_modules()


@pytest.fixture
def run_out() -> Callable[[], int]:
    """Every worker dies without a word, and a minute passes."""

    def change() -> int:
        return Due.objects.filter(finished_at=None).update(leased_until=timezone.now() - timedelta(seconds=1))

    return change
