"""The laboratories' own ranges: what holds when, and a file that brings new ones, after a look at what it changes."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from labs import tasks
from labs.files.mapping import LONGEST_LABORATORY, NAME_TOO_LONG
from labs.files.range_lines import COLUMNS
from labs.files.refusals import FileRefused
from labs.import_plan import FLAGS
from labs.models import NormalRange, RangePreview
from labs.panels import ANALYTES
from labs.range_importing import NotPreviewed, RangesRefused, apply, request_preview
from labs.views.imports import TOO_LARGE, site_of
from prtras.accounts.access import AuthenticatedRequest, may, require, requires, sites_where
from prtras.accounts.rights import Action
from prtras.crf.dates import parse_date
from prtras.crf.numbers import plain
from prtras.crf.typed_values import NOT_A_DATE
from prtras.crf.units import shown
from prtras.files.uploads import NO_FILE, was_too_large
from prtras.jobs.running import progress_of
from prtras.labels import T
from prtras.ui import messages

#: What is typed beside the file.
TYPED = ("laboratory", "valid_from")
#: Problems shown of a file; nobody reads more before mending it.
SHOWN = 50
NOT_PREVIEWED = T("预览未完成或已导入。", "The preview is not finished, or its ranges are imported already.")
IMPORTED = T(
    "已导入 {n} 行，已有结果将按新的正常值重新标注和分级。",
    "{n} lines imported; existing results are flagged and graded by the new ranges.",
)


@requires(Action.SEE_PAGES)
def ranges(request: AuthenticatedRequest) -> HttpResponse:
    """The tables of normal ranges; who imports results brings them from a file, which is looked at first."""
    if request.method == "POST":
        require(request.user, Action.IMPORT_RESULTS)
        return _upload(request)
    return _shown(request)


def _shown(request: AuthenticatedRequest, refused: dict[str, Any] | None = None) -> HttpResponse:
    stored = NormalRange.objects.filter(site__in=sites_where(request.user, Action.SEE_PAGES))
    listed = [
        {"range": each, "title": ANALYTES[each.analyte].title}
        | {name: _limit(getattr(each, name)) for name in ("low", "high", "lloq")}
        for each in stored
    ]
    context = {"ranges": listed, "editable": may(request.user, Action.IMPORT_RESULTS), "columns": COLUMNS.values()}
    return render(request, "labs/ranges.html", context | (refused or {}), status=422 if refused else 200)


def _limit(limit: Decimal | None) -> str:
    return "–" if limit is None else plain(limit)


def _upload(request: AuthenticatedRequest) -> HttpResponse:
    """Look at the file, and at what it would change; what is wrong with it otherwise, and nothing typed is lost."""
    uploaded, typed = request.FILES.get("file"), {name: request.POST.get(name, "").strip() for name in TYPED}
    refused: dict[str, Any] = {"typed": typed}
    if uploaded is None:
        return _shown(request, refused | {"problem": TOO_LARGE if was_too_large(request) else NO_FILE})
    if len(typed["laboratory"]) > LONGEST_LABORATORY:
        return _shown(request, refused | {"wrong_laboratory": NAME_TOO_LONG})
    try:
        requested = request_preview(
            site_of(request), uploaded.read(), uploaded.name or "", laboratory=typed["laboratory"],
            valid_from=_day(typed["valid_from"]), user=request.user,
        )  # fmt: skip
    except ValueError:
        return _shown(request, refused | {"wrong_day": NOT_A_DATE.format(typed=typed["valid_from"])})
    except FileRefused as refusal:
        return _shown(request, refused | {"problem": refusal.text})
    except RangesRefused as refusal:
        return _shown(request, refused | {"wrong": refusal.wrong[:SHOWN], "wrong_count": len(refusal.wrong)})
    tasks.preview_ranges.delay_on_commit(str(requested.pk))
    return redirect("labs:range_preview", preview_id=requested.pk)


def _day(typed: str) -> date | None:
    return parse_date(typed) if typed else None


@requires(Action.IMPORT_RESULTS)
def preview(request: AuthenticatedRequest, preview_id: UUID) -> HttpResponse:
    """What a file of ranges would change; a POST takes it."""
    requested = get_object_or_404(RangePreview.objects.select_related("file"), pk=preview_id, site=site_of(request))
    if request.method == "POST":
        return _take(request, requested)
    report = requested.report or {}
    context: dict[str, Any] = {"requested": requested, "report": report}
    context["progress"] = progress_of(requested) if requested.open else None
    context["changes"] = [
        {"title": ANALYTES[analyte].title, "was": _finding(was), "becomes": _finding(becomes), "count": count}
        for analyte, was, becomes, count in report.get("changes", ())
    ]
    context["results"] = [
        each | {"title": ANALYTES[each["analyte"]].title, "unit": shown(each["unit"]),
                "was": _finding(each["was"]), "becomes": _finding(each["becomes"])}
        for each in report.get("listed", ())
    ]  # fmt: skip
    return render(request, "labs/range_preview.html", context)


def _take(request: AuthenticatedRequest, requested: RangePreview) -> HttpResponse:
    """Import the ranges of a preview that is finished."""
    try:
        new = apply(requested, user=request.user)
    except NotPreviewed:
        messages.error(request, NOT_PREVIEWED)
        return redirect("labs:range_preview", preview_id=requested.pk)
    except RangesRefused as refused:
        messages.error(request, refused.wrong[0].text)
        return redirect("labs:ranges")
    tasks.renew_results.delay_on_commit()
    messages.success(request, IMPORTED.format(n=new))
    return redirect("labs:ranges")


def _finding(finding: str) -> T:
    """Flag and grade in words: `HIGH 2` is “high, grade 2”."""
    flag, _, grade = finding.partition(" ")
    text = FLAGS.get(flag, T("未标注", "not flagged"))
    return text + T(f"，{grade} 级", f", grade {grade}") if grade not in ("", "0") else text
