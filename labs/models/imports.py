"""Hospital files: asked for, tried, imported by their lines."""

from django.db import models

from prtras.accounts.models import Site
from prtras.audit.models import Audited
from prtras.files.models import StoredFile
from prtras.jobs.models import Job


class LabImport(Job):
    """One try at one hospital file. Only `applied` ones changed data.

    `part` is what was to be taken: `all` lines or nothing, or the `good` ones, whole. `correction` is why values that
    differ from the file are replaced; empty, they are refused, unless their line says why. `participants`: the numbers
    of those whose lines were chosen; empty: all. `confirmed`: a person looked at the samples that are
    unlike their participant. `complete`: nothing of the file is left. `report` has the figures and the first remarks,
    `listing` every cell.
    """

    site = models.ForeignKey(Site, models.PROTECT)
    file = models.ForeignKey(StoredFile, models.PROTECT)
    name = models.CharField(max_length=200)
    mapping = models.JSONField()
    dry_run = models.BooleanField(default=True)
    part = models.CharField(max_length=4, default="all")
    correction = models.CharField(max_length=200, blank=True)
    participants = models.JSONField(default=list, blank=True)
    confirmed = models.BooleanField(default=False)
    applied = models.BooleanField(default=False)
    complete = models.BooleanField(default=False)
    report = models.JSONField(null=True)
    listing = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["site", "file"], condition=models.Q(complete=True), name="a_file_once_per_site"
            )
        ]


class SavedMapping(Audited):
    """What the columns of a laboratory's files mean, kept under a name; the newest under a name holds."""

    site = models.ForeignKey(Site, models.PROTECT)
    name = models.CharField(max_length=80)
    mapping = models.JSONField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="a_mapping_name_once")]
