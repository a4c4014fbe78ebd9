"""Source verification of a page."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from prtras.accounts.access import AuthenticatedRequest, require
from prtras.accounts.rights import Action
from prtras.crf.access import (
    page_for_view,
)
from prtras.labels import T
from prtras.review import verifying
from prtras.review.plan import plan
from prtras.review.request_values import number_in
from prtras.ui import messages
from prtras.ui.redirects import back, next_target

PAGE_CHANGED = T(
    "此页在您打开后已被修改，请重新核对。", "This page was changed after you opened it. Please review it again."
)


@login_required
@require_POST
def verify(request: AuthenticatedRequest, page_id: UUID) -> HttpResponse:
    """The page, or some of its items, agree with the source; or after all not."""
    page = page_for_view(request.user, page_id)
    require(request.user, Action.VERIFY, page.participant.site)
    if request.POST.get("act") == "undo":
        verifying.unverify_page(page.id, user=request.user, reason=request.POST.get("reason", "")[:300])
        return back(request, "entry:page", page.id)
    places = request.POST.getlist("place")
    if not places or not set(places) <= {"", *plan().places(page.form, page.participant.number)}:
        raise Http404
    try:
        verifying.verify_page(page.id, places, user=request.user, seen_version=number_in(request, "version"))
    except verifying.NothingToVerify:
        messages.error(request, PAGE_CHANGED)
    onward = next_target(request) or f"{reverse('entry:page', args=[page.id])}#verification"
    return redirect(onward)
