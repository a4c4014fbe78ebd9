"""Freeze, lock and release."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from prtras.accounts.access import AuthenticatedRequest, require
from prtras.accounts.rights import Action
from prtras.labels import T
from prtras.review import holding
from prtras.review.models import HoldAct
from prtras.review.named_scopes import REFUSED, named_scope, why_not
from prtras.ui import messages
from prtras.ui.redirects import back


@login_required
@require_POST
def hold(request: AuthenticatedRequest) -> HttpResponse:
    """Freeze, lock or release a page, a visit, a participant or the study."""
    named = {name: request.POST.get(name, "") for name in ("page", "visit", "participant", "study")}
    scope = named_scope(request.user, **named)
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")[:300]
    try:
        if act == "release":
            done = holding.release(scope, reason, user=request.user)
        elif act in ("frozen", "locked"):
            done = holding.hold(scope, act, reason, user=request.user)
        else:
            raise Http404
        messages.success(request, _thanks(done))
    except holding.NotReady as unready:
        messages.error(request, why_not(unready))
    except (holding.NoReason, holding.StillFollowed, holding.NothingToDo) as refused:
        messages.error(request, REFUSED[type(refused)])
    return back(request, "review:readiness")


def _thanks(done: HoldAct) -> T:
    if done.state == "requested":
        return T("已申请解除，须由另一人批准。", "Release requested; a second person must approve it.")
    return T("已处理 {n} 页。", "{n} pages updated.").format(n=done.pages)


@login_required
@require_POST
def decide(request: AuthenticatedRequest, act_id: int) -> HttpResponse:
    """A second person's word on a release."""
    require(request.user, Action.HOLD)
    get_object_or_404(holding.requests_visible_to(request.user), id=act_id)
    try:
        holding.decide_release(act_id, grant=request.POST.get("act") == "grant", user=request.user)
    except holding.NothingToDo:
        messages.error(request, REFUSED[holding.NothingToDo])
    return back(request, "review:readiness")
