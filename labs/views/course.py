"""A participant's course: hepatitis B, treatment and safety on one axis, with what it amounts to."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from labs.course.picture import draw
from labs.course.records import records_of
from labs.course.response import statements
from labs.course.table import COLUMNS, lines
from prtras.accounts.access import AuthenticatedRequest, requires
from prtras.accounts.rights import Action
from prtras.crf.access import participant_for
from prtras.crf.study import protocol
from prtras.files import storing
from prtras.files.tables import csv_for_people
from visits.casebook import story


@requires(Action.SEE_PAGES)
def course(request: AuthenticatedRequest, number: str) -> HttpResponse | FileResponse:
    """The chart, what it amounts to by which rule, and the values as a table; as CSV too."""
    participant = participant_for(request.user, number)
    records = records_of(participant)
    table = list(lines(records))
    if request.GET.get("format") == "csv":
        stored = storing.store(csv_for_people([str(column) for column in COLUMNS], table), user=request.user)
        return storing.serve(stored, protocol().file_name(number, "course.csv"), user=request.user)
    context: dict[str, Any] = {
        "participant": participant, "statements": statements(records), "columns": COLUMNS,
        "lines": [list(zip(COLUMNS, line, strict=True)) for line in table],
        "chart": draw(participant, records, story(participant), timezone.localdate()),
    }  # fmt: skip
    return render(request, "labs/course.html", context)
