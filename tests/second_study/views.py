"""The few pages that HTN-002 has of its own."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from prtras.accounts.access import AuthenticatedRequest, may, require, requires, sites_where
from prtras.accounts.models import Site
from prtras.accounts.rights import Action
from prtras.crf.access import participant_for, participants_visible_to, visits_visible_to
from prtras.crf.registry import form_of
from tests.second_study import joining, rights


@login_required
def start(request: AuthenticatedRequest) -> HttpResponse:
    """Where everyone begins."""
    return redirect("htn:people" if may(request.user, Action.SEE_PAGES) else "accounts:people")


@requires(Action.SEE_PAGES)
def people(request: AuthenticatedRequest) -> HttpResponse:
    """Everyone in the study, or whom the search names."""
    listed = participants_visible_to(request.user).filter(number__startswith=request.GET.get("q", "").strip())
    return render(request, "second_study/people.html", {"people": listed})


@requires(Action.SEE_PAGES)
def participant(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """The pages of one person."""
    person = participant_for(request.user, number)
    pages = person.pages.select_related("visit").order_by("visit__position", "form", "repeat")
    listed = [(page, form_of(page.form).title) for page in pages]
    return render(request, "second_study/participant.html", {"participant": person, "pages": listed})


@require_POST
@requires(Action.REGISTER)
def join(request: AuthenticatedRequest) -> HttpResponse:
    """A person joins; their agreement comes first."""
    site = Site.objects.get(pk=sites_where(request.user, Action.REGISTER)[0])
    created = joining.join(site, user=request.user)
    return redirect("entry:page", page_id=created.pages.get(form="agree").id)


@require_POST
@login_required
def add(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """A visit out of turn, or an event."""
    person = participant_for(request.user, number)
    require(request.user, Action.EDIT_PAGE, person.site)
    if request.POST.get("what") == "visit":
        page = joining.add_visit(person, user=request.user).pages.get()
    else:
        page = joining.add_event(person, user=request.user)
    return redirect("entry:page", page_id=page.id)


@requires(rights.REMIND)
def reminders(request: AuthenticatedRequest) -> HttpResponse:
    """Whose visit is due."""
    today = timezone.localdate()
    due = visits_visible_to(request.user).filter(state="planned", opens__lte=today).select_related("participant")
    return render(request, "second_study/people.html", {"people": [visit.participant for visit in due]})
