"""The second factor: asked after the password, accepted once, counted when wrong; no work without."""

import time

import pyotp
import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

from prtras.accounts import second_factors
from prtras.accounts.models import Access, RecoveryCode, SecondFactor
from prtras.accounts.second_factors import NotAccepted
from prtras.audit.models import AuditEvent
from prtras.review.models import Signature
from tests.conftest import PASSWORD

LOGIN, SECOND = "/sign-in/", "/sign-in/second-factor/"


@pytest.fixture
def clock(monkeypatch):
    """The machine's clock, which the tests turn."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


@pytest.fixture
def app(lin, system, clock):
    """lin's authenticator app, taken into use half a minute ago: it gives the code of now."""
    secret = second_factors.new_totp_secret()
    totp = pyotp.TOTP(secret)
    second_factors.add_totp(secret, totp.at(int(clock[0])), user=lin)
    clock[0] += 60
    return lambda steps=0: totp.at(int(clock[0]) + 30 * steps)


def browser():
    client = Client()
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = "en"
    return client


def password_given(client=None, name="lin", **more):
    client = client or browser()
    return client, client.post(LOGIN, {"username": name, "password": PASSWORD, "next": "/worklist/", **more})


def is_in(client):
    return client.get("/worklist/").status_code == 200


def test_it_works(app):
    client, answer = password_given()
    assert answer.headers["Location"] == "/sign-in/second-factor/?next=%2Fworklist%2F"
    assert not is_in(client), "the password alone opens nothing"
    answer = client.post(SECOND, {"code": app(), "next": "/worklist/"})
    assert answer.headers["Location"] == "/worklist/"
    assert is_in(client)


def test_password_and_code_may_be_sent_together(app):
    client, _ = password_given(code=app())
    assert is_in(client)
    client, answer = password_given(code="000000")
    assert answer.status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_one_step_early_or_late(app, steps, good):
    client, _ = password_given()
    client.post(SECOND, {"code": app(steps)})
    assert is_in(client) is good


def test_a_code_is_accepted_once(app):
    for expected in (True, False):
        client, _ = password_given()
        client.post(SECOND, {"code": app()})
        assert is_in(client) is expected


def test_five_wrong_codes_lock_the_account(app, system):
    client, _ = password_given()
    for _ in range(5):
        client.post(SECOND, {"code": "000000"})
    assert client.post(SECOND, {"code": app()}).status_code == 429
    assert not is_in(client)
    assert Access.objects.filter(kind="refused").count() == 5


def test_the_way_to_the_second_step_is_open_for_five_minutes_and_through_the_password_only(app, clock):
    assert browser().get(SECOND).headers["Location"] == LOGIN
    client, _ = password_given()
    clock[0] += 301
    assert client.post(SECOND, {"code": app()}).headers["Location"] == LOGIN


def test_the_session_before_the_second_step_is_not_the_one_after(app):
    client, _ = password_given()
    before = client.cookies[configured.SESSION_COOKIE_NAME].value
    client.post(SECOND, {"code": app()})
    assert client.cookies[configured.SESSION_COOKIE_NAME].value != before


def test_a_recovery_code_takes_its_place_once(app, lin):
    code = second_factors.new_recovery_codes(user=lin)[3]
    for expected in (True, False):
        client, _ = password_given()
        client.post(SECOND, {"code": code.upper()})
        assert is_in(client) is expected


def test_new_recovery_codes_end_the_old_ones_and_are_kept_as_checksums(lin):
    old = second_factors.new_recovery_codes(user=lin)
    new = second_factors.new_recovery_codes(user=lin)
    assert len(set(old + new)) == 20
    assert RecoveryCode.objects.filter(used_at=None).count() == 10
    assert not [e for e in AuditEvent.objects.all() if old[0] in f"{e.new}" or new[0] in f"{e.new}"]


def test_the_apps_secret_is_stored_encrypted(lin, clock):
    secret = second_factors.new_totp_secret()
    factor = second_factors.add_totp(secret, pyotp.TOTP(secret).at(int(clock[0])), user=lin)
    assert secret not in factor.secret
    assert not [e for e in AuditEvent.objects.all() if secret in f"{e.new}"]


def test_an_app_is_taken_into_use_with_its_first_code_only(lin, clock):
    secret = second_factors.new_totp_secret()
    for code in ("", "123456", "abcdef", pyotp.TOTP(secret).at(int(clock[0]) + 600)):
        with pytest.raises(NotAccepted):
            second_factors.add_totp(secret, code, user=lin)
    assert not SecondFactor.objects.exists()


def test_where_it_is_on_nobody_works_before_it_is_set_up(settings, lin, system, clock):
    settings.SECOND_FACTOR = True
    client, _ = password_given()
    for address in ("/", "/worklist/", "/participants/", "/account/policies/"):
        if address != "/account/policies/":
            assert client.get(address).headers["Location"] == reverse("accounts:totp"), address
    page = client.get(reverse("accounts:totp"))
    code = pyotp.TOTP(client.session["totp"]).at(int(clock[0]))
    assert client.session["totp"] in page.content.decode()
    shown = client.post(reverse("accounts:totp"), {"code": code})
    assert shown.content.decode().count("<code>") == 10
    assert is_in(client)


def test_an_administrator_clears_it_when_the_phone_is_lost(app, lin, adm, client_of):
    client, _ = password_given(code=app())
    address = reverse("accounts:switch", args=[lin.memberships.get().pk])
    client_of(adm).post(address, {"act": "factors"})
    assert not is_in(client), "the sessions end with it"
    client, _ = password_given()
    assert is_in(client)


def test_she_stops_using_it_only_with_password_and_code(app, lin, client_of):
    browser, address = client_of(lin), reverse("accounts:end_factor", args=[lin.factors.get().pk])
    for wrong in ({"password": "wrong", "code": app()}, {"password": PASSWORD, "code": "000000"}, {}):
        browser.post(address, wrong)
        assert lin.factors.get().ended_at is None
    browser.post(address, {"password": PASSWORD, "code": app()})
    assert lin.factors.get().ended_at is not None


def test_a_signature_takes_the_second_factor_too(participant, fill, zhao, client_of, clock):
    page = fill(participant, "consent").page
    secret = second_factors.new_totp_secret()
    totp = pyotp.TOTP(secret)
    second_factors.add_totp(secret, totp.at(int(clock[0])), user=zhao)
    clock[0] += 60
    sent = {"page": f"{page.pk}:{page.version}", "meaning": "CONFIRMED", "password": PASSWORD}
    browser = client_of(zhao)
    assert browser.post(reverse("review:sign"), sent).status_code == 422
    assert browser.post(reverse("review:sign"), sent | {"code": "000000"}).status_code == 422
    assert not Signature.objects.exists()
    assert browser.post(reverse("review:sign"), sent | {"code": totp.at(int(clock[0]))}).status_code == 302
    assert Signature.objects.get().user == zhao


@pytest.mark.parametrize("answer", ["", "{}", "[]", "nonsense", '{"id": 1}', '{"id": "AA", "rawId": "AA"}'])
def test_an_answer_that_no_passkey_gave_is_refused(lin, client_of, answer):
    browser = client_of(lin)
    browser.post(reverse("accounts:passkey_offer"))
    browser.post(reverse("accounts:add_passkey"), {"passkey": answer, "name": "x"})
    assert not lin.factors.exists()


def test_full_width_digits_are_digits_and_nonsense_is_refused(app, lin):
    client, _ = password_given()
    for nonsense in ("中文六个字符", "１２", "", "é" * 6):
        assert client.post(SECOND, {"code": nonsense}).status_code in (422, 429)
    lin.refresh_from_db()


def test_a_code_typed_in_full_width_digits_is_right(app):
    client, _ = password_given()
    client.post(SECOND, {"code": app().translate({ord("0") + n: ord("０") + n for n in range(10)})})
    assert is_in(client)


def test_who_has_a_factor_adds_another_only_with_it(app, lin, client_of, clock):
    browser, address = client_of(lin), reverse("accounts:totp")
    browser.get(address)
    fresh = pyotp.TOTP(browser.session["totp"]).at(int(clock[0]))
    for proof in ({}, {"password": PASSWORD}, {"password": "wrong", "old_code": app()}):
        assert browser.post(address, {"code": fresh} | proof).status_code == 422
    assert lin.factors.get().ended_at is None
    assert browser.post(address, {"code": fresh, "password": PASSWORD, "old_code": app()}).status_code == 200
    assert lin.factors.filter(ended_at=None).count() == 1


def test_a_passkey_is_not_added_beside_a_factor_without_it(app, lin, client_of):
    client_of(lin).post(reverse("accounts:add_passkey"), {"passkey": "{}", "name": "x", "password": PASSWORD})
    assert not lin.factors.filter(kind="passkey").exists()
