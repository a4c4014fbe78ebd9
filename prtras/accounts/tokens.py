"""Tokens of the API: whose a token is, and what the program that carries it may do. Reads only."""

import hashlib
import hmac
import re

from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from prtras.accounts import lockout
from prtras.accounts.access import may
from prtras.accounts.models import ApiToken, User
from prtras.accounts.onboarding import next_step
from prtras.accounts.rights import SCOPES

#: `prtras_`, the public prefix, the secret part.
SHAPE = re.compile(r"prtras_([0-9a-f]{8})_[\w-]{43}")


class NotAToken(Exception):
    """Nobody's, expired, revoked, or of a person who may not come in now."""


def checksum(text: str) -> str:
    """What is kept of a token. Its secret part has 256 bits of chance, so that one round of SHA-256 is enough."""
    return hashlib.sha256(text.encode()).hexdigest()


def live_tokens() -> QuerySet[ApiToken]:
    """The tokens that are good by themselves, newest first, each with its last use (`last_use`)."""
    tokens = ApiToken.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
    return tokens.select_related("user", "site").annotate(last_use=Max("uses__at")).order_by("-id")


def token_in(text: str, request: HttpRequest) -> ApiToken:
    """The token that a program shows, if its owner may come in now from where the request is. Raises NotAToken.

    The owner is there as `person_through` gives them.
    """
    shape = SHAPE.fullmatch(text)
    token = ApiToken.objects.select_related("user").filter(prefix=shape[1]).first() if shape else None
    if token is None or not hmac.compare_digest(token.sha256, checksum(text)):
        raise NotAToken
    if token.revoked_at is not None or token.expires_at <= timezone.now():
        raise NotAToken
    token.user = person_through(token)
    name = token.user.get_username()
    closed = not token.user.is_active or not token.user.current_memberships or lockout.wait(request, name)
    if closed or next_step(token.user) is not None:
        raise NotAToken
    return token


def opens_anything(user: User) -> bool:
    """Has the person a right that a token can carry?"""
    return any(may(user, action) for action in SCOPES["write"])


def person_through(token: ApiToken) -> User:
    """The owner with the rights of today at the token's site, within its scope: every guard then asks as always."""
    person = token.user
    members = [member for member in person.current_memberships if token.site_id in (None, member.site_id)]
    for member in members:
        member.within = SCOPES[token.scope]
    vars(person)["current_memberships"] = members
    person.through = f"api {token.prefix}"
    return person
