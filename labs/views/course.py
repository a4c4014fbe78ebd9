"""A participant's course: hepatitis B, treatment and safety on one axis, with what it amounts to."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from labs.course.chart import draw
from labs.course.records import records_of
from labs.course.response import statements
from labs.course.table import COLUMNS, lines
from prtras.accounts.access import AuthenticatedRequest, requires
from prtras.accounts.rights import Action
from prtras.crf.access import participant_for
from prtras.crf.study import protocol
from prtras.files import storing
from prtras.files.tables import csv_for_people
from prtras.labels import T
from prtras.ui.charts.captioned_figure import captioned
from visits.casebook import story


@requires(Action.SEE_PAGES)
def course(request: AuthenticatedRequest, number: str) -> HttpResponse | FileResponse:
    """The chart, what it amounts to by which rule, and the values as a table; as files too."""
    participant = participant_for(request.user, number)
    records = records_of(participant)
    table = list(lines(records))
    kind = request.GET.get("format", "")
    if kind == "csv":
        return _file(request, number, kind, csv_for_people([str(column) for column in COLUMNS], table))
    chart = draw(participant, records, story(participant), timezone.localdate())
    if kind == "svg":
        return _file(request, number, kind, _captioned(number, chart))
    context: dict[str, Any] = {
        "participant": participant, "statements": statements(records), "columns": COLUMNS,
        "lines": [list(zip(COLUMNS, line, strict=True)) for line in table],
        "chart": chart,
    }  # fmt: skip
    return render(request, "labs/course.html", context)


def _captioned(number: str, chart: str) -> bytes:
    """The chart with whose it is under it. Raises Http404 where there is none."""
    if not chart:
        raise Http404
    below = T("{study}，受试者 {n} 的病程。{d}", "{study}, course of participant {n}. {d}").format(
        study=protocol().code, n=number, d=timezone.localdate()
    )
    return captioned(chart, str(below)).encode()


def _file(request: AuthenticatedRequest, number: str, kind: str, content: bytes) -> FileResponse:
    stored = storing.store(content, user=request.user)
    return storing.serve(stored, protocol().file_name(number, f"course.{kind}"), user=request.user)
