"""Analysis runs: append-only results of a pinned data cut."""

from django.db import models

from prtras.datacut.models import DataCut
from prtras.files.models import StoredFile
from prtras.jobs.models import Job


class AnalysisRun(Job):
    """One run of the planned analyses over one data cut. `results` is what `analysis.results` reads.

    A report that it did not print is printed when somebody asks for it.
    """

    FILLED_LATER = ("report_zh_id", "report_en_id")

    cut = models.ForeignKey(DataCut, models.PROTECT, null=True)
    cutoff = models.DateField()
    entered_until = models.DateTimeField(null=True, help_text="as of when; empty: as of when it ran")
    nightly = models.BooleanField(default=False, help_text="by the timetable: what dashboards show")
    results = models.JSONField(null=True)
    replication = models.JSONField(null=True, help_text="the same numbers by a second program")
    results_sha256 = models.CharField(max_length=64, blank=True)
    report_zh = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    report_en = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    warnings = models.PositiveSmallIntegerField(default=0)
    program = models.JSONField(null=True, help_text="plan, code and packages that computed it")
    steps = models.JSONField(null=True, help_text="each step with its seconds")
    counted = models.JSONField(null=True, help_text="who is in each count, for the next night")
    alarms = models.JSONField(null=True, help_text="counts that moved without a reason; empty: not compared")

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it goes on, and where it never began."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at and self.started_at else None

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["cutoff", "entered_until"],
                nulls_distinct=False,
                condition=models.Q(status__in=["queued", "running"]),
                name="one_open_run_per_cutoff",
            )
        ]


class Recomputation(Job):
    """A finished run computed again from its stored cut: the same bytes, or what differs."""

    run = models.ForeignKey(AnalysisRun, models.PROTECT, related_name="recomputations")
    results_sha256 = models.CharField(max_length=64, blank=True)
    identical = models.BooleanField(null=True)
    results = models.JSONField(null=True, help_text="what came out, where it differs")
    program = models.JSONField(null=True, help_text="plan, code and packages that computed it")

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["run"],
                condition=models.Q(status__in=["queued", "running"]),
                name="one_open_recomputation_per_run",
            )
        ]
