"""What people say about a page: queries, source verification, holds, signatures."""

from django.db import models

from prtras.accounts.models import User
from prtras.audit.models import Audited
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.review.states import LIVE


class Query(Audited):
    """A question about one place on a page. `check_id` names the edit check when the system asks.

    `assignee` is who is to answer; nobody means everyone who may. `due` is the day by which an answer is wanted.
    """

    page = models.ForeignKey(CrfPage, models.PROTECT, related_name="queries")
    place = models.CharField(max_length=80, help_text="item, or row:item")
    check_id = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default="open")
    accepted = models.BooleanField(default=False, help_text="closed by a person, not by the data")
    text_zh = models.TextField()
    text_en = models.TextField()
    assignee = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    due = models.DateField(null=True)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "page"], name="queries_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "place", "check_id"],
                condition=models.Q(state__in=LIVE) & ~models.Q(check_id=""),
                name="a_check_asks_once",
            )
        ]

    @property
    def waits(self) -> bool:
        """Open or answered: someone is still to do something."""
        return self.state in LIVE


class QueryMessage(Audited):
    """One thing said in a query's thread."""

    query = models.ForeignKey(Query, models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    act = models.CharField(max_length=10)
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    @classmethod
    def trigger_arguments(cls) -> tuple[str, ...]:
        return ("message",)


class Verification(Audited):
    """Someone compared a place (empty: the whole page) with the source; `dropped_at`: it has changed since."""

    page = models.ForeignKey(CrfPage, models.PROTECT, related_name="verifications")
    place = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "place"], condition=models.Q(dropped_at=None), name="a_place_is_verified_once"
            )
        ]


class HoldAct(Audited):
    """One freezing, locking or release: of a page, a visit, a participant, or (none of these) of the study.

    A release of what someone else locked is `requested`, then `done` or `refused` by a second person.
    """

    act = models.CharField(max_length=8, help_text="frozen, locked or release")
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+")
    page = models.ForeignKey(CrfPage, models.PROTECT, null=True, related_name="hold_acts")
    reason = models.CharField(max_length=300)
    pages = models.PositiveIntegerField(default=0, help_text="how many pages it concerned")
    state = models.CharField(max_length=10, default="done", help_text="done, requested or refused")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    second = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class Signature(Audited):
    """One person's signature on one page: who, when, what it means, and the SHA-256 of what was signed.

    Signatures given together share a `batch`. A later change of the page sets `broken_at`; nothing takes it back.
    """

    page = models.ForeignKey(CrfPage, models.PROTECT, related_name="signatures")
    batch = models.UUIDField()
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, help_text="printed name at the time")
    role = models.CharField(max_length=20)
    meaning = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    broken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["batch"], name="signatures_by_batch")]

    @classmethod
    def trigger_arguments(cls) -> tuple[str, ...]:
        return ("signature",)
