"""What happened, in the words of the field and the reader's language: lines of the trail, the history of a page.

Reads only. Nobody's login, no name of a column and no time as a machine writes it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from prtras.accounts.models import SYSTEM, Site, User
from prtras.accounts.rights import ROLE_TITLES, Role
from prtras.audit import trail
from prtras.audit.kinds import Kind, all_kinds
from prtras.audit.models import AuditEvent
from prtras.audit.words import UPDATED, Label, source_in_words, words_of
from prtras.codelists import MISS_REASON
from prtras.crf.items import Item
from prtras.crf.models import CrfPage, Participant
from prtras.crf.places import Place
from prtras.crf.registry import all_forms, form_of, page_reason
from prtras.crf.words import EXPECTED, SUBMITTED
from prtras.entry.in_words import in_words, reason_in_words
from prtras.entry.parsing import as_typed
from prtras.labels import T

DATA = Kind("data", T("数据", "data"), (), order=0)
ERROR = T(" · 录入有误", " · entered in error")
FIRST_ENTRY, ROW_ADDED = T("首次录入", "First entry"), T("新增一行", "Row added")
NOTHING = T("", "")
#: So many Latin characters fit into two lines of the last column at 1366 px, by the longest of words.
TWO_LINES = 120
YES, NO = T("是", "Yes"), T("否", "No")
#: Told beside the history of a page, in the thread of the query.
ELSEWHERE = ("review_query", "review_querymessage")
#: Never shown: they say nothing to a reader and something to a thief.
SECRET = frozenset({"password", "secret", "sha256", "code_sha256", "credential", "key"})
#: Said by the line itself, or of no meaning to a reader.
SILENT = frozenset({"id", "page_id", "participant_id", "user_id", "missing", "reported", "changed_at", "query_id"})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True)
class Change:
    """One value: what it is called (None: of no interest to people), what it was, what it became."""

    place: str
    label: T | None
    old: str
    new: str
    why: str = ""
    derived: bool = False


@dataclass
class Line:
    """One row of the trail in words: who, as what, from where, what happened, and which values changed."""

    event: AuditEvent
    kind: T
    who: str
    participant: str = ""
    page: CrfPage | None = None
    act: T = NOTHING
    changes: list[Change] = field(default_factory=list)
    why: str = ""

    @property
    def form_title(self) -> T | None:
        return form_of(self.page.form).brief if self.page else None

    @property
    def shown(self) -> list[Change]:
        """The changes that people read."""
        return [change for change in self.changes if change.label]

    @property
    def headline(self) -> T:
        """What happened, if the changed values do not say it."""
        return self.act or (NOTHING if self.shown else UPDATED)

    @property
    def is_long(self) -> bool:
        """Does it take more than two lines of a table? Chinese characters are twice as wide."""
        words = (f"{change.label}{change.old}{change.new}{change.why}   " for change in self.shown)
        text = f"{self.headline}{self.why}{''.join(words)}"
        return sum(2 if ord(character) > 0x2E80 else 1 for character in text) > TWO_LINES

    @property
    def role(self) -> T:
        return ROLE_TITLES.get(self.event.role, T(self.event.role, self.event.role))

    @property
    def source(self) -> T:
        return source_in_words(self.event.source)


@dataclass(frozen=True)
class Names:
    """What the ids in a row of the trail stand for."""

    people: Mapping[int, str]
    sites: Mapping[int, str]
    page: CrfPage | None = None

    def of(self, label: Label, value: Any) -> str:
        """A value of a column as people read it."""
        match label.names:
            case "user":
                return self.people.get(value, "–")
            case "site":
                return self.sites.get(value, "–")
            case "place" if self.page:
                return str(form_of(self.page.form).label_of(value)) if value else "–"
            case "reason":
                return str(page_reason(value) or "–") if value else "–"
        return _plain(value, label.codes)


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


def identifying(table: str) -> frozenset[str]:
    """The columns of a table that tell who a participant is."""
    _, items, _ = _tables().get(table, ("", {}, ""))
    return frozenset(name for name, item in items.items() if item.identifies)


def of_page(page: CrfPage, *, identifiers: bool) -> list[Line]:
    """What happened to a page in short, newest first: a first entry is one line; what was computed is left out."""
    events = trail.of_page(page.pk).exclude(table__in=ELSEWHERE)[:60]
    listed = list(lines(events, identifiers=identifiers, page=page))
    entered = {line.event.transaction for line in listed if line.act is FIRST_ENTRY}
    short = []
    for line in listed:
        line.changes = [] if line.act is FIRST_ENTRY else [change for change in line.shown if not change.derived]
        repeats = line.act in (ROW_ADDED, SUBMITTED.text) and line.event.transaction in entered
        if (line.act or line.changes) and line.act is not EXPECTED and not repeats:
            short.append(line)
    return short[:40]


def lines(events: Iterable[AuditEvent], *, identifiers: bool, page: CrfPage | None = None) -> Iterator[Line]:
    """Rows of the trail in words, in the order given; `page` is the one that they are all about."""
    listed = list(events)
    pages = {page.pk: page} if page else _pages(listed)
    numbers = {} if page else _numbers(listed)
    names = Names(_people(), _sites(listed))
    keys = _row_keys(listed)
    for event in listed:
        about = pages.get(event.page) if event.page else None
        who = names.people.get(event.actor, event.actor_name)
        line = Line(event, _kind(event.table), who, numbers.get(event.participant, ""), about)
        line.act = _act(event)
        changes = _changes(event, keys, replace(names, page=about), identifiers=identifiers)
        line.changes = [replace(change, why=reason_in_words(_own_reason(event, change))) for change in changes]
        reasons = {change.why for change in line.changes}
        line.why = reason_in_words(event.reason) if reasons <= {""} else reasons.pop() if len(reasons) == 1 else ""
        yield line


def _pages(events: Iterable[AuditEvent]) -> dict[UUID, CrfPage]:
    return CrfPage.objects.select_related("visit").in_bulk({event.page for event in events if event.page})


def _numbers(events: Iterable[AuditEvent]) -> dict[int | None, str]:
    participants = Participant.objects.filter(pk__in={event.participant for event in events})
    return dict(participants.values_list("pk", "number"))


def _people() -> dict[int, str]:
    """Everybody's name; the machine has one in each language."""
    people = User.objects.values_list("pk", "username", "display_name")
    return {pk: str(ROLE_TITLES[Role.SYSTEM]) if login == SYSTEM else name for pk, login, name in people}


def _sites(events: Iterable[AuditEvent]) -> dict[int, str]:
    """The codes of the sites, if a row names one."""
    named = any("site_id" in (event.new or {}) for event in events)
    return dict(Site.objects.values_list("pk", "code")) if named else {}


def _act(event: AuditEvent) -> T:
    """What a row of the trail says beside its values."""
    is_new = event.operation == "INSERT"
    if event.table in _tables():
        return NOTHING if not is_new else ROW_ADDED if _tables()[event.table][2] else FIRST_ENTRY
    words = words_of(event.table)
    return words.act(event.old or {}, event.new or {}, is_new=is_new) if words else NOTHING


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
    event: AuditEvent, keys: Mapping[tuple[str, str], str], names: Names, *, identifiers: bool
) -> Iterator[Change]:
    """The changed values of a row; `keys` name the rows of forms."""
    if event.table not in _tables():
        yield from _plain_changes(event, names)
        return
    form_code, items, _ = _tables()[event.table]
    form = form_of(names.page.form if names.page else form_code)  # several forms keep their rows in one table
    old, new = event.old or {}, event.new or {}
    key = keys.get((event.table, event.row), "")
    if "void_reason" in new and (old.get("void_reason") or new["void_reason"]):
        place = Place.at("", key)
        yield Change(place, form.label_of(place) + ERROR, _plain(old.get("void_reason")), _plain(new["void_reason"]))
    for name, item in items.items():
        if name not in new:
            continue
        place = Place.at(name, key)
        before, after = (in_words(item, as_typed(value)) for value in (old.get(name), new[name]))
        if item.identifies and not identifiers:
            before = after = "•••"
        yield Change(place, form.label_of(place), before if event.old else "–", after, derived=item.derived)
    for name, (before, after) in _missing(old, new):
        place = Place.at(name, key)
        yield Change(place, form.label_of(place), _reason_missing(before), _reason_missing(after))


def _plain_changes(event: AuditEvent, names: Names) -> Iterator[Change]:
    """The changed columns of a table that is no form's."""
    old, new = event.old or {}, event.new or {}
    words = words_of(event.table)
    for name in new:
        label = words.columns.get(name) if words else None
        if label is None and name in SECRET | SILENT:
            continue
        if label is None:
            yield Change(name, None, _plain(old.get(name)), _plain(new[name]))
        else:
            in_reach = label.language in ("", str(T("zh", "en")))
            before, after = names.of(label, old.get(name)), names.of(label, new[name])
            has_words = in_reach and (event.operation == "UPDATE" or after != "–")
            yield Change(name, label.text if has_words else None, before, after)


def _missing(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    before, after = old.get("missing") or {}, new.get("missing") or {}
    for name in sorted(set(before) | set(after)):
        if before.get(name) != after.get(name):
            yield name, (before.get(name, ""), after.get(name, ""))


def _reason_missing(code: str) -> str:
    return f"({MISS_REASON.text(code)})" if code else "–"


def _plain(value: Any, codes: Mapping[str, T] = {}) -> str:
    """A value without an item: a code by its text, a moment by the site's clock, a dash for nothing."""
    if value in (None, "", []):
        return "–"
    if isinstance(value, list):
        return "、".join(_plain(each, codes) for each in value)
    if isinstance(value, bool):
        return str(YES if value else NO)
    if isinstance(value, str) and _MOMENT.match(value):
        return timezone.localtime(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M:%S")
    return str(codes.get(str(value), value))
