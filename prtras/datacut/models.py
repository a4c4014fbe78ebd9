"""Data cuts: unmoving pictures of all study data."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from prtras.audit.models import Audited
from prtras.datacut.past_tables import Moment
from prtras.files.models import StoredFile


class DataCut(Audited):
    """One unmoving picture of all study data, stored with its checksum.

    `last_event`, `open_transactions` and `unbegun` say exactly what of the trail it saw: by them the same picture can
    be rebuilt (`prtras.datacut.past_tables.Moment`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(help_text="the moment that the picture shows, by the database's clock")
    entered_until = models.DateTimeField(null=True, help_text="asked for as of then; empty: as of when it was taken")
    cutoff = models.DateField(help_text="nothing dated later is in it")
    name = models.CharField(max_length=80, blank=True, help_text="what people call it")
    file = models.ForeignKey(StoredFile, models.PROTECT)
    sha256 = models.CharField(max_length=64, help_text="of the uncompressed picture")
    rows = models.PositiveIntegerField()
    head_seal = models.CharField(max_length=64)
    last_event = models.BigIntegerField(null=True, help_text="the last event of the trail that it saw")
    open_transactions = ArrayField(models.BigIntegerField(), default=list, help_text="transactions that were not over")
    unbegun = models.BigIntegerField(null=True, help_text="no transaction from this one on was over")

    @property
    def moment(self) -> Moment | None:
        """What of the trail it saw; None where that is not on record."""
        if self.last_event is None or self.unbegun is None:
            return None
        return Moment(self.last_event, tuple(self.open_transactions), self.unbegun)
