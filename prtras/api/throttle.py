"""How many requests a minute a token may make, counted by what is on record: the same for every web process."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from prtras.accounts.models import ApiToken

MINUTE = timedelta(minutes=1)


class PerToken(BaseThrottle):
    """Refused requests are not counted, so that waiting helps."""

    until: float = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Were there fewer than the limit in the last minute?"""
        if not isinstance(request.auth, ApiToken):
            return True
        now = timezone.now()
        recent = request.auth.uses.filter(at__gt=now - MINUTE).order_by("-at").values_list("at", flat=True)
        last = list(recent[settings.API_REQUESTS_A_MINUTE - 1 : settings.API_REQUESTS_A_MINUTE])
        if last:
            self.until = (last[0] + MINUTE - now).total_seconds()
        return not last

    def wait(self) -> float:
        """Seconds until the next request is answered."""
        return self.until
