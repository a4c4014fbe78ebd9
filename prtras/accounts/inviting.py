"""Acts of inviting: a link, good once and for three days, with which a person sets their own password."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from prtras.accounts.models import Invitation, OldPassword, User
from prtras.accounts.sessions import end_sessions
from prtras.audit.acting import acting

GOOD_FOR = timedelta(days=3)


class NoLongerGood(Exception):
    """The link was used, replaced by a newer one, is too old, or was never given out."""


def invite(person: User, *, user: User) -> str:
    """The secret part of a new link; older ones of the same person end. Also the way back for a forgotten password."""
    secret = secrets.token_urlsafe(32)
    with acting(user, source="accounts"):
        Invitation.objects.filter(user=person, used_at=None).update(used_at=timezone.now())
        Invitation.objects.create(user=person, sha256=_sum(secret), expires_at=timezone.now() + GOOD_FOR)
    return secret


def invited(secret: str) -> User:
    """Whom a link invites. Raises NoLongerGood."""
    return _valid_invitation(secret).user


def accept_invitation(secret: str, password: str) -> User:
    """Set the password; the link is used up. Raises NoLongerGood; ValidationError for a weak or old password."""
    person = _valid_invitation(secret).user
    with acting(person, source="invitation"):
        invitation = Invitation.objects.select_for_update().get(pk=_valid_invitation(secret).pk)
        set_password(person, password)
        invitation.used_at = timezone.now()
        invitation.save(update_fields=["used_at"])
    return person


def change_password(person: User, password: str, *, but: str = "") -> None:
    """Change the password; sessions elsewhere end. Raises ValidationError."""
    with acting(person, source="accounts"):
        set_password(person, password)
        end_sessions(person, by=person, but=but)


def set_password(person: User, password: str) -> None:
    """Check and store a password; remember it as used. Call inside an act. Raises ValidationError."""
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    OldPassword.objects.create(user=person, password=person.password)


def _valid_invitation(secret: str) -> Invitation:
    valid = Invitation.objects.select_related("user").filter(
        sha256=_sum(secret), used_at=None, expires_at__gt=timezone.now(), user__is_active=True
    )
    if (invitation := valid.first()) is None:
        raise NoLongerGood
    return invitation


def _sum(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
