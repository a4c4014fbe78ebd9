"""The worker's door to the hospital-file import."""

from uuid import UUID

from celery import shared_task

from labs import importing
from labs.models import LabImport
from prtras.exports.working import register_job


@shared_task(name="labs.tasks.run")
def run(import_id: str) -> None:
    """A dry run or an import that a person asked for."""
    importing.run(UUID(import_id))


register_job(LabImport, importing.run)
