"""The trail, its seals, and the base of every table that it watches."""

from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField
from django.db import models


class Audited(models.Model):
    """A table whose every INSERT and UPDATE the database writes to the trail, and whose rows nobody deletes."""

    class Meta:
        abstract = True

    @classmethod
    def trigger_arguments(cls) -> tuple[str, ...]:
        """What the trigger of this table passes to the rules: the kind of row, then details.

        The `triggers/*.sql` files of the rooms say which kinds they know; nothing for a table without a rule.
        """
        return ()


class AuditEvent(models.Model):
    """One changed row: what was before, what is after, who, in which role, why, from where, and when.

    Written by the trigger `prtras_audit` only. For an INSERT `new` holds the whole row without its empty columns;
    for an UPDATE `old` and `new` hold the changed columns.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    transaction = models.BigIntegerField()
    table = models.CharField(max_length=63)
    row = models.CharField(max_length=64)
    operation = models.CharField(max_length=6)
    page = models.UUIDField(null=True)
    participant = models.BigIntegerField(null=True)
    actor = models.BigIntegerField()
    actor_name = models.CharField(max_length=150)
    role = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    reasons = models.JSONField(null=True)
    source = models.CharField(max_length=200)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["page", "id"], name="audit_by_page"),
            models.Index(fields=["participant", "id"], name="audit_by_participant"),
        ]


class AuditSeal(models.Model):
    """A checksum over itself, the seal before it and the trail rows that it covers. Numbered without a gap.

    Written by the function `prtras_seal` only (triggers/seals.sql). A restored database opens a new epoch.
    """

    id = models.BigIntegerField(primary_key=True)
    epoch = models.BigIntegerField(help_text="1, and one more for every restore")
    home = models.CharField(max_length=60, help_text="the database in which it was made")
    made_at = models.DateTimeField()
    unfinished = models.BigIntegerField(help_text="the first transaction that was not over")
    unbegun = models.BigIntegerField(null=True, help_text="no transaction from this one on had begun")
    last_event = models.BigIntegerField(help_text="the largest id that it or a seal before it covers")
    events = models.BigIntegerField()
    covers = ArrayField(BigIntegerRangeField(), help_text="the ids of the events")
    sha256 = models.CharField(max_length=64, unique=True)


class AuditColumn(models.Model):
    """A column of an audited table: the last event before it came, and what the rows of then hold in it.

    Written by `manage.py migrate` only. Without it nobody could tell a value that came with the column from one that
    was put in past the trail.
    """

    id = models.BigAutoField(primary_key=True)
    table = models.CharField(max_length=63)
    column = models.CharField(max_length=63)
    since = models.BigIntegerField()
    value = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "column"], name="a_column_once")]
