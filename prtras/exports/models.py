"""Bundles that people requested."""

from django.db import models

from prtras.audit.models import Audited
from prtras.datacut.models import DataCut
from prtras.files.models import StoredFile
from prtras.jobs.models import Job


class ExportJob(Job):
    """One bundle for one person, in one format."""

    format = models.CharField(max_length=20, default="csv")
    cut = models.ForeignKey(DataCut, models.PROTECT, null=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)


class BundleCheck(Job):
    """A bundle that a person laid before this installation: what is wrong with it. Nothing of the bundle is stored."""

    name = models.CharField(max_length=200, help_text="of the file")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="bytes")
    report = models.JSONField(null=True, help_text="findings and notes, as prtras.exports.verify.findings has them")


class SigningKey(Audited):
    """The public half of a key that signed bundles of this installation. The private half is no data."""

    fingerprint = models.CharField(max_length=64, unique=True)
    public_key = models.TextField(help_text="PEM")
    first_used_at = models.DateTimeField(auto_now_add=True)
