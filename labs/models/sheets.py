"""Sheets that were photographed or scanned: read by the worker, confirmed by a person."""

from django.db import models

from labs.models.imports import LabImport
from prtras.accounts.models import Site
from prtras.crf.models import Participant
from prtras.jobs.models import Job


class LabSheet(Job):
    """One picture of a laboratory sheet, of one participant, until a person confirmed or discarded what was read.

    The picture is no part of the database: it lies encrypted in a folder of its own under the number of this row while
    `outcome` is empty, and is gone with `confirmed`, `discarded` or (nobody came) `expired`. `reading` is what was read
    of the lines that name an analyte, and nothing else of the sheet. `became` is the import of what was confirmed.
    """

    FILLED_LATER = ("outcome", "closed_at", "became_id")

    site = models.ForeignKey(Site, models.PROTECT)
    participant = models.ForeignKey(Participant, models.PROTECT)
    outcome = models.CharField(max_length=9, blank=True)
    closed_at = models.DateTimeField(null=True)
    reading = models.JSONField(null=True)
    became = models.ForeignKey(LabImport, models.PROTECT, null=True)
