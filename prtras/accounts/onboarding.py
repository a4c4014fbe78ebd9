"""What has to be done before the work: a second factor, the policies. Nobody gets round it by typing an address."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from prtras.accounts.models import User
from prtras.accounts.policies import POLICIES, Policy
from prtras.accounts.second_factors import kinds_of

#: What may be visited before: to do these things, to read in one's language, to leave.
OPEN = {
    "accounts:my_account", "accounts:totp", "accounts:passkey_offer", "accounts:add_passkey", "accounts:policies",
    "accounts:sign_out", "accounts:language", "accounts:sign_in", "accounts:recovery",
}  # fmt: skip
#: In the session: everything is done, for this set of policies.
CLEARED = "+".join(policy.code for policy in POLICIES)


def require_onboarding(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: lead a person to what has to be done first."""

    def guarded(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.get("cleared") != CLEARED:
            step = next_step(request.user)
            if step is None:
                request.session["cleared"] = CLEARED
            elif _name(request) not in OPEN:
                return redirect(step)
        return get_response(request)

    return guarded


def _name(request: HttpRequest) -> str:
    if request.path.startswith(settings.STATIC_URL):
        return "accounts:my_account"
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def next_step(user: User) -> str | None:
    """The name of the page on which something is to be done first; None when all is done."""
    if settings.SECOND_FACTOR and not kinds_of(user):
        return "accounts:totp"
    return "accounts:policies" if policies_to_accept(user) else None


def policies_to_accept(user: User) -> list[Policy]:
    """What a person has not accepted yet."""
    accepted = set(user.acceptances.values_list("policy", flat=True))
    return [policy for policy in POLICIES if policy.code not in accepted]
