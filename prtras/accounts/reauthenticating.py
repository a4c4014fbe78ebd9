"""Authentication at sign-in, and again before a signature: password, then second factor where there is one.

Wrong answers of both kinds count towards the same pause (`lockout`). Source: 21 CFR 11.200(a)(1), 11.300(d).
"""

from collections.abc import Mapping

from django.contrib.auth import authenticate
from django.http import HttpRequest

from prtras.accounts import lockout, second_factors, sessions
from prtras.accounts.access import AuthenticatedRequest
from prtras.accounts.models import User


class NotAuthenticated(Exception):
    """Password or second factor is wrong."""


class Closed(Exception):
    """Not judged, after too many wrong answers; every door answers with the page that says for how long."""


def reauthenticate(request: AuthenticatedRequest, given: Mapping[str, str]) -> None:
    """The person signed in gives `password`, and `code` or `passkey`, once more. Raises NotAuthenticated, Closed."""
    name = request.user.get_username()
    with lockout.one_at_a_time(request, name):
        if lockout.wait(request, name):
            raise Closed
        person = authenticate(request, username=name, password=given.get("password", ""))
        right = person is not None and person.pk == request.user.pk
        if not right:
            sessions.refuse(request, name)
    if person is None or not right:
        raise NotAuthenticated
    if isinstance(person, User) and person.password != request.user.password:  # stored anew just now
        request.user.password = person.password
        sessions.renew(request)
    check_second_factor(request, request.user, given)


def check_second_factor(request: HttpRequest, user: User, given: Mapping[str, str]) -> None:
    """Check the second factor of a person who has one. Raises NotAuthenticated."""
    if not second_factors.kinds_of(user):
        return
    try:
        second_factors.accept(request, user, given)
    except second_factors.NotAccepted:
        sessions.refuse(request, user.get_username())
        raise NotAuthenticated from None
