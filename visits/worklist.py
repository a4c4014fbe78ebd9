"""What is to be done: visits by urgency, queries, drafts, the SAE clock. Reads; a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When

from prtras.accounts.access import sites_where
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.crf.access import pages_visible_to, participants_visible_to, visits_visible_to
from prtras.crf.models import FOLLOWED, CrfPage, Visit
from prtras.crf.schedule import SCHEDULE
from prtras.entry.models import Draft
from prtras.labels import T
from prtras.review import readiness
from prtras.review.access import queries_visible_to
from prtras.review.models import Query
from prtras.ui.charts.window_gauge import VisitWindow, window_gauge
from visits.models import AdverseEvent, Recurrence
from visits.models.safety import DEATHS

SHOWN = 40


@dataclass(frozen=True)
class Line:
    """One visit to be done."""

    visit: Visit
    title: T
    gauge: str
    days: int
    done: int
    total: int
    next_page: Any

    @property
    def overdue(self) -> bool:
        return self.days < 0


def visit_groups(user: User, today: date) -> list[dict[str, Any]]:
    """Overdue, open now, opening within a week: each with its count and its most urgent visits."""
    waiting = visits_visible_to(user).filter(state="planned", closes__isnull=False, participant__state__in=FOLLOWED)
    waiting = waiting.exclude(code="EOS")
    soon = today + timedelta(days=7)
    groups = [
        ("overdue", "over", T("逾期", "Overdue"), Q(closes__lt=today)),
        ("today", "due", T("访视窗内", "In window"), Q(opens__lte=today, closes__gte=today)),
        ("week", "cal", T("未来7天", "Next 7 days"), Q(opens__gt=today, opens__lte=soon)),
    ]
    counted = waiting.aggregate(**{code: Count("id", filter=fits) for code, _, _, fits in groups})
    return [
        {
            "code": code,
            "icon": icon,
            "title": title,
            "count": counted[code],
            "lines": _lines(waiting.filter(fits), today),
        }
        for code, icon, title, fits in groups
    ]


def _lines(visits: Any, today: date) -> list[Line]:
    chosen = list(
        visits.select_related("participant")
        .annotate(
            total=Count("pages", filter=~Q(pages__state="void")),
            done=Count("pages", filter=Q(pages__state="submitted")),
        )
        .order_by("closes", "id")[:SHOWN]
    )
    pages = CrfPage.objects.filter(visit__in=chosen, state="expected").order_by("visit_id", "form")
    first: dict[int | None, CrfPage] = {}
    for page in pages:
        if page.visit_id not in first or page.form == "visit":
            first[page.visit_id] = page
    return [_line(visit, today, first.get(visit.id)) for visit in chosen]


def _line(visit: Any, today: date, page: CrfPage | None) -> Line:
    meant_for = visit.target or visit.closes  # screening has a window and no day of its own
    gauge = window_gauge(VisitWindow(visit.opens, meant_for, visit.closes), today=today)
    days = (visit.closes - today).days
    return Line(visit, SCHEDULE.brief(visit.code), gauge, days, visit.done, visit.total, page)


def open_queries(user: User) -> tuple[int, list[Query]]:
    """How many queries wait for an answer, and the oldest."""
    waiting = queries_visible_to(user).filter(state="open")
    oldest = list(waiting.select_related("page__participant", "page__visit").order_by("opened_at", "id")[:6])
    return waiting.count(), oldest


def drafts_of(user: User) -> QuerySet[Draft]:
    """Drafts of a person, of pages that are there."""
    return Draft.objects.filter(user=user).exclude(page__state="void")


def my_drafts(user: User) -> list[Draft]:
    """Where a person left off."""
    return list(drafts_of(user).select_related("page__participant", "page__visit").order_by("-saved_at")[:6])


def progress(user: User, today: date) -> tuple[int, int]:
    """Expected pages that are due by today, and how many of them are submitted."""
    not_yet = Q(visit__state="planned") & (Q(visit__code="EOS") | ~Q(participant__state__in=FOLLOWED))
    due = pages_visible_to(user).filter(
        Q(visit__isnull=True) | Q(visit__opens__isnull=True) | Q(visit__opens__lte=today)
    ).exclude(not_yet)  # fmt: skip
    counted = (
        due.filter(required=True)
        .exclude(state="void")
        .exclude(visit__state="missed")
        .aggregate(due=Count("id"), done=Count("id", filter=Q(state="submitted")))
    )
    return counted["due"], counted["done"]


def saes_to_report(user: User) -> QuerySet[AdverseEvent]:
    """Serious adverse events whose report is not dated yet: the clock runs from awareness (24 h, default)."""
    return AdverseEvent.objects.filter(
        page__participant__site__in=sites_where(user, Action.SEE_PAGES),
        page__state="submitted",
        ae_ser="Y",
        ae_report__isnull=True,
        ae_aware__isnull=False,
    )


def unreported_saes(user: User) -> list[AdverseEvent]:
    """The most urgent of them: deaths, then what has been known the longest."""
    events = saes_to_report(user).select_related("page__participant")
    return list(events.order_by(Case(When(DEATHS, then=0), default=1), "ae_aware")[:3])


def to_review(user: User) -> list[CrfPage]:
    """Recurrences that wait for their adjudication, the oldest first."""
    waiting = Recurrence.objects.filter(page__state="submitted").exclude(rec_adj__in=("CONFIRMED", "NOTREC"))
    pages = CrfPage.objects.filter(participant__site__in=sites_where(user, Action.SIGN), pk__in=waiting.values("page"))
    return list(pages.select_related("participant").order_by("submitted_at")[:6])


def latest_serious(user: User) -> list[AdverseEvent]:
    """The newest serious adverse events at the reader's sites."""
    events = AdverseEvent.objects.filter(
        page__participant__site__in=sites_where(user, Action.SEE_PAGES), page__state="submitted", ae_ser="Y"
    )
    return list(events.select_related("page__participant").order_by("-page__submitted_at")[:6])


def deviations_to_complete(user: User) -> list[CrfPage]:
    """Deviations that a rule drafted and nobody completed yet."""
    waiting = pages_visible_to(user).filter(form="dv", state="expected", required=True)
    return list(waiting.select_related("participant").order_by("participant__number", "repeat")[:6])


def most_to_verify(user: User) -> list[Mapping[str, Any]]:
    """Where most pages wait for source verification."""
    waiting = readiness.unverified(pages_visible_to(user)).order_by().values("participant__number")
    return list(waiting.annotate(pages=Count("pk")).order_by("-pages", "participant__number")[:8])


def on_study(user: User) -> int:
    """Participants in follow-up at the reader's sites."""
    return participants_visible_to(user).filter(state="on_study").count()
