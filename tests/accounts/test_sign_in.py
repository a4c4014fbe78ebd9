"""Coming in: the right password, the wrong one, five wrong ones; who is in the trail and in which language."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from prtras import env
from prtras.accounts import authenticating
from prtras.accounts.managing import create_user, switch
from prtras.accounts.models import Access, User
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from tests.conftest import PASSWORD

WRONG = {"zh-hans": "用户名或密码不正确。请注意区分大小写。", "en": "Incorrect user name or password."}


def browser(language: str = "en") -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def come(client: Client, username: str = "lin", password: str = PASSWORD, **more: str):
    return client.post(reverse("accounts:sign_in"), {"username": username, "password": password, **more})


def test_it_works(lin):
    client = browser()
    response = come(client, next="/worklist/")
    assert (response.status_code, response.headers["Location"]) == (302, "/worklist/")
    assert client.get("/worklist/").status_code == 200


def test_the_user_name_may_be_typed_in_capitals_and_full_width(lin):
    for name in ("LIN", " lin ", "ｌｉｎ"):
        assert come(browser(), name).status_code == 302


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("username", "password"),
    [("lin", "wrong"), ("nobody", PASSWORD), ("lin", PASSWORD.upper()), ("lin", ""), ("", PASSWORD), ("system", ""),
     ("lin\x00", PASSWORD), ("lin' OR 1=1 --", "x"), ("x" * 300, "x"), ("ß" * 200, "x"),
     ("lin", "x" * 5000)],
)  # fmt: skip
def test_what_is_wrong_says_the_same_whatever_is_wrong(lin, system, language, username, password):
    client = browser(language)
    response = come(client, username, password)
    assert response.status_code == 422
    assert WRONG[language] in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_password_is_never_sent_back(lin):
    assert "s3cret-typed" not in come(browser(), "lin", "s3cret-typed").content.decode()


def test_behind_our_proxy_only_the_proxys_own_word_counts(lin, system, settings):
    settings.BEHIND_PROXY = True
    come_as = {"HTTP_X_FORWARDED_FOR": "6.6.6.6, 10.0.0.7", "REMOTE_ADDR": "127.0.0.1"}
    browser().post(reverse("accounts:sign_in"), {"username": "lin", "password": "wrong"}, **come_as)
    assert Access.objects.get().address == "10.0.0.7"


ADDRESSES = {
    "198.51.100.4": "198.51.100.4", "198.51.100.4:5678": "198.51.100.4", "6.6.6.6, 198.51.100.4:1": "198.51.100.4",
    "[2001:db8::1]:443": "2001:db8::1", "[2001:db8::1]": "2001:db8::1", "2001:DB8:0::1": "2001:db8::1",
    '"[2001:db8::1]:443"': "2001:db8::1", "::ffff:198.51.100.4": "198.51.100.4", "fe80::1%eth0": "fe80::1",
    "unknown": None, "_hidden": None, "": None, " ,": None, "198.51.100.4, unknown": None, "1.2.3.4.5": None,
    "300.1.1.1": None, "198.51.100.4:5678:9": None, "[2001:db8::1": "2001:db8::1", "[]:443": None, "x" * 9000: None,
}  # fmt: skip


@pytest.mark.parametrize("header", ADDRESSES, ids=lambda header: header[:24] or "empty")
def test_whatever_a_proxy_sends_people_sign_in_and_what_is_no_address_is_unknown(lin, settings, header):
    settings.BEHIND_PROXY = True
    client = browser()
    sent = {"username": "lin", "password": PASSWORD}
    proxy = {"HTTP_X_FORWARDED_FOR": header, "REMOTE_ADDR": "10.0.0.1"}
    assert client.post(reverse("accounts:sign_in"), sent, **proxy).status_code == 302
    page = client.get(reverse("accounts:my_account"), **proxy).content.decode()
    assert Access.objects.get().address == ADDRESSES[header]
    assert f"· {ADDRESSES[header] or 'unknown address'}" in page


def test_a_server_behind_a_socket_knows_no_address(lin):
    sent = {"username": "lin", "password": PASSWORD}
    assert browser().post(reverse("accounts:sign_in"), sent, REMOTE_ADDR="").status_code == 302
    assert Access.objects.get().address is None


def test_every_coming_and_going_is_on_record(lin, system):
    client = browser()
    come(client, password="wrong")
    come(client)
    client.post(reverse("accounts:sign_out"))
    assert list(Access.objects.order_by("id").values_list("kind", "user__username", "address")) == [
        ("refused", "lin", "127.0.0.1"), ("signed_in", "lin", "127.0.0.1"), ("signed_out", "lin", "127.0.0.1"),
    ]  # fmt: skip
    events = AuditEvent.objects.filter(table="accounts_access").order_by("id")
    assert [(e.actor_name, e.new["kind"]) for e in events] == [
        ("system", "refused"),
        ("lin", "signed_in"),
        ("lin", "signed_out"),
    ]


def test_coming_in_is_in_the_trail(lin):
    come(browser())
    event = AuditEvent.objects.filter(table="accounts_user").latest("id")
    assert (event.table, event.row, event.actor_name, event.source) == ("accounts_user", str(lin.pk), "lin", "sign-in")
    assert list(event.new) == ["last_sign_in"]


def test_no_password_is_in_the_trail_in_clear(lin):
    assert not [e for e in AuditEvent.objects.all() if PASSWORD in str(e.new)]


def test_the_session_is_a_new_one_after_sign_in(lin):
    client = browser()
    client.get(reverse("accounts:sign_in"))
    before = client.cookies.get(settings.SESSION_COOKIE_NAME)
    come(client)
    after = client.cookies[settings.SESSION_COOKIE_NAME]
    assert before is None or before.value != after.value
    assert (after["httponly"], after["samesite"]) == (True, "Lax")


def test_who_goes_is_gone(lin):
    client = browser()
    come(client)
    assert client.post(reverse("accounts:sign_out")).headers["Location"] == reverse("accounts:sign_in")
    assert client.get("/worklist/").headers["Location"].startswith("/sign-in/?next=")


def test_the_language_is_remembered_for_the_next_time(lin):
    client = browser("en")
    come(client)
    client.post(reverse("accounts:language"), {"language": "zh-hans", "next": "/worklist/"})
    assert "工作列表" in client.get("/worklist/").content.decode()
    assert User.objects.get(pk=lin.pk).language == "zh-hans"
    elsewhere = browser("en")
    come(elsewhere)
    assert "工作列表" in elsewhere.get("/worklist/").content.decode()
    assert AuditEvent.objects.filter(actor_name="lin", new__language="zh-hans").count() == 1


def test_a_language_that_does_not_exist_is_the_default(lin):
    client = browser("en")
    come(client)
    client.post(reverse("accounts:language"), {"language": "tlh"})
    assert User.objects.get(pk=lin.pk).language == settings.LANGUAGE_CODE


def test_someone_not_logged_in_may_choose_a_language_too(db):
    client = Client()
    client.post(reverse("accounts:language"), {"language": "en", "next": "/sign-in/"})
    assert "User name" in client.get("/sign-in/").content.decode()


def test_an_account_that_is_switched_off_does_not_get_in_and_is_out_at_once(lin, system):
    client = browser()
    come(client)
    with acting(system):
        User.objects.filter(pk=lin.pk).update(is_active=False)
    assert client.get("/worklist/").headers["Location"].startswith("/sign-in/?next=")
    assert come(browser()).status_code == 422


def test_a_membership_that_is_switched_off_may_do_nothing(lin, adm):
    client = browser()
    come(client)
    switch(lin.memberships.get(), "active", user=adm)
    for address in ("/", "/worklist/", "/participants/", "/queries/", "/labs/import/", "/register/", "/exports/"):
        assert client.get(address).headers["Location"].startswith("/sign-in/"), "the session ended with the last role"
    client = browser()
    come(client)
    for address in ("/", "/worklist/", "/participants/", "/queries/", "/labs/import/", "/register/", "/exports/"):
        assert client.get(address).status_code == 403, address
    assert come(browser()).status_code == 302, "they may sign in and see that they may do nothing"


def test_someone_without_a_password_cannot_come_in(system, db):
    create_user("machine", "Machine", None, user=system)
    for password in ("", "None", "!"):
        assert come(browser(), "machine", password).status_code == 422


@pytest.fixture
def hashed_before(lin, settings):
    """lin, whose password is stored in a way of before."""
    settings.PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "MD5")]
    with acting(lin):
        lin.password = make_password(PASSWORD, hasher="md5")
        lin.save(update_fields=["password"])
    return lin


def test_a_password_that_is_stored_in_a_way_of_before_is_stored_anew_at_sign_in(hashed_before):
    assert come(browser()).status_code == 302
    hashed_before.refresh_from_db()
    assert hashed_before.password.startswith("argon2$")
    event = AuditEvent.objects.filter(table="accounts_user", new__has_key="password").latest("id")
    assert (event.actor_name, event.source) == ("lin", "sign-in")
    assert come(browser()).status_code == 302


def test_who_authenticates_again_with_such_a_password_stays_signed_in(hashed_before, client_of):
    client = client_of(hashed_before)
    client.post(reverse("accounts:change_email"), {"password": PASSWORD, "email": "lin@example.org"})
    hashed_before.refresh_from_db()
    assert hashed_before.password.startswith("argon2$")
    assert client.get(reverse("accounts:my_account")).status_code == 200


def test_a_password_that_is_changed_while_the_old_one_is_checked_stays_the_new_one(hashed_before, monkeypatch):
    def changed_meanwhile(password: str) -> str:
        with acting(hashed_before):
            User.objects.filter(pk=hashed_before.pk).update(password="new")
        return make_password(password)

    monkeypatch.setattr(authenticating, "make_password", changed_meanwhile)
    come(browser())
    hashed_before.refresh_from_db()
    assert hashed_before.password == "new"


def test_passwords_are_kept_as_argon2_outside_of_tests():
    asks = (
        "import django; django.setup(); from django.conf import settings; "
        "from django.contrib.auth.hashers import make_password; "
        "print(len(settings.PASSWORD_HASHERS), make_password('x').split('$')[0])"
    )
    environment = os.environ | {"PRTRAS_ENV": "demo", "DJANGO_SETTINGS_MODULE": "prtras.settings"}
    for role in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL"):
        environment[role] = "postgresql://nobody@127.0.0.1:1/none"
    done = subprocess.run(
        [sys.executable, "-c", asks], cwd=env.ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["1", "argon2"], done.stderr
