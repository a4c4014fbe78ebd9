"""Data cuts and export jobs."""

import uuid

from django.db import models

from prtras.accounts.models import User
from prtras.audit.models import Audited
from prtras.crf.models import Participant
from prtras.files.models import StoredFile


class DataCut(Audited):
    """One unmoving picture of all study data, stored with its checksum."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    taken_at = models.DateTimeField(help_text="the database's clock when the picture was taken")
    cutoff = models.DateField(help_text="nothing dated later counts")
    file = models.ForeignKey(StoredFile, models.PROTECT)
    sha256 = models.CharField(max_length=64, help_text="of the uncompressed picture")
    rows = models.PositiveIntegerField()
    head_seal = models.CharField(max_length=64)


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


class ExportJob(Job):
    """One bundle for one person."""

    kind = models.CharField(max_length=20, default="csv")
    cut = models.ForeignKey(DataCut, models.PROTECT, null=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)


class Printout(Job):
    """One PDF of the casebook for one person: blank, annotated, or with a participant's data."""

    kind = models.CharField(max_length=10, help_text="blank, annotated or filled")
    language = models.CharField(max_length=10)
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)
