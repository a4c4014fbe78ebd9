"""Freeze, lock and release."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from prtras.accounts.access import AuthenticatedRequest, require, sites_where
from prtras.accounts.rights import Action
from prtras.crf.access import (
    pages_visible_to,
    participant_for,
    visits_visible_to,
)
from prtras.labels import T
from prtras.review import holding, readiness
from prtras.review.holding import Scope
from prtras.review.models import HoldAct
from prtras.review.views.request_values import WITHIN, number_in, uuid_of
from prtras.ui import messages
from prtras.ui.redirects import back


@login_required
@require_POST
def hold(request: AuthenticatedRequest) -> HttpResponse:
    """Freeze, lock or release a page, a visit, a participant or the study."""
    scope = _scope(request)
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
        messages.error(request, _why_not(unready))
    except (holding.NoReason, holding.StillFollowed, holding.NothingToDo) as refused:
        messages.error(request, REFUSED[type(refused)])
    return back(request, "review:readiness")


REFUSED = {
    holding.NoReason: T("请填写原因。", "Please enter a reason."),
    holding.StillFollowed: T(
        "仍在随访，可冻结，不能锁定。", "Follow-up is ongoing: you can freeze this, but not lock it."
    ),
    holding.NothingToDo: T(
        "无需处理：已处于该状态，或已有审批结果。", "Nothing to do: already in this state, or already decided."
    ),
}


def _why_not(unready: holding.NotReady) -> T:
    titles = {measure.code: measure.title for measure in readiness.MEASURES}
    text = T("尚不能锁定：", "Not ready to lock: ")
    for place, (code, count) in enumerate(unready.counts.items()):
        text = text + (T("、", ", ") if place else T("", "")) + titles[code] + T(f" {count}", f" {count}")
    return text


def _thanks(done: HoldAct) -> T:
    if done.state == "requested":
        return T("已申请解除，须由另一人批准。", "Release requested; a second person must approve it.")
    return T("已处理 {n} 页。", "{n} pages updated.").format(n=done.pages)


def _scope(request: AuthenticatedRequest) -> Scope:
    """What the request names, at a site where the person may hold. Raises Http404, PermissionDenied."""
    named = request.POST
    if text := named.get("page"):
        scope = Scope(page=get_object_or_404(pages_visible_to(request.user), id=uuid_of(text)))
    elif named.get("visit"):
        scope = Scope(visit=get_object_or_404(visits_visible_to(request.user), id=number_in(request, "visit")))
    elif text := named.get("participant"):
        scope = Scope(participant=participant_for(request.user, text))
    elif named.get("study"):
        if not holding.may_hold_study(request.user):
            raise PermissionDenied(Action.HOLD)
        return Scope()
    else:
        raise Http404
    assert scope.whose
    require(request.user, Action.HOLD, scope.whose.site)
    return scope


@login_required
@require_POST
def decide(request: AuthenticatedRequest, act_id: int) -> HttpResponse:
    """A second person's word on a release."""
    require(request.user, Action.HOLD)
    act = get_object_or_404(HoldAct.objects.select_related(*WITHIN), id=act_id)
    whose = holding.scope_of(act).whose
    sites = sites_where(request.user, Action.HOLD)
    if whose.site_id not in sites if whose else not holding.may_hold_study(request.user):
        raise Http404
    try:
        holding.decide_release(act_id, grant=request.POST.get("act") == "grant", user=request.user)
    except holding.NothingToDo:
        messages.error(request, REFUSED[holding.NothingToDo])
    return back(request, "review:readiness")
