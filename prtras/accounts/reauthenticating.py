"""Authentication at sign-in, and again before a signature: password, then second factor where there is one.

Wrong answers of both kinds count towards the lock-out of the account. Source: 21 CFR 11.200(a)(1), 11.300(d).
"""

from collections.abc import Mapping

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from prtras.accounts import second_factors, sessions
from prtras.accounts.access import AuthenticatedRequest
from prtras.accounts.models import User


class NotAuthenticated(Exception):
    """Password or second factor is wrong, or the account is locked after too many wrong ones."""


def reauthenticate(request: AuthenticatedRequest, given: Mapping[str, str]) -> None:
    """The person signed in gives `password`, and `code` or `passkey`, once more. Raises NotAuthenticated."""
    person = authenticate(request, username=request.user.get_username(), password=given.get("password", ""))
    if person is None or person.pk != request.user.pk:
        sessions.refuse(request, request.user.get_username())
        raise NotAuthenticated
    check_second_factor(request, person, given)


def check_second_factor(request: HttpRequest, user: User, given: Mapping[str, str]) -> None:
    """Check the second factor of a person who has one. Raises NotAuthenticated."""
    if not second_factors.kinds_of(user):
        return
    credentials = {"username": user.get_username()}
    if not AxesProxyHandler.is_allowed(request, credentials):
        request.axes_locked_out = True  # type: ignore[attr-defined]  # axes' middleware looks for it
        raise NotAuthenticated
    try:
        second_factors.accept(request, user, given)
    except second_factors.NotAccepted:
        sessions.refuse(request, user.get_username())
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        raise NotAuthenticated from None
