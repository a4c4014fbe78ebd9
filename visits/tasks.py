"""The worker's door to what people are told by e-mail, and to reports of serious adverse events."""

from uuid import UUID

from django.utils import timezone

from prtras.background import task
from prtras.jobs.running import register_job
from prtras.labels import T
from visits import notifying
from visits.models import SaeReport
from visits.sae import reporting


@task("visits.tasks.send_safety_notice")
def send_safety_notice(notice_id: int) -> None:
    """A serious adverse event is on record: tell at once. What could not be sent is tried again every five minutes."""
    notifying.send_notice(notice_id)


@task("visits.tasks.send_digests")
def send_digests() -> None:
    """Beat calls this every morning."""
    notifying.send_digests(timezone.localdate())


@task("visits.tasks.send_waiting_notices")
def send_waiting_notices() -> None:
    """Beat calls this every five minutes."""
    notifying.send_waiting()


@task("visits.tasks.write_sae_report")
def write_sae_report(report_id: str) -> None:
    """A report of a serious adverse event that a person asked for."""
    reporting.write_report(UUID(report_id))


register_job(SaeReport, reporting.write_report, T("SAE报告", "The SAE report"))
