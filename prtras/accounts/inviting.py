"""Acts of inviting: a link, good once and for three days, with which a person sets their own password.

Where one person alone may not give it out, the link belongs to a request (`requesting`): it is good once the request
was mailed to the owner's own address, or with the code that a second person got when they agreed.
"""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.utils import timezone

from prtras.accounts import account_mails
from prtras.accounts.mailing import notify
from prtras.accounts.models import AccountRequest, Invitation, OldPassword, User
from prtras.accounts.second_factors import end_all_factors
from prtras.accounts.sessions import end_sessions
from prtras.audit.acting import acting

GOOD_FOR = timedelta(days=3)


class NoLongerGood(Exception):
    """The link was used, replaced by a newer one, is too old, or was never given out."""


class NotAgreed(Exception):
    """A second person has not agreed to the link yet."""


class WrongCode(Exception):
    """The second person's code is missing or wrong."""


def invite(person: User, *, user: User, request: AccountRequest | None = None) -> str:
    """The secret part of a new link; older ones of the same person end. Also the way back for a forgotten password.

    Raises NoLongerGood for a guarded person without a request: `requesting.request_link` makes one.
    """
    if request is None and person.is_guarded:
        raise NoLongerGood
    secret = secrets.token_urlsafe(32)
    with acting(user, source="accounts"):
        end_links(person)
        Invitation.objects.create(
            user=person, by=user, request=request, sha256=_sum(secret), expires_at=timezone.now() + GOOD_FOR
        )
    return secret


def end_links(person: User) -> None:
    """No link of this person is good any more. Call inside an act."""
    Invitation.objects.filter(user=person, used_at=None).update(used_at=timezone.now())


def add_code(request: AccountRequest) -> str:
    """The code without which the link of a request opens nothing; empty where it has none. Call inside an act.

    Raises NoLongerGood when the link ran out.
    """
    links = Invitation.objects.filter(request=request)
    if not links.exists():
        return ""
    code = f"{secrets.token_hex(3)}-{secrets.token_hex(3)}"
    if not links.filter(used_at=None, expires_at__gt=timezone.now()).update(code_sha256=_sum(code)):
        raise NoLongerGood
    return code


def invited(secret: str) -> Invitation:
    """The link that is good. Raises NoLongerGood; NotAgreed while a second person has to agree."""
    valid = Invitation.objects.select_related("user", "by", "request__by", "request__second").filter(
        sha256=_sum(secret), used_at=None, expires_at__gt=timezone.now(), user__is_active=True
    )
    invitation = valid.first()
    if invitation is None or (invitation.request is None and invitation.user.is_guarded):
        raise NoLongerGood
    if invitation.request is not None and invitation.request.state not in ("agreed", "mailed"):
        raise NotAgreed
    return invitation


def accept_invitation(secret: str, password: str, code: str = "", email: str = "") -> User:
    """Set the password; the link is used up, and what was requested with it is done.

    Who becomes guarded says where their mail goes: from now on it is their own address that links are sent to.
    Raises NoLongerGood, NotAgreed, WrongCode; ValidationError for a weak or old password, or what is no address.
    """
    invitation = invited(secret)
    person = invitation.user
    with acting(person, source="invitation", reason=f"{invitation.who.zh} / {invitation.who.en}"):
        Invitation.objects.select_for_update().get(pk=invitation.pk)
        invitation = invited(secret)
        if invitation.code_sha256 and not secrets.compare_digest(invitation.code_sha256, _sum(code.strip().lower())):
            raise WrongCode
        set_password(person, password)
        end_links(person)
        end_sessions(person, by=person)
        if invitation.request is not None:
            if invitation.request.guards:
                _set_own_address(person, email)
            fulfil(invitation.request)
    notify(person, account_mails.PASSWORD_SET.format(who=invitation.who))
    return person


def _set_own_address(person: User, email: str) -> None:
    if email:
        validate_email(email)
    person.email = email
    person.save(update_fields=["email"])


def fulfil(request: AccountRequest) -> None:
    """What was requested takes effect. Call inside an act."""
    person, member = request.person, request.membership
    if request.ends_factors:
        end_all_factors(person)
    if request.kind == "granted" and member is not None:
        member.granted = sorted({*member.granted, request.value})
        member.save(update_fields=["granted"])
    if request.kind == "email":
        person.email = request.value
        person.save(update_fields=["email"])
    request.state = "done"
    request.save(update_fields=["state"])


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


def _sum(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
