"""Results that wait for a person: graded and without an adverse event, or abnormal and not judged. Reads only."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from labs.deriving.panels import BASELINE
from labs.models import LabResult
from prtras.accounts.models import User
from prtras.crf.access import pages_visible_to
from visits.models import AdverseEvent
from visits.schedule import UNSCHEDULED

#: From this grade on a result is listed, where nobody chooses another.
FROM_GRADE = 2
GRADES = ("1", "2", "3", "4")


def graded_without_event(user: User, from_grade: int = FROM_GRADE) -> QuerySet[LabResult]:
    """The graded results that a person may see and no adverse event covers, the worst and newest first.

    An event covers a result when it is of its term with at least its grade, and still going on or names its visit.
    Baseline results are no events, nor is what was as bad at baseline (worsening only). `event_no` and `event_grade`:
    the event of a lower grade that goes on or names the visit.
    """
    results = LabResult.objects.filter(
        page__in=pages_visible_to(user), page__state="submitted", void_reason="", toxgr__in=GRADES[from_grade - 1 :]
    )
    events = AdverseEvent.objects.filter(
        page__participant=OuterRef("page__participant"), page__state="submitted", ae_lab=OuterRef("tox")
    )
    code = OuterRef("page__visit__code")
    covering = events.filter(Q(ae_ongoing="Y") | Q(ae_lab_visit=code), ae_grade__gte=OuterRef("toxgr"))
    lower = _made_worse(events, code)
    at_baseline = LabResult.objects.filter(
        page__participant=OuterRef("page__participant"), page__state="submitted", page__visit__code__in=BASELINE,
        void_reason="", analyte=OuterRef("analyte"), tox=OuterRef("tox"), toxgr__gte=OuterRef("toxgr"),
    )  # fmt: skip
    listed = results.exclude(page__visit__code__in=BASELINE).exclude(Exists(covering))
    listed = listed.exclude(Exists(at_baseline)).annotate(
        event_no=Subquery(lower.values("ae_no")[:1]), event_grade=Subquery(lower.values("ae_grade")[:1])
    )
    return listed.select_related("page__participant", "page__visit").order_by(
        "-toxgr", F("page__visit__date").desc(nulls_last=True), "pk"
    )


def unjudged(user: User) -> QuerySet[LabResult]:
    """The abnormal results that a person may see and nobody judged (CS or NCS), the worst and newest first."""
    results = LabResult.objects.filter(
        page__in=pages_visible_to(user), page__state="submitted", void_reason="", nrind__in=("LOW", "HIGH"),
        clsig__isnull=True,
    )  # fmt: skip
    return results.select_related("page__participant", "page__visit").order_by(
        F("toxgr").desc(nulls_last=True), F("page__visit__date").desc(nulls_last=True), "pk"
    )


def event_below(result: LabResult) -> AdverseEvent | None:
    """The event of a result's term with a lower grade that goes on or names its visit: the result makes it worse and is
    no event of its own.
    """
    events = AdverseEvent.objects.filter(
        page__participant=result.page.participant_id, page__state="submitted", ae_lab=result.tox,
        ae_grade__lt=result.toxgr or "",
    )  # fmt: skip
    visit = result.page.visit
    return _made_worse(events, visit.code if visit else "").select_related("page").first()


def _made_worse(events: QuerySet[AdverseEvent], visit: OuterRef | str) -> QuerySet[AdverseEvent]:
    """Of the events those that a worse result of a visit concerns. Unscheduled visits share one name: no event says
    which it means.
    """
    naming = Q(ae_lab_visit=visit) & ~Q(ae_lab_visit=UNSCHEDULED.code)
    return events.filter(Q(ae_ongoing="Y") | naming).order_by("-ae_grade", "pk")
