"""Runs: the list, one of them with its steps and alarms, start, cancel, compute again, and the report."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from analysis import recomputing, run_details, running, tasks
from analysis.alarming import alarms_of
from analysis.cut_form import CutForm
from analysis.models import AnalysisRun
from prtras.accounts.access import AuthenticatedRequest, may, requires
from prtras.accounts.managing import note_arm_view
from prtras.accounts.rights import Action
from prtras.crf.study import protocol
from prtras.exports.building import may_export
from prtras.files.storing import serve
from prtras.labels import LANGUAGES, T
from prtras.ui import messages

#: What no list needs of a run.
LARGE = ("results", "counted", "steps", "program")


@requires(Action.SEE_POOLED)
def runs(request: AuthenticatedRequest) -> HttpResponse:
    """All runs with status, data cut and checksum."""
    return _runs(request, {"cutoff": timezone.localdate().isoformat(), "entered_until": ""}, {})


def _runs(request: AuthenticatedRequest, typed: dict[str, str], problem: dict[str, T]) -> HttpResponse:
    every = _all_runs().defer(*LARGE).annotate(n=_stored("n"), events=_stored("events"))
    shown = Paginator(every, 30).get_page(request.GET.get("page"))
    context = {"shown": shown, "may_run": may(request.user, Action.RUN_ANALYSIS), "typed": typed, "problem": problem}
    context |= {"may_by_arm": may(request.user, Action.SEE_BY_ARM), "may_export": may_export(request.user)}
    context |= {"working": run_details.at_work(shown), "open": any(run.open for run in shown)}
    context["alarms"] = {run.id: alarms_of(run) for run in shown if run.alarms}
    return render(request, "analysis/runs.html", context, status=422 if problem else 200)


def _all_runs() -> QuerySet[AnalysisRun]:
    return AnalysisRun.objects.select_related("cut", "requested_by").order_by("-requested_at")


def _stored(count: str) -> Coalesce:
    """A count of the output `events`, from results of version 2 or 1."""
    return Coalesce(KT(f"results__outputs__events__{count}"), KT(f"results__pooled__{count}"))


@require_POST
@requires(Action.RUN_ANALYSIS)
def start(request: AuthenticatedRequest) -> HttpResponse:
    """Ask the worker for a run now: of the data dated up to a day, as they are or as they were at a moment."""
    typed = {name: request.POST.get(name, "").strip() for name in ("cutoff", "entered_until")}
    cut = CutForm(typed)
    if cut.problem:
        return _runs(request, typed, cut.problem)
    try:
        requested = running.request_run(cut.cutoff, user=request.user, entered_until=cut.entered_until)
    except running.AlreadyRunning:
        messages.warning(request, T("已有分析正在运行。", "An analysis is already running."))
    else:
        tasks.run.delay_on_commit(str(requested.id))
        messages.success(
            request,
            T("分析已提交，完成后显示在列表中。", "Analysis requested; it will appear in the list when complete."),
        )
    return redirect("analysis:runs")


@requires(Action.SEE_POOLED)
def run(request: AuthenticatedRequest, run_id: UUID) -> HttpResponse:
    """One run: how far it is or what became of it, its steps, its alarms, and what it was computed with."""
    shown = get_object_or_404(_all_runs(), id=run_id)
    context = run_details.of_run(shown, request.user)
    if context["differing_by_arm"]:
        note_arm_view(request.user, f"recomputation of run {shown.id}")
    return render(request, "analysis/run.html", context)


@requires(Action.RUN_ANALYSIS)
def cancel(request: AuthenticatedRequest, run_id: UUID) -> HttpResponse:
    """A question first; then the run ends without a result, if it is not over by now."""
    chosen = get_object_or_404(AnalysisRun.objects.defer(*LARGE), id=run_id)
    if request.method == "GET" and chosen.open:
        return render(request, "analysis/cancel_run.html", {"run": chosen})
    if request.method == "POST" and running.cancel(chosen, user=request.user):
        messages.success(request, T("已取消。", "The run is cancelled."))
    else:
        messages.warning(request, T("该运行已结束，未取消。", "The run is over and was not cancelled."))
    return redirect("analysis:run", run_id=run_id)


@require_POST
@requires(Action.RUN_ANALYSIS)
def again(request: AuthenticatedRequest, run_id: UUID) -> HttpResponse:
    """Ask the worker to compute a finished run again from its stored cut."""
    chosen = get_object_or_404(run_details.comparable_runs(), id=run_id)
    try:
        requested = recomputing.request_recomputation(chosen, user=request.user)
    except recomputing.AlreadyComputing:
        messages.warning(request, T("正在重新计算。", "It is being computed again already."))
    else:
        tasks.recompute.delay_on_commit(str(requested.id))
    return redirect("analysis:run", run_id=run_id)


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
