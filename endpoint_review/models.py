"""Cases, their rounds, and the signed readings. Rounds and readings are written once (triggers/blind_reading.sql)."""

from typing import Any

from django.db import models

from endpoint_review.codelists import VERDICT
from prtras.accounts.models import User
from prtras.audit.models import Audited
from prtras.crf.models import Participant


class ReviewCase(Audited):
    """A participant as reviewers know them: by a number that tells neither order nor arm."""

    participant = models.OneToOneField(Participant, models.PROTECT, related_name="+")
    number = models.CharField(max_length=8, unique=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class ReviewRound(Audited):
    """What the readers of a case are shown: the same packet for all of them, as it was when the round was opened.

    Days of the packet count from `anchor` (Day 0). `through` is the day of the last evaluable scan in it. A later
    round takes the place of this one.
    """

    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="rounds")
    ordinal = models.PositiveSmallIntegerField(default=1)
    packet = models.JSONField()
    sha256 = models.CharField(max_length=64, help_text="of the packet")
    anchor = models.DateField()
    through = models.DateField()
    reason = models.CharField(max_length=200, blank=True, help_text="why the case is read again")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["case", "-ordinal"]
        constraints = [models.UniqueConstraint(fields=["case", "ordinal"], name="a_round_once")]

    @classmethod
    def trigger_arguments(cls) -> tuple[str, ...]:
        return ("round",)


class Reading(Audited):
    """One signed reading of a round; its three parts are signed by three people.

    `day` is that of the scan with the first evidence of recurrence, counted from Day 0, and `evidence` its date.
    """

    round = models.ForeignKey(ReviewRound, models.PROTECT, related_name="readings")
    part = models.CharField(max_length=6, help_text="first, second or final")
    verdict = models.CharField(max_length=2)
    day = models.IntegerField(null=True)
    evidence = models.DateField(null=True)
    category = models.CharField(max_length=12, blank=True)
    confidence = models.CharField(max_length=8)
    comment = models.CharField(max_length=500, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, help_text="printed name at the time")
    role = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "part"], name="a_part_once"),
            models.UniqueConstraint(fields=["round", "user"], name="three_people_read_a_round"),
            models.CheckConstraint(condition=models.Q(verdict__in=list(VERDICT.codes)), name="a_verdict_of_the_list"),
            models.CheckConstraint(
                condition=models.Q(verdict="Y", day__isnull=False, evidence__isnull=False)
                | (~models.Q(verdict="Y") & models.Q(day=None, evidence=None, category="")),
                name="a_day_with_a_recurrence_only",
            ),
        ]

    @classmethod
    def trigger_arguments(cls) -> tuple[str, ...]:
        return ("reading",)

    @property
    def signed(self) -> dict[str, Any]:
        """What the signature is bound to: the packet that was shown, and what was read in it."""
        read = {name: getattr(self, name) for name in ("verdict", "day", "category", "confidence", "comment")}
        return {"packet": self.round.sha256, "round": self.round_id, "part": self.part} | read
