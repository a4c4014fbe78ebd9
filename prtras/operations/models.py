"""What was done to keep the data safe, and how it went."""

from django.db import models


class OperationRecord(models.Model):
    """One backup, or one restore that was proven by content. The machine writes it; it holds no data of the study."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, help_text="backup or restore")
    backup = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True, help_text="empty while it goes on")
    size = models.BigIntegerField(null=True, help_text="bytes")
    findings = models.JSONField(default=list, help_text="what is wrong, line by line")

    class Meta:
        ordering = ["-began_at"]
