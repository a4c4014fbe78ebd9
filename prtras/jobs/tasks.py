"""The worker's door to what was left behind."""

from prtras.background import task
from prtras.jobs import running, scheduling
from prtras.jobs.timetable import PICK_UP


@task(PICK_UP)
def pick_up() -> None:
    """What was missed, what a worker left when it died, and what has lost its message is done all the same."""
    scheduling.catch_up()
    scheduling.do_deferred(older_than=scheduling.MESSAGE)
    running.pick_up()
