"""Queries: a question about one field, and what was said to it."""

from django.db import models

from prtras.accounts.models import User
from prtras.audit.models import Audited
from prtras.crf.models import CrfPage


class Query(Audited):
    """A question about one place on a page. `check_id` names the edit check when the system asks."""

    page = models.ForeignKey(CrfPage, models.PROTECT, related_name="queries")
    place = models.CharField(max_length=80, help_text="item, or row:item")
    check_id = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default="open")
    accepted = models.BooleanField(default=False, help_text="closed by a person, not by the data")
    text_zh = models.TextField()
    text_en = models.TextField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "page"], name="queries_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "place", "check_id"],
                condition=~models.Q(state="closed") & ~models.Q(check_id=""),
                name="a_check_asks_once",
            )
        ]


class QueryMessage(Audited):
    """One thing said in a query's thread."""

    query = models.ForeignKey(Query, models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    act = models.CharField(max_length=10)
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
