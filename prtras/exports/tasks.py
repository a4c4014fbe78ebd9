"""The worker's door to exports."""

from uuid import UUID

from celery import shared_task

from prtras.exports import building
from prtras.exports.models import ExportJob


@shared_task(name="prtras.exports.tasks.build")
def build(job_id: str) -> None:
    """Build a bundle that a person asked for."""
    building.build(UUID(job_id))


@shared_task(name="prtras.exports.tasks.pick_up")
def pick_up() -> None:
    """Bundles whose message was lost (the broker was away) are built all the same."""
    for job_id in ExportJob.objects.filter(status="queued").values_list("id", flat=True):
        building.build(job_id)
