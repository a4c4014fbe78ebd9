"""The spine of the casebook: participant, visit, page. Study tables hang below the page."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models

from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action, roles_that_may
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
#: The states in which visits are expected.
FOLLOWED = ("screening", "on_study")
#: What holds data still: frozen for a while (a cleaning, an interim look), locked for good. The database refuses both.
HOLDS = CodeList(
    "HOLD",
    T("冻结与锁定", "Freeze and lock"),
    {"frozen": T("已冻结", "Frozen"), "locked": T("已锁定", "Locked")},
)


class Study(Audited):
    """The one study as a whole: while it is held, no participant is added."""

    hold = models.CharField(max_length=6, blank=True)

    @classmethod
    def trigger_arguments(cls) -> tuple[str, ...]:
        return ("study", *roles_that_may(Action.HOLD))


class Participant(Audited):
    """A person in the study, known by number only. A number is given once and never again."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="participants")
    number = models.CharField(max_length=12, unique=True)
    screening_number = models.CharField(max_length=8, unique=True, null=True, help_text="where the study has them")
    state = models.CharField(max_length=20, default="screening")
    anchor = models.DateField(null=True, help_text="Day 0 of the schedule")
    arm = models.CharField(max_length=4, blank=True)
    consented = models.DateField(null=True, help_text="day of the informed consent")
    withdrawn = models.DateField(null=True, help_text="day on which the consent was withdrawn")
    hold = models.CharField(max_length=6, blank=True, help_text="the whole casebook is held: nothing is added")

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def trigger_arguments(cls) -> tuple[str, ...]:
        return ("participant", *roles_that_may(Action.HOLD))


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

    @classmethod
    def trigger_arguments(cls) -> tuple[str, ...]:
        return ("visit",)


class CrfPage(Audited):
    """One form instance. Expected pages exist from the moment their visit is planned."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.CharField(max_length=12)
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="pages")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="pages")
    repeat = models.PositiveSmallIntegerField(default=0)
    required = models.BooleanField(default=True)
    reason_code = models.CharField(
        max_length=40, blank=True, help_text="what happened that asks for this page, and where"
    )
    state = models.CharField(max_length=10, default="expected", help_text="expected, submitted or void")
    version = models.PositiveIntegerField(default=0)
    filled = models.PositiveSmallIntegerField(default=0, help_text="how many of these have a value or a reason")
    required_items = models.PositiveSmallIntegerField(default=0, help_text="required or expected items that apply")
    left_open = models.BooleanField(
        default=False, help_text="an import left required items open; they are asked about once the page is due"
    )
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    hold = models.CharField(max_length=6, blank=True, help_text="frozen or locked: nothing on it changes")
    held_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified = models.CharField(max_length=4, blank=True, help_text="part or full: compared with the source")
    signed = models.BooleanField(default=False, help_text="a signature holds for what is on it")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "form", "visit", "repeat"], name="a_page_once", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["form", "participant"], name="pages_of_a_form")]

    @property
    def key(self) -> str:
        """The page as it is now: its id and version, as a form sends back what was seen."""
        return f"{self.pk}:{self.version}"

    @classmethod
    def trigger_arguments(cls) -> tuple[str, ...]:
        return ("page", *roles_that_may(Action.HOLD))


class FormPage(Audited):
    """Base of every form's table: one row per page. `missing` holds coded reasons, by item."""

    objects: ClassVar[models.Manager[Self]]
    page = models.OneToOneField(CrfPage, models.PROTECT, primary_key=True, related_name="%(class)s")
    missing = models.JSONField(default=dict, blank=True)
    reported = models.JSONField(null=True, help_text="values that the source gives in another unit, as typed, by item")

    class Meta:
        abstract = True

    @classmethod
    def trigger_arguments(cls) -> tuple[str, ...]:
        return ("data", "", *_computed(cls))


class FormRow(Audited):
    """Base of every repeating table: several rows per page. A saved row is never deleted, only entered in error.

    `key_column` is the column by which a place (`row:item`) names a row: its key where the keys are fixed, else its
    number.
    """

    key_column = "row"

    objects: ClassVar[models.Manager[Self]]
    page = models.ForeignKey(CrfPage, models.PROTECT, related_name="%(class)s_rows")
    row = models.PositiveSmallIntegerField()
    void_reason = models.CharField(max_length=200, blank=True)
    missing = models.JSONField(default=dict, blank=True)
    reported = models.JSONField(null=True, help_text="values that the source gives in another unit, as typed, by item")

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["page", "row"], name="%(class)s_once")]

    @classmethod
    def trigger_arguments(cls) -> tuple[str, ...]:
        return ("data", cls.key_column, *_computed(cls))


def _computed(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.fields if getattr(field, "derived", False)]


def assign_changed(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Set the columns that are different; their names."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed
