"""Dashboards show a finished run and compute nothing; runs can be requested and their reports read."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_POST

from analysis import participant_view, plan_items, results, running, tasks
from analysis.cut_form import CutForm
from analysis.looks import plan_changed_after_a_look
from analysis.models import AnalysisRun
from analysis.outputs import OUTPUTS
from analysis.outputs.output import View
from prtras.accounts.access import AuthenticatedRequest, may, requires
from prtras.accounts.managing import note_arm_view
from prtras.accounts.rights import Action
from prtras.crf.access import participant_for
from prtras.crf.study import protocol
from prtras.exports.building import may_export
from prtras.files import pdf
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
    newest = running.latest()
    run = _chosen(request.GET.get("run", "")) or newest
    context: dict[str, object] = {"run": run, "by_arm": view.by_arm, "may_by_arm": may(request.user, Action.SEE_BY_ARM)}
    if run is not None and run.results is not None:
        if view.by_arm:
            note_arm_view(request.user, f"dashboard of run {run.id}")
        stored = results.read(run.results)
        context |= {"shown": stored.show(view), "warnings": stored.warnings(by_arm=view.by_arm)}
        context["plan_changed"] = plan_changed_after_a_look()
        context["another"] = newest is not None and newest.id != run.id
    return render(request, "analysis/dashboard.html", context)


def plan_context() -> dict[str, object]:
    """The items of the plan with the titles of what answers them."""
    titles = {output.code: output.title for output in OUTPUTS}
    groups = [
        (title, [(item, [titles[code] for code in item.outputs]) for item in items])
        for title, items in plan_items.GROUPS
    ]
    return {"groups": groups, "changes": plan_items.CHANGES}


def _chosen(run_id: str) -> AnalysisRun | None:
    """The finished run that somebody chose; None without a choice. Raises Http404."""
    if not run_id:
        return None
    try:
        return AnalysisRun.objects.select_related("cut").get(id=run_id, status="done")
    except (AnalysisRun.DoesNotExist, ValidationError):
        raise Http404 from None


@login_required
def participant(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """How one participant counts in each endpoint, and by which record."""
    person = participant_for(request.user, number)
    lines, baseline, cautions = participant_view.counted(person)
    context = {"participant": person, "lines": lines, "baseline": baseline, "cautions": cautions}
    return render(request, "analysis/participant.html", context)


@requires(Action.SEE_POOLED)
def runs(request: AuthenticatedRequest) -> HttpResponse:
    """All runs with status, data cut and checksum."""
    return _runs(request, {"cutoff": timezone.localdate().isoformat(), "entered_until": ""}, {})


def _runs(request: AuthenticatedRequest, typed: dict[str, str], problem: dict[str, T]) -> HttpResponse:
    every = AnalysisRun.objects.select_related("cut", "requested_by").defer("results").order_by("-requested_at")
    every = every.annotate(n=_stored("n"), events=_stored("events"))
    shown = Paginator(every, 30).get_page(request.GET.get("page"))
    context = {"shown": shown, "may_run": may(request.user, Action.RUN_ANALYSIS), "typed": typed, "problem": problem}
    context |= {"may_by_arm": may(request.user, Action.SEE_BY_ARM), "may_export": may_export(request.user)}
    return render(request, "analysis/runs.html", context, status=422 if problem else 200)


def _stored(count: str) -> Coalesce:
    """A count of the output `events`, from results of version 2 or 1."""
    return Coalesce(KT(f"results__outputs__events__{count}"), KT(f"results__pooled__{count}"))


@requires(Action.SEE_POOLED)
def plan(request: AuthenticatedRequest) -> HttpResponse:
    """The statistical analysis plan as the program follows it."""
    return render(request, "analysis/plan.html", plan_context())


@requires(Action.SEE_POOLED)
def plan_pdf(request: AuthenticatedRequest, language: str) -> HttpResponse:
    """The same on paper."""
    if language not in LANGUAGES:
        raise Http404
    with translation.override(LANGUAGES[language]):
        context = plan_context() | {"study": protocol(), "printed": timezone.localdate().isoformat()}
        content = pdf.render("analysis/plan_paper.html", context, LANGUAGES[language])
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{protocol().file_name("plan", f"{language}.pdf")}"'
    return answer


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
