"""Many pages at once, by the rules of one page: what an import writes.

Reads each form once for many participants, judges in memory, writes in bulk with the audit trail on. What it stores,
asks and derives is what `save_page` with `leave_open` does to each page in turn.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import connection

from prtras.accounts.models import User
from prtras.audit.acting import giving_reasons
from prtras.crf.checks import Finding
from prtras.crf.cohort_records import CohortRecords
from prtras.crf.content import PageContent, StoredPage
from prtras.crf.context import PageContext
from prtras.crf.copying import copy_rows
from prtras.crf.models import CrfPage, FormPage, FormRow, assign_changed
from prtras.crf.registry import Form, Tables, acts_after, form_of
from prtras.entry.changes import Changes, changes_of, own_columns, row_columns, submit
from prtras.entry.judging import Judged, judge
from prtras.entry.models import Draft
from prtras.entry.rederiving import renew_after
from prtras.entry.saving import cure_elsewhere, follow
from prtras.review.models import Query
from prtras.review.querying import close_cured, open_queries, settled_keys, weigh
from prtras.review.states import LIVE


@dataclass(eq=False)
class PageInHand:
    """One page that is about to be saved: as stored, what it is to say, and why what was submitted changes.

    The page may be new; it has its id then, and `before` is empty. `judged` and `changes` (of what was submitted
    before) are known after `judge_pages`, and so are `refusals`, without those that were overridden before.
    """

    page: CrfPage
    before: StoredPage
    content: PageContent
    reason: str = ""
    judged: Judged = field(init=False)
    changes: Changes = field(init=False)
    refusals: tuple[Finding, ...] = field(init=False)

    @property
    def form(self) -> Form:
        return self.before.form

    @property
    def writes(self) -> bool:
        """Whether anything is to be stored: a first submission always is."""
        return bool(self.changes) or not self.page.version


@dataclass
class Written:
    """How many pages were written, queries opened, and closed."""

    pages: int = 0
    opened: int = 0
    closed: int = 0


def judge_pages(pages: Iterable[PageInHand], records: CohortRecords, tables: Tables, known: "Queries") -> None:
    """Derive and judge each page in turn; what passes the hard checks is seen by the pages after it."""
    for each in pages:
        page = each.page
        context = PageContext(page, each.form, {}, source=records.source(page.participant_id), tables=tables)
        later = {query.check_id for query in known.of(page) if query.waits}
        each.judged = judge(page, each.form, each.content, context, later=later, left_open=True)
        each.changes = changes_of(each.before, each.judged.content) if page.version else {}
        each.refusals = each.judged.refusals_but(settled_keys(known.of(page), each.changes))
        if not each.refusals:
            records.lay_over(page, each.form, each.judged.content)


class Queries:
    """The checks' queries of some participants, by page. One statement."""

    def __init__(self, participants: Collection[int]) -> None:
        self._by_page: dict[UUID, list[Query]] = defaultdict(list)
        for query in Query.objects.filter(page__participant__in=participants).exclude(check_id="").order_by("id"):
            self._by_page[query.page_id].append(query)

    def of(self, page: CrfPage) -> list[Query]:
        return self._by_page.get(page.pk, [])


def save_pages(pages: Sequence[PageInHand], known: Queries, *, user: User) -> Written:
    """Write judged pages without refusals, all or none, and what follows from them. Call inside an act.

    The pages and their participants are the caller's for as long as the act lasts (`crf.planning.lock`).
    """
    written = [each for each in pages if each.writes]
    done = Written(pages=len(written))
    for reason, group in groupby(sorted(written, key=attrgetter("reason")), key=attrgetter("reason")):
        with giving_reasons(reason, {}) if reason else nullcontext():
            _write(list(group), user)
    fresh, cured = _weighed(pages, known)
    done.opened, done.closed = len(open_queries(fresh, user=user)), len(cured)
    close_cured(cured, user=user)
    Draft.objects.filter(page__in=[each.page.pk for each in pages], user=user).delete()
    for participant, group in groupby(sorted(written, key=_whose), key=_whose):
        done.closed += _follow(participant, list(group), user)
    return done


def _whose(each: PageInHand) -> int:
    return each.page.participant_id


def _write(pages: Sequence[PageInHand], user: User) -> None:
    new: list[CrfPage] = []
    before: list[CrfPage] = []
    for each in pages:
        (before if each.page.version or not each.page._state.adding else new).append(each.page)
        submit(each.page, each.judged, user)
    copy_rows(new)
    for form in {each.form.code: each.form for each in pages}.values():
        own = [each for each in pages if each.form is form]
        _write_own(form, own)
        _write_rows(form, own)
    _update_pages(before)


def _write_own(form: Form, pages: Iterable[PageInHand]) -> None:
    fresh: list[FormPage] = []
    for each in pages:
        columns = own_columns(each.judged.content, each.before.own)
        if each.before.own is None:
            fresh.append(form.model(page=each.page, **columns))
        elif changed := assign_changed(each.before.own, columns):
            each.before.own.save(update_fields=changed)
    copy_rows(fresh)


def _write_rows(form: Form, pages: Iterable[PageInHand]) -> None:
    if form.rows is None:
        return
    fresh: list[FormRow] = []
    for each in pages:
        for key in each.judged.content.rows:
            row = each.before.rows.get(key)
            columns = row_columns(form.rows, each.judged.content, key, row)
            if row is None:
                fresh.append(form.rows.model(page=each.page, row=form.rows.number_of(key), **columns))
            elif changed := assign_changed(row, columns):
                row.save(update_fields=changed)
    copy_rows(fresh)


def _update_pages(pages: Sequence[CrfPage]) -> None:
    """The columns that a save writes, of many pages in one statement: each page has other values."""
    columns = [[page.pk for page in pages], *([getattr(page, name) for page in pages] for name in _COLUMNS)]
    if pages:
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, columns)


#: What a save writes on a page, with the types of the columns (`entry.changes.SUBMITTED`).
_COLUMNS = {
    "version": "int", "state": "text", "required_items": "int", "filled": "int", "left_open": "boolean",
    "submitted_at": "timestamptz", "submitted_by_id": "int",
}  # fmt: skip
_UPDATE = (
    f"UPDATE crf_crfpage AS page SET {', '.join(f'{name} = given.{name}' for name in _COLUMNS)}"  # noqa: S608
    f" FROM unnest(%s::uuid[], {', '.join(f'%s::{kind}[]' for kind in _COLUMNS.values())})"
    f" AS given(id, {', '.join(_COLUMNS)}) WHERE page.id = given.id"
)


def _weighed(pages: Iterable[PageInHand], known: Queries) -> tuple[list[tuple[CrfPage, Finding]], list[Query]]:
    """The findings that become queries, and the queries that are cured."""
    fresh: list[tuple[CrfPage, Finding]] = []
    cured: list[Query] = []
    for each in pages:
        new, over = weigh(known.of(each.page), each.judged.findings, each.changes)
        fresh += [(each.page, finding) for finding in new if finding.severity != "later"]
        cured += over
    return fresh, cured


def _follow(participant: int, pages: Sequence[PageInHand], user: User) -> int:
    """What follows from pages of one participant: acts, values derived from them, queries of other pages cured."""
    for each in pages:
        for act in acts_after(each.form.code):
            own = form_of(each.form.code).model.objects.select_related("page__participant", "page__visit")
            act(each.page, own.get(page=each.page), user)
    for other in renew_after([each.page for each in pages]):
        follow(form_of(other.page.form), other.page, other, user)
    waiting = Query.objects.filter(page__participant=participant, state__in=LIVE).exclude(check_id="").order_by("id")
    return len(cure_elsewhere({each.form.code for each in pages}, waiting, user))
