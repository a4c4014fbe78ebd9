"""Where someone is signed in: seen, ended from another device, and ended when they lose their last role."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prtras.accounts import sessions
from prtras.accounts.managing import switch
from prtras.accounts.models import Access, LiveSession
from prtras.accounts.policies import POLICIES
from prtras.accounts.sessions import ended_by_itself, live_sessions, mark_of
from tests.conftest import PASSWORD

ACCOUNT = reverse("accounts:my_account")


@pytest.fixture
def log_in(system):
    def make(person):
        client = Client(headers={"Accept-Language": "en", "User-Agent": "Testing/1"})
        client.cookies["django_language"] = "en"
        assert (
            client.post(reverse("accounts:sign_in"), {"username": person.username, "password": PASSWORD}).status_code
            == 302
        )
        return client

    return make


def is_in(client):
    return client.get(ACCOUNT).status_code == 200


def test_what_an_open_page_asks_for_by_itself_does_not_prolong_a_session(lin, log_in):
    client = log_in(lin)
    assert client.get(reverse("analysis:runs")).status_code == 200  # the first page after signing in notes something
    soon = timezone.now() + timedelta(minutes=1)
    Session.objects.update(expire_date=soon)
    assert client.get(reverse("analysis:runs"), headers={"X-Unattended": "yes"}).status_code == 200
    assert Session.objects.get().expire_date == soon
    assert is_in(client)
    assert Session.objects.get().expire_date > soon + timedelta(minutes=20)


def test_it_works(lin, log_in):
    here, there = log_in(lin), log_in(lin)
    page = here.get(ACCOUNT).content.decode()
    assert page.count("Testing/1") == 2
    other = LiveSession.objects.get(key=there.session.session_key)
    here.post(reverse("accounts:end_session", args=[other.pk]))
    assert is_in(here)
    assert not is_in(there)
    assert Access.objects.filter(kind="ended", user=lin).count() == 1


def test_nobody_ends_the_session_of_someone_else(lin, wang, log_in):
    own, other = log_in(lin), log_in(wang)
    session = LiveSession.objects.get(user=lin)
    other.post(reverse("accounts:end_session", args=[session.pk]))
    assert is_in(own)


def test_who_is_switched_off_is_out_at_once(lin, adm, log_in):
    client = log_in(lin)
    switch(lin.memberships.get(), "active", user=adm)
    assert not is_in(client)


def test_a_new_password_ends_the_sessions_elsewhere_and_keeps_this_one(lin, log_in):
    here, there = log_in(lin), log_in(lin)
    assert here.post(ACCOUNT, {"password": "wrong", "new": "a-longer-password-1"}).status_code == 422
    assert here.post(ACCOUNT, {"password": PASSWORD, "new": "short"}).status_code == 422
    assert here.post(ACCOUNT, {"password": PASSWORD, "new": "a-longer-password-1"}).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert [session.key for session in sessions.live_sessions(lin)] == [here.session.session_key]


def test_a_session_that_was_planted_before_sign_in_is_worth_nothing_after_it(lin, system):
    victim, attacker = Client(), Client()
    victim.get(reverse("accounts:sign_in"))
    session = victim.session
    session["planted"] = "yes"
    session.save()
    victim.cookies["prtras_session"] = attacker.cookies["prtras_session"] = session.session_key
    victim.post(reverse("accounts:sign_in"), {"username": "lin", "password": PASSWORD})
    assert is_in(victim)
    assert not is_in(attacker)


def test_the_page_is_told_how_long_the_session_lasts(lin, log_in):
    assert log_in(lin).get(reverse("accounts:session")).json() == {"seconds": 1800, "who": "lin"}
    assert Client().get(reverse("accounts:session")).json() == {"seconds": 0, "who": ""}


def test_policies_come_before_the_work(lin, log_in, site, system):
    from prtras.accounts.managing import create_user, give_role
    from prtras.accounts.rights import Role

    new = create_user("new", "New", PASSWORD, user=system)
    give_role(new, site, Role.COORDINATOR, user=system)
    client, address = log_in(new), reverse("accounts:policies")
    assert client.get("/worklist/").headers["Location"] == address
    codes = [policy.code for policy in POLICIES]
    assert client.post(address, {"policy": codes[:1]}).status_code == 422
    assert client.get("/worklist/").headers["Location"] == address
    assert client.post(address, {"policy": codes}).status_code == 302
    assert client.get("/worklist/").status_code == 200
    assert set(get_user_model().objects.get(pk=new.pk).acceptances.values_list("policy", flat=True)) == set(codes)


def test_logging_in_again_where_she_or_someone_else_is_logged_in_begins_a_session_of_its_own(lin, wang, log_in):
    client = log_in(lin)
    first = client.session.session_key
    for person in (lin, wang, lin):
        sent = {"username": person.username, "password": PASSWORD}
        assert client.post(reverse("accounts:sign_in"), sent).status_code == 302
        assert client.session.session_key != first
        assert client.get(reverse("accounts:session")).json()["who"] == person.username
    assert LiveSession.objects.count() == 1


@pytest.mark.parametrize(("hours", "known"), [(47, True), (49, False)])
def test_a_session_that_ran_out_is_known_for_two_days(lin, log_in, hours, known):
    key = log_in(lin).session.session_key
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(minutes=1))
    LiveSession.objects.filter(key=key).update(began_at=timezone.now() - timedelta(hours=hours))
    assert live_sessions(lin) == []
    assert ended_by_itself(lin, mark_of(key)) is known
