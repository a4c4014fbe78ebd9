"""Typing that is not submitted yet."""

from django.db import models
from django.utils import timezone

from prtras.accounts.models import User
from prtras.crf.models import CrfPage


class Draft(models.Model):
    """One person's unsubmitted typing on one page. Not data: in no export, no status, no trail.

    `revision` counts its savings: a window that shows an older one may not overwrite it.
    """

    page = models.ForeignKey(CrfPage, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    typed = models.JSONField()
    seen_version = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "user"], name="one_draft_per_page_and_person")]


class UnsentPost(models.Model):
    """What one person sent after their session had ended: encrypted, for them alone, for one day. Not data."""

    page = models.ForeignKey(CrfPage, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="parked")
    sealed = models.TextField()
    at = models.DateTimeField(auto_now_add=True)


class IdempotencyKey(models.Model):
    """A form that was shown to a person has taken effect on this page; sent again, it has no second one. Not data."""

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    page = models.ForeignKey(CrfPage, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
