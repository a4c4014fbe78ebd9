"""The worker's door to jobs that were left behind."""

from celery import shared_task

from prtras.jobs import running


@shared_task(name="prtras.jobs.tasks.pick_up")
def pick_up() -> None:
    """Jobs whose message was lost (the broker was away) are done all the same."""
    running.pick_up()
