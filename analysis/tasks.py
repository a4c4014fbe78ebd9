"""The worker's door to the night run."""

from contextlib import suppress
from uuid import UUID

from analysis import recomputing, running
from analysis.models import AnalysisRun, Recomputation
from prtras.accounts.access import system_user
from prtras.background import task
from prtras.jobs.running import register_job
from prtras.jobs.scheduling import due_at
from prtras.labels import T


@task("analysis.tasks.nightly")
def nightly() -> None:
    """Beat calls this at 02:00 Asia/Shanghai: the night's run is requested, once."""
    due = due_at("analysis.tasks.nightly")
    with suppress(running.AlreadyRunning):
        requested = running.request_night_run(due, user=system_user())
        run.delay_on_commit(str(requested.id))


@task("analysis.tasks.run")
def run(run_id: str) -> None:
    """A run that a person requested."""
    running.run(UUID(run_id))


register_job(AnalysisRun, running.run, T("分析运行", "The analysis run"))


@task("analysis.tasks.recompute")
def recompute(recomputation_id: str) -> None:
    """A finished run, computed again."""
    recomputing.recompute(UUID(recomputation_id))


register_job(Recomputation, recomputing.recompute, T("重新计算", "The recomputation of a run"))
