"""What the worker does for a person, and what is to happen once."""

import uuid
from typing import ClassVar

from django.db import models

from prtras.accounts.models import User
from prtras.audit.models import Audited
from prtras.labels import T

OPEN = ("queued", "running")
LOST, REPLACED, CANCELLED = "lost", "replaced", "cancelled"
#: Reasons of an end without a result that have words; any other log is the error itself, as the worker's log has it.
REASONS = {
    LOST: T(
        "处理过程多次中断（工作进程或数据库停止），已放弃。请重新提交。",
        "It was interrupted again and again (worker or database stopped) and was given up. Please request it again.",
    ),
    REPLACED: T(
        "处理过程中断，已由新的请求代替。",
        "It was interrupted, and a new request has taken its place.",
    ),
    CANCELLED: T("由 {detail} 取消。", "Cancelled by {detail}."),
    "PermissionDenied": T(
        "您已没有所需的权限。",
        "The right that this takes has been withdrawn.",
    ),
}


def register_reason(error: type[Exception], words: T) -> None:
    """Say in words why a job that ended with this error has no result; `{detail}` is the error's own text."""
    REASONS[error.__name__] = words


class Job(Audited):
    """Something the worker does for a person: under a lease, with status, log and result.

    When it is over it is never changed (triggers/ended_jobs.sql); `FILLED_LATER` are columns that may be filled once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, default="queued", help_text="queued, running, done, failed or cancelled")
    log = models.TextField(blank=True)
    #: Under which lease this object is worked at; of nobody's concern but its worker's.
    lease_number: int | None = None

    FILLED_LATER: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True
        ordering = ["-requested_at"]

    @classmethod
    def trigger_arguments(cls) -> tuple[str, ...]:
        return ("job", *cls.FILLED_LATER)

    @property
    def open(self) -> bool:
        """Not finished yet."""
        return self.status in OPEN

    @property
    def reason(self) -> T:
        """Why it has no result, in the reader's language; empty while that is not so."""
        kind, _, detail = self.log.partition(": ")
        words = REASONS.get(kind)
        return words.format(detail=detail) if words else T(self.log, self.log)


class Due(models.Model):
    """Something that is to happen once: what, and when it was due; who does it holds a lease."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    lease = models.PositiveSmallIntegerField(default=0, help_text="how often it was taken up")
    leased_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(null=True, help_text="how far it is, where it says so")
    total = models.PositiveIntegerField(null=True, help_text="of how many")
    step = models.CharField(max_length=40, blank=True, default="", help_text="at which step, where it has steps")
    log = models.TextField(blank=True, help_text="why it failed; empty for what was done")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "due_at"], name="once_per_due_time")]
