"""Safety of all together, or by treatment: events by term and grade, shifts of grades, liver injury, HBsAg."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from enrollment.codelists.arm import ARM_BRIEF
from labs.cohort import figures, safety_numbers
from labs.panels import ANALYTES
from prtras.accounts.access import AuthenticatedRequest, may, require, requires
from prtras.accounts.managing import note_arm_view
from prtras.accounts.rights import Action
from prtras.crf.study import protocol
from prtras.files import storing
from prtras.files.tables import csv_for_people
from prtras.labels import T
from prtras.ui.charts.captioned_figure import captioned

SIZE = T("{arm}：{n} 名受试者，{y} 人年", "{arm}: {n} participants, {y} person-years")
#: What stands in a figure's table before the rest is folded away.
FIRST_LINES = 20
DEFAULT_ANALYTE = "neut"
FILES = ("csv", "svg")
VIEWS = {
    "events": T("不良事件", "Adverse events"),
    "arms": T("按治疗", "By treatment"),
    "shifts": T("分级变化", "Shifts of grades"),
    "liver": T("肝损伤（eDISH）", "Liver injury (eDISH)"),
    "hbsag": T("HBsAg变化", "Change of HBsAg"),
}


@requires(Action.SEE_PAGES)
def safety(request: AuthenticatedRequest) -> HttpResponse | FileResponse:
    """One view at a time, its figure and the table of the same numbers; as files too."""
    views = {code: title for code, title in VIEWS.items() if code != "arms" or may(request.user, Action.SEE_BY_ARM)}
    view = request.GET.get("view", "")
    if view == "arms":
        require(request.user, Action.SEE_BY_ARM)
    view = view if view in views else "events"
    shown = _VIEWS[view](request)
    if (kind := request.GET.get("format", "")) in FILES:
        return _file(request, view, kind, shown)
    rows = list(shown["rows"])
    labelled = [list(zip(shown["columns"], row, strict=True)) for row in rows]
    context = shown | {"view": view, "title": VIEWS[view], "views": views.items(), "rows": labelled}
    context |= {"first": labelled[:FIRST_LINES], "others": labelled[FIRST_LINES:]}
    return render(request, "labs/safety.html", context)


def _file(request: AuthenticatedRequest, view: str, kind: str, shown: Mapping[str, Any]) -> FileResponse:
    """The table, or the figure with its title and note under it. Raises Http404 where there is no figure."""
    if kind == "csv":
        content = csv_for_people([str(column) for column in shown["columns"]], shown["rows"])
    elif shown.get("figure"):
        below = T("{study}，{title}。{note}。{day}", "{study}, {title}. {note}. {day}").format(
            study=protocol().code, title=VIEWS[view], note=shown["note"], day=timezone.localdate()
        )
        content = captioned(shown["figure"], str(below)).encode()
    else:
        raise Http404
    stored = storing.store(content, user=request.user)
    return storing.serve(stored, protocol().file_name(f"{view}.{kind}"), user=request.user)


def _shown(columns: Sequence[T], rows: Iterable[Sequence[str]], note: T, **more: Any) -> dict[str, Any]:
    return {"columns": columns, "rows": list(rows), "note": note, **more}


def _events(request: AuthenticatedRequest) -> dict[str, Any]:
    people, years = safety_numbers.years_at_risk(request.user, timezone.localdate())
    lines = safety_numbers.events_by_term(request.user, years)
    note = T(
        "{n} 名受试者，{y} 人年；治疗期不良事件，按最高分级计受试者数；全部治疗组合并",
        "{n} participants, {y} person-years; treatment-emergent, participants by worst grade; arms pooled",
    ).format(n=people, y=f"{years:.1f}")
    return _shown(figures.EVENT_COLUMNS, (figures.event_cells(line) for line in lines), note)


def _arms(request: AuthenticatedRequest) -> dict[str, Any]:
    """Events by the treatment really had; a look at results by arm, which is on record."""
    note_arm_view(request.user, "adverse events by treatment")
    today, by_arm, sizes = timezone.localdate(), [], []
    for arm, title in ARM_BRIEF.items():
        people, years = safety_numbers.years_at_risk(request.user, today, arm)
        by_arm.append(safety_numbers.events_by_term(request.user, years, arm))
        sizes.append(SIZE.format(arm=title, n=people, y=f"{years:.1f}"))
    note = T(
        "按实际接受的治疗；{sizes}。治疗期不良事件。治疗组由受试者选择而非随机分配，差异不等于治疗的作用。",
        "By treatment received; {sizes}. Treatment-emergent. Arms were chosen, not randomized: a "
        "difference is no effect of treatment.",
    )
    columns = figures.arm_columns(list(ARM_BRIEF.values()))
    return _shown(
        columns, figures.arm_rows(by_arm), note.format(sizes=str(T("；", "; ")).join(str(size) for size in sizes))
    )


def _shifts(request: AuthenticatedRequest) -> dict[str, Any]:
    chosen = request.GET.get("analyte", "")
    analytes = safety_numbers.graded_analytes()
    analyte = chosen if chosen in analytes else DEFAULT_ANALYTE
    rows = figures.shift_rows(safety_numbers.shifts(request.user, analyte))
    note = T("{a}：基线分级与其后最差分级的受试者数", "{a}: participants by grade at baseline and worst grade after it")
    options = [(code, ANALYTES[code].title) for code in analytes]
    return _shown(
        figures.shift_columns(), rows, note.format(a=ANALYTES[analyte].title), analytes=options, analyte=analyte
    )


def _liver(request: AuthenticatedRequest) -> dict[str, Any]:
    peaks = safety_numbers.peaks(request.user)
    note = T(
        "基线后最高值；界线为 ALT 3 × ULN 与胆红素 2 × ULN",
        "Peaks after baseline; limits at ALT 3 x ULN and bilirubin 2 x ULN",
    )
    rows = (figures.peak_cells(peak) for peak in peaks)
    return _shown(figures.PEAK_COLUMNS, rows, note, figure=figures.peak_figure(peaks), by_participant=True)


def _hbsag(request: AuthenticatedRequest) -> dict[str, Any]:
    changes = safety_numbers.hbsag_changes(request.user)
    note = T("最近一次与基线之差；虚线为下降 1 log10", "Last sample against baseline; dashed: a decline of 1 log10")
    rows = (figures.change_cells(change) for change in changes)
    return _shown(figures.CHANGE_COLUMNS, rows, note, figure=figures.change_figure(changes), by_participant=True)


_VIEWS = {"events": _events, "arms": _arms, "shifts": _shifts, "liver": _liver, "hbsag": _hbsag}
