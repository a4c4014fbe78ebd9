"""While PostgreSQL is away, every page says so without it, in the browser's language, and what was typed is on it."""

import html
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from statistics import median
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError, connections
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.converters import get_converters
from pytest_django import DjangoDbBlocker

from docs.reference import addresses
from prtras.accounts.models import User

#: Pages that a stranger reads: they ask the database nothing.
WITHOUT_DATABASE = {"accounts:sign_in", "accounts:second_factor", "accounts:passkey_offer"}
PAGE = UUID(int=7)
SAMPLES = {"uuid": str(PAGE), "int": "7", "slug": "x", "path": "x", "str": "x"}


@pytest.fixture
def nowhere(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, object]]:
    """Django's own connections with no server at their address; the settings, so that a test may name another."""
    here = {alias: dict(connections[alias].settings_dict) for alias in ("default", "snapshot")}
    with closing(socket.socket()) as unused, django_db_blocker.unblock():
        unused.bind(("127.0.0.1", 0))
        for alias in here:
            connections[alias].close()
            connections[alias].settings_dict |= {"HOST": "127.0.0.1", "PORT": str(unused.getsockname()[1])}
        yield connections["default"].settings_dict
        for alias, own in here.items():
            connections[alias].close()
            connections[alias].settings_dict |= own


def visitor(language: str = "en") -> Client:
    """A browser that was signed in before the database went away."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def places() -> Iterator[tuple[str, str]]:
    """Every address of the site, with something in the place of its parts."""
    assert set(SAMPLES) <= set(get_converters())
    for name, path in addresses().items():
        yield name, re.sub(r"<(?:(\w+):)?\w+>", lambda part: SAMPLES[part[1] or "str"], path)


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_answers_503_at_once(nowhere: dict[str, object], method: str) -> None:
    assert get_resolver()
    other, seconds = {}, []
    for name, path in places():
        began = time.monotonic()
        answer = getattr(visitor(), method)(path)
        seconds.append(time.monotonic() - began)
        shown = "The database cannot be reached at the moment." in answer.content.decode()
        if (answer.status_code, shown) != (503, True):
            other[name] = answer.status_code
    assert other.keys() <= WITHOUT_DATABASE, other
    assert set(other.values()) <= {200, 302, 405}
    assert median(seconds) < 0.5, "a machine may be busy once, and not half of the time"


def test_a_session_that_cannot_be_stored_is_an_outage_and_not_a_malformed_request(
    db: None, client_of: Callable[[User], Client], lin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_of(lin)

    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(Session, "save", away)
    browser.raise_request_exception = False
    answer = browser.get(reverse("home"), follow=False)
    assert answer.status_code == 503
    assert "The database cannot be reached at the moment." in answer.content.decode()


def test_it_speaks_the_browsers_language(nowhere: dict[str, object]) -> None:
    address = reverse("home")
    stranger = visitor()
    del stranger.cookies[settings.LANGUAGE_COOKIE_NAME]
    by_header = stranger.get(address, headers={"accept-language": "zh-CN,zh;q=0.9"}).content.decode()
    assert '<html lang="zh-CN">' in by_header
    assert "数据库暂时无法连接，请稍后重试。" in by_header
    assert "数据库暂时无法连接" in visitor("zh-hans").get(address).content.decode()
    answer = visitor("en").get(address, headers={"accept-language": "zh-CN"})
    assert '<html lang="en">' in answer.content.decode()
    assert (answer["Cache-Control"], answer["Retry-After"]) == ("no-store", "10")


def test_what_was_typed_is_on_the_page_and_goes_to_the_same_address_again(nowhere: dict[str, object]) -> None:
    address = reverse("entry:page", args=[PAGE])
    typed = {"csrfmiddlewaretoken": "t" * 64, "mh_term": "肝硬化 <5 cm\r\n“2019”", "drug": ["A", "B"], "act": "next"}
    page = visitor().post(address, typed).content.decode()
    form = re.search(r'<form method="post" action="([^"]*)" ?>', page)
    assert form
    assert form[1] == address
    sent = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    fields = [(name, html.unescape(text)) for name, text in sent]
    assert fields == [
        ("csrfmiddlewaretoken", "t" * 64), ("mh_term", typed["mh_term"]), ("drug", "A"), ("drug", "B"), ("act", "next"),
    ]  # fmt: skip


def test_no_password_is_written_into_a_page_and_a_file_is_chosen_again(nowhere: dict[str, object], tmp_path) -> None:
    page = visitor().post(reverse("accounts:sign_in"), {"username": "lin", "password": "pw-9", "code": "123456"})
    shown = page.content.decode()
    assert "pw-9" not in shown
    assert "123456" not in shown
    assert [name in shown for name in ('name="username" value="lin"', 'name="password" type="password"')] == [
        True,
        True,
    ]
    (tmp_path / "labs.csv").write_text("id,alt")
    with (tmp_path / "labs.csv").open("rb") as file:
        shown = visitor().post(reverse("labs:import"), {"note": "n", "file": file}).content.decode()
    assert 'name="file" type="file"' in shown
    assert 'enctype="multipart/form-data"' in shown


def test_a_server_that_accepts_and_never_answers_is_given_up_after_two_seconds(nowhere: dict[str, object]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        nowhere["PORT"] = str(silent.getsockname()[1])
        began = time.monotonic()
        answer = visitor().get(reverse("home"))
    assert answer.status_code == 503
    assert time.monotonic() - began < 3
