"""Bundles that people requested."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from prtras.audit.models import Audited
from prtras.datacut.models import DataCut
from prtras.files.models import StoredFile
from prtras.jobs.models import Job


class ExportJob(Job):
    """One bundle for one person, in one format; for what and for whom, and what is in it."""

    format = models.CharField(max_length=20, default="csv")
    cut = models.ForeignKey(DataCut, models.PROTECT, null=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    purpose = models.CharField(max_length=20)
    recipient = models.CharField(max_length=200)
    destination = models.CharField(max_length=10)
    filing = models.CharField(max_length=60, blank=True, help_text="number of the filing where it leaves China")
    profile = models.CharField(max_length=10, help_text="how it is de-identified")
    contents = models.JSONField(null=True, help_text="bytes, and rows of a table, of every file by its path")

    @property
    def expires_on(self) -> date | None:
        """The last day on which it can be downloaded; None while it is not done."""
        return self.finished_at and timezone.localdate(self.finished_at) + timedelta(days=settings.EXPORT_DAYS)

    @property
    def expired(self) -> bool:
        """It was to be downloaded up to a day that is over."""
        return self.expires_on is not None and timezone.localdate() > self.expires_on

    @property
    def available(self) -> bool:
        """It can be downloaded."""
        return self.status == "done" and not self.expired


class BundleCheck(Job):
    """A bundle that a person laid before this installation: what is wrong with it. Nothing of the bundle is stored."""

    name = models.CharField(max_length=200, help_text="of the file")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="bytes")
    report = models.JSONField(null=True, help_text="findings and notes, as prtras.exports.verify.findings has them")


class CutComparison(Job):
    """Two data cuts compared value by value for a person: counts by table, the first lines, and a file with all."""

    before = models.ForeignKey(DataCut, models.PROTECT, related_name="+")
    after = models.ForeignKey(DataCut, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    counts = models.JSONField(null=True, help_text="values new, changed and removed, by table")
    participants = models.PositiveIntegerField(default=0, help_text="of whom a value differs")
    first = models.JSONField(null=True, help_text="the first lines of the file")


class SigningKey(Audited):
    """The public half of a key that signed bundles of this installation. The private half is no data."""

    fingerprint = models.CharField(max_length=64, unique=True)
    public_key = models.TextField(help_text="PEM")
    first_used_at = models.DateTimeField(auto_now_add=True)
