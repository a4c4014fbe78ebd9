"""The worker's door to exports, and to whatever was left lying."""

from uuid import UUID

from celery import shared_task

from prtras.exports import building, working
from prtras.exports.models import ExportJob


@shared_task(name="prtras.exports.tasks.build")
def build(job_id: str) -> None:
    """Build a bundle that a person asked for."""
    building.build(UUID(job_id))


working.register_job(ExportJob, building.build)


@shared_task(name="prtras.exports.tasks.pick_up")
def pick_up() -> None:
    """Jobs whose message was lost (the broker was away) are done all the same."""
    working.pick_up()
