"""Exports: request, wait, download; the data dictionary."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from prtras.accounts.access import AuthenticatedRequest, requires
from prtras.accounts.rights import Action
from prtras.crf.registry import all_forms
from prtras.crf.study import protocol
from prtras.datacut.models import DataCut
from prtras.exports import building, tasks
from prtras.exports.columns import table_items
from prtras.exports.downloads import bundle_file
from prtras.exports.formats import csv
from prtras.exports.formats.registry import UnknownFormat, all_formats
from prtras.exports.models import ExportJob
from prtras.labels import T
from prtras.ui import messages


@login_required
def index(request: AuthenticatedRequest) -> HttpResponse:
    """All bundles with their data cut and checksum."""
    building.require_export(request.user)
    jobs = ExportJob.objects.select_related("cut", "file", "requested_by").order_by("-requested_at")
    shown = Paginator(jobs, 30).get_page(request.GET.get("page"))
    context = {"shown": shown, "waiting": any(job.open for job in shown), "formats": all_formats()}
    return render(request, "exports/index.html", context)


@require_POST
@login_required
def ask(request: AuthenticatedRequest) -> HttpResponse:
    """One click: the worker builds the bundle, of a named data cut or of the data as they are."""
    try:
        cut = DataCut.objects.get(id=request.POST["cut"]) if request.POST.get("cut") else None
        job = building.request_export(request.POST.get("format", "csv"), user=request.user, cut=cut)
    except (UnknownFormat, DataCut.DoesNotExist, ValidationError):
        raise Http404 from None
    tasks.build.delay_on_commit(str(job.id))
    messages.success(
        request,
        T(
            "导出已提交，完成后可在此下载。",
            "The export has been requested. You can download it here when it is complete.",
        ),
    )
    return redirect("exports:index")


@login_required
def download(request: AuthenticatedRequest, job_id: UUID) -> FileResponse:
    """The zip; every download is on record, and counts as a look at results by arm in a study with arms."""
    building.require_export(request.user)
    job = get_object_or_404(ExportJob.objects.select_related("file"), id=job_id, status="done")
    return bundle_file(job, user=request.user)


@requires(Action.SEE_PAGES)
def dictionary(request: HttpRequest) -> HttpResponse:
    """Every form with its items, as the casebook defines them."""
    tables = [(form, table.title, table_items(table.code)) for form in all_forms() for table in form.tables()]
    return render(request, "exports/dictionary.html", {"tables": tables})


@requires(Action.SEE_PAGES)
def dictionary_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file: what the bundle calls codebook.csv."""
    answer = HttpResponse(csv.codebook(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{protocol().file_name("dictionary.csv")}"'
    return answer
