"""Guarded reads: what a user may not know of is 404, what they may see but not do is 403."""

import ipaddress
import unicodedata
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeGuard, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from prtras.accounts.models import SYSTEM, Site, User
from prtras.accounts.rights import Role, allowed


class AuthenticatedRequest(HttpRequest):
    """A request of someone signed in: what views behind `requires` or `login_required` receive. Only a type."""

    user: User


P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)
#: A view for people signed in, with the parts of its address.
View = Callable[Concatenate[AuthenticatedRequest, P], Answer]


def signed_in(request: HttpRequest) -> TypeGuard[AuthenticatedRequest]:
    """Is this the request of someone signed in? For views that answer others too."""
    return request.user.is_authenticated


def may(user: User, action: str, site: Site | None = None) -> bool:
    """May this user do this at this site (at any site, when none is named)? The system belongs to no site."""
    if user.username == SYSTEM:
        return allowed(Role.SYSTEM, action)
    return any(m.may(action) for m in user.current_memberships if site is None or m.site_id == site.pk)


def role_for(user: User, action: str, site: Site | None = None) -> str:
    """The role in which the person does this at this site (or anywhere), for the trail. Raises PermissionDenied."""
    for member in user.current_memberships:
        if member.may(action) and (site is None or member.site_id == site.pk):
            return member.role
    raise PermissionDenied(action)


def require(user: User, action: str, site: Site | None = None) -> None:
    """Raises PermissionDenied (403) when the person may not."""
    if not may(user, action, site):
        raise PermissionDenied(action)


def sites_where(user: User, action: str) -> list[int]:
    """The ids of the sites at which the person may do this."""
    return [m.site_id for m in user.current_memberships if m.may(action)]


def sites_of(user: User) -> list[Site]:
    """The sites at which the person works today."""
    return [member.site for member in user.current_memberships]


def user_called(name: str) -> User | None:
    """Whom a typed name means: full width, capitals and blanks around it do not matter."""
    typed = unicodedata.normalize("NFKC", name).replace("\0", "").strip()[:60]
    return User.objects.filter(username__iexact=typed).first()


def address_of(request: HttpRequest) -> str | None:
    """The browser's address; behind our own proxy that is the proxy's own word: the last one. None if it is unknown."""
    forwarded = request.headers.get("X-Forwarded-For") if settings.BEHIND_PROXY else None
    return ip_address_in(str(request.META.get("REMOTE_ADDR", "")) if forwarded is None else forwarded.split(",")[-1])


def ip_address_in(text: str) -> str | None:
    """The address in what a server or a proxy writes: bare, with a port, in brackets, quoted; None where there is none.

    An IPv4 address that is written as IPv6 is that IPv4 address; the zone of a link-local address is left out.
    """
    host = text.strip().strip('"')
    host = host[1:].partition("]")[0] if host.startswith("[") else host
    host = host.partition(":")[0] if host.count(":") == 1 else host
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def system_user() -> User:
    """The account in whose name the machine itself acts (night run, import by command)."""
    return User.objects.get(username=SYSTEM)


def requires(*actions: str) -> Callable[[View[P, Answer]], View[P, Answer]]:
    """A view for people signed in who may do all this somewhere; others get the sign-in page or 403."""

    def wrap(view: View[P, Answer]) -> View[P, Answer]:
        @login_required
        @wraps(view)
        def guarded(request: AuthenticatedRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
            for action in actions:
                require(request.user, action)
            return view(request, *args, **kwargs)

        return guarded

    return wrap
