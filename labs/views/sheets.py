"""Photographed laboratory sheets: upload, look at picture and values side by side, confirm. Optional: see `offered`."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from labs import sheet_reading, tasks
from labs.files.refusals import FileRefused
from labs.import_rules import UNKNOWN
from labs.models import LabSheet
from labs.sheet_reading import SheetClosed
from labs.sheets import recogniser
from labs.sheets.confirmation import Confirmation, confirmation, unconfirmed
from labs.words import OUTCOMES
from prtras.accounts.access import AuthenticatedRequest, requires, sites_where
from prtras.accounts.rights import Action
from prtras.crf.models import Participant
from prtras.files.uploads import NO_FILE, too_large, was_too_large
from prtras.labels import T
from prtras.ui import messages

CLOSED = T("该检验单已处理，图片已删除。", "This sheet has been dealt with; its picture is deleted.")
DISCARDED = T("已放弃，图片已删除。", "Discarded; the picture is deleted.")


def offered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page that is there only where sheets can be read: without the extra nobody gets anything but 404."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not recogniser.is_installed():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@offered
@requires(Action.IMPORT_RESULTS)
def index(request: AuthenticatedRequest) -> HttpResponse:
    """Upload the picture of a sheet; below, those that wait for a person."""
    number = request.POST.get("participant", "").strip()
    context: dict[str, Any] = {"number": number, "waiting": _sheets(request).filter(outcome="")}
    if request.method != "POST":
        return render(request, "labs/sheets.html", context)
    participant = _people(request).filter(number=number).first()
    if participant is None:
        return render(request, "labs/sheets.html", context | {"unknown": UNKNOWN.format(n=number)}, status=422)
    uploaded = request.FILES.get("picture")
    if uploaded is None:
        problem = too_large(request) if was_too_large(request) else NO_FILE
        return render(request, "labs/sheets.html", context | {"problem": problem}, status=422)
    try:
        sheet = sheet_reading.request_reading(participant, uploaded.read(), user=request.user)
    except FileRefused as refused:
        return render(request, "labs/sheets.html", context | {"problem": refused.text}, status=422)
    tasks.read_sheet.delay_on_commit(str(sheet.pk))
    return redirect("labs:sheet", sheet_id=sheet.pk)


@offered
@requires(Action.IMPORT_RESULTS)
def sheet(request: AuthenticatedRequest, sheet_id: UUID) -> HttpResponse:
    """The picture on one side, what was read on the other; a POST confirms or discards."""
    looked_at = get_object_or_404(_sheets(request), pk=sheet_id)
    values = sheet_reading.read_values(looked_at)
    shown = unconfirmed(values)
    if request.method == "POST":
        if request.POST.get("act") == "discard":
            return _discard(request, looked_at)
        shown = confirmation(values, request.POST.dict())
        if shown.is_complete:
            return _confirm(request, looked_at, shown)
    context = {
        "sheet": looked_at,
        "shown": shown,
        "outcome": OUTCOMES.get(looked_at.outcome),
        "strangers": (looked_at.reading or {}).get("strangers", 0),
        "empty": sum(not value.text for value in values),
    }
    return render(request, "labs/sheet.html", context, status=422 if request.method == "POST" else 200)


@offered
@requires(Action.IMPORT_RESULTS)
def picture(request: AuthenticatedRequest, sheet_id: UUID) -> HttpResponse:
    """The picture, as long as the sheet is open."""
    try:
        content = sheet_reading.picture_of(get_object_or_404(_sheets(request), pk=sheet_id))
    except SheetClosed:
        raise Http404 from None
    return HttpResponse(content, content_type="image/jpeg")


def _confirm(request: AuthenticatedRequest, looked_at: LabSheet, shown: Confirmation) -> HttpResponse:
    """Go on as with any laboratory file: a dry run that a person looks at."""
    try:
        became = sheet_reading.confirm(looked_at, shown, user=request.user)
    except SheetClosed:
        messages.error(request, CLOSED)
        return redirect("labs:sheet", sheet_id=looked_at.pk)
    except FileRefused as refused:
        messages.error(request, refused.text)
        return redirect("labs:sheet", sheet_id=looked_at.pk)
    tasks.run.delay_on_commit(str(became.pk))
    return redirect("labs:report", import_id=became.pk)


def _discard(request: AuthenticatedRequest, looked_at: LabSheet) -> HttpResponse:
    try:
        sheet_reading.discard(looked_at, user=request.user)
    except SheetClosed:
        messages.error(request, CLOSED)
    else:
        messages.success(request, DISCARDED)
    return redirect("labs:sheets")


def _sheets(request: AuthenticatedRequest) -> Any:
    """The sheets of the sites where the person imports; those of others do not exist."""
    sites = sites_where(request.user, Action.IMPORT_RESULTS)
    return LabSheet.objects.filter(site__in=sites).select_related("participant", "site", "requested_by", "became")


def _people(request: AuthenticatedRequest) -> Any:
    return Participant.objects.filter(site__in=sites_where(request.user, Action.IMPORT_RESULTS))
