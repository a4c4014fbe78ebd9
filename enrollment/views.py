"""Registering a participant, and the log of all who were screened."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from enrollment import protocol, screening
from enrollment.constant_texts import TEXTS
from enrollment.registering import NumberRefused, next_numbers, register_participant
from prtras.accounts.access import AuthenticatedRequest, requires, sites_where
from prtras.accounts.models import Site
from prtras.accounts.rights import Action
from prtras.crf import units
from prtras.crf.access import participants_visible_to
from prtras.crf.models import STATES


@requires(Action.REGISTER)
def register(request: AuthenticatedRequest) -> HttpResponse:
    """A new participant enters screening; the first page to fill is the consent."""
    site = Site.objects.get(pk=sites_where(request.user, Action.REGISTER)[0])
    number, screening_number = next_numbers(site)
    typed = {"number": number, "screening_number": screening_number}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in typed}
        try:
            created = register_participant(site, typed["number"], typed["screening_number"], user=request.user)
        except NumberRefused as refused:
            context = {"typed": typed, "site": site, "problem": {refused.field: refused.text}}
            return render(request, "enrollment/register.html", context, status=422)
        return redirect("entry:page", page_id=created.pages.get(form="consent").id)
    return render(request, "enrollment/register.html", {"typed": typed, "site": site, "problem": {}})


@requires(Action.SEE_PAGES)
def constants(request: AuthenticatedRequest) -> HttpResponse:
    """Every number of the protocol, where it comes from, and what it is for."""
    lines = [(each, TEXTS[name], units.shown(each.unit)) for name, each in protocol.CONSTANTS.items()]
    return render(request, "enrollment/constants.html", {"lines": lines, "version": protocol.VERSION})


@requires(Action.SEE_PAGES)
def screening_log(request: AuthenticatedRequest) -> HttpResponse:
    """Who was screened at the reader's sites, with what outcome."""
    everyone = participants_visible_to(request.user)
    state = request.GET.get("state", "")
    people = everyone.filter(state=state) if state in STATES else everyone
    shown = Paginator(people.order_by("screening_number"), 50).get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "lines": screening.log(shown),
        "summary": screening.summary(everyone),
        "reasons": screening.reasons(everyone),
        "state": state,
        "states": STATES.choices(),
    }
    return render(request, "enrollment/screening.html", context)
