"""Data cuts: unmoving pictures of all study data."""

import uuid

from django.db import models

from prtras.audit.models import Audited
from prtras.files.models import StoredFile


class DataCut(Audited):
    """One unmoving picture of all study data, stored with its checksum."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(help_text="the database's clock when the picture was taken")
    cutoff = models.DateField(help_text="nothing dated later counts")
    file = models.ForeignKey(StoredFile, models.PROTECT)
    sha256 = models.CharField(max_length=64, help_text="of the uncompressed picture")
    rows = models.PositiveIntegerField()
    head_seal = models.CharField(max_length=64)
