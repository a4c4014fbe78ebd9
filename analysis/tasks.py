"""The worker's door to the night run."""

from uuid import UUID

from django.utils import timezone

from analysis import running
from analysis.models import AnalysisRun
from prtras.accounts.access import system_user
from prtras.background import task
from prtras.jobs.running import register_job


@task("analysis.tasks.nightly")
def nightly() -> None:
    """Beat calls this at 02:00 Asia/Shanghai."""
    try:
        requested = running.request_run(timezone.localdate(), user=system_user())
    except running.AlreadyRunning:
        return
    _run_and_replicate(requested.id)


@task("analysis.tasks.run")
def run(run_id: str) -> None:
    """A run that a person requested."""
    _run_and_replicate(UUID(run_id))


def _run_and_replicate(run_id: UUID) -> None:
    if running.run(run_id) is not None:
        running.replicate(run_id)


register_job(AnalysisRun, _run_and_replicate)
