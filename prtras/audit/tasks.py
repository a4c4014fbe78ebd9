"""The worker's door to the seals."""

from celery import shared_task

from prtras.audit import sealing


@shared_task(name="prtras.audit.tasks.seal")
def seal() -> None:
    """Seal what is new in the trail."""
    sealing.seal()
