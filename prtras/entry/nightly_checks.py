"""The batch: every edit check over everything that is stored, with the code that runs at the save.

Findings open queries, queries whose findings are gone are closed. Reads in bulk: a fixed number of statements.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf import general_rules
from prtras.crf.checks import Finding
from prtras.crf.cohort_records import CohortRecords
from prtras.crf.context import PageContext
from prtras.crf.models import FOLLOWED, CrfPage, Participant
from prtras.crf.places import Place
from prtras.crf.records import Values, by_number, content_of
from prtras.crf.registry import Tables, all_forms, form_of
from prtras.crf.study import protocol
from prtras.entry.judging import is_lack, judge
from prtras.review.models import Query
from prtras.review.querying import close_cured, open_queries, weigh

AT_ONCE = 500
OVERDUE = "GEN-010"
SOURCE = "checks"
#: The states of visits whose pages are still to come.
EXPECTING = ("planned", "done", "partial")


@dataclass
class Batch:
    """What a run of the checks did."""

    participants: int = 0
    pages: int = 0
    findings: int = 0
    opened: int = 0
    closed: int = 0


def run_checks(*, user: User) -> Batch:
    """Run every check over every submitted page. One transaction per 500 participants."""
    done = Batch()
    everyone = list(Participant.objects.order_by("id").values_list("id", flat=True))
    for start in range(0, len(everyone), AT_ONCE):
        _run(everyone[start : start + AT_ONCE], done, user)
    return done


def _run(participants: list[int], done: Batch, user: User) -> None:
    with acting(user, source=SOURCE):
        known: dict[object, list[Query]] = defaultdict(list)
        for query in Query.objects.filter(page__participant__in=participants).exclude(check_id="").order_by("id"):
            known[query.page_id].append(query)
        fresh: list[tuple[CrfPage, Finding]] = []
        for page, findings in _findings(participants):
            new, cured = weigh(known.get(page.pk, ()), findings)
            if page.hold != "locked":
                fresh += [(page, finding) for finding in new if not (is_lack(finding) and waits(page))]
            close_cured(cured, user=user)
            done.closed += len(cured)
            done.pages, done.findings = done.pages + 1, done.findings + len(findings)
        fresh += _overdue(participants, known)
        done.opened += len(open_queries(fresh, user=user))
    done.participants += len(participants)


def waits(page: CrfPage) -> bool:
    """Whether what an import left open is not asked about yet: until the window of a required page's visit is over."""
    over = page.visit is None or (page.visit.closes is not None and page.visit.closes < timezone.localdate())
    return page.left_open and not (page.required and over)


def overdue_since(page: CrfPage) -> date | None:
    """The last day of grace of an expected page whose visit is not missed; None where nothing is owed (GEN-010)."""
    visit = page.visit
    owed = page.state == "expected" and page.required and page.participant.state in FOLLOWED
    if not owed or page.hold or visit is None or visit.closes is None or visit.state not in EXPECTING:
        return None
    return visit.closes + protocol().overdue_after


def overdue_finding(page: CrfPage) -> Finding:
    """What is asked on a page without data long after its window closed, at its first item."""
    return general_rules.finding(OVERDUE, Place(next(iter(form_of(page.form).items))))


def _overdue(participants: list[int], known: dict[object, list[Query]]) -> Iterable[tuple[CrfPage, Finding]]:
    today = timezone.localdate()
    late = CrfPage.objects.filter(participant__in=participants, state="expected", visit__closes__lt=today)
    for page in late.select_related("participant", "visit").order_by("id"):
        since = overdue_since(page)
        queries = (query for query in known.get(page.pk, []) if query.check_id == OVERDUE)
        if since and since < today and not any(query.waits or query.accepted for query in queries):
            yield page, overdue_finding(page)


def _findings(participants: list[int]) -> Iterable[tuple[CrfPage, tuple[Finding, ...]]]:
    """Every submitted page with what the checks find on it."""
    records, tables = CohortRecords(participants), Tables()
    stored = {r.page: r for form in all_forms() for listed in records.of_form(form.code).values() for r in listed}
    rows = _rows_by_page(records)
    pages = CrfPage.objects.filter(participant__in=participants, state="submitted")
    for page in pages.select_related("participant", "visit").order_by("participant_id", "id"):
        form = form_of(page.form)
        content = content_of(form, stored[page.pk], rows.get(page.pk, {}))
        context = PageContext(page, form, {}, source=records.source(page.participant_id), tables=tables)
        yield page, judge(page, form, content, context, as_stored=True).findings


def _rows_by_page(records: CohortRecords) -> dict[UUID, dict[str, Values]]:
    """The rows of all forms whose rows are numbered, by page and number."""
    by_page: dict[UUID, dict[str, Values]] = defaultdict(dict)
    for form in all_forms():
        if form.rows and not form.rows.keys:
            for page, rows in by_number(records.of_form(form.rows.code)).items():
                by_page[page] |= rows
    return by_page
