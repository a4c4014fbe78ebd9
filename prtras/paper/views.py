"""Printouts: request, wait, read."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from prtras.accounts.access import AuthenticatedRequest, requires
from prtras.accounts.rights import Action
from prtras.crf.access import participant_for
from prtras.crf.study import protocol
from prtras.files.storing import serve
from prtras.labels import LANGUAGES
from prtras.paper import printing, tasks
from prtras.paper.models import Printout


@require_POST
@requires(Action.SEE_PAGES)
def print_crf(request: AuthenticatedRequest, kind: str, language: str) -> HttpResponse:
    """The CRF without anybody's data, printed by the worker."""
    if kind not in printing.BLANK or language not in LANGUAGES:
        raise Http404
    return _on_its_way(printing.request_printout(kind, language, user=request.user))


@require_POST
@login_required
def print_casebook(request: AuthenticatedRequest, number: str, language: str) -> HttpResponse:
    """All that is submitted of a participant, printed by the worker."""
    participant = participant_for(request.user, number)
    if language not in LANGUAGES:
        raise Http404
    return _on_its_way(printing.request_printout("filled", language, participant, user=request.user))


def _on_its_way(requested: Printout) -> HttpResponse:
    tasks.print_out.delay_on_commit(str(requested.id))
    return redirect("paper:printout", printout_id=requested.id)


@requires(Action.SEE_PAGES)
def printout(request: AuthenticatedRequest, printout_id: UUID) -> HttpResponse | FileResponse:
    """The PDF for the person who requested it, or a page that says how far it is."""
    requested = get_object_or_404(
        Printout.objects.select_related("file", "participant"), id=printout_id, requested_by=request.user
    )  # fmt: skip
    if requested.status != "done" or requested.file is None:
        return render(request, "paper/printout.html", {"printout": requested})
    name = protocol().file_name(
        requested.participant.number if requested.participant else requested.kind, f"{requested.language}.pdf"
    )
    return serve(requested.file, name, user=request.user, inline=True)
