"""Acts on sessions: sign in, renew, sign out, end from elsewhere; all on record, refusals too."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login as start
from django.contrib.auth import logout as end
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from prtras.accounts.access import AuthenticatedRequest, address_of, system_user, user_called
from prtras.accounts.lockout import key_of, network_of
from prtras.accounts.models import Access, LiveSession, User
from prtras.audit.acting import acting

#: Sessions that have run out are remembered for as long as what was typed in them may be sent on.
REMEMBERED = timedelta(days=2)


def sign_in(request: HttpRequest, user: User) -> None:
    """A session begins, under a key that nobody knew before. The caller has checked who it is."""
    request.session.pop("half", None)
    before = request.session.session_key
    start(request, user)
    if request.session.session_key is None:  # someone else's session was still alive and is gone
        request.session.create()
    elif request.session.session_key == before:  # their own was
        request.session.cycle_key()
    LiveSession.objects.filter(key=before).delete()
    with acting(user, source="sign-in"):
        User.objects.filter(pk=user.pk).update(last_sign_in=timezone.now())
        _note(request, "signed_in", user.get_username(), user)
    key = request.session.session_key
    assert key
    LiveSession.objects.create(key=key, user=user, address=address_of(request), browser=_browser(request))


def renew(request: AuthenticatedRequest) -> None:
    """The password has changed: this session goes on under a new key."""
    before = request.session.session_key
    update_session_auth_hash(request, request.user)
    LiveSession.objects.filter(key=before).update(key=request.session.session_key)


def refuse(request: HttpRequest, name: str) -> None:
    """A wrong password or code, under whatever name was typed."""
    user = user_called(name)
    with acting(system_user(), source="sign-in"):  # what is nobody's name may be a password typed in the wrong field
        _note(request, "refused", user.get_username() if user else "-", user, key_of(name, user))


def release(person: User, *, user: User) -> None:
    """An administrator opens an account again that wrong answers closed."""
    with acting(user, source="accounts"):
        name = person.get_username()
        Access.objects.create(user=person, name=name, key=key_of(name, person), kind="released")


def sign_out(request: HttpRequest) -> None:
    """End this session."""
    if request.user.is_authenticated:
        with acting(request.user, source="sign-in"):
            _note(request, "signed_out", request.user.get_username(), request.user)
        LiveSession.objects.filter(key=request.session.session_key).delete()
    end(request)


def live_sessions(user: User) -> list[LiveSession]:
    """Where a person is signed in now, newest first; sessions that ran out are deleted."""
    sessions = LiveSession.objects.filter(user=user)
    alive = Session.objects.filter(session_key__in=sessions.values("key"), expire_date__gt=timezone.now())
    sessions.exclude(key__in=alive.values("session_key")).filter(began_at__lt=timezone.now() - REMEMBERED).delete()
    return list(sessions.filter(key__in=alive.values("session_key")).order_by("-began_at"))


def ended_by_itself(user: User, mark: str) -> bool:
    """A session that ran out: what was open in it may still be sent on by the same person. `mark` is `mark_of`."""
    keys = LiveSession.objects.filter(user=user).values_list("key", flat=True)
    return any(mark_of(key) == mark for key in keys)


def mark_of(session_key: str | None) -> str:
    """What a form says about the session in which it was opened; nobody gets the key from it."""
    return hashlib.sha256(f"{settings.SECRET_KEY} {session_key}".encode()).hexdigest()[:32]


def end_sessions(user: User, *, by: User, but: str = "", only: int | None = None) -> int:
    """End someone's sessions (all, all but the one with a key, or only one), now. How many."""
    sessions = LiveSession.objects.filter(user=user).exclude(key=but)
    if only is not None:
        sessions = sessions.filter(pk=only)
    keys = list(sessions.values_list("key", flat=True))
    with acting(by, source="sign-in"):
        for session in sessions:
            Access.objects.create(user=user, name=user.get_username(), kind="ended", address=session.address,
                                  browser=session.browser)  # fmt: skip
        Session.objects.filter(session_key__in=keys).delete()
        LiveSession.objects.filter(key__in=keys).delete()
    return len(keys)


def _note(request: HttpRequest, kind: str, name: str, user: User | None, key: str = "") -> None:
    address = address_of(request)
    Access.objects.create(user=user, name=name, kind=kind, address=address, network=network_of(address),
                          key=key or key_of(name, user), browser=_browser(request))  # fmt: skip


def _browser(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "").replace("\0", "")[:200]
