"""What a proxy asks, and the page on which an administrator sees how the installation does."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from prtras.accounts.access import AuthenticatedRequest, requires
from prtras.accounts.rights import Action
from prtras.operations import health
from prtras.operations.models import OperationRecord

#: Backups and proofs that the page lists.
LISTED = 30


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when people may be sent here, else 503, with what is wrong by name and no more."""
    state = health.ready()
    fine = all(each == health.OK for each in state.values())
    return JsonResponse({"ready": fine} | state, status=200 if fine else 503)


@require_safe
@requires(Action.MANAGE_ACCOUNTS)
def status(request: AuthenticatedRequest) -> HttpResponse:
    """The signs, and the latest backups and proofs."""
    context = {"signs": list(health.signs()), "records": OperationRecord.objects.all()[:LISTED]}
    return render(request, "operations/status.html", context)
