"""Results that wait for a person: one key makes the event of a graded one, a link leads to one that is to be judged."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from labs.codelists.panels import NRIND
from labs.event_proposing import NotGraded, propose_event
from labs.explanations import grade_reason
from labs.graded import FROM_GRADE, GRADES, graded_without_event, unjudged
from labs.models import LabResult
from labs.panels import ANALYTES
from prtras.accounts.access import AuthenticatedRequest, may, require, requires
from prtras.accounts.rights import Action
from prtras.crf.numbers import plain
from prtras.crf.places import Place
from prtras.crf.planning import PageHeld
from prtras.crf.units import shown as unit_shown
from prtras.labels import T
from prtras.ui import messages
from visits.codelists.safety import LABTERM

HELD = T(
    "该受试者数据已冻结或锁定，不能新增不良事件。",
    "The participant's data are frozen or locked; no event can be added.",
)
BELOW = T(
    "第 {event_no} 号不良事件记录为 {event_grade} 级", "adverse event {event_no} is recorded with grade {event_grade}"
)
GONE = T("该结果已无分级。", "This result has no grade any more.")
SHOWN, JUDGE = 50, "judge"


@requires(Action.SEE_PAGES)
def graded(request: AuthenticatedRequest) -> HttpResponse:
    """The list, the worst first; a POST proposes the event of one of them."""
    if request.method == "POST":
        return _propose(request)
    chosen, to_judge = request.GET.get("from", ""), request.GET.get("show") == JUDGE
    from_grade = int(chosen) if chosen in GRADES else FROM_GRADE
    listed = unjudged(request.user) if to_judge else graded_without_event(request.user, from_grade)
    if number := request.GET.get("participant", "").strip():
        listed = listed.filter(page__participant__number=number)
    shown = Paginator(listed, SHOWN).get_page(request.GET.get("page"))
    context = {"shown": shown, "lines": [_line(result) for result in shown], "from_grade": from_grade, "grades": GRADES}
    context |= {"number": number, "editable": may(request.user, Action.EDIT_PAGE), "to_judge": to_judge}
    return render(request, "labs/graded.html", context)


def _line(result: LabResult) -> dict[str, Any]:
    """A result in words."""
    analyte = ANALYTES[result.analyte]
    limits = ["–" if limit is None else plain(limit) for limit in (result.stnrlo, result.stnrhi)]
    return {
        "result": result,
        "title": analyte.title,
        "value": f"{result.qualifier or ''}{plain(result.stresn)}" if result.stresn is not None else result.orres,
        "unit": unit_shown(analyte.unit),
        "limits": "–".join(limits) if limits != ["–", "–"] else "",
        "term": LABTERM.text(result.tox) if result.tox else "",
        "reason": grade_reason(vars(result)),
        "below": BELOW.format(**vars(result)) if vars(result).get("event_no") else "",
        "flag": NRIND.text(result.nrind) if result.nrind else "",
        "place": Place.at("clsig", result.analyte).anchor,
    }


def _propose(request: AuthenticatedRequest) -> HttpResponse:
    """Make the event's page, or open the one that was made before. Raises PermissionDenied."""
    require(request.user, Action.EDIT_PAGE)
    visible = graded_without_event(request.user, 1)
    number = request.POST.get("result", "")
    result = get_object_or_404(visible, pk=int(number) if number.isdecimal() and len(number) < 19 else 0)
    try:
        page = propose_event(result, user=request.user)
    except PageHeld:
        messages.error(request, HELD)
    except NotGraded:
        messages.error(request, GONE)
    else:
        return redirect("entry:page", page_id=page.pk)
    return redirect("labs:graded")
