"""Hospital files: asked for, tried, imported whole."""

from django.db import models

from prtras.accounts.models import Site
from prtras.files.models import StoredFile
from prtras.jobs.models import Job


class LabImport(Job):
    """One try at one hospital file. `report` says row by row what was found; only `applied` ones changed data."""

    site = models.ForeignKey(Site, models.PROTECT)
    file = models.ForeignKey(StoredFile, models.PROTECT)
    name = models.CharField(max_length=200)
    mapping = models.JSONField()
    dry_run = models.BooleanField(default=True)
    applied = models.BooleanField(default=False)
    report = models.JSONField(null=True)

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["site", "file"], condition=models.Q(applied=True), name="a_file_once_per_site"
            )
        ]
