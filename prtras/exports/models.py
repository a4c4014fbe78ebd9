"""Bundles that people requested."""

from django.db import models

from prtras.datacut.models import DataCut
from prtras.files.models import StoredFile
from prtras.jobs.models import Job


class ExportJob(Job):
    """One bundle for one person, in one format."""

    format = models.CharField(max_length=20, default="csv")
    cut = models.ForeignKey(DataCut, models.PROTECT, null=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)
