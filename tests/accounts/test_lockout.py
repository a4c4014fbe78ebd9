"""Wrong answers close an account for their own address, for a growing while; nobody locks out another."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prtras.accounts import lockout, second_factors
from prtras.accounts.lockout import Answer, closed_until, pause
from prtras.accounts.managing import create_system_user, create_user
from prtras.accounts.models import Access
from prtras.audit.models import AuditEvent
from tests.audit.conftest import throwaway  # noqa: F401 - a fixture
from tests.conftest import PASSWORD

CLOSED = {"zh-hans": "此账号在当前网络地址已暂时锁定，请 1 分钟后再试。", "en": "locked for another 1 min."}
STRANGER, HOSPITAL, HOTEL = "203.0.113.9", "198.51.100.4", "192.0.2.77"


def send(username="lin", password=PASSWORD, address=STRANGER, language="en", **more):
    """What the sign-in page answers to someone at an address."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    sent = {"username": username, "password": password, **more}
    return client.post(reverse("accounts:sign_in"), sent, REMOTE_ADDR=address)


def wrong(times, **more):
    """So many wrong passwords; the last answer."""
    return [send(password="wrong", **more).status_code for _ in range(times)][-1]


@pytest.fixture
def clock(monkeypatch, system):
    """Moves the past of every answer on record away, and the machine's clock of the authenticator app on."""
    now = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def pass_by(span):
        now[0] += span.total_seconds()
        monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(seconds=now[0] - start))

    real, start = timezone.now, now[0]
    return pass_by


@pytest.fixture
def app(lin, clock):
    """lin's authenticator app."""
    totp = pyotp.TOTP(second_factors.new_totp_secret())
    second_factors.add_totp(totp.secret, totp.at(int(time.time())), user=lin)
    clock(timedelta(minutes=1))
    return lambda: totp.at(int(time.time()))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_five_wrong_passwords_close_the_account_for_a_while(lin, language):
    assert wrong(4) == 422
    for password in ("wrong", "wrong", PASSWORD):
        answer = send(password=password, language=language)
        assert answer.status_code == 429, "the right password does not help during the pause"
        assert CLOSED[language] in " ".join(answer.content.decode().split())
    assert Access.objects.filter(kind="refused").count() == 5, "what is not judged is not counted"


def test_a_name_that_nobody_has_is_closed_like_any_other(system):
    assert [send("nobody", "wrong").status_code for _ in range(6)] == [422] * 4 + [429] * 2


def test_one_account_is_counted_however_its_name_is_written(lin):
    for name in ("lin", "Lin", " LIN ", "ｌｉｎ", "liN"):
        send(name, "wrong")
    assert send().status_code == 429


def test_the_pause_is_over_after_a_minute_and_doubles_with_every_wrong_answer(lin, clock):
    wrong(5)
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        clock(timedelta(minutes=minutes, seconds=-2))
        assert send(password="wrong").status_code == 429
        clock(timedelta(seconds=4))
        assert send(password="wrong").status_code == 429, "it is judged, and closes the account for longer"
        assert Access.objects.filter(kind="refused").latest("id").at > timezone.now() - timedelta(seconds=5)
    clock(timedelta(minutes=60, seconds=1))
    assert send().status_code == 302


@pytest.mark.parametrize(("number", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (10, 32), (11, 60), (5000, 60)])
def test_the_pause_has_an_end(number, minutes):
    assert pause(number) == timedelta(minutes=minutes)


def test_a_day_forgets_everything(lin, clock):
    wrong(5)
    clock(timedelta(days=1))
    assert wrong(4) == 422


def test_the_right_password_forgets_the_wrong_ones_from_there(lin):
    for _ in range(2):
        assert wrong(4) == 422
        assert send().status_code == 302


def test_the_pause_is_of_one_account_only(lin, wang):
    wrong(5)
    assert send("wang").status_code == 302


def test_a_stranger_keeps_nobody_out(lin, clock):
    for _ in range(20):
        wrong(5)
        assert send().status_code == 429
        for address in (HOSPITAL, HOTEL):
            assert send(address=address).status_code == 302
        clock(timedelta(hours=1))


def test_a_stranger_signs_in_and_out_without_opening_the_account_elsewhere(lin, wang):
    wrong(5)
    send(address=HOSPITAL)
    assert send().status_code == 429


def test_an_address_that_tries_many_names_rests(lin, system):
    """Five a name close the name; thirty wrong answers from one address close the address, whatever the names."""
    assert [send(f"someone{number}", "wrong").status_code for number in range(30)] == [422] * 29 + [429]
    assert send().status_code == 429
    assert Access.objects.filter(kind="refused", address=STRANGER).count() == 30
    assert send(address=HOSPITAL).status_code == 302


def test_an_address_rests_for_a_quarter_of_an_hour(lin, clock):
    for number in range(30):
        send(f"someone{number}", "wrong")
    clock(timedelta(minutes=14, seconds=50))
    assert send().status_code == 429
    clock(timedelta(seconds=15))
    assert send().status_code == 302


@pytest.mark.parametrize(
    ("other", "one"), [("2001:db8::2", True), ("2001:db8:0:0:ffff::9", True), ("2001:db8:0:1::2", False)]
)
def test_whoever_has_a_whole_network_of_addresses_is_one_address(lin, other, one):
    wrong(5, address="2001:db8::1")
    assert send(address=other).status_code == (429 if one else 302)


# -- Guessing one account from everywhere ----------------------------------------------------------


def from_everywhere(number):
    """So many wrong passwords for lin, four from each address; the last answer."""
    return [send(password="wrong", address=f"203.0.113.{n // 4}").status_code for n in range(number)][-1]


def test_from_all_strange_addresses_a_hundred_answers_a_day_are_judged(lin, clock):
    send(address=HOSPITAL)
    assert from_everywhere(99) == 422
    assert send(password="wrong", address="203.0.113.200").status_code == 429
    assert send(address="203.0.113.201").status_code == 429
    assert send(address=HOSPITAL).status_code == 302, "where they signed in lately they sign in"
    clock(timedelta(days=1))
    assert send(address="203.0.113.201").status_code == 302


def test_an_address_is_familiar_for_ninety_days():
    now = timezone.now()
    strange = [Answer("refused", f"203.0.113.{n}", now) for n in range(100)]
    assert closed_until(strange, HOTEL, set()) == now + timedelta(days=1)
    assert closed_until(strange, HOTEL, {HOTEL}) is None
    assert closed_until([*strange, Answer("released", "", now)], HOTEL, set()) is None
    assert timedelta(days=90) == lockout.FAMILIAR


@pytest.mark.parametrize(("days", "open_there"), [(89, True), (91, False)])
def test_where_someone_signed_in_lately_strangers_do_not_count(lin, clock, days, open_there):
    send(address=HOSPITAL)
    clock(timedelta(days=days))
    from_everywhere(100)
    assert send(address=HOSPITAL).status_code == (302 if open_there else 429)


# -- Opening it again ------------------------------------------------------------------------------


def test_its_owner_opens_it_with_password_and_second_factor_together(app):
    wrong(5)
    assert "id_code" in send().content.decode()
    assert send().status_code == 429
    assert send(code="000000").status_code == 429
    assert send(password="wrong", code=app()).status_code == 429
    assert send(code=app()).status_code == 302
    assert wrong(4) == 422, "from there it starts anew"


def test_its_owner_opens_it_in_a_strange_place_while_it_is_attacked_from_everywhere(app):
    from_everywhere(100)
    assert send(address=HOTEL).status_code == 429
    assert send(address=HOTEL, code=app()).status_code == 302


def test_right_and_wrong_passwords_look_the_same_during_the_pause(app):
    wrong(5)
    pages = {send(password=password, code="000000").content.decode().count("alert") for password in (PASSWORD, "x")}
    assert len(pages) == 1


def test_ten_wrong_answers_from_an_address_end_the_short_cut_too(app):
    wrong(5)
    for _ in range(5):
        send(code="000000")
    assert send(code=app()).status_code == 429
    assert send(code=app(), address=HOSPITAL).status_code == 302


def test_a_code_opens_nothing_for_who_has_no_second_factor(lin):
    wrong(5)
    assert send(code="123456").status_code == 429


def test_an_administrator_releases_it_and_the_trail_says_who(lin, adm, client_of):
    from_everywhere(100)
    wrong(5)
    people = client_of(adm).get(reverse("accounts:people")).content.decode()
    assert people.count("locked") == 1
    address = reverse("accounts:switch", args=[lin.memberships.get().pk])
    client_of(adm).post(address, {"act": "release"})
    assert send().status_code == 302
    assert send(address=HOTEL).status_code == 302
    event = AuditEvent.objects.get(table="accounts_access", new__kind="released")
    assert (event.actor_name, event.new["name"]) == ("adm", "lin")
    assert "locked" not in client_of(adm).get(reverse("accounts:people")).content.decode()


@pytest.mark.parametrize("name", ["lin", "zhao", "wang", "chen", "eve"])
def test_nobody_else_releases_an_account(request, client_of, lin, name):
    wrong(5)
    address = reverse("accounts:switch", args=[lin.memberships.get().pk])
    assert client_of(request.getfixturevalue(name)).post(address, {"act": "release"}).status_code == 403
    assert send().status_code == 429


def test_a_wrong_password_before_a_signature_counts_as_well(lin, client_of):
    browser = client_of(lin)
    for _ in range(5):
        browser.post(reverse("accounts:my_account"), {"password": "wrong", "new": "a-longer-password-1"})
    changed = browser.post(reverse("accounts:my_account"), {"password": PASSWORD, "new": "a-longer-password-1"})
    assert changed.status_code == 429
    assert "locked for another 1 min." in " ".join(changed.content.decode().split())
    assert send(address="127.0.0.1").status_code == 429


def test_answers_that_come_at_once_are_judged_one_after_the_other(throwaway):  # noqa: F811
    create_user("lin", "Lin", PASSWORD, user=create_system_user())
    connection.close()

    def guess(number):
        try:
            return send(password="wrong").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(12)))
    assert Counter(answers) == {422: lockout.FORGIVEN - 1, 429: 12 - lockout.FORGIVEN + 1}
    assert Access.objects.filter(kind="refused").count() == lockout.FORGIVEN
