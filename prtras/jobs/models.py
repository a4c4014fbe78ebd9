"""What the worker does for a person."""

import uuid

from django.db import models

from prtras.accounts.models import User
from prtras.audit.models import Audited


class Job(Audited):
    """Something the worker does for a person: claimed once, with status, log and result."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, default="queued", help_text="queued, running, done or failed")
    log = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["-requested_at"]

    @property
    def open(self) -> bool:
        """Not finished yet."""
        return self.status in ("queued", "running")
