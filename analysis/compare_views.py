"""Two runs side by side: numbers, what they were made of, and whose data differ; the same as files."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render

from analysis import run_comparison
from analysis.models import AnalysisRun
from analysis.run_details import choices, comparable_runs
from prtras.accounts.access import AuthenticatedRequest, may, requires
from prtras.accounts.managing import note_arm_view
from prtras.accounts.rights import Action
from prtras.crf.study import protocol
from prtras.exports.building import may_export
from prtras.files import storing


@requires(Action.SEE_POOLED)
def compare(request: AuthenticatedRequest) -> HttpResponse:
    """Choose two runs; then every number that differs, and the participants whose data do."""
    offered = list(choices())
    one_before = str(offered[1].id) if len(offered) > 1 else ""
    context: dict[str, object] = {
        "choices": offered,
        "chosen_before": request.GET.get("before", one_before),
        "chosen_after": request.GET.get("after", ""),
        "may_export": may_export(request.user),
    }
    if request.GET.get("before") and request.GET.get("after"):
        context |= {"compared": _compared(request)}
    return render(request, "analysis/compare.html", context)


@requires(Action.SEE_POOLED)
def compare_csv(request: AuthenticatedRequest, what: str) -> FileResponse:
    """The differing numbers, or the participants: single participants leave the system with the right to export."""
    if what not in ("numbers", "participants"):
        raise Http404
    if what == "participants" and not may_export(request.user):
        raise PermissionDenied(Action.EXPORT)
    compared = _compared(request)
    content = compared.numbers_csv() if what == "numbers" else compared.participants_csv()
    stored = storing.store(content, user=request.user)
    return storing.serve(stored, protocol().file_name("comparison", f"{what}.csv"), user=request.user)


def _compared(request: AuthenticatedRequest) -> run_comparison.Compared:
    """The two runs of the address, by arm for who may see that; a look is on record. Raises Http404."""
    before, after = (_run(request.GET.get(name, "")) for name in ("before", "after"))
    by_arm = may(request.user, Action.SEE_BY_ARM)
    if by_arm:
        note_arm_view(request.user, f"runs {before.id} and {after.id}")
    return run_comparison.compared(before, after, user=request.user, by_arm=by_arm)


def _run(run_id: str) -> AnalysisRun:
    try:
        return comparable_runs().select_related("cut").get(id=UUID(run_id))
    except (ValueError, AnalysisRun.DoesNotExist):
        raise Http404 from None
