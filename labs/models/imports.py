"""Hospital files that were imported."""

from django.db import models

from prtras.accounts.models import Site, User
from prtras.audit.models import Audited
from prtras.files.models import StoredFile


class LabImport(Audited):
    """One hospital file, imported whole. Its checksum is how it is recognised the second time."""

    site = models.ForeignKey(Site, models.PROTECT)
    file = models.ForeignKey(StoredFile, models.PROTECT)
    name = models.CharField(max_length=200)
    imported_by = models.ForeignKey(User, models.PROTECT)
    imported_at = models.DateTimeField(auto_now_add=True)
    rows = models.PositiveIntegerField()
    results = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "file"], name="a_file_once_per_site")]
