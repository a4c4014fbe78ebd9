"""Dashboards show a finished run and compute nothing; how a participant counts; the plan."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from analysis import participant_view, plan_items, results, run_details, running
from analysis.interim_looks import plan_changed_after_a_look
from analysis.models import AnalysisRun
from analysis.outputs import OUTPUTS
from analysis.outputs.output import View
from prtras.accounts.access import AuthenticatedRequest, may, requires
from prtras.accounts.managing import note_arm_view
from prtras.accounts.rights import Action
from prtras.crf.access import participant_for
from prtras.crf.study import protocol
from prtras.files import pdf
from prtras.labels import LANGUAGES

#: Finished runs that may be chosen on the page of a participant.
RUNS_TO_CHOOSE = 20


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
        context["failed"] = running.failed_night(run)
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
    """How one participant counts in each endpoint, and by which record: as of today, or in a finished run."""
    person = participant_for(request.user, number)
    sees_runs = may(request.user, Action.SEE_POOLED)
    run = _chosen(request.GET.get("run", "")) if sees_runs else None
    lines, baseline, cautions = participant_view.counted(person, run)
    context = {"participant": person, "lines": lines, "baseline": baseline, "cautions": cautions, "run": run}
    context["runs"] = run_details.choices()[:RUNS_TO_CHOOSE] if sees_runs else ()
    context["chosen"] = str(run.id) if run else ""
    return render(request, "analysis/participant.html", context)


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
