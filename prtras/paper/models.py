"""Printouts of the casebook."""

from django.db import models

from prtras.crf.models import Participant
from prtras.files.models import StoredFile
from prtras.jobs.models import Job


class Printout(Job):
    """One PDF of the casebook for one person: blank, annotated, or with a participant's data."""

    kind = models.CharField(max_length=10, help_text="blank, annotated or filled")
    language = models.CharField(max_length=10)
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)
