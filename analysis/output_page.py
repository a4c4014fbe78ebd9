"""One output of a run on a page of its own: large, with the numbers behind it and the R code that gives them again."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from analysis import output_files, plan_items, results
from analysis.bundle.r_code import r_code
from analysis.interim_looks import plan_changed_after_a_look
from analysis.models import AnalysisRun
from analysis.outputs import OUTPUTS
from analysis.outputs.output import Output, Panel
from analysis.results import Results
from prtras.accounts.access import AuthenticatedRequest, require, requires
from prtras.accounts.managing import note_arm_view
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.crf.study import protocol
from prtras.files.png import png
from prtras.ui.charts.captioned_figure import captioned

TYPES = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml", "png": "image/png"}


@requires(Action.SEE_POOLED)
def page(request: AuthenticatedRequest, run_id: UUID, code: str) -> HttpResponse:
    """The figures and tables of one output; of one by arm for who may see results by arm, on record."""
    run, output, stored = opened(request.user, run_id, code)
    context: dict[str, object] = {"run": run, "output": output, "parts": output_files.parts(stored, output)}
    context |= {"items": plan_items.answered_by(code), "r_code": r_code(code), "numbers": output.expected is not None}
    context["plan_changed"] = plan_changed_after_a_look()
    context |= {"warnings": stored.warnings_of(output), "comparison": output_files.comparison(stored, output)}
    return render(request, "analysis/output.html", context)


@requires(Action.SEE_POOLED)
def download(request: AuthenticatedRequest, run_id: UUID, code: str, name: str, kind: str) -> HttpResponse:
    """A figure as SVG or PNG, a table as CSV; `numbers.csv` has every number of the output as it was computed."""
    run, output, stored = opened(request.user, run_id, code)
    if kind not in TYPES:
        raise Http404
    if (name, kind) == ("numbers", "csv"):
        content: str | bytes = output_files.numbers_csv(stored, output)
    else:
        content = _content(run, stored, output, _part(stored, output, name), kind)
    answer = HttpResponse(content, content_type=TYPES[kind])
    file_name = protocol().file_name(f"{run.cutoff:%Y%m%d}", code, f"{name}.{kind}")
    answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer


def opened(user: User, run_id: UUID, code: str) -> tuple[AnalysisRun, Output[Any], Results]:
    """A finished run and one of its outputs; a look by arm is on record.

    Raises Http404, and PermissionDenied for results by arm.
    """
    output = next((each for each in OUTPUTS if each.code == code), None)
    if output is None:
        raise Http404
    if output.by_arm:
        require(user, Action.SEE_BY_ARM)
    run = get_object_or_404(AnalysisRun.objects.select_related("cut"), id=run_id, status="done")
    stored = results.read(run.results or {})
    if code not in stored.outputs and code not in stored.failures:
        raise Http404
    if output.by_arm:
        note_arm_view(user, f"{code} of run {run.id}")
    return run, output, stored


def _part(stored: Results, output: Output[Any], name: str) -> Panel:
    part = next((each for each in output_files.parts(stored, output) if each.ident == name), None)
    if part is None:
        raise Http404
    return part


def _content(run: AnalysisRun, stored: Results, output: Output[Any], part: Panel, kind: str) -> str | bytes:
    if kind == "csv" and part.table is not None:
        return output_files.table_csv(part.table)
    if kind in ("svg", "png") and part.drawings:
        drawing = captioned(part.drawings[0], output_files.under_figure(run, stored, output))
        return drawing if kind == "svg" else png(drawing)
    raise Http404
