"""What the database and the mails say, beside what was acknowledged."""

import email
import email.policy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from analysis.models import AnalysisRun
from prtras.audit import replay, sealing
from prtras.audit.models import AuditEvent
from prtras.crf.models import CrfPage
from prtras.exports.models import ExportJob
from prtras.jobs.models import OPEN, Due
from tests.faults.ledger import Ledger
from visits.models import SafetyNotice

JOBS = {"bundle": ExportJob, "run": AnalysisRun}
#: Who hears of a serious adverse event at site 01.
RESPONSIBLE = {"zhao@example.org", "wang@example.org"}


def at_rest() -> bool:
    """Nothing waits and nothing runs; due things of this minute aside."""
    waiting = any(model.objects.filter(status__in=OPEN).exists() for model in JOBS.values())
    now = timezone.now().replace(second=0, microsecond=0)
    unfinished = Due.objects.filter(finished_at=None, due_at__lt=now).exclude(name__contains=" ")
    return not (waiting or unfinished.exists() or SafetyNotice.objects.filter(sent_at=None).exists())


def faults(ledger: Ledger, mails: Path) -> Iterator[str]:
    """Everything that is missing, double or wrong, in words."""
    yield from _saves(ledger)
    yield from _jobs(ledger)
    yield from _due_things()
    yield from _mails(ledger, mails)
    if broken := sealing.verify():
        yield f"the seals are broken: {broken}"
    for row in replay.unexplained():
        yield f"the trail does not explain {row}"


def _saves(ledger: Ledger) -> Iterator[str]:
    for page in CrfPage.objects.filter(pk__in=[*ledger.saved, *ledger.unsure]):
        events = AuditEvent.objects.filter(page=page.pk, table="enrollment_consent", operation="UPDATE").order_by("id")
        written = [event.new["icf_version"] for event in events if "icf_version" in (event.new or {})]
        acknowledged = ledger.saved.get(str(page.pk), [])
        yield from (f"page {page.pk}: {value} was acknowledged and is lost" for value in {*acknowledged} - {*written})
        unknown = {*written} - {*acknowledged} - {*ledger.unsure.get(str(page.pk), [])}
        yield from (f"page {page.pk}: {value} was stored although it was refused" for value in unknown)
        yield from (f"page {page.pk}: {v} was stored {n} times" for v, n in Counter(written).items() if n > 1)
        if written and page.consent.icf_version != written[-1]:
            yield f"page {page.pk} holds {page.consent.icf_version}, the trail ends with {written[-1]}"


def _jobs(ledger: Ledger) -> Iterator[str]:
    for kind, model in JOBS.items():
        rows = list(model.objects.all())
        if kind != "run" and len(rows) < ledger.jobs[kind]:
            yield f"{ledger.jobs[kind]} requests for a {kind} were acknowledged, {len(rows)} are there"
        for job in rows:
            due = Due.objects.filter(name=f"{model._meta.label_lower} {job.pk}").first()
            attempts = due.lease if due else 0
            if job.status != "done" and job.log != "replaced" and not (job.log == "lost" and attempts > 3):
                yield f"{kind} {job.pk} is {job.status} after {attempts} attempts: {job.log}"


def _due_things() -> Iterator[str]:
    for due in Due.objects.exclude(name__contains=" ").exclude(log=""):
        yield f"{due.name}, due at {due.due_at}, failed after {due.lease} attempts: {due.log}"
    nights = Due.objects.filter(name="analysis.tasks.nightly", lease__gt=0).count()
    runs = AnalysisRun.objects.filter(requested_by__username="system").count()
    if runs > nights:
        yield f"{runs} runs for {nights} nights"


def _mails(ledger: Ledger, mails: Path) -> Iterator[str]:
    """Every event reaches everybody responsible; a second mail needs a worker that ended between mail and mark."""
    notices = list(SafetyNotice.objects.all())
    lost = ledger.events - {str(notice.page_id) for notice in notices}
    yield from (f"event {page} was acknowledged and leaves no notice" for page in lost)
    sent = Counter(_messages(mails))
    again = Due.objects.filter(name__startswith="safety notice ", lease__gt=1).count()
    for person in RESPONSIBLE:
        count = sum(number for (to, subject), number in sent.items() if to == person and "SAE" in subject)
        if not len(notices) <= count <= len(notices) + again:
            yield f"{person} got {count} mails of {len(notices)} events, {again} were taken up again"
    for (to, subject), number in sent.items():
        retried = Due.objects.filter(name__startswith="digest to ", lease__gt=1).exists()
        if subject == "digest" and number > 1 and not retried:
            yield f"{to} got {number} digests of one day"


def _messages(mails: Path) -> Iterator[tuple[str, str]]:
    for file in mails.glob("*.log"):
        for text in file.read_bytes().split(b"-" * 79 + b"\n"):
            message = email.message_from_bytes(text, policy=email.policy.default)
            if message["To"]:
                subject = str(message["Subject"])
                serious = "严重" in subject or "serious" in subject
                yield message["To"], "SAE" if serious else "digest" if "今日" in subject else subject
