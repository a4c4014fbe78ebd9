"""The worker's door to exports."""

from uuid import UUID

from prtras.background import task
from prtras.exports import building, comparing, verifying
from prtras.exports.models import BundleCheck, CutComparison, ExportJob
from prtras.jobs.running import register_job
from prtras.labels import T


@task("prtras.exports.tasks.build")
def build(job_id: str) -> None:
    """Build a bundle that a person requested."""
    building.build(UUID(job_id))


register_job(ExportJob, building.build, T("统计数据包", "The bundle"))


@task("prtras.exports.tasks.check")
def check(check_id: str) -> None:
    """Check a bundle that a person uploaded."""
    verifying.run(UUID(check_id))


register_job(BundleCheck, verifying.run, T("数据包核对", "The check of a bundle"))


@task("prtras.exports.tasks.compare")
def compare(comparison_id: str) -> None:
    """Compare two data cuts."""
    comparing.run(UUID(comparison_id))


register_job(CutComparison, comparing.run, T("数据快照比较", "The comparison of data cuts"))
