"""The trail, its seals, and the base of every table that it watches."""

from django.contrib.postgres.indexes import BrinIndex
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
            BrinIndex(fields=["transaction"], name="audit_by_transaction"),
        ]


class AuditSeal(models.Model):
    """A checksum over all trail rows of the transactions since the last seal, chained to that seal."""

    id = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField(auto_now_add=True)
    from_transaction = models.BigIntegerField()
    until_transaction = models.BigIntegerField(help_text="exclusive")
    last_event = models.BigIntegerField()
    events = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
