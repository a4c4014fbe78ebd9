"""The inbox: found by what one looks for, aged, asked on many pages at once, assigned, answered with the new value."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from enrollment.registering import next_numbers, register_participant
from prtras.audit.acting import acting
from prtras.crf.models import CrfPage
from prtras.review import querying
from prtras.review.inbox import AGES, QueryFilter, ageing, find
from prtras.review.models import Query, QueryMessage
from tests import casebook
from tests.conftest import page_of

INBOX, RAISE, CLOSE = (reverse(f"review:{name}") for name in ("inbox", "raise_many", "close_many"))


@pytest.fixture
def page(participant, fill):
    return fill(participant, "consent").page


@pytest.fixture
def query(page, wang):
    return querying.raise_query(page, "icf_date", "Is the date right?", user=wang)


def ids(user, **expected):
    return {query.pk for query in find(user, QueryFilter(**expected))}


def aged(query, days, user):
    with acting(user):
        Query.objects.filter(pk=query.pk).update(opened_at=timezone.now() - timedelta(days=days))


def test_it_works(query, page, participant, fill, lin, wang):
    late = fill(participant, "consent", inv_sign_date="2025-05-25", reason__all="ENTRY").opened[0]
    assert ids(wang) == {query.pk, late.pk}
    assert ids(wang, asker="person") == {query.pk}
    assert ids(wang, asker="check") == {late.pk}
    assert ids(wang, form="dm") == set()
    assert ids(wang, participant=participant.number, form="consent") == {query.pk, late.pk}
    querying.answer(query.id, "Yes.", user=lin)
    assert ids(wang, state="answered") == {query.pk}
    assert ids(wang, state="all") == {query.pk, late.pk}


@pytest.mark.parametrize(
    ("days", "code"), [(0, "7"), (7, "7"), (8, "14"), (14, "14"), (15, "30"), (30, "30"), (31, "more")]
)
def test_every_age_is_in_one_bracket(query, wang, days, code):
    aged(query, days, wang)
    assert [c for c in AGES if ids(wang, age=c)] == [code]
    assert [c for c, _, open_, _ in ageing(wang) if open_] == [code]


def test_what_is_assigned_to_her_and_what_is_late_is_found(query, lin, zhao, wang):
    assert query.due == timezone.localdate() + timedelta(days=14)
    querying.assign(query.pk, querying.Assignment(lin, timezone.localdate() - timedelta(days=1)), user=wang)
    assert ids(lin, mine=True) == {query.pk}
    assert ids(zhao, mine=True) == set()
    assert ids(lin, overdue=True) == {query.pk}
    querying.answer(query.pk, "Yes.", user=lin)
    assert ids(lin, overdue=True, state="all") == set()


def test_only_someone_who_may_answer_there_is_assigned(query, client_of, wang, eve, chen):
    address = reverse("review:assign", args=[query.pk])
    for name in ("eve", "chen", "nobody"):
        client_of(wang).post(address, {"assignee": name})
        query.refresh_from_db()
        assert query.assignee is None
    client_of(wang).post(address, {"assignee": "lin", "due": "soon"})
    query.refresh_from_db()
    assert query.assignee is None


@pytest.mark.parametrize(
    "address", ["state=x", "age=x", "form=%27", "participant=x", "asker=x", "page=99", "mine=1&overdue=1"]
)
def test_nonsense_in_the_address_breaks_nothing(query, client_of, wang, address):
    assert client_of(wang).get(f"{INBOX}?{address}").status_code == 200


# -- Asking on many pages --------------------------------------------------------------------------


@pytest.fixture
def consents(site, lin, fill):
    """Three consents, one of them without a version."""
    people = [register_participant(site, *next_numbers(site), user=lin) for _ in range(3)]
    pages = [fill(person, "consent").page for person in people[:2]]
    pages.append(fill(people[2], "consent", witness_needed="", missing__witness_needed="OTHER").page)
    return pages


SENT = {"place": "consent.icf_version", "text": "Which version?"}


def test_a_dry_run_says_where_and_asks_nothing(consents, client_of, wang):
    answer = client_of(wang).post(RAISE, SENT | {"act": "dry"})
    assert {page.pk for page in answer.context["pages"]} == {page.pk for page in consents}
    assert not Query.objects.filter(check_id="").exists()


def test_then_it_asks_everywhere_once(consents, client_of, wang):
    browser = client_of(wang)
    browser.post(RAISE, SENT | {"act": "raise", "due": "2030-01-31"})
    raised = Query.objects.filter(check_id="")
    assert {query.page_id for query in raised} == {page.pk for page in consents}
    assert {str(query.due) for query in raised} == {"2030-01-31"}
    assert QueryMessage.objects.filter(act="ask").count() == 3
    browser.post(RAISE, SENT | {"act": "raise"})
    assert raised.count() == 3, "where it waits for an answer it is not asked again"


def test_only_where_it_is_empty_without_a_reason(consents, lin, client_of, wang):
    with acting(lin):
        CrfPage.objects.get(pk=consents[0].pk).consent.__class__.objects.filter(page=consents[0]).update(icf_version="")
    answer = client_of(wang).post(RAISE, SENT | {"act": "dry", "only_empty": "1"})
    assert [page.pk for page in answer.context["pages"]] == [consents[0].pk]
    answer = client_of(wang).post(
        RAISE, {"place": "consent.witness_needed", "text": "x", "act": "dry", "only_empty": "1"}
    )
    assert answer.context["pages"] == [], "a coded reason is an answer"


@pytest.mark.parametrize(
    "wrong", [{"place": ""}, {"place": "nothing.at_all"}, {"place": "consent.nothing"}, {"text": " "}, {"due": "soon"}]
)
def test_what_cannot_be_asked_is_said_and_nothing_is_lost(consents, client_of, wang, wrong):
    sent = SENT | {"act": "raise"} | wrong
    answer = client_of(wang).post(RAISE, sent)
    assert answer.status_code == 422
    assert sent["text"].strip() in answer.content.decode()
    assert not Query.objects.filter(check_id="").exists()


def test_answered_queries_are_closed_together(consents, lin, client_of, wang):
    raised = querying.raise_queries([(page, "icf_version") for page in consents], "Which?", user=wang)
    for query in raised[:2]:
        querying.answer(query.pk, "V1.0.", user=lin)
    client_of(wang).post(CLOSE, {"query": [str(query.pk) for query in raised], "text": "Thank you."})
    assert [Query.objects.get(pk=query.pk).state for query in raised] == ["closed", "closed", "open"]


# -- Answering, changing, cancelling ------------------------------------------------------------------


def test_an_answer_that_changes_the_value_goes_with_it(query, page, lin, client_of):
    browser = client_of(lin)
    say = reverse("review:say", args=[query.pk])
    sent = {"act": "change", "text": "It was the 22nd.", "next": "/"}
    answer = browser.post(say, sent)
    address = reverse("entry:page", args=[page.pk])
    assert answer.headers["Location"] == f"{address}#f-icf_date"
    shown = browser.get(address).content.decode()
    assert f'name="answer.{query.pk}" value="It was the 22nd."' in shown
    query.refresh_from_db()
    assert query.state == "open", "nothing is answered before the value is changed"
    typed = casebook.typed("consent", icf_date="2025-05-22", inv_sign_date="2025-05-22")
    typed |= {"version": "1", "shown": "", "reason.icf_date": "QUERY", "reason.inv_sign_date": "QUERY"}
    typed[f"answer.{query.pk}"] = "It was the 22nd."
    browser.post(address, typed)
    query.refresh_from_db()
    assert query.state == "answered"
    assert query.messages.last().text == "It was the 22nd."
    page.refresh_from_db()
    assert str(page.consent.icf_date) == "2025-05-22"


def test_an_answer_sent_for_a_query_of_another_page_answers_nothing(query, participant, fill):
    fill(participant, "dm", **{f"answer__{query.pk}": "Sneaked in."})
    query.refresh_from_db()
    assert query.state == "open"


def test_a_query_asked_in_error_is_cancelled_with_a_reason_and_not_asked_again_by_the_check(
    page, participant, fill, wang
):
    query = fill(participant, "consent", inv_sign_date="2025-05-25", reason__all="ENTRY").opened[0]
    with pytest.raises(querying.EmptyText):
        querying.cancel(query.pk, " ", user=wang)
    querying.cancel(query.pk, "The protocol allows it.", user=wang)
    assert (
        fill(participant, "consent", inv_sign_date="2025-05-25", biobank_consent="N", reason__all="ENTRY").opened == ()
    )
    assert Query.objects.get(pk=query.pk).state == "cancelled"


def test_the_page_offers_each_reader_her_own_moves(query, page, client_of, lin, wang, chen):
    address = reverse("entry:page", args=[page.pk])
    offered = {
        person.username: {act for act in ("answer", "change", "close", "cancel") if f'value="{act}"' in shown}
        for person in (lin, wang, chen)
        for shown in [client_of(person).get(address).content.decode()]
    }
    assert offered == {"lin": {"answer", "change"}, "wang": {"close", "cancel"}, "chen": set()}


def test_the_empty_page_of_another_participant_is_not_asked_about(consents, participant, client_of, wang):
    answer = client_of(wang).post(RAISE, SENT | {"act": "dry"})
    assert page_of(participant, "consent").pk not in {page.pk for page in answer.context["pages"]}


def test_the_list_of_participants_counts_the_open_queries(query, client_of, wang):
    seen = client_of(wang).get(reverse("visits:participants"))

    assert '<use href="#i-query"/></svg>1</span>' in seen.content.decode()
