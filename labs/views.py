"""The hospital-file import: upload, say what the columns mean, try it, import it."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from labs import importing, tasks
from labs.files.contents import read_table
from labs.files.names import kind_of, named
from labs.files.refusals import FileRefused
from labs.files.tables import Table
from labs.measures import MEASURES
from labs.models import LabImport, NormalRange
from labs.panels import ANALYTES
from labs.ranging import COLUMNS, RangesRefused, load_ranges
from prtras.accounts.access import AuthenticatedRequest, may, require, requires, sites_where
from prtras.accounts.models import Site
from prtras.accounts.rights import Action
from prtras.codelists import MISS_REASON
from prtras.crf.numbers import plain
from prtras.files import storing
from prtras.files.models import StoredFile
from prtras.labels import T
from prtras.ui import messages

HEADS = {
    "participant": ("subjid", "participant", "受试者编号", "id"),
    "date": ("date", "sample date", "采样日期"),
    "time": ("time", "sample time", "采样时间"),
}
NO_FILE = T("请选择文件。", "Choose a file.")
TOO_LARGE = T(
    "文件超过 20 MB，未上传。请拆分后再试。",
    "The file is larger than 20 MB and was not uploaded. Split it and try again.",
)


def _site(request: AuthenticatedRequest) -> Site:
    return Site.objects.get(pk=sites_where(request.user, Action.IMPORT_RESULTS)[0])


@requires(Action.IMPORT_RESULTS)
def index(request: AuthenticatedRequest) -> HttpResponse:
    """Upload a file; below, what was tried and imported before."""
    context: dict[str, Any] = {
        "recent": LabImport.objects.filter(site=_site(request)).select_related("requested_by")[:20]
    }
    if request.method != "POST":
        return render(request, "labs/index.html", context)
    uploaded = request.FILES.get("file")
    if getattr(request, "upload_too_large", False):
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
    """What each column means; then a dry run or the import. Only a file uploaded in this session exists."""
    name = request.session.get("lab_files", {}).get(str(file_id))
    if name is None:
        raise Http404
    content = storing.content(get_object_or_404(StoredFile, id=file_id))
    table = read_table(content, name)
    site = _site(request)
    numbers = _numbers(site)
    context = _mapping_context(name, table, request.POST) | {"numbers": numbers}
    if request.method != "POST":
        return render(request, "labs/mapping.html", context)
    try:
        requested = importing.request_import(
            site, content, name, _mapping(request, table.columns, numbers),
            user=request.user, dry_run=request.POST.get("act") != "import",
        )  # fmt: skip
    except FileRefused as refused:
        return render(request, "labs/mapping.html", context | {"problem": refused.text}, status=422)
    tasks.run.delay_on_commit(str(requested.id))
    return redirect("labs:report", import_id=requested.id)


def _mapping_context(name: str, table: Table, chosen: Mapping[str, str]) -> dict[str, Any]:
    """The columns with what they were said, or are guessed, to mean, and their first values."""
    columns = [(c, chosen.get(f"column.{c}", _guess(c)), [r[c] for _, r in table.rows[:3]]) for c in table.columns]
    return {
        "name": name,
        "columns": columns,
        "choices": _choices(),
        "count": len(table.rows),
        "number": chosen.get("number", "{}"),
        "reasons": MISS_REASON.choices(),
        "not_reported": chosen.get("not_reported", ""),
    }


def _numbers(site: Site) -> tuple[str, str]:
    """How numbers of participants may stand in a file: as they are, or as running numbers of the site."""
    return "{}", f"{site.code}-{{:03d}}"


def _guess(column: str) -> str:
    if guess := named(column):
        return f"{guess.measure}|{guess.unit or MEASURES[guess.measure].unit}"
    return kind_of(column)


def _choices() -> list[tuple[str, T]]:
    """What a column may mean."""
    fixed = [
        ("participant", T("受试者编号", "Participant number")),
        ("date", T("采样日期", "Sample date")),
        ("day", T("距第0天的天数", "Days since Day 0")),
        ("time", T("采样时间", "Sample time")),
        ("unit", T("左侧结果列的单位", "Unit of the results to its left")),
    ]
    results = [
        (f"{a.code}|{unit}", a.title + T(f" ({unit})", f" ({unit})")) for a in ANALYTES.values() for unit in a.units
    ]
    return fixed + results


def _mapping(request: HttpRequest, columns: tuple[str, ...], numbers: tuple[str, str]) -> dict[str, Any]:
    chosen = {column: request.POST.get(f"column.{column}", "") for column in columns}
    plain: dict[str, Any] = {
        meaning: next((c for c, m in chosen.items() if m == meaning), "")
        for meaning in ("participant", "date", "day", "time")
    }
    plain["results"] = {c: m.split("|", 1) for c, m in chosen.items() if "|" in m}
    plain["units"] = {left: right for left, right in pairwise(columns) if chosen[right] == "unit"}
    number = request.POST.get("number", "").strip()
    plain["number"] = number if number in numbers else "{}"
    plain["not_reported"] = request.POST.get("not_reported", "")
    return plain


@requires(Action.IMPORT_RESULTS)
def report(request: AuthenticatedRequest, import_id: UUID) -> HttpResponse:
    """What the dry run or the import found; from a clean dry run, the import itself."""
    previous = get_object_or_404(LabImport.objects.select_related("file"), id=import_id, site=_site(request))
    if request.method == "POST":
        try:
            requested = importing.request_import(
                previous.site,
                storing.content(previous.file),
                previous.name,
                previous.mapping,
                user=request.user,
                dry_run=False,
            )
        except FileRefused as refused:
            messages.error(request, refused.text)
            return redirect("labs:report", import_id=previous.id)
        tasks.run.delay_on_commit(str(requested.id))
        return redirect("labs:report", import_id=requested.id)
    return render(request, "labs/report.html", {"previous": previous, "report": previous.report})


@requires(Action.SEE_PAGES)
def ranges(request: AuthenticatedRequest) -> HttpResponse:
    """The laboratory's normal ranges; who imports results brings them from a file."""
    stored = NormalRange.objects.filter(site__in=sites_where(request.user, Action.SEE_PAGES))
    listed = [(each, ANALYTES[each.analyte].title, _limit(each.low), _limit(each.high)) for each in stored]
    may_import = may(request.user, Action.IMPORT_RESULTS)
    context: dict[str, Any] = {"ranges": listed, "editable": may_import, "columns": COLUMNS}
    if request.method == "POST":
        require(request.user, Action.IMPORT_RESULTS)
        refused = _take_ranges(request)
        if refused is None:
            return redirect("labs:ranges")
        return render(request, "labs/ranges.html", context | refused, status=422)
    return render(request, "labs/ranges.html", context)


def _limit(limit: Decimal | None) -> str:
    return "–" if limit is None else plain(limit)


def _take_ranges(request: AuthenticatedRequest) -> dict[str, Any] | None:
    """Take the uploaded file over; what is wrong with it otherwise."""
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return {"problem": TOO_LARGE if getattr(request, "upload_too_large", False) else NO_FILE}
    site = _site(request)
    try:
        new = load_ranges(site, read_table(uploaded.read(), uploaded.name or ""), user=request.user)
    except FileRefused as refused:
        return {"problem": refused.text}
    except RangesRefused as refused:
        return {"wrong": refused.wrong[:50]}
    tasks.renew_results.delay_on_commit()
    text = T(
        "已导入 {n} 行，已有结果将按新的正常值重新标注。",
        "{n} lines imported; existing results are flagged by the new ranges.",
    )
    messages.success(request, text.format(n=new))
    return None
