"""The laboratories' own normal ranges: by analyte, sex, age and the day from which they hold; files that bring them."""

from django.db import models

from prtras.accounts.models import Site
from prtras.audit.models import Audited
from prtras.files.models import StoredFile
from prtras.jobs.models import Job


class NormalRange(Audited):
    """One line of a laboratory's table. It holds from its day until the next one of the same group of people.

    `laboratory` is its name on the report, empty for a table that holds for every laboratory of the site. `sex` is M, F
    or empty for both. Ages are whole years, both included; empty, there is no such limit. A limit of the result that is
    empty does not exist (such as no lower limit of a tumour marker). `lloq` is the lower limit of quantitation of the
    laboratory's assay, in the same unit, where it is known.
    """

    site = models.ForeignKey(Site, models.PROTECT)
    laboratory = models.CharField(max_length=60, blank=True)
    analyte = models.CharField(max_length=12)
    sex = models.CharField(max_length=1, blank=True)
    age_from = models.PositiveSmallIntegerField(null=True)
    age_to = models.PositiveSmallIntegerField(null=True)
    unit = models.CharField(max_length=16)
    low = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    lloq = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    valid_from = models.DateField()

    class Meta:
        ordering = ["analyte", "laboratory", "sex", "age_from", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "laboratory", "analyte", "sex", "age_from", "age_to", "valid_from"],
                nulls_distinct=False,
                name="a_range_once_a_day",
            )
        ]


class RangePreview(Job):
    """What a file of normal ranges would change: asked for at the upload, looked at, then taken.

    `laboratory` and `valid_from` stand for lines that do not say so themselves. `report` has the figures and the first
    results that would be flagged or graded differently. `applied_at` is when the file was taken.
    """

    FILLED_LATER = ("applied_at",)

    site = models.ForeignKey(Site, models.PROTECT)
    file = models.ForeignKey(StoredFile, models.PROTECT)
    name = models.CharField(max_length=200)
    laboratory = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField(null=True)
    report = models.JSONField(null=True)
    applied_at = models.DateTimeField(null=True)
