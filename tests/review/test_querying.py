"""Queries: asked, answered, closed, asked again; and the checks' own, which follow the data."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.crf.registry import form_of
from prtras.entry.parsing import read
from prtras.entry.saving import save_page
from prtras.review import querying
from prtras.review.models import Query, QueryMessage
from prtras.review.states import NEXT, NotAllowedNow, next_state
from tests import casebook
from tests.conftest import page_of

ACTS = {"answer": querying.answer, "close": querying.close, "reopen": querying.reopen}
LATE = {"inv_sign_date": "2025-05-25"}


@pytest.fixture
def page(participant):
    return page_of(participant, "consent")


@pytest.fixture
def query(page, wang):
    return querying.raise_query(page, "icf_date", "Is the date right?", user=wang)


@pytest.fixture
def save(page, lin):
    """Save the consent form with some places changed."""

    def submit(user=lin, **changes):
        page.refresh_from_db()
        submission = read(form_of("consent"), casebook.typed("consent", **changes))
        return save_page(page.id, submission.content, submission.remarks, user=user, seen_version=page.version)

    return submit


@pytest.fixture
def say(client_of):
    def send(person, query, act, text="Because."):
        address = reverse("review:say", args=[query.id])
        return client_of(person).post(address, {"act": act, "text": text}, follow=True)

    return send


def test_it_works(query, lin, wang):
    assert query.state == "open"
    assert querying.answer(query.id, "Checked against source.", user=lin).state == "answered"
    assert querying.close(query.id, "Thank you.", user=wang).state == "closed"
    assert querying.reopen(query.id, "One more thing.", user=wang).state == "open"
    message = query.messages.values_list("act", "author__username", "text")
    assert list(message) == [
        ("ask", "wang", "Is the date right?"), ("answer", "lin", "Checked against source."),
        ("close", "wang", "Thank you."), ("reopen", "wang", "One more thing."),
    ]  # fmt: skip


def test_every_step_is_in_the_trail(query, lin, wang):
    querying.answer(query.id, "Yes.", user=lin)
    querying.close(query.id, "", user=wang)
    steps = AuditEvent.objects.filter(table="review_query", row=str(query.id)).order_by("id")
    assert [(e.actor_name, e.role, e.new["state"]) for e in steps] == [
        ("wang", "monitor", "open"), ("lin", "coordinator", "answered"), ("wang", "monitor", "closed"),
    ]  # fmt: skip
    assert {e.page for e in steps} == {query.page_id}


def test_an_answer_may_be_added_to_an_answer(query, lin, zhao):
    querying.answer(query.id, "Yes.", user=lin)
    assert querying.answer(query.id, "And the copy too.", user=zhao).state == "answered"


@pytest.mark.parametrize(
    ("done", "act"), [("close", "answer"), ("close", "close"), (None, "reopen"), ("reopen", "reopen")]
)
def test_a_move_that_does_not_start_from_this_state_is_refused_and_writes_nothing(query, wang, done, act):
    if done == "close":
        querying.close(query.id, "", user=wang)
    before = (Query.objects.get().state, QueryMessage.objects.count(), AuditEvent.objects.count())
    with pytest.raises(NotAllowedNow):
        ACTS[act](query.id, "Words.", user=wang)
    assert (Query.objects.get().state, QueryMessage.objects.count(), AuditEvent.objects.count()) == before


@pytest.mark.parametrize("state", ["open", "answered", "closed", "no such state"])
@pytest.mark.parametrize("act", ["answer", "close", "reopen", "cure", "keep", "delete"])
def test_the_moves_are_those_of_the_table_and_no_others(state, act):
    if (state, act) in NEXT:
        assert next_state(state, act) == NEXT[state, act]
    else:
        with pytest.raises(NotAllowedNow):
            next_state(state, act)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_question_or_an_answer_needs_words(query, page, lin, wang, text):
    for act in (querying.answer, querying.reopen):
        with pytest.raises(querying.EmptyText):
            act(query.id, text, user=lin)
    with pytest.raises(querying.EmptyText):
        querying.raise_query(page, "icf_date", text, user=wang)
    assert (Query.objects.count(), QueryMessage.objects.count()) == (1, 1)


MAY = {
    "answer": {"lin": True, "zhao": True, "wang": False, "chen": False},
    "close": {"lin": False, "zhao": False, "wang": True, "chen": False},
    "reopen": {"lin": False, "zhao": False, "wang": True, "chen": False},
}


@pytest.mark.parametrize(("act", "name"), [(act, name) for act, names in MAY.items() for name in names])
def test_each_role_does_what_it_may_and_nothing_else(request, say, query, lin, act, name):
    querying.answer(query.id, "Yes.", user=lin)
    message = query.messages.count()
    response = say(request.getfixturevalue(name), query, act)
    assert response.status_code == (200 if MAY[act][name] else 403)
    assert query.messages.count() == message + MAY[act][name]


@pytest.mark.parametrize("name", ["eve", "adm"])
@pytest.mark.parametrize("act", ACTS)
def test_it_does_not_exist_for_another_site_nor_for_an_administrator(request, say, query, name, act):
    assert say(request.getfixturevalue(name), query, act).status_code == 404
    assert (Query.objects.get().state, query.messages.count()) == ("open", 1)


def test_an_act_that_does_not_exist_is_not_found(say, query, wang):
    for act in ("cure", "keep", "delete", "", "ask"):
        assert say(wang, query, act).status_code == 404


def test_the_screen_says_when_the_query_has_moved_on(say, query, lin, wang):
    querying.close(query.id, "", user=wang)
    assert (
        "This query was changed after you opened it. Please review it again."
        in say(lin, query, "answer").content.decode()
    )


def test_the_screen_asks_for_words(say, query, lin):
    assert "Enter a text first." in say(lin, query, "answer", " ").content.decode()
    assert Query.objects.get().state == "open"


@pytest.mark.parametrize(("name", "status"), [("lin", 403), ("chen", 403), ("adm", 403), ("eve", 404)])
def test_who_may_not_ask_asks_nothing(request, client_of, page, name, status):
    sent = {"place": "icf_date", "text": "Why?"}
    client = client_of(request.getfixturevalue(name))
    assert client.post(reverse("review:ask", args=[page.id]), sent).status_code == status
    assert Query.objects.count() == 0


@pytest.mark.parametrize("name", ["zhao", "wang"])
def test_who_may_ask_asks_about_a_place(request, client_of, page, name):
    person = request.getfixturevalue(name)
    client_of(person).post(reverse("review:ask", args=[page.id]), {"place": "icf_date", "text": "Why?\x00"})
    raised = Query.objects.get()
    assert (raised.place, raised.state, raised.opened_by, raised.text_en) == ("icf_date", "open", person, "Why?")


def test_the_inbox_shows_the_queries_of_her_sites_by_state(client_of, query, lin, wang, eve):
    inbox = reverse("review:inbox")
    text = "Is the date right?"
    assert text in client_of(lin).get(inbox).content.decode()
    assert text not in client_of(eve).get(inbox, {"state": "all"}).content.decode()
    querying.close(query.id, "", user=wang)
    shown = {
        s: text in client_of(lin).get(inbox, {"state": s}).content.decode() for s in ("open", "closed", "all", "x")
    }
    assert shown == {"open": False, "closed": True, "all": True, "x": False}


def test_a_check_opens_a_query_closes_it_when_the_data_conform_and_opens_another_later(save):
    (opened,) = save(**LATE).opened
    assert (opened.check_id, opened.place, opened.state) == ("CON-004", "inv_sign_date", "open")
    (closed,) = save(reason__all="ENTRY").closed
    assert (closed.id, closed.state) == (opened.id, "closed")
    assert closed.messages.get().act == "cure"
    (again,) = save(reason__all="ENTRY", **LATE).opened
    assert again.id != opened.id


def test_a_check_asks_once_as_long_as_its_query_lives(save):
    save(**LATE)
    assert save(biobank_consent="N", reason__all="ENTRY", **LATE).opened == ()
    assert Query.objects.filter(check_id="CON-004").count() == 1


def test_an_answered_query_of_a_check_is_closed_by_the_data_too(save, lin):
    (opened,) = save(**LATE).opened
    querying.answer(opened.id, "Signed later.", user=lin)
    assert [q.id for q in save(reason__all="ENTRY").closed] == [opened.id]


def test_what_a_person_closed_stays_closed_until_the_value_is_another(save, wang):
    (opened,) = save(**LATE).opened
    querying.close(opened.id, "Accepted.", user=wang)
    assert save(biobank_consent="N", reason__all="ENTRY", **LATE).opened == ()
    (again,) = save(reason__all="ENTRY", inv_sign_date="2025-05-26").opened
    assert again.id != opened.id


def test_of_several_queries_of_a_check_at_a_place_the_newest_counts(save, wang):
    (first,) = save(**LATE).opened
    querying.close(first.id, "Accepted.", user=wang)
    (second,) = save(reason__all="ENTRY", inv_sign_date="2025-05-26").opened
    assert save(biobank_consent="N", reason__all="ENTRY", inv_sign_date="2025-05-26").closed == ()
    assert Query.objects.get(pk=second.pk).state == "open"


def test_a_query_of_a_person_is_not_closed_by_the_data(save, query, lin):
    save(**LATE)
    save(reason__all="ENTRY")
    query.refresh_from_db()
    assert query.state == "open"


def test_a_query_speaks_both_languages(client_of, save, wang):
    save(**LATE)
    for language, message in (
        ("zh-hans", "研究者签署日期与受试者签署日期不同"),
        ("en", "Investigator signed on a different day"),
    ):
        client = client_of(wang)
        client.cookies["django_language"] = language
        assert message in client.get(reverse("review:inbox")).content.decode()


def test_the_database_refuses_a_second_living_query_of_the_same_check(save, page, lin):
    (opened,) = save(**LATE).opened
    with pytest.raises(IntegrityError, match="a_check_asks_once"), acting(lin):
        Query.objects.create(page=page, place=opened.place, check_id=opened.check_id, opened_by=lin)
