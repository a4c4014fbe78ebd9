"""Dashboards show a finished run and compute nothing; runs can be requested and their reports read."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from analysis import results, running, tasks
from analysis.models import AnalysisRun
from analysis.outputs.output import View
from prtras.accounts.access import AuthenticatedRequest, may, requires
from prtras.accounts.managing import note_arm_view
from prtras.accounts.rights import Action
from prtras.crf.study import protocol
from prtras.files.storing import serve
from prtras.labels import LANGUAGES, T
from prtras.ui import messages


@requires(Action.SEE_POOLED)
def dashboard(request: AuthenticatedRequest) -> HttpResponse:
    """Where the study stands, pooled: no arms, no p-values."""
    return _dashboard(request, View.POOLED)


@requires(Action.SEE_BY_ARM)
def by_arm(request: AuthenticatedRequest) -> HttpResponse:
    """Results by arm, for those to whom it was granted; every look is on record."""
    return _dashboard(request, View.BY_ARM)


def _dashboard(request: AuthenticatedRequest, view: View) -> HttpResponse:
    run = running.latest()
    context: dict[str, object] = {"run": run, "by_arm": view.by_arm, "may_by_arm": may(request.user, Action.SEE_BY_ARM)}
    if run is not None and run.results is not None:
        if view.by_arm:
            note_arm_view(request.user, f"dashboard of run {run.id}")
        stored = results.read(run.results)
        context |= {"shown": stored.show(view), "warnings": stored.warnings(by_arm=view.by_arm)}
    return render(request, "analysis/dashboard.html", context)


@requires(Action.SEE_POOLED)
def runs(request: AuthenticatedRequest) -> HttpResponse:
    """All runs with status, data cut and checksum."""
    every = AnalysisRun.objects.select_related("cut", "requested_by").defer("results").order_by("-requested_at")
    every = every.annotate(n=_stored("n"), events=_stored("events"))
    shown = Paginator(every, 30).get_page(request.GET.get("page"))
    context = {"shown": shown, "may_run": may(request.user, Action.RUN_ANALYSIS)}
    context["may_by_arm"] = may(request.user, Action.SEE_BY_ARM)
    return render(request, "analysis/runs.html", context)


def _stored(count: str) -> Coalesce:
    """A count of the output `events`, from results of version 2 or 1."""
    return Coalesce(KT(f"results__outputs__events__{count}"), KT(f"results__pooled__{count}"))


@require_POST
@requires(Action.RUN_ANALYSIS)
def start(request: AuthenticatedRequest) -> HttpResponse:
    """Ask the worker for a run now."""
    try:
        requested = running.request_run(timezone.localdate(), user=request.user)
    except running.AlreadyRunning:
        messages.warning(request, T("已有分析正在运行。", "An analysis is already running."))
    else:
        tasks.run.delay_on_commit(str(requested.id))
        messages.success(
            request,
            T("分析已提交，完成后显示在列表中。", "Analysis requested; it will appear in the list when complete."),
        )
    return redirect("analysis:runs")


@requires(Action.SEE_BY_ARM)
def report_pdf(request: AuthenticatedRequest, run_id: UUID, language: str) -> FileResponse:
    """The report of a run. It shows results by arm, so it is theirs who may see them."""
    run = get_object_or_404(AnalysisRun, id=run_id, status="done")
    if language not in LANGUAGES:
        raise Http404
    note_arm_view(request.user, f"report of run {run.id}")
    stored = running.report_in(run, LANGUAGES[language])
    return serve(
        stored, protocol().file_name(f"{run.cutoff:%Y%m%d}", f"{language}.pdf"), user=request.user, inline=True
    )
