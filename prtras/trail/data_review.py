"""The data-review report: what a reviewer of data and trail should look at, for a period; and its sign-off.

Late entry, changes after verification or signature, writing at unusual hours, one person unusually many. Source: ICH
E6(R3) 4.2.3 (planned review of data and audit trail).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncDate
from django.utils import timezone

from prtras.accounts.access import sites_where
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.audit.sealing import head_seal
from prtras.crf.days import midnight
from prtras.crf.models import CrfPage, Participant
from prtras.entry.history import data_tables
from prtras.labels import T
from prtras.review.models import Signature, Verification
from prtras.trail.models import DataReview

#: Days after the visit within which a page is to be entered (data management plan default).
ENTERED_WITHIN = 14
NIGHT = (22, 6)
LATE = T("录入晚于访视 {n} 天以上", "entered more than {n} days after the visit")
#: So many times the median of all people and days is unusually many.
MANY = 5
SHOWN = 50


@dataclass(frozen=True)
class Part:
    """One question of the report, how many answers it has, and the first of them."""

    code: str
    title: T
    count: int
    rows: list[dict[str, Any]]


class NoNote(ValueError):
    """Nobody wrote what came of it."""


def report(user: User, since: date, until: date) -> list[Part]:
    """The parts of the report for the sites at which this person reviews."""
    sites = sites_where(user, Action.VERIFY)
    start, end = midnight(since), midnight(until + timedelta(days=1))
    pages = CrfPage.objects.filter(participant__site__in=sites, submitted_at__gte=start, submitted_at__lt=end)
    late = pages.filter(visit__date__isnull=False).annotate(day=TruncDate("submitted_at"))
    late = late.filter(day__gt=F("visit__date") + timedelta(days=ENTERED_WITHIN))
    broken = {"page__participant__site__in": sites}
    unverified = Verification.objects.filter(**broken, dropped_at__gte=start, dropped_at__lt=end)
    unsigned = Signature.objects.filter(**broken, broken_at__gte=start, broken_at__lt=end)
    whose = Participant.objects.filter(site__in=sites).values("pk")
    written = AuditEvent.objects.filter(
        at__gte=start, at__lt=end, table__in=data_tables(), participant__in=whose
    ).exclude(actor_name="system")  # fmt: skip
    odd, many = _by_name(_at_unusual_hours(written)), _by_name(_many_in_a_day(written))
    return [
        Part("late", LATE.format(n=ENTERED_WITHIN),
             late.count(), _pages(late.order_by("-submitted_at"), "submitted_at")),
        Part("verified", T("核查后有改动", "changed after verification"), unverified.count(),
             _of_pages(unverified.order_by("-dropped_at"), "dropped_at")),
        Part("signed", T("签名后有改动", "changed after signature"), unsigned.count(),
             _of_pages(unsigned.order_by("-broken_at"), "broken_at")),
        Part("hours", T("夜间或周末录入", "entered at night or at the weekend"), sum(r["n"] for r in odd), odd[:SHOWN]),
        Part("many", T("单人单日录入异常多", "unusually many by one user in a day"), len(many), many[:SHOWN]),
    ]  # fmt: skip


def sign_off(note: str, since: date, until: date, parts: Iterable[Part], *, user: User) -> DataReview:
    """Sign off the review. Raises NoNote."""
    if not note.strip():
        raise NoNote
    counts = {part.code: part.count for part in parts}
    with acting(user, source="data review"):
        return DataReview.objects.create(
            by=user, since=since, until=until, counts=counts, head_seal=head_seal(), note=note.strip()[:300]
        )


def _pages(pages: QuerySet[CrfPage], when: str) -> list[dict[str, Any]]:
    listed = pages.select_related("participant", "visit", "submitted_by")[:SHOWN]
    return [{"page": page, "at": getattr(page, when), "who": page.submitted_by} for page in listed]


def _of_pages(rows: QuerySet[Any], when: str) -> list[dict[str, Any]]:
    listed = rows.select_related("page__participant", "page__visit")[:SHOWN]
    return [{"page": each.page, "at": getattr(each, when), "who": ""} for each in listed]


def _at_unusual_hours(written: QuerySet[AuditEvent]) -> list[dict[str, Any]]:
    zone = timezone.get_current_timezone()
    counted = (
        written.annotate(hour=ExtractHour("at", tzinfo=zone), weekday=ExtractIsoWeekDay("at", tzinfo=zone))
        .values("actor_name", "hour", "weekday").annotate(n=Count("transaction", distinct=True))
    )  # fmt: skip
    odd: Counter[str] = Counter()
    for row in counted:
        if is_unusual(row["hour"], row["weekday"]):
            odd[row["actor_name"]] += row["n"]
    return [{"who": who, "n": n} for who, n in odd.most_common()]


def _many_in_a_day(written: QuerySet[AuditEvent]) -> list[dict[str, Any]]:
    counted = written.annotate(day=TruncDate("at")).values("actor_name", "day")
    return unusually_many(list(counted.annotate(n=Count("participant", distinct=True)).order_by("-n")))


def _by_name(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with people by their names instead of their logins."""
    names = dict(User.objects.values_list("username", "display_name"))
    return [{**row, "who": names.get(row["who"], row["who"])} for row in rows]


def is_unusual(hour: int, weekday: int) -> bool:
    """Night or week-end (ISO: Monday is 1), in the site's time."""
    return hour >= NIGHT[0] or hour < NIGHT[1] or weekday > 5


def unusually_many(counted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The days on which someone wrote on far more participants (`n`) than is usual: more than five times the median."""
    usual = median(row["n"] for row in counted) if counted else 0
    return [
        {"who": row["actor_name"], "day": row["day"], "n": row["n"], "usual": usual}
        for row in counted
        if row["n"] > max(MANY * usual, MANY)
    ]
