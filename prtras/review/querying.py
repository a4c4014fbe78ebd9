"""Acts on queries: people ask, answer, close, cancel, assign; checks ask and take back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf.checks import Finding
from prtras.crf.models import CrfPage
from prtras.labels import T
from prtras.review.models import Query, QueryMessage
from prtras.review.states import LIVE, NotAllowedNow, next_state

OBSOLETE = T("不再需要此页，或已标注为录入有误。", "The page is no longer required, or was entered in error.")
CURED = T("数据已符合核查要求。", "Data now satisfy the check.")


class EmptyText(ValueError):
    """A question or an answer without words."""


class PageLocked(Exception):
    """The page is locked: nobody asks about it before it is released."""


@dataclass(frozen=True)
class Assignment:
    """By whom and by when a person wants an answer; nobody and no day mean: whoever may, in the usual time."""

    assignee: User | None = None
    due: date | None = None


ANYBODY = Assignment()
#: Days in which a query is to be answered, where the one who asks names no day (data management plan default).
ANSWER_WITHIN = timedelta(days=14)


def raise_query(page: CrfPage, place: str, text: str, *, user: User, wish: Assignment = ANYBODY) -> Query:
    """A person asks about a place on a page. Raises EmptyText, PageLocked."""
    return raise_queries([(page, place)], text, user=user, wish=wish)[0]


def raise_queries(
    places: Iterable[tuple[CrfPage, str]], text: str, *, user: User, wish: Assignment = ANYBODY
) -> list[Query]:
    """The same question at several places, all or none. Raises EmptyText, PageLocked."""
    if not text.strip():
        raise EmptyText
    due = wish.due or timezone.localdate() + ANSWER_WITHIN
    with acting(user, source="query"):
        raised = []
        for page, place in places:
            if page.hold == "locked":
                raise PageLocked(page.pk)
            raised.append(Query(page=page, place=place, text_zh=text, text_en=text, opened_by=user,
                                assignee=wish.assignee, due=due))  # fmt: skip
        Query.objects.bulk_create(raised)
        QueryMessage.objects.bulk_create(QueryMessage(query=q, author=user, act="ask", text=text) for q in raised)
    return raised


def answer(query_id: int, text: str, *, user: User) -> Query:
    """Answer a query. Raises EmptyText, NotAllowedNow."""
    return _move(query_id, "answer", _words(text), user)


def close(query_id: int, text: str, *, user: User) -> Query:
    """Close a query, satisfied. Raises NotAllowedNow."""
    return _move(query_id, "close", text, user)


def reopen(query_id: int, text: str, *, user: User) -> Query:
    """Ask again. Raises EmptyText, NotAllowedNow, PageLocked."""
    return _move(query_id, "reopen", _words(text), user)


def cancel(query_id: int, text: str, *, user: User) -> Query:
    """Cancel a query that was raised in error, with the reason. Raises EmptyText, NotAllowedNow."""
    return _move(query_id, "cancel", _words(text), user)


def assign(query_id: int, wish: Assignment, *, user: User) -> Query:
    """Say who is to answer, and by when. Raises NotAllowedNow."""
    with acting(user, source="query"):
        query = Query.objects.select_for_update().get(id=query_id)
        query.state = next_state(query.state, "assign")
        query.assignee, query.due = wish.assignee, wish.due or query.due
        query.save(update_fields=["assignee", "due", "changed_at"])
    return query


def close_all(queries: QuerySet[Query], text: str, *, user: User) -> int:
    """Close many that are answered, all or none. How many."""
    with acting(user, source="query"):
        answered = queries.select_for_update(of=("self",))
        return len([_move(query.pk, "close", text, user) for query in answered])


def answer_queries(page: CrfPage, answers: Mapping[int, str], *, user: User) -> None:
    """Answers that came with changed values; a query that the change itself closed needs none. Call inside an act."""
    for query in Query.objects.select_for_update().filter(page=page, id__in=answers, state__in=LIVE):
        _say(query, "answer", _words(answers[query.pk]), user)


def _words(text: str) -> str:
    if not text.strip():
        raise EmptyText
    return text


def _move(query_id: int, act: str, text: str, user: User) -> Query:
    with acting(user, source="query"):
        query = Query.objects.select_for_update(of=("self",)).select_related("page").get(id=query_id)
        before, query.state = query.state, next_state(query.state, act)
        if query.waits and query.page.hold == "locked":
            raise PageLocked(query.page_id)
        twin = Query.objects.filter(page=query.page_id, place=query.place, check_id=query.check_id, state__in=LIVE)
        if query.check_id and before not in LIVE and query.waits and twin.exists():
            raise NotAllowedNow("the check asks it again already")
        query.accepted = act in ("close", "cancel")
        query.save(update_fields=["state", "accepted", "changed_at"])
        QueryMessage.objects.create(query=query, author=user, act=act, text=text)
    return query


def queries_by_checks(page: CrfPage) -> tuple[list[Query], list[Query]]:
    """Every query of a check on a page, and those that still wait on the participant's other pages."""
    queries = Query.objects.filter(page__participant=page.participant_id).exclude(check_id="").order_by("id")
    listed = list(queries.filter(Q(page=page) | Q(state__in=LIVE)))
    return [q for q in listed if q.page_id == page.pk], [q for q in listed if q.page_id != page.pk]


def is_settled(query: Query, changed: Collection[str]) -> bool:
    """A person closed it, and the value is still the one they saw."""
    return not query.waits and query.accepted and query.place not in changed


def settled_keys(known: Iterable[Query], changed: Collection[str]) -> set[str]:
    """What checks need not ask a person again, as `check@place`: a query waits, or was closed over the same value."""
    return {f"{q.check_id}@{q.place}" for q in known if q.waits or is_settled(q, changed)}


def weigh(
    known: Iterable[Query], findings: Iterable[Finding], changed: Collection[str] = ()
) -> tuple[list[Finding], list[Query]]:
    """The findings without a query yet, and the queries whose finding is gone. Decides; writes nothing.

    `known` are the checks' queries of one page: of several about the same thing the one that is alive counts, else the
    newest. What a person closed stays closed until the value (a place among `changed`) is another.
    """
    newest = {(q.check_id, q.place): q for q in sorted(known, key=lambda q: (q.waits, q.pk))}
    fired = {(f.check, f.place): f for f in findings}
    new = [f for key, f in fired.items() if key not in newest or _is_over(newest[key], changed)]
    return new, [q for key, q in newest.items() if q.waits and key not in fired]


def _is_over(query: Query, changed: Collection[str]) -> bool:
    return not query.waits and not is_settled(query, changed)


def follow_checks(
    page: CrfPage,
    known: Collection[Query],
    findings: Iterable[Finding],
    confirmed: Mapping[str, str],
    changed: Collection[str],
    *,
    user: User,
) -> tuple[list[Query], list[Query]]:
    """Open a query for each new finding, close those cured; (opened, closed). Call inside an act.

    What another page still owes (`later`) becomes a query in the nightly batch, not during entry. `confirmed`
    says, by `check@place`, why a person confirms an unlikely value, or overrides a check: the query is born answered.
    """
    new, cured = weigh(known, findings, changed)
    opened = open_queries([(page, finding) for finding in new if finding.severity != "later"], user=user)
    close_cured(cured, user=user)
    for query in [*known, *opened]:
        why = confirmed.get(f"{query.check_id}@{query.place}", "").strip()
        if why and query.waits:
            _say(query, "keep", why, user)
    return opened, cured


def open_queries(findings: Iterable[tuple[CrfPage, Finding]], *, user: User) -> list[Query]:
    """A query for each finding on a page. Call inside an act."""
    today = timezone.localdate()
    return Query.objects.bulk_create(new_query(page, finding, today, user=user) for page, finding in findings)


def new_query(page: CrfPage, finding: Finding, on: date, *, user: User) -> Query:
    """What a check asks on a day, as it will be stored; to be answered in the usual time."""
    return Query(
        page=page, place=finding.place, check_id=finding.check, opened_by=user,
        text_zh=finding.text.zh, text_en=finding.text.en, due=on + ANSWER_WITHIN,
    )  # fmt: skip


def close_cured(cured: Iterable[Query], *, user: User) -> None:
    """Data now satisfy the check. Call inside an act."""
    for query in cured:
        _say(query, "cure", str(CURED), user)


def cancel_queries(page: CrfPage, *, user: User) -> None:
    """The page is not needed, or was entered in error: nobody asks about it any more. Call inside an act."""
    for query in Query.objects.filter(page=page, state__in=LIVE):
        _say(query, "cancel", str(OBSOLETE), user)


def _say(query: Query, act: str, text: str, user: User) -> None:
    query.state = next_state(query.state, act)
    query.save(update_fields=["state", "changed_at"])
    QueryMessage.objects.create(query=query, author=user, act=act, text=text)
