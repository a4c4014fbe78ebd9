"""What still stands between the data and their lock: each measure finds the pages concerned. Reads; writes nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from prtras.crf.models import CrfPage, Participant
from prtras.labels import T
from prtras.review.models import Query
from prtras.review.plan import plan
from prtras.review.states import LIVE

Pages = QuerySet[CrfPage]


@dataclass(frozen=True)
class Measure:
    """One reason why a page is not ready, and how such pages are found among others."""

    code: str
    title: T
    find: Callable[[Pages], Pages]


def queried(pages: Pages) -> Pages:
    """Pages with a query that is open, or answered and not closed."""
    return pages.filter(Exists(Query.objects.filter(page=OuterRef("pk"), state__in=LIVE)))


def unfilled(pages: Pages) -> Pages:
    """Pages that are expected and were never submitted; not those of a visit that was missed."""
    return pages.filter(state="expected", required=True).exclude(visit__state__in=("missed", "dropped"))


def missing(pages: Pages) -> Pages:
    """Those of them that are due: the visit took place, or its window has opened."""
    to_come = Q(visit__opens=None) | Q(visit__opens__gt=timezone.localdate())
    return unfilled(pages).exclude(Q(visit__state="planned") & to_come)


def unsigned(pages: Pages) -> Pages:
    """Submitted pages that no signature holds for."""
    return pages.filter(state="submitted", signed=False)


def unverified(pages: Pages) -> Pages:
    """Submitted pages that the plan wants compared with the source and that are not, or not any more."""
    monitoring = plan()
    forms = list(monitoring.whole | set(monitoring.items))
    sampled = monitoring.sampled(Participant.objects.values_list("number", flat=True)) if monitoring.percent else []
    concerned = pages.filter(Q(form__in=forms) | Q(participant__number__in=sampled))
    return concerned.filter(state="submitted").exclude(verified="full")


MEASURES: list[Measure] = [
    Measure("queried", T("有未关闭质疑", "with unresolved queries"), queried),
    Measure("missing", T("未填表单", "forms not entered"), missing),
    Measure("unverified", T("待源数据核查", "to be verified"), unverified),
    Measure("unsigned", T("未签名", "unsigned"), unsigned),
]


def register_measures(*measures: Measure) -> None:
    """Let the study add what it wants settled before a lock (coding, reconciliation)."""
    MEASURES.extend(measures)


def by_participant(pages: Pages) -> dict[int, dict[str, int]]:
    """How many pages stand in the way, by participant and measure; one statement a measure."""
    counts: dict[int, dict[str, int]] = {}
    for measure in MEASURES:
        counted = measure.find(pages).order_by().values("participant").annotate(n=Count("pk"))
        for whose, n in counted.values_list("participant", "n"):
            counts.setdefault(whose, {})[measure.code] = n
    return counts
