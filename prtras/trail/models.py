"""Sign-offs of the data review."""

from django.db import models

from prtras.accounts.models import User
from prtras.audit.models import Audited


class DataReview(Audited):
    """Someone looked through the data-review report of a period and says what came of it."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    since = models.DateField()
    until = models.DateField()
    counts = models.JSONField()
    head_seal = models.CharField(max_length=64)
    note = models.CharField(max_length=300)
