"""A form that is sent twice has one effect, and a window never overwrites a draft that it did not show."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from prtras.entry import drafting, idempotency
from prtras.entry.models import Draft, IdempotencyKey
from prtras.review.models import Query
from tests import casebook
from tests.conftest import page_of


@pytest.fixture
def form(participant, lin, client_of):
    """The consent of someone just registered, opened by lin: her browser, the address, and what it would send."""
    page, client = page_of(participant, "consent"), client_of(lin)
    shown = client.get(f"/pages/{page.id}/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(key|draft|version|who)" value="([^"]*)"', shown))
    return client, page, casebook.typed("consent") | {name: [text] for name, text in hidden.items()}


def test_a_form_sent_again_after_an_answer_that_was_lost_is_saved_once_and_says_so(form, lin):
    client, page, sent = form
    assert client.post(f"/pages/{page.id}/", sent).status_code == 302
    queries = Query.objects.count()
    answer = client.post(f"/pages/{page.id}/", sent, follow=True)
    assert "it was saved once, and not again" in answer.content.decode()
    page.refresh_from_db()
    assert (page.version, Query.objects.count()) == (1, queries)


def test_a_changed_value_sent_twice_is_one_change(form, client_of, lin):
    client, page, sent = form
    client.post(f"/pages/{page.id}/", sent)
    changed = sent | {"key": [str(uuid4())], "version": ["1"], "icf_version": ["2.2"], "reason.all": ["ENTRY"]}
    for _ in range(3):
        assert client.post(f"/pages/{page.id}/", changed).status_code == 302
    page.refresh_from_db()
    assert page.version == 2


def test_what_was_refused_can_be_sent_again_with_the_same_key(form):
    client, page, sent = form
    assert client.post(f"/pages/{page.id}/", sent | {"icf_date": ["2025-02-30"]}).status_code == 422
    assert client.post(f"/pages/{page.id}/", sent).status_code == 302


def test_the_key_of_another_person_or_page_has_no_meaning(form, participant, zhao, client_of):
    client, page, sent = form
    client.post(f"/pages/{page.id}/", sent)
    other = page_of(participant, "dm")
    typed = casebook.typed("dm") | {"version": ["0"], "key": sent["key"]}
    assert "it was saved once" not in client.post(f"/pages/{other.id}/", typed, follow=True).content.decode()
    other.refresh_from_db()
    assert (other.version, IdempotencyKey.objects.count()) == (1, 1)
    theirs = client_of(zhao).post(f"/pages/{page.id}/", sent | {"version": ["1"]}, follow=True)
    assert "it was saved once" not in theirs.content.decode()


def test_the_keys_of_forms_are_kept_for_thirty_days(form, lin):
    client, page, sent = form
    now = timezone.now()
    for days in (29, 31):
        idempotency.keep_key(uuid4(), page, user=lin)
        IdempotencyKey.objects.filter(at__gte=now).update(at=now - timedelta(days=days))
    client.post(f"/pages/{page.id}/", sent)
    assert sorted((now - key.at).days for key in IdempotencyKey.objects.all()) == [-1, 29]


@pytest.mark.parametrize("key", ["", "x", "1" * 5000, "00000000-0000-0000-0000-00000000000g"])
def test_a_key_that_is_none_is_no_key(form, key):
    client, page, sent = form
    assert client.post(f"/pages/{page.id}/", sent | {"key": [key]}).status_code == 302


def test_a_further_page_asked_for_twice_is_one_page(enrolled, lin, client_of):
    client, address = client_of(lin), f"/participants/{enrolled.number}/add/"
    assert len({client.post(address, {"form": "ae"}).url for _ in range(2)}) == 1  # the empty one is there already
    assert enrolled.pages.filter(form="ae").count() == 1
    first, second = ({"form": "UNS", "key": str(uuid4())} for _ in range(2))
    assert len({client.post(address, sent).url for sent in (first, first, second, second)}) == 2
    assert enrolled.visits.filter(code="UNS").count() == 2


# -- Drafts ----------------------------------------------------------------------------------------


def test_a_window_that_shows_an_older_draft_overwrites_nothing_and_is_told(form, lin):
    client, page, sent = form
    address = f"/pages/{page.id}/draft/"
    first = client.post(address, sent | {"icf_version": ["3.0"]})
    assert first.json()["revision"] == 1
    second = client.post(address, sent | {"icf_version": ["3.1"], "draft": ["1"]})
    assert second.json()["revision"] == 2
    stale = client.post(address, sent | {"icf_version": ["9.9"], "draft": ["1"]})
    assert stale.status_code == 409
    assert "in another window" in stale.json()["text"]
    assert Draft.objects.get(page=page, user=lin).typed["icf_version"] == ["3.1"]


def test_a_window_that_shows_no_draft_does_not_submit_over_one(form, lin):
    client, page, sent = form
    client.post(f"/pages/{page.id}/draft/", sent | {"icf_version": ["3.0"]})
    answer = client.post(f"/pages/{page.id}/", sent | {"icf_version": ["2.1"]})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Neither is lost" in text
    assert re.search("<td>3.0</td>\\s*<td><b>2.1</b></td>", text)
    assert 'name="draft" value="1"' in text
    page.refresh_from_db()
    assert (page.version, Draft.objects.count()) == (0, 1)
    assert client.post(f"/pages/{page.id}/", sent | {"draft": ["1"]}).status_code == 302


def test_the_same_typing_in_two_windows_is_no_conflict(form, lin):
    client, page, sent = form
    client.post(f"/pages/{page.id}/draft/", sent)
    assert client.post(f"/pages/{page.id}/draft/", sent).json()["revision"] == 2


def test_typing_without_a_window_is_kept(participant, lin):
    page = page_of(participant, "consent")
    drafting.keep_draft(page, {"icf_version": ["1"]}, 0, user=lin)
    assert drafting.keep_draft(page, {"icf_version": ["2"]}, 0, user=lin).revision == 2
