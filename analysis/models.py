"""Analysis runs: append-only results of a pinned data cut."""

from django.db import models

from prtras.datacut.models import DataCut
from prtras.files.models import StoredFile
from prtras.jobs.models import Job


class AnalysisRun(Job):
    """One run of the planned analyses over one data cut. `results` is what `analysis.results` reads."""

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

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["cutoff", "entered_until"],
                nulls_distinct=False,
                condition=models.Q(status__in=["queued", "running"]),
                name="one_open_run_per_cutoff",
            )
        ]
