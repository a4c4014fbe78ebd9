"""Tokens of the API: one's own to make and revoke, those of others to revoke."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from prtras.accounts import reauthenticating, token_issuing
from prtras.accounts.access import AuthenticatedRequest, requires, sites_of
from prtras.accounts.models import ApiToken
from prtras.accounts.rights import SCOPE_TITLES, Action
from prtras.accounts.second_factors import kinds_of
from prtras.accounts.tokens import live_tokens, opens_anything
from prtras.accounts.views.my_account import WRONG_CREDENTIALS
from prtras.labels import T
from prtras.ui import messages

REVOKED = T("令牌已吊销。", "The token has been revoked.")
#: What the form offers; a year is the most.
USUAL_LIFE = timedelta(days=90)


@login_required
def own(request: AuthenticatedRequest) -> HttpResponse:
    """One's own tokens; a new one after password and second factor, its text shown this once."""
    typed = {"name": "", "scope": "", "site": "", "expires": f"{timezone.localdate() + USUAL_LIFE}"}
    context: dict[str, object] = {"problem": None, "made": None, "text": ""}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in typed}
        try:
            reauthenticating.reauthenticate(request, request.POST)
            context["made"], context["text"] = token_issuing.issue(token_issuing.NewToken(**typed), user=request.user)
        except reauthenticating.NotAuthenticated:
            context["problem"] = WRONG_CREDENTIALS
        except ValidationError as refused:
            context["problem"] = " ".join(refused.messages)
    kinds = kinds_of(request.user)
    context |= {"typed": typed, "tokens": live_tokens().filter(user=request.user), "sites": sites_of(request.user)}
    context |= {"scopes": list(SCOPE_TITLES.items()), "factors": kinds, "has_passkey": "passkey" in kinds}
    context["useful"] = opens_anything(request.user)
    return render(request, "accounts/tokens.html", context, status=422 if context["problem"] else 200)


@login_required
@require_POST
def revoke(request: AuthenticatedRequest, token_id: int) -> HttpResponse:
    """End one of one's own."""
    token_issuing.revoke(get_object_or_404(request.user.tokens.filter(revoked_at=None), id=token_id), user=request.user)
    messages.success(request, REVOKED)
    return redirect("accounts:tokens")


@require_POST
@requires(Action.MANAGE_ACCOUNTS)
def revoke_of_others(request: AuthenticatedRequest, token_id: int) -> HttpResponse:
    """An administrator ends anybody's."""
    token_issuing.revoke(get_object_or_404(ApiToken, id=token_id, revoked_at=None), user=request.user)
    messages.success(request, REVOKED)
    return redirect("accounts:people")
