"""The laboratory's own normal ranges, by analyte, sex and the day from which they hold."""

from django.db import models

from prtras.accounts.models import Site
from prtras.audit.models import Audited


class NormalRange(Audited):
    """One line of a laboratory's table. It holds from its day until the next one of the same analyte and sex.

    `sex` is M, F or empty for both; a limit that is empty does not exist (such as no lower limit of a tumour marker).
    """

    site = models.ForeignKey(Site, models.PROTECT)
    analyte = models.CharField(max_length=12)
    sex = models.CharField(max_length=1, blank=True)
    unit = models.CharField(max_length=16)
    low = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    valid_from = models.DateField()

    class Meta:
        ordering = ["analyte", "sex", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["site", "analyte", "sex", "valid_from"], name="a_range_once_a_day")
        ]
