"""The worker's door to jobs that were left behind."""

from prtras.background import task
from prtras.jobs import running


@task("prtras.jobs.tasks.pick_up")
def pick_up() -> None:
    """Jobs whose message was lost (the broker was away) are done all the same."""
    running.pick_up()
