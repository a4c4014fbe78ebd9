"""Files that the system keeps, and who took them."""

from django.db import models

from prtras.accounts.models import User
from prtras.audit.models import Audited


class StoredFile(Audited):
    """Bytes on disk under their SHA-256; the same content is kept once."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    stored_at = models.DateTimeField(auto_now_add=True)


class Download(Audited):
    """One download: who took which bytes under which name, and when."""

    file = models.ForeignKey(StoredFile, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT)
    name = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
