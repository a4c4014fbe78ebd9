"""The inbox of queries: what is looked for, how old what waits is, and where a question would be asked. Reads only."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from prtras.accounts.models import User
from prtras.crf.access import pages_visible_to
from prtras.crf.days import midnight
from prtras.crf.models import CrfPage
from prtras.crf.registry import Form, UnknownForm, form_of
from prtras.labels import T
from prtras.review.access import queries_visible_to
from prtras.review.models import Query
from prtras.review.states import LIVE

#: Ages of what waits, in whole days: from, to (inclusive; None is no end).
AGES: dict[str, tuple[T, int, int | None]] = {
    "7": (T("7 天内", "up to 7 days"), 0, 7),
    "14": (T("8–14 天", "8–14 days"), 8, 14),
    "30": (T("15–30 天", "15–30 days"), 15, 30),
    "more": (T("30 天以上", "over 30 days"), 31, None),
}
STATES = ("open", "answered", "closed", "cancelled", "all")


@dataclass(frozen=True)
class QueryFilter:
    """What a reader looks for; empty means all."""

    state: str = "open"
    participant: str = ""
    form: str = ""
    asker: str = ""
    age: str = ""
    mine: bool = False
    overdue: bool = False

    @classmethod
    def of(cls, query_string: QueryDict) -> "QueryFilter":
        """From an address; what is nonsense there is left out."""
        state, asker, age = (
            query_string.get("state", "open"),
            query_string.get("asker", ""),
            query_string.get("age", ""),
        )
        return cls(
            state=state if state in STATES else "open",
            participant=query_string.get("participant", "").strip().replace("\0", "")[:12],
            form=query_string.get("form", "")[:12].replace("\0", ""),
            asker=asker if asker in ("check", "person") else "",
            age=age if age in AGES else "",
            mine=bool(query_string.get("mine")),
            overdue=bool(query_string.get("overdue")),
        )


def find(user: User, filters: QueryFilter) -> QuerySet[Query]:
    """The queries of the reader's sites that fit the filters, the oldest first."""
    queries = queries_visible_to(user)
    if filters.state != "all":
        queries = queries.filter(state=filters.state)
    if filters.participant:
        queries = queries.filter(page__participant__number=filters.participant)
    if filters.form:
        queries = queries.filter(page__form=filters.form)
    if filters.asker:
        queries = queries.filter(check_id="") if filters.asker == "person" else queries.exclude(check_id="")
    if filters.age:
        queries = queries.filter(_aged(filters.age))
    if filters.mine:
        queries = queries.filter(assignee=user)
    if filters.overdue:
        queries = queries.filter(due__lt=timezone.localdate(), state="open")
    return queries.order_by("opened_at", "id")


def ageing(user: User) -> list[tuple[str, T, int, int]]:
    """How many are open, and how many answered, by age."""
    counts = {}
    for code in AGES:
        counts[f"open_{code}"] = Count("id", filter=Q(state="open") & _aged(code))
        counts[f"answered_{code}"] = Count("id", filter=Q(state="answered") & _aged(code))
    counted = queries_visible_to(user).filter(state__in=LIVE).aggregate(**counts)
    return [(code, AGES[code][0], counted[f"open_{code}"], counted[f"answered_{code}"]) for code in AGES]


def _aged(code: str) -> Q:
    _, youngest, oldest = AGES[code]
    today = timezone.localdate()
    fits = Q(opened_at__lt=midnight(today - timedelta(days=youngest - 1)))
    return fits if oldest is None else fits & Q(opened_at__gte=midnight(today - timedelta(days=oldest)))


class NoSuchPlace(ValueError):
    """No form, or no typed item of this name on it."""


@dataclass(frozen=True)
class BulkScope:
    """A place on every submitted page of a form: at all visits or one, all pages or those where the item is empty."""

    form: Form
    item: str
    visit: str = ""
    only_empty: bool = False

    @classmethod
    def of(cls, typed: QueryDict) -> "BulkScope":
        """From what a form sent. Raises NoSuchPlace."""
        code, _, item = typed.get("place", "").partition(".")
        try:
            form = form_of(code)
        except UnknownForm:
            raise NoSuchPlace(code) from None
        if item not in form.items or form.items[item].derived:
            raise NoSuchPlace(item)
        return cls(form, item, typed.get("visit", "")[:6].replace("\0", ""), bool(typed.get("only_empty")))

    def pages(self, user: User) -> QuerySet[CrfPage]:
        """Where it would be asked: not where a person's query at this place waits already, not on locked pages."""
        pages = pages_visible_to(user).filter(form=self.form.code, state="submitted").exclude(hold="locked")
        if self.visit:
            pages = pages.filter(visit__code=self.visit)
        if self.only_empty:
            empty = Q(**{f"{self.item}__isnull": True})
            if self.form.items[self.item].kind in ("text", "long", "code", "partial"):
                empty |= Q(**{self.item: ""})
            unexplained = ~Q(missing__has_key=self.item)
            pages = pages.filter(pk__in=self.form.model.objects.filter(empty & unexplained).values("page"))
        waiting = Query.objects.filter(place=self.item, check_id="", state__in=LIVE)
        pages = pages.exclude(pk__in=waiting.values("page"))
        return pages.select_related("participant", "visit").order_by("participant__number", "visit__position", "repeat")
