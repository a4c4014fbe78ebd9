"""The audit trail on the screen and as a file; the history of a page or of one item."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from prtras.accounts.access import AuthenticatedRequest, may, requires
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.models import AuditEvent
from prtras.audit.sealing import head_seal
from prtras.crf.access import page_for_view
from prtras.crf.registry import form_of
from prtras.crf.study import protocol
from prtras.entry.history import lines
from prtras.files import storing
from prtras.files.tables import csv_for_people
from prtras.labels import T
from prtras.trail import data_review, reading
from prtras.trail.models import DataReview
from prtras.ui import messages

NO_OUTCOME = T("请填写审核结论。", "Enter the outcome of the review.")
AT_ONCE, IN_A_FILE = 100, 50_000
TOO_MUCH = T("超过 {n} 条，请缩小筛选范围。", "More than {n} entries: please narrow the filter.")


@login_required
def trail_list(request: AuthenticatedRequest) -> HttpResponse:
    """The trail, newest first, by participant, page, person, time and kind of act."""
    filters = _filters(request)
    events = reading.events_for(_reader(request), filters)
    shown = Paginator(events, AT_ONCE).get_page(request.GET.get("page"))
    identifiers = may(request.user, Action.SEE_IDENTIFIERS)
    context = {"shown": shown, "lines": list(lines(shown, identifiers=identifiers)), "filters": filters}
    context |= {"kinds": reading.kinds_for(request.user), "head_seal": head_seal()}
    context["may_review"] = may(request.user, Action.VERIFY)
    context["people"] = reading.people_for(request.user)
    return render(request, "trail/list.html", context)


@login_required
def trail_file(request: AuthenticatedRequest) -> HttpResponse | FileResponse:
    """The same as CSV, a row for each value; the download is on record."""
    events = reading.events_for(_reader(request), _filters(request))
    if events.count() > IN_A_FILE:
        messages.error(request, TOO_MUCH.format(n=IN_A_FILE))
        return redirect(f"{reverse('trail:list')}?{request.GET.urlencode()}")
    listed = lines(events, identifiers=may(request.user, Action.SEE_IDENTIFIERS))
    content = csv_for_people(reading.CSV_COLUMNS, reading.csv_rows(listed))
    stored = storing.store(content, user=request.user)
    return storing.serve(stored, protocol().file_name("audit", f"{timezone.localdate()}.csv"), user=request.user)


def _reader(request: AuthenticatedRequest) -> User:
    """Someone who may read the trail, or the part of it that is about people's work. Raises PermissionDenied."""
    if not (may(request.user, Action.SEE_TRAIL) or may(request.user, Action.MANAGE_ACCOUNTS)):
        raise PermissionDenied(Action.SEE_TRAIL)
    return request.user


def _filters(request: HttpRequest) -> reading.TrailFilter:
    given = {name: request.GET.get(name, "").strip().replace("\0", "")[:60] for name in ("participant", "user", "kind")}
    return reading.TrailFilter(**given, page=_page(request), since=_day(request, "since"), until=_day(request, "until"))


def _page(request: HttpRequest) -> str:
    try:
        return str(UUID(request.GET.get("crf", "")))
    except ValueError:
        return ""


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


@requires(Action.VERIFY)
def review(request: AuthenticatedRequest) -> HttpResponse:
    """What to look at in a period, and who has looked."""
    today = timezone.localdate()
    since, until = _day(request, "since") or today - timedelta(days=30), _day(request, "until") or today
    parts = data_review.report(request.user, since, until)
    problem: T | None = None
    if request.method == "POST":
        try:
            data_review.sign_off(request.POST.get("note", ""), since, until, parts, user=request.user)
            return redirect(request.get_full_path())
        except data_review.NoNote:
            problem = NO_OUTCOME
    for part in parts:
        for row in part.rows:
            if "page" in row:
                row["title"] = form_of(row["page"].form).brief
    context = {"parts": parts, "since": since, "until": until, "problem": problem, "head_seal": head_seal()}
    context["reviews"] = DataReview.objects.select_related("by").order_by("-id")[:10]
    return render(request, "trail/data_review.html", context, status=422 if problem else 200)


@login_required
def history(request: AuthenticatedRequest, page_id: UUID) -> HttpResponse:
    """Everything that ever happened to a page, or (`place`) to one of its items."""
    page = page_for_view(request.user, page_id)
    form, place = form_of(page.form), request.GET.get("place", "")
    events = AuditEvent.objects.filter(page=page.pk).order_by("-id")
    listed = lines(events, identifiers=may(request.user, Action.SEE_IDENTIFIERS, page.participant.site))
    if place:
        listed = (line for line in listed if any(change.place == place for change in line.changes))
    entries = list(listed)
    for line in entries:
        line.changes = [change for change in line.changes if place in ("", change.place)]
    context = {"page": page, "form": form, "lines": entries, "label": form.label_of(place) if place else None}
    return render(request, "trail/history.html", context)
