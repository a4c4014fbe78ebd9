"""What was typed and not yet submitted."""

from django.db import models
from django.utils import timezone

from prtras.accounts.models import User
from prtras.audit.models import Audited
from prtras.crf.models import CrfPage


class Draft(models.Model):
    """One person's unsubmitted typing on one page. Not data: in no export, no status, no trail."""

    page = models.ForeignKey(CrfPage, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    typed = models.JSONField()
    seen_version = models.PositiveIntegerField()
    begun_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "user"], name="one_draft_per_page_and_person")]


class ParkedPost(models.Model):
    """What one person sent after her session had ended: encrypted, for her alone, for one day. Not data."""

    page = models.ForeignKey(CrfPage, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="parked")
    sealed = models.TextField()
    at = models.DateTimeField(auto_now_add=True)


class DataReview(Audited):
    """Someone looked through the data-review report of a period and says what came of it."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    since = models.DateField()
    until = models.DateField()
    counts = models.JSONField()
    head_seal = models.CharField(max_length=64)
    note = models.CharField(max_length=300)
