"""The spine of the casebook: participant, visit, page. Study tables hang below the page."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models

from prtras.accounts.models import Site, User
from prtras.audit.models import Audited
from prtras.codelists import CodeList
from prtras.labels import T

STATES = CodeList(
    "PARTICIPANT_STATE",
    T("受试者状态", "Participant state"),
    {
        "screening": T("筛选中", "Screening"),
        "screen_failure": T("筛选失败", "Screen failure"),
        "on_study": T("随访中", "On study"),
        "completed": T("已完成", "Completed"),
        "withdrawn": T("已退出", "Withdrawn"),
        "lost": T("失访", "Lost to follow-up"),
        "died": T("死亡", "Died"),
    },
)
#: The states in which visits are expected and asked for.
FOLLOWED = ("screening", "on_study")


class Participant(Audited):
    """A person in the study, known by number only. A number is given once and never again."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="participants")
    number = models.CharField(max_length=12, unique=True)
    screening_number = models.CharField(max_length=8, unique=True)
    state = models.CharField(max_length=20, default="screening")
    anchor = models.DateField(null=True, help_text="Day 0 of the schedule")
    arm = models.CharField(max_length=4, blank=True)
    consented = models.DateField(null=True, help_text="day of the informed consent")
    withdrawn = models.DateField(null=True, help_text="day on which the consent was withdrawn")

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Visit(Audited):
    """One visit of one participant: planned with its window, then done, partial or missed; dropped if not needed."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="visits")
    code = models.CharField(max_length=6)
    sequence = models.PositiveSmallIntegerField(default=0, help_text="numbers unscheduled visits")
    position = models.IntegerField(help_text="order in the casebook")
    target = models.DateField(null=True)
    opens = models.DateField(null=True)
    closes = models.DateField(null=True)
    date = models.DateField(null=True)
    state = models.CharField(max_length=10, default="planned")
    schedule = models.CharField(max_length=10, default="1", help_text="version of the schedule it was planned by")

    class Meta:
        ordering = ["participant_id", "position", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "code", "sequence"], name="a_visit_once"),
        ]
        indexes = [models.Index(fields=["state", "closes"], name="visits_due")]

    def __str__(self) -> str:
        return f"{self.code}{self.sequence or ''}"


class CrfPage(Audited):
    """One form instance. Expected pages exist from the moment their visit is planned."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.CharField(max_length=12)
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="pages")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="pages")
    repeat = models.PositiveSmallIntegerField(default=0)
    required = models.BooleanField(default=True)
    because = models.CharField(max_length=40, blank=True, help_text="what happened that asks for this page, and where")
    state = models.CharField(max_length=10, default="expected", help_text="expected, submitted or void")
    version = models.PositiveIntegerField(default=0)
    filled = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "form", "visit", "repeat"], name="a_page_once", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["form", "participant"], name="pages_of_a_form")]


class FormPage(Audited):
    """Base of every form's table: one row per page. `missing` holds coded reasons, by item."""

    page = models.OneToOneField(CrfPage, models.PROTECT, primary_key=True, related_name="%(class)s")
    missing = models.JSONField(default=dict, blank=True)
    reported = models.JSONField(null=True, help_text="values that the source gives in another unit, as typed, by item")

    class Meta:
        abstract = True


class FormRow(Audited):
    """Base of every repeating table: several rows per page. A saved row is never deleted, only entered in error."""

    page = models.ForeignKey(CrfPage, models.PROTECT, related_name="%(class)s_rows")
    row = models.PositiveSmallIntegerField()
    void_reason = models.CharField(max_length=200, blank=True)
    missing = models.JSONField(default=dict, blank=True)
    reported = models.JSONField(null=True, help_text="values that the source gives in another unit, as typed, by item")

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["page", "row"], name="%(class)s_once")]


def lay_on(row: FormPage | FormRow, values: Mapping[str, Any]) -> list[str]:
    """Set the columns that are different; their names."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed
