"""The hospital-file import: upload, say what the columns mean, look at what would become of it, take it."""

import re
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from labs import cell_list, importing, mapping_saving, tasks
from labs.cell_list import STATUSES
from labs.files.contents import read_table, sheets_of
from labs.files.mapping import mapping_of
from labs.files.refusals import FileRefused
from labs.import_plan import FLAGS
from labs.lab_tests import LAB_TESTS
from labs.mapping_page import MappingPage
from labs.models import LabImport, SavedMapping
from labs.sheets import recogniser
from prtras.accounts.access import AuthenticatedRequest, requires, sites_where
from prtras.accounts.models import Site
from prtras.accounts.rights import Action
from prtras.crf.registry import form_of
from prtras.files import storing
from prtras.files.models import StoredFile
from prtras.files.tables import csv_for_people
from prtras.files.uploads import NO_FILE, was_too_large
from prtras.jobs.running import progress_of
from prtras.labels import T
from prtras.ui import messages

TOO_LARGE = T(
    "文件超过 20 MB，未上传。请拆分后再试。",
    "The file is larger than 20 MB and was not uploaded. Split it and try again.",
)
MAPPING_SAVED = T("列映射“{n}”已保存。", "Column mapping “{n}” saved.")
CELLS_A_PAGE = 100
#: What people write between two numbers.
BETWEEN = re.compile(r"[\s,，、;；]+")


def site_of(request: AuthenticatedRequest) -> Site:
    """The site at which the person imports."""
    return Site.objects.get(pk=sites_where(request.user, Action.IMPORT_RESULTS)[0])


@requires(Action.IMPORT_RESULTS)
def index(request: AuthenticatedRequest) -> HttpResponse:
    """Upload a file; below, what was tried and imported before."""
    recent = LabImport.objects.filter(site=site_of(request)).select_related("requested_by")[:20]
    context: dict[str, Any] = {"recent": recent, "reads_sheets": recogniser.is_installed()}
    if request.method != "POST":
        return render(request, "labs/index.html", context)
    uploaded = request.FILES.get("file")
    if was_too_large(request):
        return render(request, "labs/index.html", context | {"problem": TOO_LARGE}, status=413)
    if uploaded is None:
        return render(request, "labs/index.html", context | {"problem": NO_FILE}, status=422)
    content = uploaded.read()
    try:
        read_table(content, uploaded.name or "")
    except FileRefused as refused:
        return render(request, "labs/index.html", context | {"problem": refused.text}, status=422)
    stored = storing.store(content, user=request.user)
    request.session["lab_files"] = request.session.get("lab_files", {}) | {str(stored.id): (uploaded.name or "")[:200]}
    return redirect("labs:mapping", file_id=stored.id)


@requires(Action.IMPORT_RESULTS)
def mapping(request: AuthenticatedRequest, file_id: int) -> HttpResponse:
    """What each column means; then a dry run. Only a file uploaded in this session exists."""
    name = request.session.get("lab_files", {}).get(str(file_id))
    if name is None:
        raise Http404
    content = storing.content(get_object_or_404(StoredFile, id=file_id))
    site, problem = site_of(request), None
    chosen = SavedMapping.objects.filter(site=site, name=request.GET.get("saved", "")).first()
    sent = request.POST if request.method == "POST" else request.GET
    numbers = ("{}", f"{site.code}-{{:03d}}")
    posted = request.method == "POST"
    page = MappingPage(sheets_of(content, name), numbers, sent, chosen.mapping if chosen else None, posted=posted)
    if posted and "look" not in request.POST:
        try:
            return _try(request, site, content, name, page)
        except FileRefused as refused:
            problem = refused.text
    saved = SavedMapping.objects.filter(site=site)
    context = page.context() | {"name": name, "problem": problem, "saved": saved, "chosen": chosen}
    return render(request, "labs/mapping.html", context, status=422 if problem else 200)


def _try(request: AuthenticatedRequest, site: Site, content: bytes, name: str, page: MappingPage) -> HttpResponse:
    """Keep the mapping if it has a name, and ask for the dry run. Raises FileRefused."""
    plain = mapping_of(page.plain).plain()
    requested = importing.request_import(site, content, name, plain, user=request.user, dry_run=True)
    if keep_as := request.POST.get("keep_as", "").strip():
        saved = mapping_saving.save_mapping(site, keep_as, plain, user=request.user)
        messages.success(request, MAPPING_SAVED.format(n=saved.name))
    tasks.run.delay_on_commit(str(requested.id))
    return redirect("labs:report", import_id=requested.id)


@requires(Action.IMPORT_RESULTS)
def report(request: AuthenticatedRequest, import_id: UUID) -> HttpResponse:
    """What the dry run or the import found, cell by cell; from a dry run, the import itself."""
    job = get_object_or_404(LabImport.objects.select_related("file", "listing"), id=import_id, site=site_of(request))
    context: dict[str, Any] = {"job": job, "report": job.report, "progress": progress_of(job) if job.open else None}
    if request.method == "POST":
        try:
            return _take(request, job)
        except FileRefused as refused:
            context |= {"problem": refused.text, "typed": request.POST}
    else:
        context["typed"] = {"correction": job.correction, "participants": ", ".join(job.participants)}
    if job.listing:
        status = request.GET.get("status", "")
        listed = [c for c in cell_list.read(storing.content(job.listing)) if status in ("", c.status)]
        shown = Paginator(listed, CELLS_A_PAGE).get_page(request.GET.get("page"))
        counts = [(code, text, n) for code, text in STATUSES.items() if (n := (job.report or {})["cells"].get(code))]
        context |= {"cells": [_shown(cell) for cell in shown], "page": shown, "status": status, "counts": counts}
    return render(request, "labs/report.html", context, status=422 if "problem" in context else 200)


def _shown(cell: cell_list.Listed) -> dict[str, Any]:
    """A cell in words."""
    lab_test = LAB_TESTS.get(cell.lab_test)
    return {
        "cell": cell,
        "lab_test": lab_test.title if lab_test else "",
        "form": form_of(cell.form).brief if cell.form else "",
        "status": STATUSES[cell.status],
        "flag": FLAGS.get(cell.flag, ""),
    }


def _take(request: AuthenticatedRequest, tried: LabImport) -> HttpResponse:
    """Import what was tried: all of it or the good lines, of all participants or some, with a reason for corrections,
    doubtful samples confirmed. Raises FileRefused.
    """
    sent = request.POST
    requested = importing.request_import(
        tried.site, storing.content(tried.file), tried.name, tried.mapping, user=request.user,
        dry_run=sent.get("act") == "try", part=sent.get("part", importing.ALL), correction=sent.get("correction", ""),
        participants=[number for number in BETWEEN.split(sent.get("participants", "").strip()) if number],
        confirmed="confirmed" in sent,
    )  # fmt: skip
    tasks.run.delay_on_commit(str(requested.id))
    return redirect("labs:report", import_id=requested.id)


@requires(Action.IMPORT_RESULTS)
def refused_lines(request: AuthenticatedRequest, import_id: UUID) -> FileResponse:
    """The lines that were not taken, as they are in the file, with the reason in front."""
    job = get_object_or_404(LabImport.objects.select_related("file", "listing"), id=import_id, site=site_of(request))
    if job.listing is None:
        raise Http404
    wrong = cell_list.refused_lines(storing.content(job.listing))
    table = read_table(storing.content(job.file), job.name, mapping_of(job.mapping))
    rows = [[line, str(wrong[line]), *row.values()] for line, row in table.rows if line in wrong]
    head = [str(T("行", "Line")), str(T("未导入原因", "Why it was not imported")), *table.columns]
    stored = storing.store(csv_for_people(head, rows), user=request.user)
    return storing.serve(stored, f"refused-{job.requested_at:%Y%m%d-%H%M}.csv", user=request.user)
