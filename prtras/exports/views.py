"""Exports: request, wait, download; the data dictionary."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from prtras.accounts.access import AuthenticatedRequest, requires
from prtras.accounts.rights import Action
from prtras.crf.registry import all_forms
from prtras.crf.study import protocol
from prtras.datacut.models import DataCut
from prtras.exports import building, tasks
from prtras.exports.columns import table_items
from prtras.exports.contents import tree
from prtras.exports.cut_views import cut_of
from prtras.exports.deidentification import ANALYSIS, PROFILES
from prtras.exports.downloads import EXPIRED, Expired, bundle_file
from prtras.exports.formats import csv
from prtras.exports.formats.registry import UnknownFormat, all_formats
from prtras.exports.models import ExportJob
from prtras.exports.release import DESTINATIONS, PURPOSES, NotAnswered, Release
from prtras.files.models import Download
from prtras.labels import T
from prtras.ui import messages

#: How many data cuts are offered to choose from, and how many downloads of a bundle are listed.
CUTS, DOWNLOADS = 100, 100
REQUESTED = T(
    "导出已提交，完成后可在此下载。",
    "The export has been requested. You can download it here when it is complete.",
)


@login_required
def index(request: AuthenticatedRequest) -> HttpResponse:
    """All bundles with their data cut and checksum."""
    building.require_export(request.user)
    jobs = ExportJob.objects.select_related("cut", "file", "requested_by").order_by("-requested_at")
    shown = Paginator(jobs, 30).get_page(request.GET.get("page"))
    context = {"shown": shown, "waiting": any(job.open for job in shown), "purposes": PURPOSES.codes}
    return render(request, "exports/index.html", context)


@login_required
def ask(request: AuthenticatedRequest) -> HttpResponse:
    """For what and for whom, of a data cut or of the data as they are; then the worker builds it."""
    building.require_export(request.user)
    if request.method != "POST":
        return _form(request, Release(profile=ANALYSIS), {})
    typed, format = Release.typed(request.POST.dict()), request.POST.get("format", "csv")
    try:
        job = building.request_export(typed, format, user=request.user, cut=_cut(request))
    except UnknownFormat:
        raise Http404 from None
    except NotAnswered as refused:
        return _form(request, typed, refused.problems)
    tasks.build.delay_on_commit(str(job.id))
    messages.success(request, REQUESTED)
    return redirect("exports:bundle", job_id=job.id)


def _form(request: HttpRequest, typed: Release, problems: dict[str, T]) -> HttpResponse:
    """The page on which a bundle is requested, with what was typed."""
    cut = _cut(request)
    context = {
        "typed": typed, "problems": problems, "formats": all_formats(), "format": request.POST.get("format", "csv"),
        "cut": cut, "cuts": _offered(cut), "purposes": PURPOSES.choices(), "destinations": DESTINATIONS.choices(),
        "profiles": PROFILES.choices(),
    }  # fmt: skip
    return render(request, "exports/new.html", context, status=422 if problems else 200)


def _cut(request: HttpRequest) -> DataCut | None:
    """The data cut that was chosen. Raises Http404 for one that is not there."""
    chosen = request.POST.get("cut") or request.GET.get("cut")
    return cut_of(chosen) if chosen else None


def _offered(chosen: DataCut | None) -> list[DataCut]:
    """The newest data cuts, and the one that was chosen."""
    newest = list(DataCut.objects.order_by("-created_at")[:CUTS])
    return newest if chosen is None or chosen in newest else [chosen, *newest]


@login_required
def bundle(request: AuthenticatedRequest, job_id: UUID) -> HttpResponse:
    """One bundle: for what and for whom, of which data cut, what is in it, and who downloaded it."""
    building.require_export(request.user)
    job = get_object_or_404(ExportJob.objects.select_related("cut", "file", "requested_by"), id=job_id)
    downloads = Download.objects.filter(file=job.file_id).select_related("user").order_by("-at")
    context = {
        "job": job, "tree": tree(job.contents) if job.contents else None, "downloads": downloads[:DOWNLOADS],
        "purpose": PURPOSES.text(job.purpose), "destination": DESTINATIONS.text(job.destination),
        "profile": PROFILES.text(job.profile),
    }  # fmt: skip
    return render(request, "exports/bundle.html", context)


@login_required
def download(request: AuthenticatedRequest, job_id: UUID) -> HttpResponseBase:
    """The zip; every download is on record, and counts as a look at results by arm in a study with arms."""
    building.require_export(request.user)
    job = get_object_or_404(ExportJob.objects.select_related("file"), id=job_id, status="done")
    try:
        return bundle_file(job, user=request.user)
    except Expired:
        messages.error(request, EXPIRED)
        return redirect("exports:bundle", job_id=job.id)


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
