"""What a program got for a request that it may send again."""

from django.db import models

from prtras.accounts.models import ApiToken


class Answer(models.Model):
    """The answer to a request with an `Idempotency-Key`: sent again, it is the same. Not data.

    `request` is the SHA-256 of method, address and body: another request under the same key is an error.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.UUIDField()
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    etag = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="a_key_once_per_token")]
