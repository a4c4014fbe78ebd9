"""How far from lock."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from prtras.accounts.access import AuthenticatedRequest, requires
from prtras.accounts.rights import Action
from prtras.crf.access import (
    pages_visible_to,
    participants_visible_to,
)
from prtras.review import holding, readiness
from prtras.review.plan import plan
from prtras.review.request_values import AT_ONCE, WITHIN, only_named


@requires(Action.SEE_PAGES)
def ready(request: AuthenticatedRequest) -> HttpResponse:
    """How far each participant is from lock; which releases were requested; who held what."""
    visible = participants_visible_to(request.user)
    counts = readiness.by_participant(pages_visible_to(request.user))
    shown = Paginator(visible.order_by("number"), 50).get_page(request.GET.get("page"))
    rows = [(person, [(m, counts.get(person.pk, {}).get(m.code, 0)) for m in readiness.MEASURES]) for person in shown]
    totals = [(m, sum(counted.get(m.code, 0) for counted in counts.values())) for m in readiness.MEASURES]
    context = {"shown": shown, "rows": rows, "totals": totals, "measures": readiness.MEASURES, "plan": plan()}
    acts = holding.acts_visible_to(request.user).select_related(*WITHIN, "by", "second")
    context |= {"waiting": holding.to_decide(request.user).select_related(*WITHIN, "by"), "acts": acts[:20]}
    context["whole_study"] = holding.may_hold_study(request.user)
    context["ready"] = visible.exclude(pk__in=list(counts)).count()
    return render(request, "review/readiness.html", context)


@requires(Action.SEE_PAGES)
def ready_pages(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """The pages behind one number."""
    measure = next((m for m in readiness.MEASURES if m.code == code), None)
    if measure is None:
        raise Http404
    pages = only_named(request, measure.find(pages_visible_to(request.user)))
    ordered = pages.select_related("participant", "visit").order_by("participant__number", "visit__position", "form")
    shown = Paginator(ordered, AT_ONCE).get_page(request.GET.get("page"))
    context = {"shown": shown, "measure": measure, "participant": request.GET.get("participant", "")[:12]}
    return render(request, "review/ready_pages.html", context)
