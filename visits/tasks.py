"""The worker's door to what people are told by e-mail."""

from django.utils import timezone

from prtras.background import task
from visits import noticing


@task("visits.tasks.send_safety_notice")
def send_safety_notice(notice_id: int) -> None:
    """A serious adverse event is on record: tell at once. What could not be sent is tried again every five minutes."""
    noticing.send_notice(notice_id)


@task("visits.tasks.send_digests")
def send_digests() -> None:
    """Beat calls this every morning."""
    noticing.send_digests(timezone.localdate())


@task("visits.tasks.send_waiting_notices")
def send_waiting_notices() -> None:
    """Beat calls this every five minutes."""
    noticing.send_waiting()
