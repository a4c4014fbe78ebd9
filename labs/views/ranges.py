"""The laboratory's own ranges: what holds when, and a file that brings new ones."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from labs import tasks
from labs.files.contents import read_table
from labs.files.refusals import FileRefused
from labs.models import NormalRange
from labs.panels import ANALYTES
from labs.ranging import COLUMNS, RangesRefused, load_ranges
from labs.views.imports import NO_FILE, TOO_LARGE, site_of
from prtras.accounts.access import AuthenticatedRequest, may, require, requires, sites_where
from prtras.accounts.rights import Action
from prtras.crf.numbers import plain
from prtras.labels import T
from prtras.ui import messages


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
    site = site_of(request)
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
