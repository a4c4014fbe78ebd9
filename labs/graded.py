"""Results that are graded, and of which no adverse event speaks. Reads; writes nothing."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from labs.deriving.panels import BASELINE
from labs.models import LabResult
from prtras.accounts.models import User
from prtras.crf.access import pages_visible_to
from visits.models import AdverseEvent

#: From this grade on a result is listed, where nobody chooses another.
FROM_GRADE = 2
GRADES = ("1", "2", "3", "4")


def graded_without_event(user: User, from_grade: int = FROM_GRADE) -> QuerySet[LabResult]:
    """The graded results that a person may see and no adverse event covers, the worst and newest first.

    An event covers a result when it is of its term and still going on, or names its visit. Baseline results are no
    events, nor is what was as bad at baseline (worsening only).
    """
    results = LabResult.objects.filter(
        page__in=pages_visible_to(user), page__state="submitted", void_reason="", toxgr__in=GRADES[from_grade - 1 :]
    )
    events = AdverseEvent.objects.filter(
        page__participant=OuterRef("page__participant"), page__state="submitted", ae_lab=OuterRef("tox")
    )
    covering = events.filter(Q(ae_ongoing="Y") | Q(ae_lab_visit=OuterRef("page__visit__code")))
    at_baseline = LabResult.objects.filter(
        page__participant=OuterRef("page__participant"), page__state="submitted", page__visit__code__in=BASELINE,
        void_reason="", analyte=OuterRef("analyte"), tox=OuterRef("tox"), toxgr__gte=OuterRef("toxgr"),
    )  # fmt: skip
    listed = results.exclude(page__visit__code__in=BASELINE).exclude(Exists(covering)).exclude(Exists(at_baseline))
    return listed.select_related("page__participant", "page__visit").order_by(
        "-toxgr", F("page__visit__date").desc(nulls_last=True), "pk"
    )
