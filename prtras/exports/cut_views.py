"""Data cuts: the list with their names, and two of them compared."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from prtras.accounts.access import AuthenticatedRequest
from prtras.accounts.managing import note_arm_view
from prtras.crf.study import protocol
from prtras.datacut.models import DataCut
from prtras.exports import building, comparing, tasks
from prtras.exports.columns import columns_of
from prtras.exports.models import CutComparison
from prtras.files import storing
from prtras.labels import T

CHANGES = {"new": T("新增", "new"), "changed": T("更改", "changed"), "removed": T("删除", "removed")}


@login_required
def cuts(request: AuthenticatedRequest) -> HttpResponse:
    """Every data cut, newest first; a POST names one."""
    building.require_export(request.user)
    problem, wrong = None, ""
    if request.method == "POST":
        wrong = request.POST.get("cut", "")
        try:
            comparing.name_cut(cut_of(wrong), request.POST.get("name", ""), user=request.user)
            return redirect("exports:cuts")
        except comparing.BadName as bad:
            problem = bad.text
    return _list(request, {"problem": problem, "wrong": wrong, "typed": request.POST.get("name", "")})


def _list(request: AuthenticatedRequest, context: dict[str, object]) -> HttpResponse:
    shown = Paginator(DataCut.objects.order_by("-created_at"), 30).get_page(request.GET.get("page"))
    recent = CutComparison.objects.filter(requested_by=request.user).select_related("before", "after")[:10]
    status = 422 if context.get("problem") else 200
    return render(request, "exports/cuts.html", context | {"shown": shown, "recent": recent}, status=status)


@require_POST
@login_required
def compare(request: AuthenticatedRequest) -> HttpResponse:
    """Have two data cuts compared by the worker."""
    building.require_export(request.user)
    before, after = (cut_of(request.POST.get(name, "")) for name in ("before", "after"))
    try:
        job = comparing.request_comparison(before, after, user=request.user)
    except comparing.SameCut as same:
        return _list(request, {"problem": same.text, "wrong": "both"})
    tasks.compare.delay_on_commit(str(job.id))
    return redirect("exports:comparison", comparison_id=job.id)


@login_required
def comparison(request: AuthenticatedRequest, comparison_id: UUID) -> HttpResponse:
    """New, changed and removed values by table, and the first of them; only for who asked."""
    job = _comparison(request, comparison_id)
    labels = {name: columns_of(name) for name in {line[0] for line in job.first or ()}}
    lines = [_words(line, labels[line[0]]) for line in job.first or ()]
    total = {change: sum(each[change] for each in (job.counts or {}).values()) for change in CHANGES}
    context = {"job": job, "lines": lines, "changes": CHANGES, "total": total, "all": sum(total.values())}
    return render(request, "exports/cut_comparison.html", context)


def _words(line: list[object], columns: Mapping[str, object]) -> dict[str, object]:
    """A line of the file as people read it: where, which item, what happened, from what to what."""
    table, _site, participant, visit, sequence, form, repeat, row, place, name, change, before, after = line
    column = columns.get(str(name).partition(".")[2] or str(name))
    where = [each for each in (visit, sequence, form or table, repeat, row, place) if each not in (None, "", 0)]
    return {
        "participant": participant, "where": " · ".join(map(str, where)), "label": getattr(column, "label", name),
        "name": name, "change": CHANGES[str(change)], "before": before, "after": after,
    }  # fmt: skip


@login_required
def comparison_file(request: AuthenticatedRequest, comparison_id: UUID) -> FileResponse:
    """Every value that differs, as CSV; the download is on record."""
    job = _comparison(request, comparison_id)
    if job.file is None:
        raise Http404
    name = protocol().file_name("cuts-compared", f"{job.requested_at:%Y%m%d-%H%M}.csv")
    return storing.serve(job.file, name, user=request.user)


def _comparison(request: AuthenticatedRequest, comparison_id: UUID) -> CutComparison:
    """Raises PermissionDenied, Http404; in a study with arms it counts as a look at results by arm."""
    building.require_export(request.user)
    known = CutComparison.objects.select_related("before", "after", "file")
    job = get_object_or_404(known, id=comparison_id, requested_by=request.user)
    if protocol().arms and job.status == "done":
        note_arm_view(request.user, f"data cuts {job.before_id} and {job.after_id}")
    return job


def cut_of(chosen: str) -> DataCut:
    """A data cut by its number. Raises Http404."""
    try:
        return DataCut.objects.get(id=chosen)
    except (DataCut.DoesNotExist, ValidationError):
        raise Http404 from None
