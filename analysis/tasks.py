"""The worker's door to the night run."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from analysis import running
from prtras.accounts.access import system_user


@shared_task(name="analysis.tasks.nightly")
def nightly() -> None:
    """Beat calls this at 02:00 Asia/Shanghai."""
    try:
        asked = running.request_run(timezone.localdate(), user=system_user())
    except running.AlreadyRunning:
        return
    running.run(asked.id)


@shared_task(name="analysis.tasks.run")
def run(run_id: str) -> None:
    """A run that a person asked for."""
    running.run(UUID(run_id))
