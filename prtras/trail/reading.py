"""The audit trail for people: who did what, when, why and from where, in words. Reads only.

By participant, page, person, time and kind of act. What a reader may not know of is not there: the casebook of other
sites, and for an administrator everything clinical.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from prtras.accounts.access import may, sites_where
from prtras.accounts.models import SYSTEM, User
from prtras.accounts.rights import Action
from prtras.audit.kinds import Kind, all_kinds, tables_of_every_site
from prtras.audit.models import AuditEvent
from prtras.crf.days import midnight
from prtras.crf.items import Item
from prtras.crf.models import CrfPage, Participant
from prtras.crf.places import Place
from prtras.crf.registry import all_forms, form_of
from prtras.entry.page_view import in_words, reason_in_words
from prtras.entry.parsing import as_typed
from prtras.labels import T

DATA = Kind("data", T("数据", "data"), (), order=0)
ERROR = T(" · 录入有误", " · entered in error")
#: Never shown: they say nothing to a reader and something to a thief.
SECRET = frozenset({"password", "secret", "sha256", "credential", "key"})
#: Said by the line itself, or of no meaning to a reader.
SILENT = frozenset({"id", "page_id", "participant_id", "user_id", "missing", "reported", "changed_at", "query_id"})


@dataclass(frozen=True)
class Change:
    """One value: what it is, what it was, what it became."""

    place: str
    label: T | str
    old: str
    new: str
    why: str = ""


@dataclass
class Line:
    """One row of the trail in words."""

    event: AuditEvent
    kind: T
    participant: str = ""
    page: CrfPage | None = None
    changes: list[Change] = field(default_factory=list)
    why: str = ""

    @property
    def form_title(self) -> T | None:
        return form_of(self.page.form).title if self.page else None


@dataclass(frozen=True)
class TrailFilter:
    """What a reader looks for; empty means all."""

    participant: str = ""
    page: str = ""
    user: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None


@cache
def _tables() -> dict[str, tuple[str, Mapping[str, Item], str]]:
    """Tables of forms: the form's code, the items, and for rows the column that names a row."""
    tables: dict[str, tuple[str, Mapping[str, Item], str]] = {}
    for form in all_forms():
        for table in form.tables():
            key = table.rows.key_column if table.rows else ""
            tables[table.model._meta.db_table] = (form.code, table.items, key)
    return tables


def data_tables() -> list[str]:
    """The tables that hold the study's data."""
    return list(_tables())


def kinds_for(user: User) -> list[Kind]:
    """The kinds of act that this reader may look for."""
    if may(user, Action.SEE_TRAIL):
        return [DATA, *(kind for kind in all_kinds() if not kind.conduct or may(user, Action.HOLD))]
    return [kind for kind in all_kinds() if kind.conduct]


def people_for(user: User) -> list[str]:
    """Whom this reader may look for: the people of the same sites; an administrator, everyone."""
    everyone = User.objects.order_by("username")
    if may(user, Action.SEE_TRAIL):
        everyone = everyone.filter(memberships__site__in=sites_where(user, Action.SEE_TRAIL)).distinct()
    return [SYSTEM, *everyone.exclude(username=SYSTEM).values_list("username", flat=True)]


def events_for(user: User, filters: TrailFilter) -> QuerySet[AuditEvent]:
    """The rows of the trail that this reader may see and looks for, newest first."""
    kinds = kinds_for(user)
    events = AuditEvent.objects.order_by("-id")
    conduct = [table for kind in kinds if kind.conduct for table in kind.tables]
    if may(user, Action.SEE_TRAIL):
        whose = Participant.objects.filter(site__in=sites_where(user, Action.SEE_TRAIL)).values("pk")
        team = User.objects.filter(memberships__site__in=sites_where(user, Action.SEE_TRAIL)).values("pk")
        about_work = Q(participant=None, table__in=conduct) & (Q(actor__in=team) | Q(actor_name=SYSTEM))
        events = events.filter(
            Q(participant__in=whose) | about_work | Q(participant=None, table__in=tables_of_every_site())
        )
    else:
        events = events.filter(participant=None, table__in=conduct)
    if filters.kind:
        chosen = next((kind for kind in kinds if kind.code == filters.kind), None)
        tables = data_tables() if chosen is DATA else chosen.tables if chosen else ()
        events = events.filter(table__in=tables)
    if filters.participant:
        events = events.filter(participant__in=Participant.objects.filter(number=filters.participant).values("pk"))
    if filters.page:
        events = events.filter(page=filters.page)
    if filters.user:
        events = events.filter(actor_name=filters.user)
    if filters.since:
        events = events.filter(at__gte=midnight(filters.since))
    if filters.until:
        events = events.filter(at__lt=midnight(filters.until + timedelta(days=1)))
    return events


def lines(events: Iterable[AuditEvent], *, identifiers: bool) -> Iterator[Line]:
    """Rows of the trail in words, in the order given."""
    listed = list(events)
    pages = CrfPage.objects.select_related("visit").in_bulk({e.page for e in listed if e.page})
    participants = Participant.objects.filter(pk__in={e.participant for e in listed})
    numbers: dict[int | None, str] = dict(participants.values_list("pk", "number"))
    keys = _row_keys(listed)
    for event in listed:
        line = Line(event, _kind(event.table), numbers.get(event.participant, ""), pages.get(event.page))
        code = line.page.form if line.page else _tables().get(event.table, ("",))[0]
        changes = _changes(event, code, keys, identifiers=identifiers)
        line.changes = [replace(change, why=reason_in_words(_own_reason(event, change))) for change in changes]
        reasons = {change.why for change in line.changes}
        line.why = reason_in_words(event.reason) if reasons <= {""} else reasons.pop() if len(reasons) == 1 else ""
        yield line


def _own_reason(event: AuditEvent, change: Change) -> str:
    reasons = event.reasons or {}
    return reasons.get(change.place) or reasons.get(Place(change.place).item) or ""


def _kind(table: str) -> T:
    if table in _tables():
        return DATA.title
    return next((kind.title for kind in all_kinds() if table in kind.tables), T("其他", "other"))


def _row_keys(events: Iterable[AuditEvent]) -> dict[tuple[str, str], str]:
    """What names a row, by table and id: an UPDATE does not say it, the row itself does."""
    keys: dict[tuple[str, str], str] = {}
    ids: dict[str, set[str]] = {}
    for event in events:
        if _tables().get(event.table, ("", {}, ""))[2]:
            ids.setdefault(event.table, set()).add(event.row)
    for form in all_forms():
        table = form.rows.model._meta.db_table if form.rows else ""
        if form.rows and table in ids:
            column = _tables()[table][2]
            for pk, key in form.rows.model.objects.filter(pk__in=ids[table]).values_list("pk", column):
                keys[table, str(pk)] = str(key)
    return keys


def _changes(
    event: AuditEvent, form_code: str, keys: Mapping[tuple[str, str], str], *, identifiers: bool
) -> Iterator[Change]:
    """`form_code` is the page's form: several forms keep their rows in one table."""
    _, items, _ = _tables().get(event.table, ("", {}, ""))
    old, new = event.old or {}, event.new or {}
    key = keys.get((event.table, event.row), "")
    for name in new:
        if name in SECRET or name in SILENT:
            continue
        item = items.get(name)
        if name == "void_reason" and items and (old.get(name) or new[name]):
            place = Place.at("", key)
            yield Change(place, form_of(form_code).label_of(place) + ERROR, _plain(old.get(name)), _plain(new[name]))
        if item is None:
            if not items:
                yield Change(name, name, _plain(old.get(name)), _plain(new[name]))
            continue
        place = Place.at(name, key)
        before, after = (in_words(item, as_typed(value)) for value in (old.get(name), new[name]))
        if item.identifies and not identifiers:
            before = after = "•••"
        yield Change(place, form_of(form_code).label_of(place), before if event.old else "–", after)
    for name, code in _missing(old, new) if items else ():
        place = Place.at(name, key)
        yield Change(place, form_of(form_code).label_of(place), *(_reason_missing(items[name], c) for c in code))


def _missing(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    before, after = old.get("missing") or {}, new.get("missing") or {}
    for name in sorted(set(before) | set(after)):
        if before.get(name) != after.get(name):
            yield name, (before.get(name, ""), after.get(name, ""))


def _reason_missing(item: Item, code: str) -> str:
    return f"({in_words(item, [code])})" if code else "–"


def _plain(value: Any) -> str:
    return "–" if value in (None, "") else str(value)


CSV_COLUMNS = ("EVENT", "AT_UTC", "TRANSACTION", "ACTOR", "ROLE", "SOURCE", "TABLE", "ROW", "OPERATION", "SUBJID",
               "FORM", "VISIT", "ITEM", "OLD", "NEW", "REASON")  # fmt: skip


def csv_rows(lines: Iterable[Line]) -> Iterator[tuple[Any, ...]]:
    """A row for each changed value, as in the trail: ISO time in UTC, codes untranslated names of columns."""
    for line in lines:
        event, page = line.event, line.page
        head = (event.pk, event.at.isoformat(), event.transaction, event.actor_name, event.role, event.source,
                event.table, event.row, event.operation, line.participant, page.form if page else "",
                str(page.visit or "") if page else "")  # fmt: skip
        for change in line.changes or [Change("", "", "", "")]:
            yield (*head, change.place, change.old, change.new, change.why or reason_in_words(event.reason))
