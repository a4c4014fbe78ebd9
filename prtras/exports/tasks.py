"""The worker's door to exports, and to whatever was left lying."""

from uuid import UUID

from celery import shared_task

from prtras.exports import building, printing, working
from prtras.exports.models import ExportJob, Printout


@shared_task(name="prtras.exports.tasks.build")
def build(job_id: str) -> None:
    """Build a bundle that a person asked for."""
    building.build(UUID(job_id))


@shared_task(name="prtras.exports.tasks.print_out")
def print_out(printout_id: str) -> None:
    """Print what a person asked for."""
    printing.print_out(UUID(printout_id))


working.register_job(Printout, printing.print_out)
working.register_job(ExportJob, building.build)


@shared_task(name="prtras.exports.tasks.pick_up")
def pick_up() -> None:
    """Jobs whose message was lost (the broker was away) are done all the same."""
    working.pick_up()
